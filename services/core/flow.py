"""The whole life of a record as one table: which action leads from which state to which, and who may."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import select

from services.core.errors import N_, Invalid, Refused, Said
from services.core.fields import REQUIRED, TOO_LONG
from services.core.work import Work


class Staged(Protocol):
    """A record with a state that a flow moves."""

    state: Any


Condition = Callable[[Work, Any], Said | None]


@dataclass(frozen=True)
class Step:
    """One action: from any of ``sources`` to ``target``, by who has ``permission``; ``unless`` names what stands in the way."""

    action: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    permission: str
    needs: tuple[str, ...] = ()
    unless: Condition | None = None


@dataclass(frozen=True)
class Flow:
    """Every step that a kind of record can take; what is not in the table cannot happen."""

    steps: tuple[Step, ...]
    labels: Mapping[Any, str]

    def step(self, action: str, state: StrEnum) -> Step:
        """The step that ``action`` means in ``state``; Refused when there is none."""
        for step in self.steps:
            if step.action == action and state in step.sources:
                return step
        raise Refused(NOT_IN_STATE, state=Said(self.labels[state]))

    def available(self, work: Work, record: Staged) -> list[Step]:
        """The steps open to the actor from the record's present state: its buttons."""
        steps = [step for step in self.steps if record.state in step.sources and not self._obstacle(work, record, step)]
        reached = work.reached(record, {step.permission for step in steps})  # type: ignore[arg-type] # staged records are models
        return [step for step in steps if step.permission in reached]

    def offered(self, work: Work, model: Any, rows: Sequence[Any]) -> dict[int, frozenset[str]]:
        """The actions open to the actor for each row of a list, in one statement; rows carry what the conditions ask of."""
        permissions = sorted({step.permission for step in self.steps if work.actor.may(step.permission)})
        columns = [work.within_reach(model, permission) for permission in permissions]
        found = work.rows(select(model.id, *columns).where(model.id.in_([row.id for row in rows]))) if rows else []
        reached = {number: {p for p, yes in zip(permissions, held, strict=True) if yes} for number, *held in found}
        return {row.id: frozenset(self._open(work, row, reached.get(row.id, set()))) for row in rows}

    def _open(self, work: Work, row: Staged, permissions: set[str]) -> set[str]:
        held = [step for step in self.steps if row.state in step.sources and step.permission in permissions]
        return {step.action for step in held if not self._obstacle(work, row, step)}

    def advance(self, work: Work, record: Staged, action: str, **given: Any) -> StrEnum:
        """Take the step on a record loaded for writing; returns the state it came from.

        Refused outside the table or when a condition stands in the way; Invalid when something needed is missing.
        """
        step = self.step(action, record.state)
        if not work.reaches(record, step.permission):  # type: ignore[arg-type]
            raise Refused(NOT_IN_STATE, state=Said(self.labels[record.state]))
        return self._take(work, record, step, given)

    def advance_all(self, work: Work, records: Sequence[Staged], action: str) -> None:
        """The same of many records of one kind, with one question about them all: all or none."""
        steps = [self.step(action, record.state) for record in records]
        for permission in {step.permission for step in steps}:
            if not work.all_reached(records, permission):  # type: ignore[arg-type]
                raise Refused(NOT_IN_STATE, state=Said(self.labels[records[0].state]))
        for record, step in zip(records, steps, strict=True):
            self._take(work, record, step, {})

    def _take(self, work: Work, record: Staged, step: Step, given: dict[str, Any]) -> StrEnum:
        if obstacle := self._obstacle(work, record, step):
            raise Refused(obstacle.message, **obstacle.parameters)
        require(given, step.needs)
        came_from, record.state = record.state, step.target
        return came_from  # type: ignore[no-any-return] # a staged record's state is of the flow's own enum

    @staticmethod
    def _obstacle(work: Work, record: Staged, step: Step) -> Said | None:
        return step.unless(work, record) if step.unless else None


def require(given: dict[str, Any], names: Sequence[str]) -> None:
    """Invalid, naming each of ``names`` that is empty, only blanks, or longer than anybody reads."""
    texts = {name: str(given.get(name) or "").strip() for name in names}
    wrong = {name: Said(REQUIRED) for name, text in texts.items() if not text}
    wrong |= {name: Said(TOO_LONG, limit=LONGEST) for name, text in texts.items() if len(text) > LONGEST}
    if wrong:
        raise Invalid(wrong)


LONGEST = 4000
NOT_IN_STATE = N_("This is not possible while the record is “{state}”.")
