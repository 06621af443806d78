"""Which rows: what each permission reaches of each record kind, and what a person sees of it (ACC-1)."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from db.base import Hideable, Model
from db.models import (
    Absence,
    Account,
    AccountMember,
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityReview,
    AssignmentRule,
    AssignmentRuleRep,
    AssignmentTurn,
    Attachment,
    Blob,
    BranchRegion,
    Contact,
    ContactAccount,
    ContactLine,
    ContactRequest,
    Draft,
    Event,
    Handover,
    HandoverItem,
    ImportJob,
    ImportLayout,
    ImportRow,
    IntakeCall,
    Lead,
    LeadConversion,
    LeadDispute,
    Merge,
    Message,
    NameTrace,
    Notice,
    Occurrence,
    Opportunity,
    RequestKind,
    ResetCode,
    Role,
    Setting,
    SignInSession,
    SignInTicket,
    Submission,
    ToldApart,
    User,
    UserLine,
)
from services.core.access.grants import ADMIN, EXECUTIVE, GRANTS, MANAGER, STANDS_IN, Actor, Reach


def criteria(model: type[Model], permission: str, actor: Actor, row: Any = None) -> ColumnElement[bool] | None:
    """Which rows of ``model`` the permission reaches, as a condition on ``row`` (default: the model itself); None for all.

    Whoever stands in for absent people reaches theirs as well (ADM-1).
    """
    rules = [_criteria(model, permission, one, row) for one in actor.acting(permission)]
    found = [rule for rule in rules if rule is not None]
    return None if len(found) < len(rules) else found[0] if len(found) == 1 else or_(*found)


def _criteria(model: type[Model], permission: str, actor: Actor, row: Any) -> ColumnElement[bool] | None:
    if actor.is_system:
        return None
    reach = GRANTS[permission].get(actor.role, Reach.NONE) if actor.role else Reach.NONE
    if actor.role is Role.MARKETING and actor.branch_id is None and Reach.BRANCH in reach:
        return None
    if Reach.ALL in reach:
        return None
    place: Any = model if row is None else row
    reached = or_(false(), *(REACHES[model](part, actor, place) for part in reach))
    return and_(place.branch_id == actor.branch_id, reached) if model in OF_BRANCHES and actor.branch_id else reached


# Rules stand on plain tables under names of their own, so that the session's row scope is not applied inside itself.
# They are made once: an alias costs a millisecond.
people, parts, members, ties, lines, there, leads = (
    kind.__table__.alias(f"scope_{kind.__tablename__}")
    for kind in (User, ActivityParticipant, AccountMember, ContactAccount, ContactLine, Account, Lead)
)
parents: Mapping[type[Model], Any] = {
    kind: kind.__table__.alias(f"scope_parent_{kind.__tablename__}")
    for kind in (Activity, Account, Contact, Lead, Opportunity, AssignmentRule, Handover, ImportJob)
}


def _people_who_report(actor: Actor) -> Any:
    return select(people.c.id).where(people.c.superior_id == actor.id)


def _team_accounts(person: ColumnElement[bool]) -> Any:
    return select(members.c.account_id).where(person)


def _activity_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    match reach:
        case Reach.HELD:
            return cast(ColumnElement[bool], row.owner_id == actor.id)
        case Reach.OWN:
            takes_part = row.id.in_(select(parts.c.activity_id).where(parts.c.user_id == actor.id))
            return or_(row.owner_id == actor.id, takes_part)
        case Reach.TEAM:
            of_leads = row.lead_id.in_(select(leads.c.id).where(leads.c.owner_id == actor.id))
            return or_(row.account_id.in_(_team_accounts(members.c.user_id == actor.id)), of_leads)
        case Reach.REPORTS:
            return or_(row.owner_id == actor.id, row.owner_id.in_(_people_who_report(actor)))
    return _whole_branch(reach, actor)


def _account_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    match reach:
        case Reach.TEAM:
            return cast(ColumnElement[bool], row.id.in_(_team_accounts(members.c.user_id == actor.id)))
        case Reach.REPORTS:
            led = members.c.user_id.in_(_people_who_report(actor))
            return cast(ColumnElement[bool], row.id.in_(_team_accounts(led)))
    return _whole_branch(reach, actor)


def _contact_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    if reach in (Reach.DIRECT, Reach.REPORTS):
        return cast(ColumnElement[bool], row.id.in_(_direct_business(actor, led=reach is Reach.REPORTS)))
    return _whole_branch(reach, actor)


def _request_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    """Who asked keeps it wherever the contact goes; deciding ends at the own branch."""
    if reach is Reach.HELD:
        return cast(ColumnElement[bool], row.asked_by_id == actor.id)
    here: ColumnElement[bool] = row.branch_id == actor.branch_id
    if reach in (Reach.DIRECT, Reach.REPORTS):
        return and_(here, row.contact_id.in_(_direct_business(actor, led=reach is Reach.REPORTS)))
    return and_(here, _whole_branch(reach, actor))


def _dispute_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    """Held by who opened it, own to everybody whom it is about; decided by the managers of both branches."""
    match reach:
        case Reach.HELD:
            return cast(ColumnElement[bool], row.opened_by_id == actor.id)
        case Reach.OWN:
            return or_(*(part == actor.id for part in (row.opened_by_id, row.claimant_id, row.owner_id)))
    concerned = or_(row.branch_id == actor.branch_id, row.other_branch_id == actor.branch_id)
    return and_(_whole_branch(reach, actor), concerned)


def _held_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    """Leads and opportunities: whose they are decides, or that they are nobody's yet."""
    match reach:
        case Reach.HELD:
            return cast(ColumnElement[bool], row.owner_id == actor.id)
        case Reach.UNASSIGNED:
            return cast(ColumnElement[bool], row.owner_id.is_(None))
        case Reach.REPORTS:
            return or_(row.owner_id == actor.id, row.owner_id.in_(_people_who_report(actor)))
    return _whole_branch(reach, actor)


