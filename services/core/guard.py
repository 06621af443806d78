"""What stands between every session and the database: the row scope on what is read, a grant for what is written (ACC-1)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from db.base import Model
from db.session import DealerSession
from services.core.access import Actor, bin_scope, scope
from services.core.errors import N_, Refused
from services.core.unscoped import refuse_unscoped

Options = tuple[LoaderCriteriaOption, ...]
NOT_YOURS = N_("You may see this record but not do this to it.")
READ_ONLY = N_("This view only reads.")


@lru_cache(maxsize=1024)
def scope_options(placed: Actor) -> Options:
    """What a statement of this person is narrowed by."""
    return _options(scope(placed))


@lru_cache(maxsize=256)
def bin_options(placed: Actor) -> Options:
    """The same while the recycle bin is open."""
    return _options(bin_scope(placed))


def _options(rules: Mapping[type[Model], ColumnElement[bool]]) -> Options:
    return tuple(with_loader_criteria(model, rule, include_aliases=True) for model, rule in rules.items())


@event.listens_for(DealerSession, "do_orm_execute")
def _apply_scope(state: ORMExecuteState) -> None:
    work: Any = state.session.info["work"]
    if work.blind:
        return
    if not work.actor.is_system and not state.is_column_load:
        refuse_unscoped(state)
    if not state.is_column_load and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(*work.options)


@event.listens_for(DealerSession, "before_flush")
def _refuse_ungranted(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    work: Any = session.info["work"]
    for record in (*session.new, *session.dirty, *session.deleted):
        if work.readonly or not work.may_write(record):
            raise Refused(READ_ONLY if work.readonly else NOT_YOURS)
