"""The working days of one person: what was planned, what came of it, and what is still to come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random

from db.models import ActivityState, Priority
from services.core import moments
from services.core.configuration import Configuration
from services.demo import feedback
from services.demo.customers import Customer, Known
from services.demo.feedback import Scene
from services.demo.life import Book, Life, begun
from services.demo.staff import MACHINES, PARTS, SERVICE, Branch, Member

#: product line (or role) → how many contacts a working day has, each as likely as it stands here
A_DAY = {MACHINES: (4, 4, 5, 5, 5, 6, 6), PARTS: (3, 4, 4, 5, 6), SERVICE: (3, 3, 4, 4)}
LEADING = {"sales_manager": (1, 2, 2, 3), "branch_manager": (0, 1, 1, 2), "marketing": (0, 1, 1, 2)}
GRADE_WEIGHTS = {"A": 6.0, "B": 3.0, "C": 1.2, "D": 0.6}
#: how full a day is that lies so many days ahead
AHEAD = ((0, 1.0), (1, 0.8), (3, 0.55), (7, 0.35), (14, 0.18))
HOLIDAYS = {(1, 1), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8))}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

Span = tuple[datetime, datetime]
#: person and day → when something else stands in the calendar
Engaged = Mapping[tuple[int, date], Sequence[Span]]


@dataclass(frozen=True)
class Manner:
    """In how many cases what happens; the rest ends on time."""

    assigned: float = 0.24
    cancelled: float = 0.03
    declined: float = 0.14  # of the assigned ones
    late: float = 0.06
    forgotten: float = 0.02  # of the last days; earlier ones were ended late
    followed: float = 0.4
    reviewed: float = 0.12
    moved: float = 0.07


@dataclass(frozen=True)
class Promise:
    """A follow-up that was planned when an activity ended."""

    after: Life
    customer: Customer
    purpose: str
    made_at: datetime


@dataclass
class Diary:
    """Writes one person's days, in their order."""

    book: Book
    known: Configuration
    branch: Branch
    person: Member
    customers: Sequence[Customer]
    chance: Random
    manner: Manner = field(default_factory=Manner)
    engaged: Engaged = field(default_factory=dict)
    _promised: dict[date, list[Promise]] = field(default_factory=lambda: defaultdict(list))

    def write(self, day: date) -> int:
        """Everything of one day; returns how many activities it has."""
        today = self.day_of(self.book.at)
        wanted = self._how_many(day, today)
        promises = self._promised.pop(day, [])
        if wanted == 0:
            self._promised[day + DAY] += promises
            return 0
        taken = {promise.customer.id for promise in promises}
        fresh = [c for c in self._draw(max(wanted - len(promises), 0)) if c.id not in taken]
        planned: list[tuple[Customer, Promise | None]] = [(p.customer, p) for p in promises] + [
            (c, None) for c in fresh
        ]
        self.chance.shuffle(planned)
        begin = moments.moment(day, time(8, 20), self.book.zone) + self.chance.randrange(0, 8) * 5 * MINUTE
        evening = moments.moment(day, time(18, 45), self.book.zone)
        for customer, promise in planned:
            if begin < evening:
                begin = self._one(begin, customer, promise)
        return len(planned)

    def _free(self, begin: datetime, length: timedelta) -> datetime:
        """The first moment from ``begin`` on at which nothing else stands in the calendar for so long."""
        for start, end in sorted(self.engaged.get((self.person.id, self.day_of(begin)), ())):
            if start < begin + length and begin < end:
                begin = end.astimezone(UTC) + 20 * MINUTE
        return begin

    def around_now(self, minutes_ago: int) -> None:
        """One more that began so many minutes before the demo's present."""
        self._one(self.book.at - minutes_ago * MINUTE, self._draw(1)[0], None, Manner(0, 0, 0, 0, 0, 0, 0, 0))

    def _how_many(self, day: date, today: date) -> int:
        choices = A_DAY.get(self.person.line or "") if self.person.role == "rep" else LEADING[self.person.role]
        count = self.chance.choice(choices or (0,))
        if day == today:
            return count
        if day.weekday() == 6 or (day.month, day.day) in HOLIDAYS:
            return 0
        share = 0.5 if day.weekday() == 5 else 1.0
        if day > today:
            share *= next((full for ahead, full in AHEAD if (day - today).days <= ahead), 0)
        exact = count * share
        return int(exact) + (self.chance.random() < exact - int(exact))

    @cached_property
    def _weights(self) -> list[float]:
        return [GRADE_WEIGHTS[customer.grade] for customer in self.customers]

    def _draw(self, count: int) -> list[Customer]:
        drawn = self.chance.choices(self.customers, self._weights, k=count)
        return list({customer.id: customer for customer in drawn}.values())

    def _one(
        self, begin: datetime, customer: Customer, promise: Promise | None, manner: Manner | None = None
    ) -> datetime:
        """One activity from ``begin`` on and what came of it; returns when the next can begin."""
        kind, purpose = feedback.aim(self.chance, self._line, promise.purpose if promise else None)
        low, high = feedback.LENGTHS[kind]
        length = self.chance.randrange(low, high + 1, 5) * MINUTE
        begin = self._free(begin, length)
        end = begin + length
        people = customer.people[: 1 + (self.chance.random() < 0.15)]
        seen = feedback.scene(self.chance, customer, people[0] if people else None, purpose, self.day_of(begin))
        outcome = _Outcome(
            self, self._life(kind, purpose, customer, people, seen, begin, end, promise), kind, purpose, seen
        )
        outcome.happen(promise.made_at if promise else None, manner or self.manner)
        life = outcome.life
        if (
            life.row["next_step_on"]
            and life.row["state"] is ActivityState.ENDED
            and self.chance.random() < self.manner.followed
        ):
            result = self.known.by_id[life.row["result_id"]].code
            following = feedback.NEXT.get(purpose, purpose) if result in feedback.ADVANCING else purpose
            self._promised[life.row["next_step_on"]].append(Promise(life, customer, following, life.row["updated_at"]))
        life.store()
        return self._after_lunch(end + self.chance.randrange(15, 75, 5) * MINUTE)

    def _after_lunch(self, at: datetime) -> datetime:
        wall = moments.local(at, self.book.zone)
        noon = wall.hour == 12 or (wall.hour == 11 and wall.minute > 40)
        return moments.moment(wall.date(), time(13, 15), self.book.zone) if noon else at

    def _life(
        self, kind: str, purpose: str, customer: Customer, people: Sequence[Known], seen: Scene, begin: datetime,
        end: datetime, promise: Promise | None,
    ) -> Life:  # fmt: skip
        code = self.known.code("activity_type", kind)
        subject = feedback.subject(self.chance, seen, type_label=code.label_zh, purpose=purpose)
        if promise and self.chance.random() < 0.7:
            before = promise.after.row
            subject = feedback.following(before["next_step"], self.day_of(before["ended_at"]), before["next_step_on"])
        urgent = self.chance.random() < (0.35 if purpose == "complaint" else 0.04)
        return begun(
            self.book, owner=self.person, type_id=code.id, purpose_id=self.known.code("activity_purpose", purpose).id,
            subject=subject, start=begin, end=end, account_id=customer.id, place=customer.place, customer=customer.name,
            follows_id=promise.after.id if promise else None,
            description=feedback.line(self.chance, "descriptions", seen) if self.chance.random() < 0.2 else None,
            priority=Priority.URGENT if urgent else Priority.NORMAL, contact_ids=[known.id for known in people],
            participant_ids=self._companions(),
        )  # fmt: skip

    def day_of(self, moment: datetime) -> date:
        """The day in the organisation's zone."""
        return moments.local(moment, self.book.zone).date()

    def _companions(self) -> list[int]:
        if self.chance.random() > 0.06:
            return []
        colleague = self.chance.choice([self.branch.sales_manager, *self.branch.of_line(SERVICE)])
        return [] if colleague.id == self.person.id else [colleague.id]

    @property
    def _line(self) -> str | None:
        return self.person.line if self.person.role == "rep" else None