def _rule_reach(reach: Reach, actor: Actor, _row: Any) -> ColumnElement[bool]:
    return _whole_branch(reach, actor)


def _job_reach(_reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    """An import belongs to whoever brought the file, whatever branch its rows go to (ADM-7)."""
    return cast(ColumnElement[bool], row.by_id == actor.id)


def _absence_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    """Whose absence it is decides: one's own, of those who report, of the branch."""
    match reach:
        case Reach.HELD:
            return cast(ColumnElement[bool], row.user_id == actor.id)
        case Reach.REPORTS:
            return or_(row.user_id == actor.id, row.user_id.in_(_people_who_report(actor)))
    here = select(people.c.id).where(people.c.branch_id == actor.branch_id)
    return and_(_whole_branch(reach, actor), row.user_id.in_(here))


def fits_in_for(person: Any, stand_in: Any) -> ColumnElement[bool]:
    """Whether the one can stand in for the other as both are placed now: of one branch, in roles that fit (ADM-1, ACC-4)."""
    fitting = or_(*(and_(person.role == role, stand_in.role.in_(others)) for role, others in STANDS_IN.items()))
    return and_(person.branch_id.is_not_distinct_from(stand_in.branch_id), fitting)


def _whole_branch(reach: Reach, actor: Actor) -> ColumnElement[bool]:
    """Every row of the branch, to which `criteria` limits the others as well; nothing for who belongs to none."""
    return true() if reach is Reach.BRANCH and actor.branch_id else false()


def _direct_business(actor: Actor, *, led: bool) -> Any:
    """Contacts with whom the actor (or someone led) has direct business, at this moment (CON-4)."""
    person = members.c.user_id.in_(_people_who_report(actor)) if led else members.c.user_id == actor.id
    same_line = (lines.c.contact_id == ties.c.contact_id, lines.c.line == members.c.line)
    same_account = (
        members.c.account_id == ties.c.account_id,
        there.c.id == ties.c.account_id,
        there.c.deleted_at.is_(None),
    )
    return select(ties.c.contact_id).where(*same_account, *same_line, person, ties.c.until.is_(None))


def _person_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    if reach is Reach.BRANCH and actor.branch_id:
        return cast(ColumnElement[bool], row.branch_id == actor.branch_id)
    return row.id == actor.id if reach is Reach.HELD else false()


def _handover_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    """A handover belongs to the branch of the person whose work it moves."""
    here = select(people.c.id).where(people.c.branch_id == actor.branch_id)
    return row.from_user_id.in_(here) if reach is Reach.BRANCH and actor.branch_id else false()


REACHES: Mapping[type[Model], Callable[[Reach, Actor, Any], ColumnElement[bool]]] = {
    User: _person_reach,
    Activity: _activity_reach,
    Account: _account_reach,
    Contact: _contact_reach,
    ContactRequest: _request_reach,
    Lead: _held_reach,
    LeadDispute: _dispute_reach,
    Opportunity: _held_reach,
    AssignmentRule: _rule_reach,
    ImportJob: _job_reach,
    Handover: _handover_reach,
    Absence: _absence_reach,
}

#: records that belong to a branch: whoever has one reaches nothing outside it
OF_BRANCHES = (Activity, Account, Contact, Lead, Opportunity, AssignmentRule)
READING: Mapping[type[Model], str] = {
    Activity: "activity.read",
    Account: "account.read",
    Contact: "contact.read",
    Lead: "lead.read",
    Opportunity: "opportunity.read",
    AssignmentRule: "assignment_rule.read",
    Handover: "handover.read",
}
#: child → (its parent, the column that names it): a child is visible when its parent is.
PARENTS: Mapping[type[Model], tuple[type[Model], str]] = {
    ActivityContact: (Activity, "activity_id"),
    ActivityParticipant: (Activity, "activity_id"),
    ActivityHolding: (Activity, "activity_id"),
    ActivityReview: (Activity, "activity_id"),
    AccountMember: (Account, "account_id"),
    ContactLine: (Contact, "contact_id"),
    ContactAccount: (Contact, "contact_id"),
    LeadConversion: (Lead, "lead_id"),
    AssignmentRuleRep: (AssignmentRule, "rule_id"),
    HandoverItem: (Handover, "handover_id"),
}
#: what the recycle bin holds, and by which permission it is opened (ADM-7)
BINNED: tuple[type[Model], ...] = (Account, Contact, Lead, Opportunity)
RESTORING = "record.restore"
#: records of which each belongs to one person
PERSONAL: Mapping[type[Model], str] = {Notice: "user_id", Draft: "user_id"}


def scope(actor: Actor) -> dict[type[Model], ColumnElement[bool]]:
    """For every model with a row rule: the rows the actor may read; a function of id, role and branch, also of those stood in for.

    The session itself applies it to every statement.
    """
    if actor.is_system:
        return {}
    rules = {model: _present(model, criteria(model, permission, actor)) for model, permission in READING.items()}
    rules |= {child: _parent_visible(actor, parent, getattr(child, key)) for child, (parent, key) in PARENTS.items()}
    rules |= {model: getattr(model, column) == actor.id for model, column in PERSONAL.items()}
    rules |= {Attachment: _attachment_rule(actor), Event: _event_rule(actor), Message: _message_rule(actor)}
    rules |= {LeadDispute: _dispute_rule(actor), ContactRequest: _request_rule(actor)}
    rules |= {ImportJob: _import_rule(actor, ImportJob), ImportRow: _import_row_rule(actor)}
    rules |= dict.fromkeys(OF_ADMINISTRATORS, None if actor.role is ADMIN else false())
    return {model: rule for model, rule in rules.items() if rule is not None}


def bin_scope(actor: Actor) -> dict[type[Model], ColumnElement[bool]]:
    """The same while the recycle bin is open: of hideable records only those that are hidden and the actor may restore."""
    if actor.is_system:
        return {}
    rules = {model: criteria(model, RESTORING, actor) for model in BINNED}
    hidden = {model: _hidden(model, rule) for model, rule in rules.items()}
    return scope(actor) | hidden | {Event: or_(*(_story_of_hidden(actor, model) for model in BINNED))}


def _hidden(row: Any, rule: ColumnElement[bool] | None) -> ColumnElement[bool]:
    gone: ColumnElement[bool] = row.deleted_at.is_not(None)
    return gone if rule is None else and_(gone, rule)


def _story_of_hidden(actor: Actor, model: type[Model]) -> ColumnElement[bool]:
    rows, kind = parents[model], READING[model].split(".")[0]
    rule = _hidden(rows.c, criteria(model, RESTORING, actor, rows.c))
    return and_(Event.kind == kind, exists(select(1).select_from(rows).where(rows.c.id == Event.record_id, rule)))


def _present(model: type[Model], rule: ColumnElement[bool] | None, row: Any = None) -> ColumnElement[bool] | None:
    """The rule, and for hideable records that they are not deleted (ALL-8)."""
    if not issubclass(model, Hideable):
        return rule
    present: ColumnElement[bool] = (model if row is None else row).deleted_at.is_(None)
    return present if rule is None else and_(present, rule)


def _parent_visible(actor: Actor, parent: type[Model], key: Any) -> ColumnElement[bool] | None:
    rows = parents[parent]
    rule = _present(parent, criteria(parent, READING[parent], actor, rows.c), rows.c)
    return None if rule is None else exists(select(1).select_from(rows).where(rows.c.id == key, rule))


def _attachment_rule(actor: Actor) -> ColumnElement[bool] | None:
    if actor.role in (ADMIN, EXECUTIVE):
        return None
    keys = (
        (Activity, Attachment.activity_id),
        (Account, Attachment.account_id),
        (Contact, Attachment.contact_id),
        (Lead, Attachment.lead_id),
    )
    rules = [(_parent_visible(actor, parent, key), key) for parent, key in keys]
    return or_(*(and_(key.is_not(None), true() if rule is None else rule) for rule, key in rules))


def _event_rule(actor: Actor) -> ColumnElement[bool] | None:
    """The audit trail of the records one may read; all of it for the data administrator."""
    if actor.role is ADMIN:
        return None
    visible = []
    for model, permission in READING.items():
        rule = _parent_visible(actor, model, Event.record_id)
        kind = Event.kind == permission.split(".")[0]
        visible.append(kind if rule is None else and_(kind, rule))
    return or_(*visible)


def _dispute_rule(actor: Actor) -> ColumnElement[bool] | None:
    """Whoever reads the lead; who opened it, claims the lead or had it; the managers of both branches concerned (ASG-4)."""
    visible = _parent_visible(actor, Lead, LeadDispute.lead_id)
    if visible is None:
        return None
    parts = [_dispute_reach(Reach.OWN, one, LeadDispute) for one in _acting(actor)]
    parts += [_dispute_reach(Reach.BRANCH, one, LeadDispute) for one in _acting(actor) if one.role is MANAGER]
    return or_(visible, *parts)


def _acting(actor: Actor) -> tuple[Actor, ...]:
    return (actor, *actor.stands_for)


def _request_rule(actor: Actor) -> ColumnElement[bool] | None:
    """Who asked, and who may decide: on deletions the branch manager, on changes who may make them (CON-5, CON-6)."""
    if actor.role is ADMIN:
        return None
    deciding = {RequestKind.DELETE: "contact.approve", RequestKind.CHANGE: "contact.change"}
    reached = {kind: criteria(ContactRequest, permission, actor) for kind, permission in deciding.items()}
    decided = [and_(ContactRequest.kind == kind, rule) for kind, rule in reached.items() if rule is not None]
    return or_(ContactRequest.asked_by_id.in_([one.id for one in _acting(actor)]), *decided)


def _import_rule(actor: Actor, job: Any) -> ColumnElement[bool] | None:
    """Whoever brought the file, and who stands in for them."""
    return None if actor.role is ADMIN else job.by_id.in_([one.id for one in _acting(actor)])


def _import_row_rule(actor: Actor) -> ColumnElement[bool] | None:
    jobs = parents[ImportJob]
    rule = _import_rule(actor, jobs.c)
    return None if rule is None else exists(select(1).select_from(jobs).where(jobs.c.id == ImportRow.job_id, rule))


def _message_rule(actor: Actor) -> ColumnElement[bool] | None:
    return None if actor.role is ADMIN else Message.user_id == actor.id


#: seen by the data administrator alone: they name records of every branch
OF_ADMINISTRATORS: tuple[type[Model], ...] = (Merge, ToldApart)
#: written along with a granted record, or about the person alone; everything else needs a grant
ACCOMPANYING = (
    ActivityContact, ActivityHolding, ActivityParticipant, ActivityReview, AccountMember, Attachment, Blob,
    BranchRegion, ContactAccount, ContactLine, Draft, Event, Message, Notice, Occurrence, ResetCode, Setting,
    SignInSession, SignInTicket, Submission, UserLine, AssignmentRuleRep, AssignmentTurn, ImportJob, ImportRow, ImportLayout, IntakeCall,
    LeadConversion, LeadDispute, ContactRequest, Merge, ToldApart, HandoverItem, NameTrace,
)  # fmt: skip
