"""Work: one person, one moment, one transaction. Services take it first and never commit or ask the clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Delete, Select, and_, func, insert, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.base import Hideable, Model
from db.models import ActivityReview, Channel, Occurrence, Submission, User
from db.numbering import number
from db.session import new_session
from services.core import identity
from services.core.access import ACCOMPANYING, PARENTS, Actor, criteria
from services.core.conflicts import STALE, explained_conflicts
from services.core.errors import NotFound, Refused, SignedOut, Stale, Translate
from services.core.guard import NOT_YOURS, READ_ONLY, bin_options, scope_options
from services.core.moments import local
from services.core.settings import settings
from services.core.text import translator

M = TypeVar("M", bound=Model)
Query = Select[*tuple[Any, ...]]
LARGEST_ID = 2**31 - 1  # what both databases hold
SYSTEM = Actor(id=None, name="", role=None, branch_id=None, language="en")


class Work:
    """What a service works with: who acts, when, through which channel, and the records within their reach."""

    def __init__(self, session: Session, actor: Actor, *, now: datetime, channel: Channel, readonly: bool) -> None:
        self.actor, self.now, self.channel, self.readonly = actor, now, channel, readonly
        self.configuration: Any = None  # read on first use by services.core.configuration
        self.blind = False  # only while `exists_unseen` asks
        self.binned = False  # only while the recycle bin is open
        self._session = session
        self._granted: set[Model] = set()
        session.info["work"] = self
        self.options = scope_options(actor.placed)

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's zone, in which days and weeks are counted."""
        return settings().zone

    @property
    def today(self) -> date:
        """The organisation's date at this moment."""
        return local(self.now, self.zone).date()

    @property
    def database(self) -> str:
        """The address of the database, for caches that must not mix two of them."""
        return str(self._session.get_bind().engine.url)

    @property
    def translate(self) -> Translate:
        """The actor's language."""
        return translator(self.actor.language)

    def rows(self, statement: Query) -> Sequence[Any]:
        """The rows of a select, within the actor's reach."""
        return self._session.execute(statement).all()

    def row(self, statement: Query) -> Any:
        """The first row of a select, or None."""
        return self._session.execute(statement).first()

    def scalar(self, statement: Query) -> Any:
        """The first column of the first row, or None."""
        return self._session.scalar(statement)

    def scalars(self, statement: Query) -> Sequence[Any]:
        """The first column of every row."""
        return self._session.scalars(statement).all()

    def stream(self, statement: Query, size: int = 2000) -> Iterator[Any]:
        """Rows one by one with bounded memory, for exports."""
        yield from self._session.execute(statement.execution_options(yield_per=size))

    def get(self, model: type[M], record_id: int | None) -> M:
        """The record, if the actor may read it; otherwise NotFound, whether or not it exists (ACC-2)."""
        return self._found(model, select(model).where(_is(model, record_id)))

    def load(self, model: type[M], record_id: int, *, to: str, version: int | None = None) -> M:
        """The record, locked and open for writing, if ``to`` reaches it.

        Refused if it can only be read, Stale if it is no longer at ``version``.
        """
        record = self._found(model, _to_write(select(model).where(_is(model, record_id))))
        self._check_reach(record, to)
        if version is not None and getattr(record, "version", version) != version:
            raise Stale(STALE)
        self._granted.add(record)
        return record

    def hold(self, model: type[M], record_id: int | None) -> M:
        """The same as `get`, and until this Work ends nobody can load the record for writing, such as to deactivate it."""
        held = select(model).where(_is(model, record_id)).with_for_update(read=True)
        return self._found(model, held.execution_options(populate_existing=True))

    def stay(self) -> None:
        """Hold the actor, who is about to own something, in their place until this Work ends (ACC-6).

        SignedOut if somebody has shut them out meanwhile, Stale if they were moved to another branch.
        """
        if self.actor.id is None:
            return
        myself = self.hold(User, self.actor.id)
        if not myself.active:
            raise SignedOut(identity.SIGNED_OUT)
        if myself.branch_id != self.actor.branch_id:
            raise Stale(STALE)

    def exists_unseen(self, statement: Query) -> bool:
        """Whether there is any such row, also out of the actor's sight: yes or no, and never more than that."""
        return bool(self.unseen(statement.limit(1)))

    @contextmanager
    def recycle_bin(self) -> Iterator[None]:
        """Inside, hidden records stand where otherwise the present ones do, as far as the actor may restore them (ALL-8)."""
        present, actor = self.options, self.actor
        self.options, self.binned = bin_options(actor.placed), True
        try:
            yield
        finally:
            self.options, self.binned = present, False

    def unseen(self, statement: Query) -> Sequence[Any]:
        """Rows also out of the actor's sight, to be told of no more than “exists in branch X, ask Y” (ALL-7)."""
        self.blind = True
        try:
            return self._session.execute(statement).all()
        finally:
            self.blind = False

    def load_unseen(self, model: type[M], record_id: int) -> M:
        """The record, locked and open for writing, also out of the actor's sight: for what a decision about it brings about.

        The caller has made sure by other means that the actor may decide it (ASG-4), and tells nothing of the record.
        """
        self.blind = True
        try:
            record = self._found(model, _to_write(select(model).where(_is(model, record_id))))
        finally:
            self.blind = False
        self._granted.add(record)
        return record

    def load_many(self, model: type[M], record_ids: Sequence[int], *, to: str) -> Sequence[M]:
        """Those of the records that ``to`` reaches, locked and open for writing; the others are left out."""
        if not self.actor.may(to):
            return []
        wanted = select(model).where(_key(model).in_(record_ids), self.within_reach(model, to))
        found = self._session.scalars(_to_write(wanted.order_by(_key(model)))).all()
        self._granted.update(found)
        return found

    def add_many(self, records: Sequence[M], *, to: str) -> None:
        """Store new records of one kind; Refused unless ``to`` reaches all of them as they were written."""
        number(self._session, records)
        self._granted.update(records)
        self._session.add_all(records)
        self.flush()
        if not self.all_reached(records, to):
            raise Refused(NOT_YOURS)

    def add(self, record: M, *, to: str) -> M:
        """Store a new record; Refused unless ``to`` reaches the row as it was written."""
        self._granted.add(record)
        self._session.add(record)
        self.flush()
        self._check_reach(record, to)
        return record

    def within_reach(self, model: type[Model], permission: str) -> ColumnElement[bool]:
        """Of which rows of a kind the permission reaches, as a part of statements."""
        rule = criteria(model, permission, self.actor)
        return true() if rule is None else rule

    def reaches(self, record: Model, permission: str) -> bool:
        """Whether the actor may do this to this record."""
        model = type(record)
        if not self.actor.may(permission):
            return False
        rule = criteria(model, permission, self.actor)
        if rule is None:
            return True
        found = select(func.count()).select_from(model).where(and_(_key(model) == _key(record), rule))
        with self._session.no_autoflush:
            return bool(self.scalar(found))

    def all_reached(self, records: Sequence[Model], permission: str) -> bool:
        """Whether the actor may do this to each of these records, of one kind and as they stand in the database."""
        model = type(records[0])
        if not self.actor.may(permission):
            return False
        if (rule := criteria(model, permission, self.actor)) is None:
            return True
        ids = {_key(record) for record in records}
        return bool(self.scalar(select(func.count()).select_from(model).where(_key(model).in_(ids), rule)) == len(ids))

    def reached(self, record: Model, permissions: Iterable[str]) -> set[str]:
        """Which of these permissions reach the record, in one statement: what its buttons are drawn from."""
        model = type(record)
        held = [name for name in permissions if self.actor.may(name)]
        rules = {name: criteria(model, name, self.actor) for name in held}
        asked = {name: rule for name, rule in rules.items() if rule is not None}
        if not asked:
            return set(held)
        answers = self.row(select(*asked.values()).select_from(model).where(_key(model) == _key(record)))
        return {name for name in held if name not in asked} | {
            n for n, yes in zip(asked, answers or (), strict=False) if yes
        }

    def also(self, *records: Model) -> None:
        """Store rows that accompany a granted record: its children, events, messages."""
        self._session.add_all(records)

    def also_once(self, record: Model) -> bool:
        """Store an accompanying row, unless another Work has stored one under the same key."""
        return self._inserted(record)

    def insert_many(self, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Store many accompanying rows at once, for which nobody needs objects."""
        self._check_accompanying(model)
        if rows:
            self.flush()
            with explained_conflicts():
                self._session.execute(insert(model), rows)

    def drop(self, *records: Model) -> None:
        """Remove rows that accompany a granted record."""
        for record in records:
            self._session.delete(record)

    def erase(self, statement: Delete) -> None:
        """Remove accompanying rows of a granted record in one statement."""
        self._check_accompanying(statement.entity_description["type"])
        self._session.execute(statement)

    def _check_accompanying(self, model: type[Model]) -> None:
        if self.readonly or not issubclass(model, ACCOMPANYING):
            raise Refused(READ_ONLY)

    def flush(self) -> None:
        """Send pending changes to the database now; its refusals come out as service errors."""
        with explained_conflicts():
            self._session.flush()

    def once(self, kind: str, record_id: int, period: str) -> bool:
        """True for the first caller with these three, ever; False for every later one (ADM-9)."""
        return self._inserted(Occurrence(kind=kind, record_id=record_id, period=period, at=self.now))

    def first_use(self, token: str) -> bool:
        """Whether this one-use token is fresh; a double click or reload brings it a second time (ALL-5)."""
        return self._inserted(Submission(token=token, user_id=self.actor.id, at=self.now))

    def _inserted(self, row: Model) -> bool:
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            return False
        return True

    def _found(self, model: type[M], statement: Query) -> M:
        record = self._session.scalar(statement)
        if not isinstance(record, model) or (getattr(record, "deleted_at", None) is not None) != self._wants_hidden(
            model
        ):
            raise NotFound
        return record

    def _wants_hidden(self, model: type[Model]) -> bool:
        return self.binned and issubclass(model, Hideable)

    def _check_reach(self, record: Model, permission: str) -> None:
        if not self.reaches(record, permission):
            raise Refused(NOT_YOURS)

    def may_write(self, record: Model) -> bool:
        """Whether a flush may carry this record: granted, accompanying, or written by the system."""
        if self.actor.is_system or record in self._granted:
            return True
        return isinstance(record, ACCOMPANYING) and self._parent_granted(record)

    def _parent_granted(self, record: Model) -> bool:
        """Children are written with their parent only; a review is added to what its manager may merely read."""
        parent = None if isinstance(record, ActivityReview) else PARENTS.get(type(record))
        if parent is None:
            return True
        model, key = parent
        return any(isinstance(granted, model) and _key(granted) == getattr(record, key) for granted in self._granted)


def _key(of: Any) -> Any:
    return of.id


def _is(model: Any, record_id: int | None) -> Any:
    """Ids come from addresses: one that no database could hold is not found, like any other (ACC-2)."""
    return _key(model) == (record_id if record_id and abs(record_id) <= LARGEST_ID else None)


def _to_write(wanted: Select[Any]) -> Select[Any]:
    """Locked, and as they stand at that moment."""
    return wanted.with_for_update(key_share=True).execution_options(populate_existing=True)


Identify = Callable[[Session], Actor]


@contextmanager
def _work(identify: Identify, *, at: datetime | None, channel: Channel, readonly: bool) -> Iterator[Work]:
    now = at or datetime.now(UTC)
    with new_session(readonly=readonly, info={}) as session, explained_conflicts():
        Work(session, SYSTEM, now=now, channel=channel, readonly=readonly)
        work = Work(session, identify(session), now=now, channel=channel, readonly=readonly)
        yield work
        if not readonly:
            session.commit()


@contextmanager
def work_as(
    user_id: int, *, at: datetime | None = None, channel: Channel = Channel.SCREEN, readonly: bool = False
) -> Iterator[Work]:
    """A Work on behalf of an active user, with the rights of this moment (ACC-3, ACC-4); commits unless an error left it."""

    def identify(session: Session) -> Actor:
        return identity.by_id(session, user_id, at or datetime.now(UTC))

    with _work(identify, at=at, channel=channel, readonly=readonly) as work:
        yield work


@contextmanager
def work_by_session(token: str, *, at: datetime | None = None, readonly: bool = False) -> Iterator[Work]:
    """A Work for the person behind a sign-in session; SignedOut once it or its user has ended (SIG-2, SIG-5)."""

    def identify(session: Session) -> Actor:
        return identity.by_session(session, token, at or datetime.now(UTC))

    with _work(identify, at=at, channel=Channel.SCREEN, readonly=readonly) as work:
        yield work


@contextmanager
def work_as_system(
    why: str, *, at: datetime | None = None, channel: Channel = Channel.WORKER, readonly: bool = False
) -> Iterator[Work]:
    """A Work of the system itself, which sees everything; ``why`` names the job in logs and code."""
    if not why:
        raise ValueError("the system says why it works")
    with _work(lambda _session: SYSTEM, at=at, channel=channel, readonly=readonly) as work:
        yield work
