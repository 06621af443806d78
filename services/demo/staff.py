"""Who works in the demo group: a head office and its branches, with people made through the services."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from db.models import Role, User
from services import organisation, users
from services.core.work import Work
from services.demo.words import GROUP, known_as, person

MACHINES, PARTS, SERVICE = "machines", "parts", "service"


@dataclass(frozen=True)
class Plan:
    """One branch to found: where it is, and how many reps it has for machines, parts and service."""

    code: str
    name: str
    name_en: str
    province: str
    cities: tuple[str, ...]
    reps: tuple[int, int, int]


#: as dealers in China are organised: by province, with people in the cities
BRANCHES = (
    Plan("JS", "江苏分公司", "Jiangsu", "320000", ("320100", "320500", "320300", "320900", "320600"), (8, 3, 4)),
    Plan("ZJ", "浙江分公司", "Zhejiang", "330000", ("330100", "330200", "331000", "330700", "330300"), (7, 3, 3)),
    Plan("AH", "安徽分公司", "Anhui", "340000", ("340100", "340200", "341200", "341500"), (6, 2, 3)),
    Plan("SD", "山东分公司", "Shandong", "370000", ("370100", "370200", "371300", "370700"), (7, 3, 4)),
    Plan("HB", "湖北分公司", "Hubei", "420000", ("420100", "420600", "420500"), (6, 2, 2)),
    Plan("SC", "四川分公司", "Sichuan", "510000", ("510100", "510700", "510500"), (5, 2, 2)),
)
#: for the large size, in which every branch has 9 + 3 + 4 reps
MORE_BRANCHES = (
    Plan("HA", "河南分公司", "Henan", "410000", ("410100", "410300", "411300"), (9, 3, 4)),
    Plan("HN", "湖南分公司", "Hunan", "430000", ("430100", "430200", "430400"), (9, 3, 4)),
    Plan("JX", "江西分公司", "Jiangxi", "360000", ("360100", "360700", "360400"), (9, 3, 4)),
    Plan("SN", "陕西分公司", "Shaanxi", "610000", ("610100", "610400", "610800"), (9, 3, 4)),
)
HEAD_OFFICE = ((Role.DATA_ADMINISTRATOR, 2), (Role.EXECUTIVE, 1), (Role.MARKETING, 1))
LARGE_HEAD_OFFICE = ((Role.DATA_ADMINISTRATOR, 4), (Role.EXECUTIVE, 3), (Role.MARKETING, 3))
#: prefixes that no carrier was given, so that a message sent from a demo reaches nobody
NOBODYS = ("154", "160", "161", "163", "164", "168")


@dataclass(frozen=True)
class Member:
    """One person of the demo."""

    id: int
    login: str
    name: str
    role: Role
    branch_id: int | None
    line: str | None
    mobile: str

    @property
    def email(self) -> str:
        """An address in a domain that cannot exist."""
        return f"{self.login}@hanyue.example"


@dataclass
class Branch:
    """A branch with its people."""

    id: int
    plan: Plan
    manager: Member
    sales_manager: Member
    reps: list[Member] = field(default_factory=list)
    marketing: list[Member] = field(default_factory=list)

    def of_line(self, line: str) -> list[Member]:
        """The reps of one product line."""
        return [rep for rep in self.reps if rep.line == line]

    @property
    def workers(self) -> list[Member]:
        """Everybody who has a plan of the day."""
        return [*self.reps, self.sales_manager, *self.marketing, self.manager]


@dataclass
class Hiring:
    """Makes people one after the other, each with a sign-in name of their own."""

    work: Work
    chance: Random
    password_hash: str
    taken: set[str] = field(default_factory=set)

    def hire(
        self, role: Role, *, branch_id: int | None = None, superior: int | None = None, line: str | None = None
    ) -> Member:
        """One more person, who can sign in at once."""
        name, _ = person(self.chance, women=0.5 if role in (Role.MARKETING, Role.DATA_ADMINISTRATOR) else 0.12)
        member = Member(0, self._login(name), name, role, branch_id, line, mobile(self.chance))
        values = {
            "login": member.login, "name": name, "email": member.email, "mobile": member.mobile, "role": role,
            "branch_id": branch_id, "superior_id": superior, "lines": [line] if line else [],
        }  # fmt: skip
        user_id = users.create(self.work, values=values, password_hash=self.password_hash, demo=True)
        self.work.get(User, user_id).must_change_password = False
        return replace(member, id=user_id)

    def _login(self, name: str) -> str:
        plain = known_as(name).split()[1]
        login = next(n for n in _numbered(plain) if n not in self.taken)
        self.taken.add(login)
        return login


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}{number}" for number in range(2, 1000))


def mobile(chance: Random) -> str:
    """A well-formed mobile number that belongs to nobody."""
    return f"{chance.choice(NOBODYS)}{chance.randrange(10**8):08d}"


def mobile_of(number: int) -> str:
    """The mobile number of a named person in a story; belongs to nobody either."""
    return f"1640250{number:04d}"


def found(work: Work, *, chance: Random, password_hash: str, large: bool = False) -> list[Branch]:
    """Head office, branches and everybody in them."""
    organisation.change_settings(work, changes={"organisation_name": GROUP})
    hiring = Hiring(work, chance, password_hash)
    head = {role: [hiring.hire(role) for _ in range(n)] for role, n in (LARGE_HEAD_OFFICE if large else HEAD_OFFICE)}
    executive = head[Role.EXECUTIVE][0].id
    plans: Sequence[Plan] = (*BRANCHES, *MORE_BRANCHES) if large else BRANCHES
    return [_branch(hiring, plan, executive, (9, 3, 4) if large else plan.reps) for plan in plans]


def _branch(hiring: Hiring, plan: Plan, executive: int, counts: tuple[int, int, int]) -> Branch:
    branch_id = organisation.add_branch(
        hiring.work, code=plan.code, name=plan.name, name_en=plan.name_en, region_codes=(plan.province, *plan.cities)
    )
    manager = hiring.hire(Role.BRANCH_MANAGER, branch_id=branch_id, superior=executive)
    leader = hiring.hire(Role.SALES_MANAGER, branch_id=branch_id, superior=manager.id, line=MACHINES)
    branch = Branch(branch_id, plan, manager, leader)
    for line, count in zip((MACHINES, PARTS, SERVICE), counts, strict=True):
        superior = leader.id if line == MACHINES else manager.id
        branch.reps += [hiring.hire(Role.REP, branch_id=branch_id, superior=superior, line=line) for _ in range(count)]
    branch.marketing = [hiring.hire(Role.MARKETING, branch_id=branch_id, superior=manager.id)]
    return branch


def hired_before(at: datetime) -> datetime:
    """When everybody joined: two years before the demo's present."""
    return at.replace(year=at.year - 2, day=min(at.day, 28))
