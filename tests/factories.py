"""The same few people in every story, and rows about them, written quickly as the system.

Nanjing: Mia manages it; Sun leads the machine reps Anna and Ben; Pia sells parts and reports to Mia; Ruth markets.
Hefei: Max manages it; Carl sells machines. Head office: Hanna (marketing), Adam (data administrator), Eva (executive).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from db.base import Model
from db.models import (
    Absence,
    Account,
    AccountMember,
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityState,
    AssignmentRule,
    AssignmentRuleRep,
    Branch,
    BranchRegion,
    CodeValue,
    Contact,
    ContactAccount,
    ContactLine,
    ContactRequest,
    Lead,
    LeadDispute,
    LeadState,
    ProductLine,
    Region,
    RequestKind,
    Role,
    User,
    UserLine,
)
from services import duplicates, formats
from services.core.text import search_key
from services.core.work import Work, work_as, work_as_system

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: a Monday morning; tests pass it, or a moment counted from it, as `at`
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: what services.passwords makes of "correct horse", made once and cheaply: hashing is slow on purpose
PASSWORD, PASSWORD_HASH = "correct horse", "$2b$04$yufc7DuL76qrWLlIE3/SGuhkE.Uekxi4bO0KiUDsqGjeeTP.LEF7S"

As = Callable[..., AbstractContextManager[Work]]

REGIONS = (
    ("320000", "江苏省", "province", None),
    ("320100", "南京市", "city", "320000"),
    ("320106", "鼓楼区", "district", "320100"),
    ("340000", "安徽省", "province", None),
    ("340100", "合肥市", "city", "340000"),
)
LINES = (("machines", "整机", "Machines"), ("parts", "配件", "Parts"), ("service", "服务", "Service"))
#: list → (code, group, Chinese, English)
CODES: Mapping[str, tuple[tuple[str, str | None, str, str], ...]] = {
    "activity_type": (
        ("visit", None, "拜访", "Visit"),
        ("call", None, "客户电话", "Phone call"),
        ("meeting", None, "会议", "Meeting"),
    ),
    "activity_purpose": (("needs", None, "了解需求", "Needs"), ("quotation", None, "报价", "Quotation")),
    "activity_result": (
        ("interested", None, "有意向", "Interested"),
        ("met", "visit", "已见面", "Met"),
        ("no_answer", "call", "无人接听", "No answer"),
    ),
    "account_kind": (("earthworks", None, "土方队", "Earthworks team"), ("rental", None, "租赁公司", "Rental company")),
    "industry": (("road", None, "公路", "Road building"),),
    "lead_source": (("website", None, "官网", "Website"), ("exhibition", None, "展会", "Exhibition")),
    "disqualify_reason": (("no_need", None, "没有需求", "No need"), ("no_budget", None, "资金不足", "No budget")),
    "leaving_reason": (
        ("retired", None, "退休", "Retired"),
        ("moved", None, "去了别的客户", "Went to another customer"),
    ),
    "responsibility": (("owner", None, "老板", "Owner"), ("fleet", None, "设备经理", "Fleet manager")),
    "contact_way": (("mobile", None, "手机", "Mobile"),),
}


RULE_LISTS = ("region_codes", "source_groups", "category_ids", "customer_kind_ids")


@dataclass(frozen=True)
class World:
    """The ids of what every test starts from."""

    anna: int
    ben: int
    pia: int
    carl: int
    sun: int
    mia: int
    max: int
    ruth: int
    hanna: int
    adam: int
    eva: int
    nanjing: int
    hefei: int
    codes: Mapping[str, int]

    @property
    def people(self) -> dict[str, int]:
        """Everybody by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("nanjing", "hefei", "codes")}


@dataclass(frozen=True)
class Cast:
    """One line of the table of people."""

    name: str
    role: Role
    branch: str | None
    superior: str | None
    lines: tuple[str, ...] = ()


