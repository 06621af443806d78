"""The audit trail with filters: who changed what, when, through which channel (ALL-3, ADM-7)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from db.models import (
    Absence,
    Account,
    Activity,
    AssignmentRule,
    Branch,
    Channel,
    CodeValue,
    Contact,
    ContactRequest,
    Event,
    Handover,
    ImportJob,
    Lead,
    LeadDispute,
    Opportunity,
    User,
)
from services.core.errors import N_
from services.core.listing import Column, Filter, ListSpec, contains, from_day, until_day
from services.core.work import Query, Work
from services.field_values import names as codes

KINDS = {
    "activity": N_("Activity"),
    "account": N_("Customer"),
    "contact": N_("Contact"),
    "lead": N_("Lead"),
    "contact_request": N_("Request about a contact"),
    "lead_dispute": N_("Dispute about a lead"),
    "opportunity": N_("Opportunity"),
    "handover": N_("Handover"),
    "assignment_rule": N_("Assignment rule"),
    "absence": N_("Absence"),
    "import_job": N_("Import"),
    "user": N_("Person"),
    "branch": N_("Branch"),
    "code_value": N_("Code list"),
    "setting": N_("Setting"),
    "report": N_("Report"),
    "message": N_("Message"),
    "database": N_("Database"),
}
CHANNELS = {
    Channel.SCREEN: N_("screen"),
    Channel.IMPORT: N_("import"),
    Channel.WORKER: N_("worker"),
    Channel.COMMAND: N_("command line"),
}

#: what a record is called by; an absence by the person who is away
NAMED: Mapping[str, tuple[Any, Any]] = {
    "activity": (Activity.id, Activity.subject),
    "account": (Account.id, Account.name),
    "contact": (Contact.id, Contact.name),
    "lead": (Lead.id, Lead.topic),
    "opportunity": (Opportunity.id, Opportunity.name),
    "assignment_rule": (AssignmentRule.id, AssignmentRule.name),
    "handover": (Handover.id, Handover.reason),
    "lead_dispute": (LeadDispute.id, LeadDispute.subject),
    "contact_request": (ContactRequest.id, ContactRequest.name),
    "absence": (Absence.id, select(User.name).where(User.id == Absence.user_id).scalar_subquery()),
    "import_job": (ImportJob.id, ImportJob.name),
    "user": (User.id, User.name),
    "branch": (Branch.id, Branch.name),
    "code_value": (CodeValue.id, CodeValue.label_zh),
}
IN_ENGLISH: Mapping[str, Any] = {"branch": Branch.name_en, "code_value": CodeValue.label_en}


def names(work: Work, *, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """What the records of these lines are called, as far as they have a name and the reader may see them."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row["kind"], set()).add(row["record_id"])
    english = IN_ENGLISH if work.actor.language == "en" else {}
    return {
        (kind, record_id): name
        for kind, (number, named) in NAMED.items()
        if kind in wanted
        for record_id, name in work.rows(select(number, english.get(kind, named)).where(number.in_(wanted[kind])))
    }


def _search(words: str) -> ColumnElement[bool]:
    """Every word occurs in the remark or in the name of who did it."""
    by = select(User.id).where(contains(User.search_key)(words))
    return or_(contains(Event.note)(words), Event.actor_id.in_(by))


def _read(statement: Query) -> Query:
    return statement.outerjoin(User, User.id == Event.actor_id)


LIST = ListSpec(
    name="events",
    model=Event,
    columns=(
        Column("at", N_("When"), Event.at, kind="moment"),
        Column("actor", N_("Who"), User.name, kind="person", sortable=False),
        Column("kind", N_("What"), Event.kind, kind="record_kind", sortable=False),
        Column("record_id", N_("Record"), Event.record_id, kind="record", sortable=False),
        Column("action", N_("Action"), Event.action, kind="action", sortable=False),
        Column("changes", N_("Old → new"), Event.changes, kind="changes", sortable=False),
        Column("note", N_("Remark"), Event.note, sortable=False),
        Column("channel", N_("Through"), Event.channel, kind="channel", sortable=False),
    ),
    read=_read,
    search=_search,
    filters=(
        Filter("kind", N_("What"), lambda _work, value: Event.kind == str(value), choices="record_kinds", first=True),
        Filter("actor", N_("Who"), lambda _work, value: Event.actor_id == int(value), choices="people", first=True),
        Filter(
            "action", N_("Action"), lambda _work, value: Event.action.in_(codes(value)), choices="actions", first=True
        ),
        Filter("channel", N_("Through"), lambda _work, value: Event.channel == Channel(value), choices="channels"),
        Filter("record", N_("Number"), lambda _work, value: Event.record_id == int(value)),
        Filter("from", N_("From"), from_day(Event.at), choices="date"),
        Filter("to", N_("Until"), until_day(Event.at), choices="date"),
    ),
    sort="at",
    descending=True,
)
