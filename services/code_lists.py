"""Code lists in two languages: added, renamed, ordered, switched off, never deleted while used (ADM-4)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from db.models import Account, Activity, CodeValue, Contact, ContactRequest, Lead, Opportunity
from services.core import events, fields
from services.core.access import needs
from services.core.configuration import changed
from services.core.errors import N_, Invalid, NotFound, Refused, Said
from services.core.fields import Field
from services.core.listing import Column, Filter, ListSpec, contains
from services.core.work import Work


@dataclass(frozen=True)
class CodeList:
    """One list: what it is called, what it is for, where its values are used, by which list it is grouped, and how.

    A value that ``belongs`` is always in a group; others without one are offered everywhere.
    """

    name: str
    label: str
    help: str
    used_in: tuple[Any, ...]
    group: str = ""
    belongs: bool = False

    @property
    def group_label(self) -> str:
        """What the group is to a value of this list."""
        return N_("Group") if self.belongs else N_("Only for")


LISTS: Mapping[str, CodeList] = {
    known.name: known
    for known in (
        CodeList("activity_type", N_("Activity types"), N_("How contact is made."), (Activity.type_id,)),
        CodeList("activity_purpose", N_("Activity purposes"), N_("Why contact is made."), (Activity.purpose_id,)),
        CodeList(
            "activity_result",
            N_("Activity results"),
            N_("What came of it. A value with an activity type is offered for that type only, others for every type."),
            (Activity.result_id,),
            group="activity_type",
        ),
        CodeList(
            "account_kind", N_("Kinds of customers"), N_("What sort of business a customer is."), (Account.kind_id,)
        ),
        CodeList("industry", N_("Industries"), N_("What a customer works in."), (Account.industry_id,)),
        CodeList(
            "responsibility",
            N_("Responsibilities"),
            N_("What a contact decides or looks after."),
            (Contact.responsibility_id,),
        ),
        CodeList(
            "contact_way",
            N_("Ways of contact"),
            N_("How a contact likes to be reached."),
            (Contact.preferred_way_id,),
        ),
        CodeList("lead_source_group", N_("Groups of lead sources"), N_("By what kind of work leads come in."), ()),
        CodeList(
            "lead_source",
            N_("Lead sources"),
            N_("Where a lead comes from; every source belongs to a group."),
            (Lead.source_id, Opportunity.source_id),
            group="lead_source_group",
            belongs=True,
        ),
        CodeList(
            "product_category", N_("Product categories"), N_("What a customer is interested in."), (Lead.category_id,)
        ),
        CodeList(
            "disqualify_reason",
            N_("Reasons of disqualification"),
            N_("Why nothing came of a lead."),
            (Lead.disqualify_reason_id,),
        ),
        CodeList(
            "leaving_reason",
            N_("Reasons for deleting a contact"),
            N_("Why a contact is no longer one."),
            (ContactRequest.reason_id,),
        ),
    )
}
LABELS: tuple[Field, ...] = (
    Field("label_zh", N_("Chinese label"), required=True, limit=80, first=True),
    Field("label_en", N_("English label"), required=True, limit=80, first=True),
)
FIELDS: tuple[Field, ...] = (
    *LABELS,
    Field("code", N_("Code"), limit=40, help=N_("Left empty, it is made from the English label. It never changes.")),
    Field("group", N_("Only for"), limit=40),
)

LIST = ListSpec(
    name="code_values",
    model=CodeValue,
    columns=(
        Column("list", N_("List"), CodeValue.list, shown=False),
        Column("label_zh", N_("Chinese label"), CodeValue.label_zh),
        Column("label_en", N_("English label"), CodeValue.label_en),
        Column("group", N_("Only for"), CodeValue.group),
        Column("code", N_("Code"), CodeValue.code),
        Column("position", N_("Order"), CodeValue.position, kind="number"),
        Column("active", N_("Switched on"), CodeValue.active, kind="flag"),
    ),
    read=lambda statement: statement,
    search=contains(CodeValue.label_zh, func.lower(CodeValue.label_en), CodeValue.code),
    filters=(
        Filter("list", N_("List"), lambda _work, value: CodeValue.list == value, first=True),
        Filter("active", N_("Switched on"), lambda _work, value: CodeValue.active.is_(value in (True, "1", "true"))),
    ),
    sort="position",
)


@needs("system.administer")
def entries(work: Work, *, list_name: str) -> Sequence[Any]:
    """Every value of a list in its order, also what is switched off: id, code, group, labels, active, uses."""
    known = _known(list_name)
    uses = [select(func.count()).where(column == CodeValue.id).scalar_subquery() for column in known.used_in]
    total = sum(uses[1:], start=uses[0]) if uses else _members(list_name)
    columns = (CodeValue.id, CodeValue.code, CodeValue.group, CodeValue.label_zh, CodeValue.label_en, CodeValue.active)
    statement = select(*columns, total.label("uses")).where(CodeValue.list == list_name)
    return work.rows(statement.order_by(CodeValue.position, CodeValue.id))


def _members(list_name: str) -> Any:
    """A list that only groups another one is used by the values in its groups."""
    member = aliased(CodeValue)
    grouped = [name for name, known in LISTS.items() if known.group == list_name]
    of_group = (member.list.in_(grouped), member.group == CodeValue.code)
    return select(func.count()).select_from(member).where(*of_group).correlate(CodeValue).scalar_subquery()


@needs("system.administer")
def entry(work: Work, *, value_id: int) -> CodeValue:
    """One value: its labels, and the version they have (ALL-4)."""
    return work.get(CodeValue, value_id)


@needs("system.administer")
def counts(work: Work) -> Sequence[Any]:
    """How many values each list has, and how many of them are switched on: list, total, active."""
    active = func.sum(case((CodeValue.active, 1), else_=0))
    statement = select(CodeValue.list, func.count().label("total"), active.label("active"))
    return work.rows(statement.group_by(CodeValue.list).order_by(CodeValue.list))


@needs("system.administer")
def add(
    work: Work, *, list_name: str, label_zh: str, label_en: str, code: str | None = None, group: str | None = None
) -> int:
    """Put a new value at the end of a list; returns its id. It can be chosen everywhere at once."""
    known = _known(list_name)
    given = {"label_zh": label_zh, "label_en": label_en, "code": code or _code_from(label_en), "group": group}
    value = CodeValue(list=list_name, position=_last_position(work, list_name) + 10, active=True)
    fields.apply(value, FIELDS, given)
    _check_code(work, value)
    _check_group(work, known, value.group)
    _check_labels(work, value)
    work.add(value, to="system.administer")
    events.record(work, value, "added", changes={name: (None, getattr(value, name)) for name in given})
    changed(work)
    return value.id


@needs("system.administer")
def rename(work: Work, *, value_id: int, label_zh: str, label_en: str, version: int | None = None) -> None:
    """Give a value other labels, which what was recorded with it shows; Stale when they changed since ``version``."""
    value = work.load(CodeValue, value_id, to="system.administer", version=version)
    renamed = fields.apply(value, LABELS, {"label_zh": label_zh, "label_en": label_en})
    _check_labels(work, value)
    _record(work, value, "renamed", renamed)


@needs("system.administer")
def order(work: Work, *, list_name: str, value_ids: Sequence[int]) -> None:
    """Put the values of a list into this order; every one of them is named exactly once."""
    present = set(work.scalars(select(CodeValue.id).where(CodeValue.list == _known(list_name).name)))
    if set(value_ids) != present or len(value_ids) != len(present):
        raise Refused(NOT_ALL)
    for place, value_id in enumerate(value_ids, 1):
        value = work.load(CodeValue, value_id, to="system.administer")
        before, value.position = value.position, place * 10
        if before != value.position:
            events.record(work, value, "ordered", changes={"position": (before, value.position)})
    changed(work)


@needs("system.administer")
def switch(work: Work, *, value_id: int, active: bool) -> None:
    """Offer a value for choosing or no longer; what was recorded with it keeps it. The last one of a list stays on."""
    value = work.load(CodeValue, value_id, to="system.administer")
    before, value.active = value.active, active
    if not active and not _others_active(work, value):
        raise Refused(LAST_ONE)
    if before != active:
        _record(work, value, "switched_on" if active else "switched_off", {"active": (before, active)})


@needs("system.administer")
def remove(work: Work, *, value_id: int) -> None:
    """Delete a value that was never used; Refused for any other, which can be switched off."""
    value = work.load(CodeValue, value_id, to="system.administer")
    if is_used(work, value=value):
        raise Refused(USED, label=value.label_zh)
    if value.active and not _others_active(work, value):
        raise Refused(LAST_ONE)
    events.record(work, value, "removed", changes={"code": (value.code, None), "label_zh": (value.label_zh, None)})
    work.drop(value)
    changed(work)


def is_used(work: Work, *, value: CodeValue) -> bool:
    """Whether any record has this value, or any other value belongs to it."""
    found = any(work.scalar(select(column).where(column == value.id).limit(1)) for column in _known(value.list).used_in)
    grouped = [name for name, known in LISTS.items() if known.group == value.list]
    member = select(CodeValue.id).where(CodeValue.list.in_(grouped), CodeValue.group == value.code)
    return found or work.scalar(member.limit(1)) is not None


def _known(list_name: str) -> CodeList:
    if list_name not in LISTS:
        raise NotFound
    return LISTS[list_name]


def _code_from(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", (label or "").lower()).strip("_")[:40]


def _last_position(work: Work, list_name: str) -> int:
    return work.scalar(select(func.max(CodeValue.position)).where(CodeValue.list == list_name)) or 0


def _check_code(work: Work, value: CodeValue) -> None:
    if not re.fullmatch(r"[a-z0-9_]+", value.code or ""):
        raise Invalid({"code": Said(PLAIN_CODE)})
    if work.scalar(select(CodeValue.id).where(CodeValue.list == value.list, CodeValue.code == value.code)):
        raise Invalid({"code": Said(TAKEN)})


def _check_group(work: Work, known: CodeList, group: str | None) -> None:
    if group is None and known.belongs:
        raise Invalid({"group": Said(fields.REQUIRED)})
    if group is None:
        return
    found = work.scalar(select(CodeValue.id).where(CodeValue.list == known.group, CodeValue.code == group))
    if not known.group or found is None:
        raise Invalid({"group": Said(fields.NOT_LISTED)})


def _check_labels(work: Work, value: CodeValue) -> None:
    """Two values that read alike, offered together, would be told apart by nobody."""
    for name in ("label_zh", "label_en"):
        alike = select(CodeValue.group).where(
            CodeValue.list == value.list,
            CodeValue.id != (value.id or 0),
            getattr(CodeValue, name) == getattr(value, name),
        )
        if any(value.group is None or other in (None, value.group) for other in work.scalars(alike)):
            raise Invalid({name: Said(SAME_LABEL)})


def _others_active(work: Work, value: CodeValue) -> bool:
    offered_with = or_(CodeValue.group.is_(None), CodeValue.group == value.group)
    others = select(CodeValue.id).where(CodeValue.list == value.list, CodeValue.active, CodeValue.id != value.id)
    return work.scalar(others.where(offered_with).limit(1)) is not None


def _record(work: Work, value: CodeValue, action: str, changes: Mapping[str, tuple[Any, Any]]) -> None:
    if changes:
        events.record(work, value, action, changes=changes)
        changed(work)


PLAIN_CODE = N_("Small letters, digits and underscores only, such as site_visit.")
TAKEN = N_("This code is taken.")
SAME_LABEL = N_("Another value of this list is called the same.")
NOT_ALL = N_("The list has changed in the meantime. Please look at it again and then put it in order.")
LAST_ONE = N_("At least one value has to stay switched on.")
USED = N_("“{label}” is in use. It can be switched off, then nobody can choose it any more.")
