"""Who is away from when to when, and who stands in (ADM-1): entered by the person or by somebody above."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from db.models import Absence, User
from services.core import events, fields
from services.core.access import GRANTS, STANDS_IN, Reach, needs
from services.core.errors import N_, Invalid, NotFound, Said
from services.core.fields import Field, Kind
from services.core.work import Work

FIELDS: tuple[Field, ...] = (
    Field("first_day", N_("First day"), Kind.DATE, required=True, first=True),
    Field("last_day", N_("Last day"), Kind.DATE, required=True, first=True),
    Field(
        "stand_in_id", N_("Stand-in"), Kind.RECORD, source="user", first=True,
        help=N_("Hears on these days of everything that the absent person would hear of."),
    ),
    Field("note", N_("Remark"), limit=200, first=True),
)  # fmt: skip
Person, StandIn = aliased(User), aliased(User)


@needs("absence.change")
def absences(work: Work) -> Sequence[Any]:
    """Absences that last or are to come, of the actor and of the people below, the next first."""
    columns = (
        Absence.id, Absence.user_id, Absence.first_day, Absence.last_day, Absence.stand_in_id, Absence.note,
        Absence.version, Person.name.label("person"), StandIn.name.label("stand_in"),
    )  # fmt: skip
    found = (
        select(*columns)
        .join(Person, Person.id == Absence.user_id)
        .outerjoin(StandIn, StandIn.id == Absence.stand_in_id)
    )
    conditions = (Absence.last_day >= work.today, work.within_reach(Absence, "absence.change"))
    return work.rows(found.where(*conditions).order_by(Absence.first_day, Absence.id))


def card(work: Work, *, absence_id: int) -> Any:
    """One of these; NotFound for any other."""
    found = next((row for row in absences(work) if row.id == absence_id), None)
    if found is None:
        raise NotFound
    return found


def may_enter_for_others(work: Work) -> bool:
    """Whether the actor's role reaches further than the own absences."""
    role = work.actor.role
    return role is None or GRANTS["absence.change"].get(role, Reach.NONE) is not Reach.HELD


@needs("absence.change")
def enter(work: Work, *, user_id: int, values: Mapping[str, Any]) -> int:
    """That a person is away on these days; from the first one on nobody is given leads by rule. Returns the id."""
    person = _alone(work, user_id)
    given = fields.filled(FIELDS, values)
    absence = Absence(user_id=person.id, created_at=work.now, updated_at=work.now, created_by_id=work.actor.id)
    changed = fields.apply(absence, FIELDS, given)
    _check(work, person, absence)
    work.add(absence, to="absence.change")
    events.record(work, absence, "added", changes={"user_id": (None, person.id), **changed})
    return absence.id


@needs("absence.change")
def change(work: Work, *, absence_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change the days or the stand-in, such as when somebody comes back earlier."""
    absence = _loaded(work, absence_id, version)
    changed = fields.apply(absence, FIELDS, changes)
    if changed:
        _check(work, _alone(work, absence.user_id), absence)
        absence.updated_at = work.now
        events.record(work, absence, "changed", changes=changed)


@needs("absence.change")
def remove(work: Work, *, absence_id: int) -> None:
    """The person is there after all."""
    absence = _loaded(work, absence_id)
    events.record(work, absence, "removed", changes={"user_id": (absence.user_id, None)})
    work.drop(absence)


def _alone(work: Work, user_id: int) -> User:
    """The person, for whom nobody else enters days until this Work ends: two who do so at once would overlap."""
    person = work.get(User, user_id)
    work.rows(select(User.id).where(User.id == person.id).with_for_update(key_share=True))
    return work.hold(User, person.id)


def _loaded(work: Work, absence_id: int, version: int | None = None) -> Absence:
    """What is not theirs to change does not exist for them (ACC-2)."""
    if not work.reaches(work.get(Absence, absence_id), "absence.change"):
        raise NotFound
    return work.load(Absence, absence_id, to="absence.change", version=version)


def _check(work: Work, person: User, absence: Absence) -> None:
    wrong: dict[str, Said] = {}
    if absence.last_day < absence.first_day:
        wrong["last_day"] = Said(BACKWARDS)
    elif absence.last_day < work.today:
        wrong["last_day"] = Said(OVER)
    elif _overlaps(work, absence):
        wrong["first_day"] = Said(OVERLAPS, name=person.name)
    if absence.stand_in_id is not None and not _fits(work, person, absence.stand_in_id):
        wrong["stand_in_id"] = Said(UNFIT, name=person.name)
    if wrong:
        raise Invalid(wrong)


def _overlaps(work: Work, absence: Absence) -> bool:
    """With what is the actor's to know: whether anybody else is away does not show in the answer (ACC-2)."""
    known = work.within_reach(Absence, "absence.change")
    others = (Absence.user_id == absence.user_id, Absence.id != (absence.id or 0))
    days = (Absence.first_day <= absence.last_day, Absence.last_day >= absence.first_day)
    return work.scalar(select(Absence.id).where(*others, *days, known).limit(1)) is not None


def _fits(work: Work, person: User, stand_in_id: int) -> bool:
    stand_in = work.hold(User, stand_in_id)
    same_place = stand_in.branch_id == person.branch_id
    return stand_in.active and stand_in.id != person.id and same_place and stand_in.role in STANDS_IN[person.role]


BACKWARDS = N_("This ends before it begins.")
OVER = N_("These days are over.")
OVERLAPS = N_("{name} is away on some of these days already.")
UNFIT = N_("Somebody active of the same branch is needed, whose role lets them stand in for {name}.")
