"""Using a record that exists: it must be visible, of the lead's branch, and only its empty fields are filled (LEAD-5)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from db.models import Lead
from services.conversion.targets import Existing
from services.core.errors import N_, Invalid, Said
from services.core.work import Work

Made = dict[str, Any]


def existing(work: Work, lead: Lead, model: Any, choice: Existing, permission: str) -> tuple[Any, bool]:
    """The chosen record, if the actor may see it and it is of the lead's branch; and whether ``permission`` reaches it.

    It is locked then, so that what is empty now is empty when it is filled; one that is only used is not deleted meanwhile.
    """
    record = work.get(model, choice.id)
    if record.branch_id != lead.branch_id:
        raise Invalid({"": Said(OTHER_BRANCH)})
    may = work.reaches(record, permission)
    return (work.load(model, choice.id, to=permission) if may else work.hold(model, choice.id)), may


def fill(record: Any, gaps: dict[str, Any], change: Callable[[dict[str, Any]], None], *, may: bool) -> Made:
    """Fill empty fields if the actor may change the record; who may not still uses it as it is."""
    if may and gaps:
        change(gaps)
    return {"id": record.id, "new": False, "filled": sorted(gaps) if may else []}


@contextmanager
def naming(target: str) -> Iterator[None]:
    """Say of which of the three a wrong field is."""
    try:
        yield
    except Invalid as error:
        raise Invalid({f"{target}.{name}" if name else target: said for name, said in error.fields.items()}) from error


OTHER_BRANCH = N_("This record belongs to another branch than the lead.")