#: superiors before those who report to them
CAST = (
    Cast("Adam", Role.DATA_ADMINISTRATOR, None, None),
    Cast("Eva", Role.EXECUTIVE, None, None),
    Cast("Hanna", Role.MARKETING, None, "eva"),
    Cast("Mia", Role.BRANCH_MANAGER, "nanjing", "eva"),
    Cast("Max", Role.BRANCH_MANAGER, "hefei", "eva"),
    Cast("Ruth", Role.MARKETING, "nanjing", "mia"),
    Cast("Sun", Role.SALES_MANAGER, "nanjing", "mia", ("machines",)),
    Cast("Anna", Role.REP, "nanjing", "sun", ("machines",)),
    Cast("Ben", Role.REP, "nanjing", "sun", ("machines",)),
    Cast("Pia", Role.REP, "nanjing", "mia", ("parts",)),
    Cast("Carl", Role.REP, "hefei", "max", ("machines",)),
)


def as_person(person_id: int, at: datetime = NOW, **more: Any) -> AbstractContextManager[Work]:
    """A person's Work, at NOW unless told otherwise."""
    return work_as(person_id, at=at, **more)


def found_world() -> World:
    """Write branches, lists and people into an empty database; what its migrations already hold stays."""
    with work_as_system("tests begin", at=NOW - 90 * DAY) as work:
        branches = {
            "nanjing": _branch(work, "NJ", "南京分公司", "Nanjing"),
            "hefei": _branch(work, "HF", "合肥分公司", "Hefei"),
        }
        _add_missing(
            work, Region, "code", [dict(zip(("code", "name", "level", "parent_code"), r, strict=True)) for r in REGIONS]
        )
        _add_missing(
            work, ProductLine, "code", [dict(zip(("code", "label_zh", "label_en"), row, strict=True)) for row in LINES]
        )
        work.also(BranchRegion(region_code="320100", branch_id=branches["nanjing"]))
        work.also(BranchRegion(region_code="340100", branch_id=branches["hefei"]))
        codes = {code: _code(work, name, row) for name, rows in CODES.items() for row in rows for code in [row[0]]}
        people: dict[str, int] = {}
        for one in CAST:
            people[one.name.lower()] = add_user(
                work, name=one.name, role=one.role, branch_id=branches.get(one.branch or ""),
                superior_id=people.get(one.superior or ""), lines=one.lines,
            )  # fmt: skip
    return World(**people, **branches, codes=codes)


def add_user(
    work: Work, *, name: str, role: Role, branch_id: int | None, lines: Iterable[str] = (), **values: Any
) -> int:
    """A person who can sign in as their name in small letters."""
    defaults = {
        "login": name.lower(), "email": f"{name.lower()}@example.com", "mobile": "13800000000", "language": "en",
        "password_hash": PASSWORD_HASH, "must_change_password": False, "created_at": work.now,
        "search_key": search_key(name),
    }  # fmt: skip
    user_id = _stored(work, User(name=name, role=role, branch_id=branch_id, **(defaults | values)))
    work.also(*(UserLine(user_id=user_id, line=line) for line in lines))
    return user_id


