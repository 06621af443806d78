"""Statements that the row scope would not be applied to are refused: rather no answer than somebody else's rows (ACC-1)."""

from typing import Any

from sqlalchemy import Select, Table
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql.visitors import iterate


def refuse_unscoped(state: ORMExecuteState) -> None:
    """What SQLAlchemy takes for plain SQL passes the row scope by: text, tables, a lone aggregate with FILTER or OVER."""
    parts = iterate(state.statement)  # type: ignore[arg-type] # every statement can be traversed
    if not state.is_orm_statement or any(map(_is_plain, parts)):
        raise Unscoped("name the record: select(...).select_from(Model)")


def _is_plain(part: Any) -> bool:
    if not isinstance(part, Select) or part._propagate_attrs:
        return False
    return any(isinstance(source, Table) for source in part.get_final_froms())


class Unscoped(Exception):
    """A mistake in the code: this statement could not be limited to what the actor may see."""
