"""The list of leads: columns, filters, search (ALL-2)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from db.models import (
    Branch,
    CodeValue,
    DisputeState,
    ImportRow,
    Lead,
    LeadDispute,
    LeadState,
    Priority,
    Rating,
    Region,
    User,
)
from services import formats
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.listing import Column, Filter, ListSpec, contains, one_of, one_of_kind
from services.core.work import Query, Work
from services.field_values import names
from services.lead_figures import counting
from services.leads.flow import OPEN
from services.regions import FILLERS

Province, City = aliased(Region), aliased(Region)
#: the named views of the list, each a condition: derived, never stored
VIEWS = {
    "open": N_("Open"),
    "mine": N_("Mine"),
    "unassigned": N_("Unassigned"),
    "uncontacted": N_("First contact overdue"),
    "disputed": N_("Disputed"),
}


def search(words: str) -> ColumnElement[bool]:
    """Every word occurs in topic, company or person (also by pinyin and initials), or in a phone number."""
    return contains(Lead.search_key)(formats.searched(words))


def uncontacted(work: Work) -> ColumnElement[bool]:
    """Assigned longer ago than a first contact may take, and still without one; the system asks for it too (LEAD-8)."""
    hours = configuration(work).setting
    urgent, normal = (timedelta(hours=int(hours(f"contact_hours_{name}"))) for name in ("urgent", "normal"))
    late = or_(
        and_(Lead.urgency == Priority.URGENT, Lead.assigned_at <= work.now - urgent),
        and_(Lead.urgency == Priority.NORMAL, Lead.assigned_at <= work.now - normal),
    )
    return and_(Lead.state == LeadState.ASSIGNED, Lead.first_contact_at.is_(None), Lead.deleted_at.is_(None), late)


#: somebody disagrees with who has it, and nobody has decided yet (ASG-4)
DISPUTED = exists().where(
    LeadDispute.lead_id == Lead.id, LeadDispute.state.in_([DisputeState.OPEN, DisputeState.PROPOSED])
)


def in_view(work: Work, view: Any) -> ColumnElement[bool]:
    """The condition of a named view; of an unknown one, nothing."""
    match view:
        case "open":
            return Lead.state.in_(OPEN)
        case "mine":
            return and_(Lead.state.in_(OPEN), Lead.owner_id == work.actor.id)
        case "unassigned":
            return Lead.state == LeadState.NEW
        case "uncontacted":
            return uncontacted(work)
        case "disputed":
            return DISPUTED
    return Lead.id.is_(None)


def _of_group(_work: Work, value: Any) -> ColumnElement[bool]:
    of_group = select(CodeValue.id).where(CodeValue.list == "lead_source", CodeValue.group.in_(names(value)))
    return Lead.source_id.in_(of_group)


def _of_import(work: Work, value: Any) -> ColumnElement[bool]:
    """What an import made or changed, as far as the import is the reader's to see (LEAD-3)."""
    stored = (ImportRow.kind == "lead", ImportRow.applied_at.is_not(None), ImportRow.version > 0)
    return Lead.id.in_(select(ImportRow.record_id).where(one_of(ImportRow.job_id)(work, value), *stored))


def _read(statement: Query) -> Query:
    return (
        statement.outerjoin(Branch, Branch.id == Lead.branch_id)
        .outerjoin(User, User.id == Lead.owner_id)
        .outerjoin(Province, Province.code == Lead.province_code)
        .outerjoin(City, City.code == Lead.city_code)
    )


LIST = ListSpec(
    name="leads",
    model=Lead,
    columns=(
        Column("topic", N_("Topic"), Lead.topic),
        Column("state", N_("State"), Lead.state, kind="lead_state"),
        Column("disputed", N_("Disputed"), case((DISPUTED, true()), else_=false()), kind="disputed", sortable=False),
        Column("line", N_("Product line"), Lead.line, kind="lines"),
        Column("person", N_("Contact"), Lead.person),
        Column("phone", N_("Phone"), func.coalesce(Lead.mobile, Lead.landline), kind="phone", sortable=False),
        Column("city", N_("City"), case((City.name.in_(FILLERS), Province.name), else_=City.name), sort=Lead.city_code),
        Column("source_id", N_("Source"), Lead.source_id, kind="code"),
        Column("owner", N_("Rep"), User.name, kind="person", sortable=False),
        Column("created_at", N_("Came in"), Lead.created_at, kind="moment"),
        Column("rating", N_("Rating"), Lead.rating, kind="rating", shown=False),
        Column("urgency", N_("Urgency"), Lead.urgency, kind="priority", shown=False),
        Column("company", N_("Company"), Lead.company, shown=False),
        Column("branch", N_("Branch"), Branch.name, shown=False, sort=Lead.branch_id),
        Column("assigned_at", N_("Assigned"), Lead.assigned_at, kind="moment", shown=False),
        Column("first_contact_at", N_("First contact"), Lead.first_contact_at, kind="moment", shown=False),
        Column("notes", N_("Notes"), Lead.notes, kind="long", shown=False, sortable=False),
    ),
    read=_read,
    search=search,
    filters=(
        Filter("view", N_("View"), in_view, choices="lead_views", first=True),
        Filter("state", N_("State"), one_of_kind(Lead.state, LeadState), choices="lead_states", first=True),
        Filter("source", N_("Source"), one_of(Lead.source_id), choices="code:lead_source", first=True),
        Filter("group", N_("Group of sources"), _of_group, choices="lead_source_groups"),
        Filter("line", N_("Product line"), lambda _w, v: Lead.line.in_(names(v)), choices="lines"),
        Filter("owner", N_("Rep"), one_of(Lead.owner_id), choices="people"),
        Filter("rating", N_("Rating"), one_of_kind(Lead.rating, Rating), choices="ratings"),
        Filter("urgency", N_("Urgency"), one_of_kind(Lead.urgency, Priority), choices="priorities"),
        Filter("province", N_("Province"), lambda _w, v: Lead.province_code.in_(names(v)), choices="provinces"),
        Filter("city", N_("City"), lambda _w, v: Lead.city_code.in_(names(v)), choices="cities"),
        Filter("branch", N_("Branch"), one_of(Lead.branch_id), choices="branches"),
        Filter("import_job", N_("Import"), _of_import, choices="import_jobs"),
        Filter("figure", N_("Counted as"), counting.counted, choices="lead_figures"),
    ),
    sort="created_at",
    descending=True,
    export="lead.export",
)  # fmt: skip