class Make:
    """Rows for a story. Each call is its own transaction; `make.many()` puts several into one."""

    def __init__(self, world: World) -> None:
        self.world = world

    def user(self, name: str, *, role: Role = Role.REP, branch_id: int | None = None, **values: Any) -> int:
        """One more person, of Nanjing unless said otherwise."""
        with work_as_system("a test needs a person", at=NOW) as work:
            home = branch_id if branch_id or role in (Role.DATA_ADMINISTRATOR, Role.EXECUTIVE) else self.world.nanjing
            return add_user(work, name=name, role=role, branch_id=home, **values)

    def account(
        self,
        name: str = "徐工机械有限公司",
        *,
        branch_id: int | None = None,
        team: Mapping[int, str | None] | None = None,
        **values: Any,
    ) -> int:
        """A customer of Nanjing unless said otherwise; ``team`` maps people to their product line."""
        with work_as_system("a test needs a customer", at=NOW) as work:
            row = Account(
                name=name,
                branch_id=branch_id or self.world.nanjing,
                search_key=search_key(name),
                name_key=formats.name_key(name),
                **_touched(work, values),
            )
            account_id = _stored(work, row)
            duplicates.remember(work, kind="account", record_id=account_id, name=name)
            work.also(*(AccountMember(account_id=account_id, user_id=u, line=line) for u, line in (team or {}).items()))
            return account_id

    def contact(
        self, account_id: int, name: str = "王建国", *, lines: Iterable[str] = ("machines",), **values: Any
    ) -> int:
        """A person at this customer, who deals with these product lines."""
        with work_as_system("a test needs a contact", at=NOW) as work:
            branch_id = work.get(Account, account_id).branch_id
            contact_id = _stored(
                work, Contact(name=name, branch_id=branch_id, search_key=search_key(name), **_touched(work, values))
            )
            work.also(ContactAccount(contact_id=contact_id, account_id=account_id, main=True))
            work.also(*(ContactLine(contact_id=contact_id, line=line) for line in lines))
            return contact_id

    def dispute(self, lead_id: int, opened_by_id: int, **values: Any) -> int:
        """An open dispute about a lead of its branch; who does not own the lead claims it."""
        with work_as_system("a test needs a dispute", at=NOW) as work:
            lead = work.get(Lead, lead_id)
            defaults = {
                "assignment_no": lead.assignment_no, "subject": lead.mobile, "branch_id": lead.branch_id, "owner_id": lead.owner_id,
                "reason": "客户先找的我", "opened_at": work.now - HOUR,
                "claimant_id": None if opened_by_id == lead.owner_id else opened_by_id,
            }  # fmt: skip
            row = LeadDispute(lead_id=lead.id, opened_by_id=opened_by_id, **(defaults | values))
            row.search_key = search_key(row.subject)
            return _stored(work, row)

    def request(self, contact_id: int, asked_by_id: int, *, kind: str = "delete", **values: Any) -> int:
        """A pending request about a contact: to delete it, or to enter another job title."""
        with work_as_system("a test needs a request", at=NOW) as work:
            contact = work.get(Contact, contact_id)
            said: dict[str, Any] = {
                "delete": {"reason_id": self.world.codes["retired"], "changes": {}},
                "change": {"changes": {"job_title": [contact.job_title, "队长"]}},
            }[kind]
            row = ContactRequest(
                kind=RequestKind(kind), contact_id=contact.id, name=contact.name, search_key=search_key(contact.name),
                branch_id=contact.branch_id, asked_by_id=asked_by_id, asked_at=work.now - HOUR,
                contact_version=contact.version, **(said | {"remark": ""} | values),
            )  # fmt: skip
            return _stored(work, row)

    def lead(self, owner_id: int | None = None, *, topic: str = "挖掘机", state: str = "", **values: Any) -> int:
        """A lead of Nanjing for machines; assigned when it has an owner, else new, unless said otherwise."""
        with work_as_system("a test needs a lead", at=NOW) as work:
            branch_id = work.get(User, owner_id).branch_id if owner_id else self.world.nanjing
            defaults = {
                "branch_id": branch_id,
                "line": "machines",
                "mobile": "13912345678",
                "search_key": search_key(topic),
                "name_key": formats.name_key(values.get("company")),
            }
            stands = LeadState(state or ("assigned" if owner_id else "new"))
            row = Lead(topic=topic, owner_id=owner_id, state=stands, **_touched(work, defaults | values))
            lead_id = _stored(work, row)
            duplicates.remember(work, kind="lead", record_id=lead_id, name=row.company)
            return lead_id

    def rule(self, *rep_ids: int, branch_id: int | None = None, **values: Any) -> int:
        """A rule of Nanjing at the end of its list, that fits everything and gives to Anna, unless said otherwise."""
        with work_as_system("a test needs a rule", at=NOW) as work:
            home = branch_id or self.world.nanjing
            place = len(work.rows(select(AssignmentRule.id).where(AssignmentRule.branch_id == home))) + 1
            defaults = {"name": f"Rule {place}", "position": place, "branch_id": home} | {
                name: [] for name in RULE_LISTS
            }
            rule_id = _stored(work, AssignmentRule(**_touched(work, defaults | values)))
            reps = rep_ids or (self.world.anna if home == self.world.nanjing else self.world.carl,)
            work.also(*(AssignmentRuleRep(rule_id=rule_id, user_id=user_id) for user_id in reps))
            return rule_id

    def absence(self, user_id: int, *, stand_in_id: int | None = None, **values: Any) -> int:
        """That a person is away, today unless said otherwise."""
        days = {"first_day": NOW.date(), "last_day": NOW.date()}
        with work_as_system("a test sends somebody away", at=NOW) as work:
            return _stored(work, Absence(user_id=user_id, stand_in_id=stand_in_id, **_touched(work, days | values)))

    def activity(
        self, owner_id: int | None = None, *, state: str = "planned", contacts: Iterable[int] = (),
        participants: Iterable[int] = (), **values: Any,
    ) -> int:  # fmt: skip
        """An activity in any open state, today from 14 to 15 o'clock, Anna's unless said otherwise, with its holder.

        Ended ones are made by the services, so that they are ended as activities really end.
        """
        with work_as_system("a test needs an activity", at=NOW) as work:
            owner = work.get(User, owner_id or self.world.anna)
            row = Activity(
                owner_id=owner.id,
                branch_id=owner.branch_id,
                state=ActivityState(state),
                **self._activity(work, state, values),
            )
            activity_id = _stored(work, row)
            work.also(ActivityHolding(activity_id=activity_id, user_id=owner.id, since_at=NOW - DAY))
            work.also(*(ActivityContact(activity_id=activity_id, contact_id=c) for c in contacts))
            work.also(*(ActivityParticipant(activity_id=activity_id, user_id=p) for p in participants))
            return activity_id

    def _activity(self, work: Work, state: str, values: Mapping[str, Any]) -> dict[str, Any]:
        start = values.get("planned_start", NOW + 4 * HOUR)
        end = values.get("planned_end", start + HOUR)
        subject = values.get("subject", "Visit on site")
        defaults = {
            "type_id": self.world.codes["visit"], "subject": subject, "search_key": search_key(subject),
            "planned_start": start, "planned_end": end, "due_at": end,
        }  # fmt: skip
        return _touched(work, defaults | self._state(state) | dict(values))

    def _state(self, state: str) -> dict[str, Any]:
        by_manager = {"assigned_by_id": self.world.mia, "assigned_at": NOW - DAY, "assignment_no": 1}
        extra: dict[str, dict[str, Any]] = {
            "assigned": by_manager,
            "declined": by_manager | {"declined_at": NOW - HOUR, "decline_reason": "The road is closed"},
            "in_progress": {"started_at": NOW - HOUR},
            "cancelled": {"cancelled_at": NOW - HOUR, "cancel_reason": "Customer is away"},
        }
        return extra.get(state, {})


def _touched(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"created_at": work.now - DAY, "updated_at": work.now - DAY, **values}


def _branch(work: Work, code: str, name: str, name_en: str) -> int:
    return _stored(work, Branch(code=code, name=name, name_en=name_en))


def _code(work: Work, name: str, row: tuple[str, str | None, str, str]) -> int:
    code, group, label_zh, label_en = row
    present: int | None = work.scalar(select(CodeValue.id).where(CodeValue.list == name, CodeValue.code == code))
    return present or _stored(work, CodeValue(list=name, code=code, group=group, label_zh=label_zh, label_en=label_en))


def _add_missing(work: Work, model: Any, key: str, rows: Iterable[dict[str, Any]]) -> None:
    present = set(work.scalars(select(getattr(model, key))))
    for row in rows:
        if row[key] not in present:
            work.also(model(**row))
            work.flush()


def _stored(work: Work, row: Model) -> int:
    work.also(row)
    work.flush()
    stored: int = row.id  # type: ignore[attr-defined] # every noun a test makes is Keyed
    return stored
