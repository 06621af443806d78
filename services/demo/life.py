"""The life of one activity as rows: each step does to them what services.activities does to the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from db.filling import Filling
from db.models import (
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityReview,
    ActivityState,
    ContactPart,
    Message,
    MessageState,
    Notice,
    Priority,
    Route,
)
from services.activities import messages
from services.activities.fields import FEEDBACK
from services.activities.seal import SEALED, seal_of
from services.core.outbox import Template
from services.core.text import translator
from services.demo.chronicle import Chronicle
from services.demo.staff import Member
from services.demo.words import known_as

#: after so long everybody has read what came in
READ_AFTER = timedelta(hours=30)
FEEDBACK_NAMES = tuple(entered.name for entered in FEEDBACK)
EMPTY = dict.fromkeys(SEALED) | dict.fromkeys(FEEDBACK_NAMES)


@dataclass(frozen=True)
class Book:
    """Where lives are written: the rows, the events, and the demo's present on the organisation's clock."""

    pen: Filling
    chronicle: Chronicle
    at: datetime
    zone: ZoneInfo


@dataclass
class Life:
    """One activity from its planning on; ``store`` writes it down."""

    book: Book
    row: dict[str, Any]
    owner: Member
    customer: str
    contact_ids: Sequence[int] = ()
    participant_ids: Sequence[int] = ()
    _held: list[dict[str, Any]] = field(default_factory=list)
    _reviews: list[dict[str, Any]] = field(default_factory=list)
    _steps: int = 0

    @property
    def id(self) -> int:
        """The number of the activity."""
        return int(self.row["id"])

    def planned(self, at: datetime) -> None:
        """The owner puts it into the own plan."""
        self._begin(at, self.row["owner_id"], ActivityState.PLANNED, "planned")

    def assigned(self, at: datetime, by: Member) -> None:
        """A manager gives it to the owner, who is told."""
        self._begin(at, by.id, ActivityState.ASSIGNED, "assigned")
        self.row |= {"assigned_by_id": by.id, "assigned_at": at, "assignment_no": 1}
        self._tell_assigned(at, by, self.owner)

    def moved(self, at: datetime, by_days: int) -> None:
        """The owner moves a plan of the own to another day."""
        shift = timedelta(days=by_days)
        new = {name: self.row[name] + shift for name in ("planned_start", "planned_end", "due_at")}
        changes = {name: (self.row[name], value) for name, value in new.items()}
        self._step(at, self.row["owner_id"], "changed", changes=changes, **new)

    def accepted(self, at: datetime) -> None:
        """The owner opens what was assigned."""
        self._step(at, self.row["owner_id"], "accepted", accepted_at=at)

    def started(self, at: datetime, check_in: str | None = None) -> None:
        """The owner begins."""
        accepted = self.row["accepted_at"] or (at if self.row["assigned_at"] else None)
        state = ActivityState.IN_PROGRESS
        self._step(
            at, self.row["owner_id"], "started", state=state, started_at=at, check_in=check_in, accepted_at=accepted
        )

    def ended(self, at: datetime, feedback: Mapping[str, Any], written_at: datetime | None = None) -> None:
        """It ends with its feedback, which may have been written somewhat later."""
        changes = {name: (self.row[name], value) for name, value in feedback.items() if value is not None}
        state = ActivityState.ENDED
        self._step(
            written_at or at, self.row["owner_id"], "ended", changes=changes, state=state, ended_at=at, **feedback
        )

    def declined(self, at: datetime, by: Member, to: Member, reason: str) -> None:
        """The owner ``by`` declines; who assigned it, ``to``, gets an e-mail."""
        self._step(
            at, by.id, "declined", note=reason, state=ActivityState.DECLINED, declined_at=at, decline_reason=reason
        )
        self._tell(messages.DECLINED, at, to, Route.EMAIL, by=by.name, reason=reason)

    def insisted(self, at: datetime, by: Member, to: Member, comment: str) -> None:
        """The manager sends it back."""
        self._step(at, by.id, "insisted", note=comment, state=ActivityState.ASSIGNED, assigned_at=at)
        self._tell(messages.INSISTED, at, to, Route.SMS, by=by.name, comment=comment)

    def reassigned(self, at: datetime, by: Member, before: Member, to: Member, reason: str) -> None:
        """Another rep has it now; both are told."""
        change = {"owner_id": (before.id, to.id)}
        self._held[-1]["until_at"] = at
        self._hold(at, to.id, by.id, reason)
        self._step(
            at, by.id, "reassigned", changes=change, note=reason, state=ActivityState.ASSIGNED, owner_id=to.id, assigned_at=at,
            assigned_by_id=by.id, assignment_no=self.row["assignment_no"] + 1, accepted_at=None, declined_at=None,
            decline_reason=None,
        )  # fmt: skip
        self.owner = to
        self._tell_assigned(at, by, to)
        self._tell(messages.TAKEN_AWAY, at, before, Route.SMS, about=False, to_name=to.name, reason=reason)

    def withdrawn(self, at: datetime, reason: str) -> None:
        """The owner takes back what was only planned."""
        state = ActivityState.CANCELLED
        self._step(
            at, self.row["owner_id"], "cancelled", note=reason, state=state, cancelled_at=at, cancel_reason=reason
        )

    def reviewed(self, at: datetime, by: Member, mark: int, comment: str) -> None:
        """The manager's word on it; the record itself stays as it is."""
        review = {"activity_id": self.id, "reviewer_id": by.id, "mark": mark, "comment": comment, "created_at": at}
        self._reviews.append(review)
        self._note(at, by.id, "reviewed", note=f"{mark}/5 {comment}")
        self._tell(messages.REVIEWED, at, self.owner, None, by=by.name, mark=mark, comment=comment)

    def store(self) -> None:
        """Write the rows: the activity, sealed if it ended, and all that belongs to it."""
        row, pen = self.row, self.book.pen
        row["version"] = max(self._steps, 1)
        row["seal"] = seal_of(row) if row["state"] is ActivityState.ENDED else None
        pen.put(Activity, row)
        for held in self._held:
            pen.put(ActivityHolding, held)
        for contact_id in self.contact_ids:
            pen.put(ActivityContact, {"activity_id": self.id, "contact_id": contact_id, "part": ContactPart.MET})
        for user_id in self.participant_ids:
            pen.put(ActivityParticipant, {"activity_id": self.id, "user_id": user_id})
        for review in self._reviews:
            pen.put(ActivityReview, review)

    def _begin(self, at: datetime, by_id: int, state: ActivityState, action: str) -> None:
        self._hold(at, self.row["owner_id"], by_id, "")
        self._step(at, by_id, action, state=state, created_at=at, created_by_id=by_id)

    def _hold(self, at: datetime, user_id: int, by_id: int, reason: str) -> None:
        holding = {"activity_id": self.id, "user_id": user_id, "since_at": at, "until_at": None}
        self._held.append(holding | {"reason": reason, "given_by_id": by_id})

    def _step(
        self, at: datetime, by_id: int, action: str, *, changes: Mapping[str, tuple[Any, Any]] | None = None,
        note: str | None = None, **values: Any,
    ) -> None:  # fmt: skip
        self.row |= values
        self.row["updated_at"] = at
        self._steps += 1
        self._note(at, by_id, action, changes=changes, note=note)

    def _note(self, at: datetime, by_id: int, action: str, **more: Any) -> None:
        self.book.chronicle.note(
            at, by_id, kind="activity", record_id=self.id, branch_id=self.row["branch_id"], action=action, **more
        )

    def _tell_assigned(self, at: datetime, by: Member, to: Member) -> None:
        due = self.row["due_at"].astimezone(self.book.zone).strftime("%m-%d %H:%M")
        self._tell(messages.ASSIGNED, at, to, Route.SMS, due=due, by=by.name)

    def _tell(
        self, template: Template, at: datetime, to: Member, route: Route | None, *, about: bool = True, **more: Any
    ) -> None:
        """A notice, and the message that leaves by the route, for which a demo has no channel."""
        parameters = {"subject": self.row["subject"], "customer": self.customer, **more}
        kind = {"kind": template.kind, "user_id": to.id, "created_at": at}
        kind |= {"record_kind": "activity", "record_id": self.id} if about else {}
        read = at + timedelta(minutes=37) if at < self.book.at - READ_AFTER else None
        self.book.pen.put(Notice, kind | {"parameters": parameters, "read_at": read})
        if route:
            title, body = template.worded(parameters, translator("zh_CN"))
            self.book.pen.put(Message, kind | {
                "route": route, "address": to.mobile if route is Route.SMS else to.email, "title": title[:200], "body": body,
                "state": MessageState.NO_CHANNEL, "next_try_at": at,
            })  # fmt: skip


def begun(
    book: Book, *, owner: Member, type_id: int, purpose_id: int, subject: str, start: datetime, end: datetime,
    account_id: int, place: str | None, customer: str, due_at: datetime | None = None, follows_id: int | None = None,
    description: str | None = None, priority: Priority = Priority.NORMAL, contact_ids: Sequence[int] = (),
    participant_ids: Sequence[int] = (),
) -> Life:  # fmt: skip
    """An activity about to be planned or assigned."""
    begin, until = start.astimezone(UTC), end.astimezone(UTC)
    row = EMPTY | {
        "id": book.pen.number(Activity), "owner_id": owner.id, "branch_id": owner.branch_id, "type_id": type_id,
        "purpose_id": purpose_id, "subject": subject, "search_key": known_as(subject), "priority": priority,
        "planned_start": begin, "planned_end": until, "due_at": (due_at or end).astimezone(UTC), "place": place,
        "description": description, "account_id": account_id, "follows_id": follows_id, "assignment_no": 0,
        "accepted_at": None, "declined_at": None, "decline_reason": None,
    }  # fmt: skip
    return Life(book, row, owner, customer, contact_ids, participant_ids)