@dataclass
class _Outcome:
    """What became of one activity, step by step as far as the demo's present."""

    diary: Diary
    life: Life
    kind: str
    purpose: str
    seen: Scene

    def happen(self, promised_at: datetime | None, manner: Manner) -> None:
        """Plan or assign it, and let it take one of the courses of ``manner``."""
        chance, start = self._chance, self.life.row["planned_start"]
        rep = self.diary.person.role == "rep"
        if promised_at is None and rep and chance.random() < manner.assigned:
            self._assign(start)
            if chance.random() < manner.declined:
                self._decline()
                return
        else:
            self._plan(promised_at, start, manner)
        drawn = chance.random()
        if drawn < manner.cancelled and self.life.row["state"] is ActivityState.PLANNED:
            self._withdraw(start)
        elif drawn < manner.cancelled + manner.forgotten and start > self._now - 8 * DAY:
            return
        elif drawn < manner.cancelled + manner.forgotten + manner.late:
            self._carry_out(start + chance.choice((DAY, DAY, 2 * DAY, 3 * DAY)), manner)
        else:
            self._carry_out(start, manner)

    def _plan(self, promised_at: datetime | None, start: datetime, manner: Manner) -> None:
        at = promised_at or self._before(start, 5 * DAY)
        days = self._chance.choice((1, 1, 2, 3))
        later = self._before(start, 8 * HOUR)
        if self._chance.random() < manner.moved and at < later - HOUR and start - days * DAY > at:
            for name in ("planned_start", "planned_end", "due_at"):
                self.life.row[name] -= days * DAY
            self.life.planned(at)
            self.life.moved(later, days)
        else:
            self.life.planned(at)

    def _assign(self, start: datetime) -> None:
        at = self._before(start, 50 * HOUR)
        row, zone = self.life.row, self.diary.book.zone
        last_day = self.diary.day_of(row["planned_end"]) + self._chance.choice((0, 1, 1, 2)) * DAY
        row["due_at"] = max(moments.moment(last_day, time(18), zone), row["planned_end"])
        row["description"] = feedback.line(self._chance, "descriptions", self.seen)
        self.life.assigned(at, self._superior)
        opened = self._awake(at + self._chance.randrange(5, 300) * MINUTE)
        if opened < min(self._now, start):
            self.life.accepted(opened)

    def _decline(self) -> None:
        """Declined; then given to somebody else or insisted on, and carried out after all."""
        row, chance = self.life.row, self._chance
        at = max(row["accepted_at"] or row["assigned_at"], row["assigned_at"]) + chance.randrange(5, 200) * MINUTE
        at = self._awake(at)
        if at > self._now:
            return
        manager = self._superior
        self.life.declined(at, self.diary.person, manager, feedback.line(chance, "decline", self.seen))
        at = self._awake(at + chance.randrange(20, 600) * MINUTE)
        if at > self._now:
            return
        colleagues = [
            one for one in self.diary.branch.of_line(self.diary.person.line or "") if one != self.diary.person
        ]
        if chance.random() < 0.7:
            to = chance.choice(colleagues)
            reason = feedback.line(chance, "reassign", self.seen)
            self.life.reassigned(at, manager, self.diary.person, to, reason)
        else:
            self.life.insisted(at, manager, self.diary.person, feedback.line(chance, "insist", self.seen))
        begin = self._awake(at + chance.randrange(60, 1500) * MINUTE)
        self._carry_out(max(row["planned_start"], begin), self.diary.manner)

    def _withdraw(self, start: datetime) -> None:
        at = max(start - self._chance.randrange(30, 900) * MINUTE, self.life.row["created_at"] + 5 * MINUTE)
        if at <= self._now:
            self.life.withdrawn(at, feedback.line(self._chance, "cancel", self.seen))

    def _carry_out(self, start: datetime, manner: Manner) -> None:
        """Start, end and write the feedback, as far as time has come."""
        chance, row = self._chance, self.life.row
        length = row["planned_end"] - row["planned_start"]
        begin = max(start + chance.randrange(-5, 6) * MINUTE, row["updated_at"] + MINUTE)
        end = begin + max(length * chance.uniform(0.7, 0.9), 2 * MINUTE)
        end -= timedelta(seconds=end.second, microseconds=end.microsecond)
        written = end + chance.randrange(1, 25) * MINUTE
        if begin > self._now:
            return
        self.life.started(begin, row["place"] if self.kind in ("visit", "on_site") and chance.random() < 0.5 else None)
        if written > self._now:
            return
        day = self.diary.day_of(end)
        told = feedback.feedback(chance, self.diary.known, self.seen, kind=self.kind, purpose=self.purpose, day=day)
        self.life.ended(end, told, written)
        self._review(written, manner)

    def _review(self, ended: datetime, manner: Manner) -> None:
        at = self._awake(ended + self._chance.randrange(60, 2400) * MINUTE)
        reviewer = self._superior
        if self._chance.random() > manner.reviewed or at > self._now or reviewer.id == self.life.row["owner_id"]:
            return
        mark = self._chance.choices((5, 4, 3, 2), (25, 50, 20, 5))[0]
        self.life.reviewed(at, reviewer, mark, feedback.line(self._chance, f"reviews{mark}", self.seen))

    def _before(self, start: datetime, most: timedelta) -> datetime:
        """A moment before the start and before the present, at which it was planned."""
        latest = min(start, self._now) - 10 * MINUTE
        lead = self._chance.random() ** (2 if start < self._now else 1)  # most plans are short-term
        at = latest - lead * most // MINUTE * MINUTE
        morning = self._awake(at)
        return at if morning == at else min(morning - 13 * HOUR, at)

    def _awake(self, at: datetime) -> datetime:
        """The same moment, or if that is at night, soon after eight in the morning."""
        wall = moments.local(at, self.diary.book.zone)
        if 7 <= wall.hour < 21:
            return at
        day = wall.date() + (DAY if wall.hour >= 21 else timedelta())
        return moments.moment(day, time(8), self.diary.book.zone) + self._chance.randrange(1, 50) * MINUTE

    @property
    def _chance(self) -> Random:
        return self.diary.chance

    @property
    def _now(self) -> datetime:
        return self.diary.book.at

    @property
    def _superior(self) -> Member:
        """Who leads the person."""
        leads_machines = self.diary.person.line == MACHINES and self.diary.person.role == "rep"
        return self.diary.branch.sales_manager if leads_machines else self.diary.branch.manager
