"""What the person sees of the records that match, and of the others their branches alone (ALL-7)."""

from collections.abc import Sequence
from typing import Any

from services.core.work import Query, Work

MOST = 200


def sighted(work: Work, statement: Query) -> tuple[Sequence[Any], set[int | None]]:
    """Of a select of id, branch_id and more of one kind of record: the rows that the actor sees, and the branches of the rest.

    Which branches, and never more than that: not which records, how many, or why.
    """
    number, branch = list(statement.selected_columns)[:2]
    asked = statement.with_only_columns(number, branch, maintain_column_froms=True).limit(MOST)
    there = {row[0]: row[1] for row in work.unseen(asked)}
    seen = work.rows(statement.where(number.in_(there))) if there else ()
    return seen, {there[record_id] for record_id in there.keys() - {row[0] for row in seen}}
