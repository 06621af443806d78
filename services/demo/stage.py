"""Acts of the demo's stories: who does what when, through the services, each in a Work of its own."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from services import accounts, activities, contacts, duplicates, regions
from services.core import moments
from services.core.configuration import Configuration
from services.core.work import Work, work_as
from services.demo.diary import DAY, MINUTE, Span
from services.demo.staff import SERVICE, Branch, Member

SUNDAY = 6
#: chance may have given another one the same name or number
NAMESAKE = "同名，不是同一家"
Doing = Callable[[Work], Any]


@dataclass(frozen=True)
class Act:
    """One thing that happens at one moment."""

    at: datetime
    run: Callable[[], Any]


@dataclass
class Stage:
    """Collects the acts of all stories and plays them in the order of time."""

    at: datetime
    zone: ZoneInfo
    known: Configuration
    branch: Branch
    ids: dict[str, Any] = field(default_factory=dict)
    engaged: dict[tuple[int, date], list[Span]] = field(default_factory=lambda: defaultdict(list))
    _acts: list[Act] = field(default_factory=list)

    def then(self, at: datetime, by: Member, do: Doing) -> None:
        """Somebody does something at a moment."""

        def run() -> None:
            with work_as(by.id, at=at) as work:
                do(work)

        self._acts.append(Act(at, run))

    def do(self, at: datetime, by: Member, verb: Callable[..., Any], key: str, **more: Any) -> None:
        """Somebody does something to one of the activities."""
        self.then(at, by, lambda work: verb(work, activity_id=self.ids[key], **more))

    def rule(self, at: datetime, rule: Callable[[datetime], Any]) -> None:
        """A time rule runs at a moment."""
        self._acts.append(Act(at, lambda: rule(at)))

    def play(self, until: datetime) -> int:
        """Everything up to ``until`` that was not played yet; returns how much."""
        due = sorted((act for act in self._acts if act.at <= until), key=attrgetter("at"))
        for act in due:
            act.run()
        self._acts = [act for act in self._acts if act.at > until]
        return len(due)

    def day(self, days: int) -> date:
        """So many working days from today on, or back; Sundays are none."""
        found, step = moments.local(self.at, self.zone).date(), DAY if days > 0 else -DAY
        for _ in range(abs(days)):
            found += step
            found += step if found.weekday() == SUNDAY else timedelta()
        return found

    def clock(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A time of day on such a working day."""
        return moments.moment(self.day(days), time(hour, minute), self.zone)

    def code(self, name: str, code: str) -> int:
        """The id of a value of a code list."""
        return self.known.code(name, code).id

    def customer(self, key: str, by: Member, *, city: str, district: str, kind: str, **values: Any) -> None:
        """A named customer, entered by its rep two months ago, with somebody for parts and service."""
        province = self.branch.plan.province
        city_code = regions.find(city, level=regions.CITY, within=province)
        district_code = regions.find(district, level=regions.DISTRICT, within=city_code)
        place = {"province_code": province, "city_code": city_code, "district_code": district_code}
        given = {**values, **place, "kind_id": self.code("account_kind", kind)}

        def create(work: Work) -> None:
            why = NAMESAKE if duplicates.of_account(work, values=given).needs_reason else None
            self._keep(key, accounts.create(work, values=given, duplicate_reason=why))

        self.then(self.clock(-60, 10), by, create)
        member = accounts.Member(self.branch.of_line(SERVICE)[0].id, SERVICE, "A", 12)

        def staff(work: Work) -> None:
            accounts.staff(work, account_id=self.ids[key], member=member)

        self.then(self.clock(-60, 15), self.branch.manager, staff)

    def contact(
        self,
        customer: str,
        name: str,
        sex: str,
        responsibility: str,
        job_title: str,
        mobile: str,
        *,
        by: Member,
        key: str = "",
    ) -> None:
        """A named person at a named customer."""
        given = {
            "name": name, "sex": sex, "job_title": job_title, "mobile": mobile, "lines": ["machines", "service"],
            "responsibility_id": self.code("responsibility", responsibility),
        }  # fmt: skip

        def enter(work: Work) -> None:
            account_id = self.ids[customer]
            found = duplicates.of_contact(work, values=given, account_id=account_id)
            why = NAMESAKE if found.needs_reason else None
            self._keep(key or name, contacts.create(work, account_id=account_id, values=given, duplicate_reason=why))

        self.then(self.clock(-60, 10, 10 + len(self._acts) % 40), by, enter)

    def planned(
        self, key: str, by: Member, start: datetime, minutes: int, *, made: datetime, customer: str, kind: str, purpose: str,
        subject: str = "", met: Sequence[str] = (), after: str | None = None, company: Sequence[Member] = (), note: str = "",
    ) -> None:  # fmt: skip
        """Somebody plans an activity of their own."""
        self._engage(by, start, minutes)

        def plan(work: Work) -> None:
            self._keep(key, activities.plan(
                work, values=self._values(start, minutes, customer, kind, purpose, subject, note),
                contact_ids=[self.ids[name] for name in met], participant_ids=[one.id for one in company],
                follows_id=self.ids[after] if after else None,
            ))  # fmt: skip

        self.then(made, by, plan)

    def assigned(
        self, key: str, by: Member, to: Member, start: datetime, minutes: int, *, made: datetime, customer: str, kind: str,
        purpose: str, subject: str = "", urgent: bool = False, note: str = "", due: datetime | None = None,
    ) -> None:  # fmt: skip
        """A manager assigns an activity to a rep."""
        self._engage(to, start, minutes)
        values = {"priority": "urgent" if urgent else "normal", "due_at": due or start + minutes * MINUTE}

        def assign(work: Work) -> None:
            given = self._values(start, minutes, customer, kind, purpose, subject, note) | values
            self._keep(key, activities.assign(work, values=given, owner_ids=[to.id])[0])

        self.then(made, by, assign)

    def ended(
        self, key: str, by: Member, start: datetime, end: datetime, *, result: str, learned: str, files: Mapping[str, bytes] | None = None,
        **more: Any,
    ) -> None:  # fmt: skip
        """It is started and, with feedback and files, ended."""
        told = {"result_id": self.code("activity_result", result), "learned": learned, **more}
        self.do(start, by, activities.start, key, check_in=more.get("check_in"))
        attached = list((files or {}).items())
        self.do(end + 4 * MINUTE, by, activities.finish, key, feedback=told, files=attached, ended_at=end)

    def _values(
        self, start: datetime, minutes: int, customer: str, kind: str, purpose: str, subject: str, note: str
    ) -> dict[str, Any]:
        return {
            "type_id": self.code("activity_type", kind), "purpose_id": self.code("activity_purpose", purpose),
            "account_id": self.ids[customer], "planned_start": start, "planned_end": start + timedelta(minutes=minutes),
            "subject": subject or None, "description": note or None,
        }  # fmt: skip

    def _engage(self, who: Member, start: datetime, minutes: int) -> None:
        """Note when a person is taken."""
        self.engaged[who.id, moments.local(start, self.zone).date()].append((start, start + minutes * MINUTE))

    def _keep(self, key: str, record_id: int) -> None:
        self.ids[key] = record_id
