"""Records above one another: parent companies, superiors of contacts."""

from typing import Any

from sqlalchemy import select

from services.core.errors import N_, Invalid, NotFound, Said
from services.core.work import Work


def check_above(work: Work, *, model: Any, record: Any, field: str) -> None:
    """Invalid unless the record named in ``field`` is visible, of the same branch, and not below this one."""
    above = getattr(record, field)
    if above is None:
        return
    if _visible(work, model, above, field).branch_id != record.branch_id:
        raise Invalid({field: Said(OTHER_BRANCH)})
    seen: set[int] = set()
    while above is not None and above not in seen:
        if above == record.id:
            raise Invalid({field: Said(BELOW_ITSELF)})
        seen.add(above)
        above = work.scalar(select(getattr(model, field)).where(model.id == above))


def _visible(work: Work, model: Any, record_id: int, field: str) -> Any:
    try:
        return work.hold(model, record_id)
    except NotFound as missing:
        raise Invalid({field: missing.said}) from None


OTHER_BRANCH = N_("This record belongs to another branch.")
BELOW_ITSELF = N_("A record cannot stand above itself, also not through others.")
