"""The leads of a branch: who asked for what, who got it, and what became of it; some look like customers there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from db.models import Lead, LeadConversion, LeadState, Notice, Priority, Rating
from services import formats, leads, regions
from services.core.configuration import Configuration
from services.demo.customers import Customer
from services.demo.life import READ_AFTER, Book
from services.demo.staff import MACHINES, Branch, Member, mobile
from services.demo.words import OWN_MODELS, model, person, rivals, table, words
from services.leads import messages

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: leads of half a year
SINCE = 182
#: source → its share
SOURCES = {
    "customer_referral": 14, "repeat_purchase": 6, "operator_referral": 12, "canvassing": 10, "site_visit": 8, "walk_in": 4,
    "hotline": 8, "website": 7, "wechat": 7, "live_stream": 8, "trade_portal": 4, "advertisement": 3, "word_of_mouth": 5,
    "public_relations": 1, "exhibition": 6, "open_day": 3, "roadshow": 4, "manufacturer": 4, "service_tip": 7, "parts_tip": 4,
}  # fmt: skip
#: sources whose leads are converted more often than others
TRUSTED = frozenset({"customer_referral", "repeat_purchase", "operator_referral", "service_tip", "word_of_mouth"})
GIVEN_UP = {
    "no_need": 20, "unreachable": 18, "wrong_number": 8, "bought_elsewhere": 24, "no_budget": 16, "project_stopped": 6,
    "out_of_area": 3, "colleague_trade": 5,
}  # fmt: skip
#: age in days up to which → the shares of waiting, assigned, working, converted, given up
BY_AGE: Sequence[tuple[int, tuple[int, int, int, int, int]]] = (
    (2, (55, 30, 15, 0, 0)), (10, (6, 24, 45, 10, 15)), (45, (0, 4, 34, 30, 32)), (SINCE + 1, (0, 0, 8, 43, 49)),
)  # fmt: skip
NEW, ASSIGNED, WORKING = LeadState.NEW, LeadState.ASSIGNED, LeadState.WORKING
CONVERTED, DISQUALIFIED = LeadState.CONVERTED, LeadState.DISQUALIFIED
STATES = (NEW, ASSIGNED, WORKING, CONVERTED, DISQUALIFIED)
LONGEST_NAME = 4
NAMES = ("土石方工程有限公司", "建设工程有限公司", "机械租赁有限公司", "市政工程有限公司", "矿业有限公司")


@dataclass
class Enquiries:
    """Brings the leads of one branch into the database."""

    book: Book
    known: Configuration
    branch: Branch
    customers: Sequence[Customer]
    chance: Random

    def write(self, count: int) -> None:
        """So many leads, a good part of them of the last days."""
        for number in range(count):
            days = self.chance.uniform(0, 2) if number % 8 == 0 else self.chance.triangular(0, SINCE, 20)
            came_in = self.book.at - timedelta(days=days)
            self._lead(came_in.replace(hour=came_in.hour // 2, second=0, microsecond=0))  # UTC: from 8 to 20 o'clock

    def _lead(self, at: datetime) -> None:
        source = self.chance.choices(list(SOURCES), list(SOURCES.values()))[0]
        age = (self.book.at - at) / DAY
        state = self.chance.choices(STATES, next(shares for days, shares in BY_AGE if age <= days))[0]
        if state is DISQUALIFIED and source in TRUSTED and age > 2 and self.chance.random() < 0.4:
            state = CONVERTED
        row = self._asked(source, self.chance.choice(self.customers) if state is CONVERTED else self._double())
        story = _Story(self, row | {"id": self.book.pen.number(Lead), "created_at": at, "branch_id": self.branch.id})
        story.tell(state)

    def _double(self) -> Customer | None:
        """Now and then somebody asks who is a customer already."""
        return self.chance.choice(self.customers) if self.chance.random() < 0.04 else None

    def _asked(self, source: str, customer: Customer | None) -> dict[str, Any]:
        """What was written down: often little, sometimes all that is needed."""
        wanted, count = model(self.chance), self.chance.choices((1, 2, 3, 5), (70, 18, 8, 4))[0]
        whole = self.chance.random() < 0.6
        who = self._who(customer) | {
            "mobile": mobile(self.chance),
            "line": MACHINES,
            "source_id": self._code("lead_source", source),
        }
        more = {
            "category_id": self._code("product_category", _category(wanted)), "model": wanted, "quantity": count,
            "rating": self.chance.choice(list(Rating)), "budget": Decimal(int(OWN_MODELS[wanted]) * 10_000 * count),
            "wanted_by": self._wanted_by(), "notes": self._needs(wanted),
        }  # fmt: skip
        urgency = Priority.URGENT if self.chance.random() < 0.12 else Priority.NORMAL
        topic = f"{wanted} {count}台" if whole else f"咨询{wanted}"
        return who | (more if whole else {}) | {"topic": topic, "urgency": urgency}

    def _who(self, customer: Customer | None) -> dict[str, Any]:
        where = self.chance.choice(_streets(self.branch.plan.province))
        city = regions.find(where["city"], level=regions.CITY, within=self.branch.plan.province)
        name, _ = person(self.chance, women=0.08)
        made_up = f"{where['city'][:2]}{self.chance.choice(words('brands'))}{self.chance.choice(NAMES)}"
        company = customer.name if customer else made_up if self.chance.random() < 0.65 else None
        if customer and len(customer.name) <= LONGEST_NAME:  # a machine owner, who is no company
            name, company = customer.name, None
        return {
            "company": company, "person": name,
            "province_code": self.branch.plan.province, "city_code": city,
            "district_code": regions.find(where["district"], level=regions.DISTRICT, within=city),
            "account_id": customer.id if customer else None,
            "contact_id": customer.people[0].id if customer and customer.people else None,
        }  # fmt: skip

    def _needs(self, wanted: str) -> str:
        rival = " ".join(self.chance.choice(rivals()))
        return self.chance.choice(words("needs")).format(machine=wanted, rival=rival, day="12月底", down="两成")

    def _wanted_by(self) -> date:
        return (self.book.at + timedelta(days=self.chance.randrange(10, 120))).date()

    def _code(self, name: str, code: str) -> int:
        return self.known.code(name, code).id


class _Story:
    """One lead from the moment it came in, as services.leads writes it."""

    def __init__(self, of: Enquiries, row: dict[str, Any]) -> None:
        self.of, self.row, self.chance = of, row, of.chance
        self.at: datetime = row["created_at"]
        self.origin = {name: row.pop(name) for name in ("account_id", "contact_id")}
        self.steps = 0
        by = of.branch.marketing[0]
        row |= {
            "state": NEW, "created_by_id": by.id, "search_key": leads.key_of(row), "name_key": formats.name_key(row["company"]),
        }  # fmt: skip
        entered = {field.name: (None, row[field.name]) for field in leads.FIELDS if row.get(field.name) is not None}
        self._step(by, "created", changes=entered)

    def tell(self, state: LeadState) -> None:
        """Everything up to this state, as far as there was time for it."""
        if state is not NEW and self._later(0.2, 9):
            rep = self.chance.choice(self.of.branch.of_line(MACHINES))
            self._assigned(rep)
            if state is not ASSIGNED and self._later(0.3, 30 if self.chance.random() < 0.2 else 9):
                self._contacted(rep)
                if state is CONVERTED and self._later(24, 900, settled=26 * HOUR):
                    self._converted(rep)
                elif state is DISQUALIFIED and self._later(5, 700):
                    self._given_up(rep)
        self.row |= {"updated_at": self.at, "version": self.steps}
        self.of.book.pen.put(Lead, self.row)

    def _later(self, least: float, most: float, settled: timedelta = timedelta()) -> bool:
        """Go on in time; False when that lies too near to the demo's present."""
        then = self.at + timedelta(minutes=round(60 * self.chance.triangular(least, most, least)))
        if then > self.of.book.at - settled:
            return False
        self.at = then
        return True

    def _assigned(self, rep: Member) -> None:
        by = self.of.branch.sales_manager
        self.row |= {"owner_id": rep.id, "assigned_at": self.at, "assigned_by_id": by.id, "assignment_no": 1}
        self._step(by, "assigned", ASSIGNED, changes={"owner_id": (None, rep.id)})
        told = {"topic": self.row["topic"], "by": by.name, "phone": self.row["mobile"]}
        read = self.at + timedelta(minutes=50)
        self.of.book.pen.put(Notice, {
            "kind": messages.ASSIGNED.kind, "user_id": rep.id, "created_at": self.at, "record_kind": "lead",
            "record_id": self.row["id"], "parameters": told,
            "read_at": read if self.at < self.of.book.at - READ_AFTER else None,
        })  # fmt: skip

    def _contacted(self, rep: Member) -> None:
        self.row |= {"first_contact_at": self.at, "first_contact_by_id": rep.id}
        self._step(rep, "contacted", WORKING)

    def _converted(self, rep: Member) -> None:
        self.row |= self.origin | {"converted_at": self.at, "converted_by_id": rep.id}
        self._step(rep, "converted", CONVERTED, changes={"state": (WORKING, CONVERTED)})
        self.of.book.pen.put(LeadConversion, {
            "lead_id": self.row["id"], "at": self.at, "by_id": rep.id, "made": {"state": WORKING.value},
        })  # fmt: skip

    def _given_up(self, rep: Member) -> None:
        reason = self.of._code("disqualify_reason", self.chance.choices(list(GIVEN_UP), list(GIVEN_UP.values()))[0])
        self.row |= {"disqualified_at": self.at, "disqualified_by_id": rep.id, "disqualify_reason_id": reason}
        self._step(rep, "disqualified", DISQUALIFIED, changes={"disqualify_reason_id": (None, reason)})

    def _step(
        self, by: Member, action: str, state: LeadState = NEW, changes: Mapping[str, tuple[Any, Any]] | None = None
    ) -> None:
        self.row["state"] = state
        self.steps += 1
        self.of.book.chronicle.note(
            self.at.astimezone(UTC), by.id, kind="lead", record_id=self.row["id"], branch_id=self.row["branch_id"],
            action=action, changes=changes,
        )  # fmt: skip


def _streets(province: str) -> Sequence[Mapping[str, str]]:
    return [row for row in table("streets.csv") if row["province"] == regions.name(province)]


def _category(wanted: str) -> str:
    if wanted.startswith("HL"):
        return "wheel_loader"
    size = int("".join(filter(str.isdigit, wanted)))
    return "mini_excavator" if size < 100 else "excavator" if size < 300 else "large_excavator"
