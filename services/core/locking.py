"""One order in which everybody locks records, so that two at work never wait for each other in a circle (docs/decisions/0011)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from db.base import Model
from db.models import Account, Activity, Branch, Contact, ContactRequest, Lead, Opportunity, ProductLine, User
from services.core.work import LARGEST_ID, Work

#: what comes first is locked first; several of one kind by their number
ORDER: tuple[type[Model], ...] = (Branch, User, Lead, Account, Contact, ContactRequest, Opportunity, Activity)


def in_order(models: Iterable[type[Model]]) -> list[type[Model]]:
    """These kinds as they are locked; kinds that have no place come last."""
    places = {model: place for place, model in enumerate(ORDER)}
    return sorted(models, key=lambda model: places.get(model, len(ORDER)))


def one_by_one(work: Work) -> None:
    """Before anything else is locked: whoever enters customers, people or leads comes one after the other (ACCT-3).

    Two who enter the same number at once would both find it new. Held until this Work ends.
    """
    first = select(ProductLine.code).order_by(ProductLine.code).limit(1)
    work.rows(first.with_for_update(key_share=True))


def ahead(work: Work, wanted: Mapping[type[Model], Iterable[Any]]) -> None:
    """Take now the locks that `work.hold` will ask for later, when records that come after these are locked already.

    It only waits: whether the actor may use them is asked by whoever does.
    """
    for model in in_order(wanted):
        ids = {number for number in wanted[model] if isinstance(number, int) and 0 < number <= LARGEST_ID}
        key: Any = model.id  # type: ignore[attr-defined] # every model of the order has one
        if ids:
            work.rows(select(key).where(key.in_(ids)).order_by(key).with_for_update(read=True))
