"""What is entered about an assignment rule (ASG-1): single values as fields, the rest as lists that are checked here."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from db.models import ProductLine, Region, Role, User, UserLine
from services.core import fields
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, Said
from services.core.fields import Field, Kind
from services.core.work import LARGEST_ID, Work

FIELDS: tuple[Field, ...] = (
    Field("name", N_("Name of the rule"), required=True, limit=60, first=True),
    Field("line", N_("Product line"), Kind.LINE, first=True),
    Field("value_from", N_("Budget from"), Kind.MONEY),
    Field("value_to", N_("Budget up to"), Kind.MONEY),
    Field("employees_from", N_("Customer's employees from"), Kind.INTEGER),
    Field("employees_to", N_("Customer's employees up to"), Kind.INTEGER),
    Field("valid_from", N_("Valid from"), Kind.DATE),
    Field("valid_to", N_("Valid until"), Kind.DATE),
)
#: what may be several; code lists by their names
LISTS: Mapping[str, str] = {
    "region_codes": N_("Regions"),
    "source_groups": N_("Groups of sources"),
    "category_ids": N_("Product categories"),
    "customer_kind_ids": N_("Kinds of customers"),
    "rep_ids": N_("Reps, in turn"),
}
#: the same as the history tells it
TOLD: tuple[Field, ...] = (
    *FIELDS,
    Field("region_codes", LISTS["region_codes"], Kind.REGION),
    Field("source_groups", LISTS["source_groups"], Kind.CODE, source="lead_source_group"),
    Field("category_ids", LISTS["category_ids"], Kind.CODE, source="product_category"),
    Field("customer_kind_ids", LISTS["customer_kind_ids"], Kind.CODE, source="account_kind"),
    Field("rep_ids", LISTS["rep_ids"], Kind.RECORD, source="user"),
)
RANGES = (("value_from", "value_to"), ("employees_from", "employees_to"), ("valid_from", "valid_to"))
MOST = 100


def empty() -> dict[str, Any]:
    """A rule before anything is entered: nothing chosen of what may be several."""
    return {name: [] for name in LISTS}


def checked(work: Work, *, values: Mapping[str, Any], before: Mapping[str, Any], branch_id: int) -> dict[str, Any]:
    """The whole rule as it would be stored, ``values`` over ``before``; Invalid names everything that is wrong."""
    listed = {name: values[name] for name in LISTS if name in values}
    single = fields.checked(FIELDS, {name: value for name, value in values.items() if name not in LISTS})
    whole = {**before, **single, **{name: _list(name, value) for name, value in listed.items()}}
    wrong = fields.missing(FIELDS, whole) | _wrong_ranges(whole) | _wrong_lists(work, whole, before)
    if problem := _reps_problem(work, whole, branch_id):
        wrong["rep_ids"] = problem
    if wrong:
        raise Invalid(wrong)
    return whole


def _list(name: str, value: Any) -> list[Any]:
    kind = str if name in ("region_codes", "source_groups") else int
    given = list(value) if isinstance(value, list | tuple | set | frozenset) else [None]
    if len(given) > MOST or not all(type(one) is kind and _storable(one) for one in given):
        raise Invalid({name: Said(fields.NOT_LISTED)})
    return list(dict.fromkeys(given))


def _storable(one: Any) -> bool:
    return isinstance(one, str) or 0 < one <= LARGEST_ID


def _wrong_ranges(whole: Mapping[str, Any]) -> dict[str, Said]:
    given = [(low, high, whole.get(low), whole.get(high)) for low, high in RANGES]
    return {high: Said(BACKWARDS) for _low, high, a, b in given if a is not None and b is not None and b < a}


def _wrong_lists(work: Work, whole: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Said]:
    """What is not offered today; what stood there before may stay (ADM-4)."""
    known = configuration(work)
    offered: dict[str, set[Any]] = {
        "source_groups": {one.code for one in known.choices("lead_source_group")},
        "category_ids": {one.id for one in known.choices("product_category")},
        "customer_kind_ids": {one.id for one in known.choices("account_kind")},
        "region_codes": set(work.scalars(select(Region.code).where(Region.code.in_(whole["region_codes"])))),
    }
    wrong = {
        name: Said(fields.NOT_LISTED)
        for name, those in offered.items()
        if not set(whole[name]) <= those | set(before.get(name) or ())
    }
    line = whole.get("line")
    if line and not work.scalar(select(ProductLine.code).where(ProductLine.code == line)):
        wrong["line"] = Said(fields.NOT_LISTED)
    return wrong


def _reps_problem(work: Work, whole: Mapping[str, Any], branch_id: int) -> Said | None:
    """Active reps of the branch, who work in the line that the rule is for."""
    wanted, line = whole["rep_ids"], whole.get("line")
    if not wanted:
        return Said(fields.REQUIRED)
    reps = (User.role == Role.REP, User.active, User.branch_id == branch_id)
    if len(work.scalars(select(User.id).where(User.id.in_(wanted), *reps))) < len(wanted):
        return Said(NOT_A_REP)
    covering = select(UserLine.user_id).where(UserLine.user_id.in_(wanted), UserLine.line == line)
    if line and (missing := set(wanted) - set(work.scalars(covering))):
        return Said(OTHER_LINE, name=work.scalar(select(User.name).where(User.id.in_(missing)).order_by(User.name)))
    return None


BACKWARDS = N_("This ends before it begins.")
NOT_A_REP = N_("Only active reps of the branch can be given leads by a rule.")
OTHER_LINE = N_("{name} does not work in this product line.")
