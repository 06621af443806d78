"""The customers of a branch: companies, machine owners, and the people at them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

from db.filling import Filling
from db.models import Account, AccountMember, AccountStatus, Contact, ContactAccount, ContactLine
from services import accounts, contacts, formats, regions
from services.accounts import fields as account_fields
from services.contacts import fields as contact_fields
from services.core import fields
from services.core.configuration import Configuration
from services.demo.chronicle import Chronicle
from services.demo.staff import MACHINES, PARTS, SERVICE, Branch, Member, mobile
from services.demo.words import person, table, words
from services.formats.codes import ALPHABET, check_digit

#: kind → its share; most are individual owners
KINDS = {"owner_operator": 54, "earthworks": 18, "construction": 7, "quarry": 5, "rental": 6, "municipal": 4,
         "project_office": 3, "port_plant": 3}  # fmt: skip
#: kind → the shares of the classes A, B, C, D
CLASSES = {"owner_operator": (2, 10, 48, 40), "earthworks": (10, 35, 40, 15)}
LARGER = (30, 40, 20, 10)
CONTACTS_A_YEAR = {"A": 36, "B": 12, "C": 4, "D": 2}
#: responsibility → titles, and how a rep calls a man and a woman of that surname
POSTS: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "owner": (("总经理", "董事长", "老板"), "{}总", "{}总"),
    "machine_owner": (("机主", "老板"), "老{}", "{}姐"),
    "partner": (("合伙人", "副总经理"), "{}总", "{}总"),
    "fleet": (("设备经理", "机务科长", "设备主管"), "{}工", "{}工"),
    "operator": (("挖机司机", "机长"), "{}师傅", "{}师傅"),
    "purchasing": (("采购经理", "材料科长"), "{}经理", "{}经理"),
    "finance": (("会计", "财务经理"), "{}会计", "{}会计"),
}
COMPANY_STAFF = ("partner", "fleet", "fleet", "purchasing", "finance", "operator")


Changes = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Known:
    """A person at a customer, and what the rep calls them."""

    id: int
    called: str


@dataclass
class Customer:
    """What the activities of a customer need to know about it."""

    id: int
    name: str
    short: str
    place: str | None
    site: str
    old_machine: str
    grade: str
    people: list[Known] = field(default_factory=list)
    reps: dict[str, Member] = field(default_factory=dict)


@dataclass
class Canvassing:
    """Brings the customers of one branch into the database."""

    pen: Filling
    chronicle: Chronicle
    known: Configuration
    branch: Branch
    chance: Random
    at: datetime
    used: set[str] = field(default_factory=set)

    def customers(self, count: int) -> Iterator[Customer]:
        """So many customers, each with its people and its team."""
        streets = [row for row in table("streets.csv") if row["province"] == regions.name(self.branch.plan.province)]
        for number in range(count):
            kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
            yield self._customer(kind, self.chance.choice(streets), self.branch.of_line(MACHINES), number)

    def _customer(self, kind: str, where: Mapping[str, str], machine_reps: Sequence[Member], number: int) -> Customer:
        owner = person(self.chance, women=0.08)
        site = self.chance.choice(words("sites"))
        site = site if "城" in site[:2] or "区" in site[:3] else where["district"][:2] + site
        values = self._address(where) | self._company(kind, where, owner[0], site)
        grade = self.chance.choices("ABCD", CLASSES.get(kind, LARGER))[0]
        rep = machine_reps[number % len(machine_reps)]
        made = self.at - timedelta(days=self.chance.triangular(3, 720, 700), minutes=self.chance.randrange(600))
        account_id = self._stored(values, rep, made.replace(microsecond=0), grade)
        customer = Customer(
            account_id, values["name"], values.get("short_name") or values["name"],
            regions.address(SimpleNamespace(**values)), site, self.chance.choice(("老220", "旧225", "75小挖", "老360")), grade,
        )  # fmt: skip
        customer.reps = self._team(account_id, rep, grade)
        customer.people = [self._contact(customer, one, where, made) for one in self._staff(kind, owner)]
        return customer

    def _address(self, where: Mapping[str, str]) -> dict[str, Any]:
        city, district = _codes(self.branch.plan.province, where["city"], where["district"])
        return {
            "province_code": self.branch.plan.province, "city_code": city, "district_code": district,
            "street": f"{where['street']}{self.chance.randrange(6, 398)}号", "postal_code": where["postal"],
        }  # fmt: skip

    def _company(self, kind: str, where: Mapping[str, str], owner: str, site: str) -> dict[str, Any]:
        values: dict[str, Any] = {"kind_id": self.known.code("account_kind", kind).id}
        if kind == "owner_operator":
            return values | {"name": owner, "phone": mobile(self.chance)}
        rows = [row for row in table("companies.csv") if row["kind"] == kind]
        row = self.chance.choices(rows, [int(row["share"]) for row in rows])[0]
        name, short = self._name(row, where, site)
        landline = f"{where['area']} {self.chance.randrange(2, 9)}{self.chance.randrange(10**7):07d}"
        if len(where["area"]) == 4 and where["area"] in SEVEN_DIGITS:
            landline = landline[:-1]
        return values | {
            "name": name, "short_name": short, "phone": landline, "industry_id": self.known.code("industry", row["industry"]).id,
            "employees": self.chance.randrange(int(row["smallest"]), int(row["largest"])),
            "credit_code": self._credit_code(where) if self.chance.random() < 0.7 else None,
        }  # fmt: skip

    def _name(self, row: Mapping[str, str], where: Mapping[str, str], site: str) -> tuple[str, str]:
        """A company name that no other customer of the branch has."""
        while True:
            slots = {
                "city": where["city"][:2], "province": where["province"][:2], "district": where["district"],
                "brand": self.chance.choice(words("brands")), "site": site,
            }  # fmt: skip
            name, short = row["name"].format(**slots), row["short"].format(**slots)
            if name not in self.used or len(self.used) > MANY:
                self.used.add(name)
                return name, short

    def _credit_code(self, where: Mapping[str, str]) -> str:
        city, _ = _codes(self.branch.plan.province, where["city"], where["district"])
        first = f"91{city}" + "".join(self.chance.choice(ALPHABET) for _ in range(9))
        return first + check_digit(first)

    def _stored(self, values: dict[str, Any], rep: Member, made: datetime, grade: str) -> int:
        """The account as services.accounts would store it, with the event; streets were checked when they were listed."""
        row = fields.checked(accounts.FIELDS, {name: value for name, value in values.items() if name != "street"})
        row["street"] = values["street"]
        account_id = self.pen.number(Account)
        status = AccountStatus.PROSPECT if self.chance.random() < 0.45 else AccountStatus.CUSTOMER
        key = account_fields.key_of(row)
        self.pen.put(Account, row | {
            "id": account_id, "status": status, "branch_id": self.branch.id, "search_key": key,
            "name_key": formats.name_key(row["name"]), "created_at": made,
            "updated_at": made, "created_by_id": rep.id,
        })  # fmt: skip
        changes = {name: (None, value) for name, value in row.items() if value is not None}
        self._note("account", account_id, made, rep, changes)
        return account_id

    def _team(self, account_id: int, rep: Member, grade: str) -> dict[str, Member]:
        """Somebody for machines, and for most also for parts and service; the sales manager for some large ones."""
        team = {MACHINES: rep}
        for line, share in ((PARTS, 0.55), (SERVICE, 0.6)):
            if self.chance.random() < share:
                team[line] = self.chance.choice(self.branch.of_line(line))
        for line, member in team.items():
            self.pen.put(AccountMember, {
                "account_id": account_id, "user_id": member.id, "line": line, "grade": grade,
                "contacts_per_year": CONTACTS_A_YEAR[grade],
            })  # fmt: skip
        if grade == "A" and self.chance.random() < 0.5:
            self.pen.put(AccountMember, {"account_id": account_id, "user_id": self.branch.sales_manager.id})
        return team

    def _staff(self, kind: str, owner: tuple[str, str]) -> Iterator[tuple[str, str, str, str]]:
        """Name, sex, responsibility and form of address of the people at a customer: two on average."""
        name, sex = owner
        if kind == "owner_operator":
            yield name, sex, "machine_owner", _called("machine_owner", name, sex)
            others: list[str] = ["operator"] * self.chance.choices((0, 1), (42, 58))[0]
        else:
            yield name, sex, "owner", _called("owner", name, sex)
            others = self.chance.sample(COMPANY_STAFF, self.chance.choices((0, 1, 2, 3), (18, 33, 31, 18))[0])
        for responsibility in others:
            name, sex = person(self.chance, women=0.6 if responsibility == "finance" else 0.08)
            yield name, sex, responsibility, _called(responsibility, name, sex)

    def _contact(
        self, customer: Customer, one: tuple[str, str, str, str], where: Mapping[str, str], made: datetime
    ) -> Known:
        """A person at the customer, tied to it and to the lines that work there."""
        name, sex, responsibility, called = one
        since = made + timedelta(minutes=5)
        values = fields.checked(contacts.FIELDS, self._card(name, sex, responsibility))
        contact_id = self.pen.number(Contact)
        self.pen.put(Contact, values | {
            "id": contact_id, "branch_id": self.branch.id, "search_key": contact_fields.key_of(values),
            "created_at": since, "updated_at": since, "created_by_id": customer.reps[MACHINES].id,
        })  # fmt: skip
        self.pen.put(
            ContactAccount,
            {"contact_id": contact_id, "account_id": customer.id, "main": True, "role": values["job_title"]},
        )
        for line in customer.reps:
            self.pen.put(ContactLine, {"contact_id": contact_id, "line": line})
        changes: dict[str, tuple[Any, Any]] = {n: (None, v) for n, v in values.items() if v}
        changes |= {contact_fields.LINES: ([], sorted(customer.reps))}
        self._note("contact", contact_id, since, customer.reps[MACHINES], changes, customer.name)
        return Known(contact_id, called)

    def _card(self, name: str, sex: str, responsibility: str) -> dict[str, Any]:
        titles, _, _ = POSTS[responsibility]
        way = self.chance.choice(("mobile", "mobile", "wechat", "in_person"))
        values: dict[str, Any] = {
            "name": name, "sex": sex, "job_title": self.chance.choice(titles), "mobile": mobile(self.chance),
            "responsibility_id": self.known.code("responsibility", responsibility.removeprefix("machine_")).id,
            "preferred_way_id": self.known.code("contact_way", way).id,
        }  # fmt: skip
        if self.chance.random() < 0.3:
            values["birthday"] = date(
                self.chance.randrange(1962, 1998), self.chance.randrange(1, 13), self.chance.randrange(1, 29)
            )
        return values

    def _note(
        self,
        kind: str,
        record_id: int,
        at: datetime,
        rep: Member,
        changes: Mapping[str, tuple[Any, Any]],
        note: str | None = None,
    ) -> None:
        self.chronicle.note(
            at.astimezone(UTC), rep.id, kind=kind, record_id=record_id, branch_id=self.branch.id, action="created",
            changes=changes, note=note,
        )  # fmt: skip


def _called(responsibility: str, name: str, sex: str) -> str:
    _, man, woman = POSTS[responsibility]
    return (woman if sex == "f" else man).format(name[0])


@cache
def _codes(province: str, city: str, district: str) -> tuple[str, str]:
    """The codes of a city and a district in a province."""
    code = regions.find(city, level=regions.CITY, within=province)
    return code, regions.find(district, level=regions.DISTRICT, within=code)


#: after so many names a branch may repeat one
MANY = 5000
#: cities whose telephone numbers have seven digits
SEVEN_DIGITS = frozenset({"0558", "0564", "0710", "0717", "0816", "0830", "0734", "0797", "0792", "0912", "0377"})
