"""Who may: the one place that decides what a person sees of each record kind and may do to it (ACC-1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from db.base import Hideable, Model
from db.models import (
    Account,
    AccountMember,
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityReview,
    Attachment,
    Contact,
    ContactAccount,
    ContactLine,
    Draft,
    Event,
    Message,
    Notice,
    Role,
    User,
    UserLine,
)
from services.core.errors import N_, Refused


class Reach(Flag):
    """How far a grant goes over the rows of one kind; reaches add up."""

    NONE = 0
    HELD = auto()  # the owner alone
    OWN = auto()  # owner, or internal participant
    TEAM = auto()  # on the account team
    DIRECT = auto()  # direct business with the contact (CON-4)
    REPORTS = auto()  # own, and those of the people who report to one
    BRANCH = auto()
    ALL = auto()


@dataclass(frozen=True)
class Actor:
    """The person (or, without an id, the system) on whose behalf a Work runs."""

    id: int | None
    name: str
    role: Role | None
    branch_id: int | None
    language: str
    login: str = ""
    unread: int = 0
    must_change_password: bool = False
    configuration_version: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_system(self) -> bool:
        """Whether this is the system itself, which sees and may do everything."""
        return self.role is None

    def may(self, permission: str) -> bool:
        """Whether the person's role has the permission at all; rows are a second question."""
        return self.is_system or permission in self.permissions


REP, LEAD, MANAGER = Role.REP, Role.SALES_MANAGER, Role.BRANCH_MANAGER
MARKETING, ADMIN, EXECUTIVE = Role.MARKETING, Role.DATA_ADMINISTRATOR, Role.EXECUTIVE
HELD, OWN, TEAM, DIRECT = Reach.HELD, Reach.OWN, Reach.TEAM, Reach.DIRECT
REPORTS, BRANCH, ALL = Reach.REPORTS, Reach.BRANCH, Reach.ALL

_working = {REP: OWN, LEAD: REPORTS | OWN, MANAGER: BRANCH, MARKETING: OWN}
_everyone = dict.fromkeys(Role, ALL)
_customers = {REP: BRANCH, LEAD: BRANCH, MANAGER: BRANCH, MARKETING: BRANCH, ADMIN: ALL, EXECUTIVE: ALL}

#: permission → role → reach: the table of access.md. A role that is not named has nothing.
GRANTS: Mapping[str, Mapping[Role, Reach]] = {
    "activity.read": {
        REP: OWN | TEAM,
        LEAD: OWN | TEAM | REPORTS,
        MANAGER: BRANCH,
        MARKETING: OWN | TEAM,
        ADMIN: ALL,
        EXECUTIVE: ALL,
    },
    "activity.plan": {REP: HELD, LEAD: HELD, MANAGER: HELD, MARKETING: HELD},
    "activity.assign": {LEAD: REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "activity.change": _working,
    "activity.carry_out": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: HELD},
    "activity.decline": {REP: HELD, LEAD: HELD, MANAGER: HELD, MARKETING: HELD},
    "activity.withdraw": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: HELD},
    "activity.cancel": {LEAD: REPORTS, MANAGER: BRANCH},
    "activity.insist": {LEAD: REPORTS, MANAGER: BRANCH},
    "activity.reassign": {LEAD: REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "activity.review": {LEAD: REPORTS, MANAGER: BRANCH},
    "activity.follow_up": _working,
    "activity.attach": _working,
    "activity.watch": {LEAD: REPORTS, MANAGER: BRANCH, ADMIN: ALL, EXECUTIVE: ALL},
    "activity.export": {REP: OWN, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: OWN, ADMIN: ALL, EXECUTIVE: ALL},
    "account.read": _customers,
    "account.create": {REP: BRANCH, LEAD: BRANCH, MANAGER: BRANCH, ADMIN: ALL},
    "account.change": {REP: TEAM, LEAD: TEAM | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "account.staff": {LEAD: TEAM | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "account.delete": {LEAD: TEAM | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "account.attach": {REP: TEAM, LEAD: TEAM | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "contact.read": _customers,
    "contact.create": {REP: BRANCH},
    "contact.change": {REP: DIRECT, LEAD: DIRECT | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "contact.attach": {REP: DIRECT, LEAD: DIRECT | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "report.activities": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: HELD, ADMIN: ALL, EXECUTIVE: ALL},
    "audit.read": _everyone,
    "user.administer": {ADMIN: ALL},
    "user.own": dict.fromkeys(Role, HELD),
    "system.administer": {ADMIN: ALL},
}


def permissions_of(role: Role) -> frozenset[str]:
    """Everything a role may do to some row."""
    return frozenset(name for name, grants in GRANTS.items() if grants.get(role))


P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W")
#: service function (module.name) → the permission it needs; read by buttons and by the matrix test.
NEEDED: dict[str, str] = {}


def needs(permission: str) -> Callable[[Callable[Concatenate[Any, P], R]], Callable[Concatenate[Any, P], R]]:
    """Guard a service function: refuse whoever's role lacks ``permission`` before anything else happens."""

    def guard(service: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
        NEEDED[f"{service.__module__}.{service.__name__}"] = permission

        @wraps(service)
        def guarded(work: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not work.actor.may(permission):
                raise Refused(NOT_ALLOWED)
            return service(work, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined] # read by buttons and by the matrix test
        return guarded

    return guard


NOT_ALLOWED = N_("Your role does not allow this.")


def criteria(model: type[Model], permission: str, actor: Actor, row: Any = None) -> ColumnElement[bool] | None:
    """Which rows of ``model`` the permission reaches, as a condition on ``row`` (default: the model itself); None for all."""
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
people, parts, members, ties, lines = (
    kind.__table__.alias(f"scope_{kind.__tablename__}")
    for kind in (User, ActivityParticipant, AccountMember, ContactAccount, ContactLine)
)
parents: Mapping[type[Model], Any] = {
    kind: kind.__table__.alias(f"scope_parent_{kind.__tablename__}") for kind in (Activity, Account, Contact)
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
            return cast(ColumnElement[bool], row.account_id.in_(_team_accounts(members.c.user_id == actor.id)))
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


def _whole_branch(reach: Reach, actor: Actor) -> ColumnElement[bool]:
    """Every row of the branch, to which `criteria` limits the others as well; nothing for who belongs to none."""
    return true() if reach is Reach.BRANCH and actor.branch_id else false()


def _direct_business(actor: Actor, *, led: bool) -> Any:
    """Contacts with whom the actor (or someone led) has direct business, at this moment (CON-4)."""
    person = members.c.user_id.in_(_people_who_report(actor)) if led else members.c.user_id == actor.id
    return (
        select(ties.c.contact_id)
        .join(members, members.c.account_id == ties.c.account_id)
        .join(lines, and_(lines.c.contact_id == ties.c.contact_id, lines.c.line == members.c.line))
        .where(person, ties.c.until.is_(None))
    )


def _person_reach(reach: Reach, actor: Actor, row: Any) -> ColumnElement[bool]:
    return row.id == actor.id if reach is Reach.HELD else false()


REACHES: Mapping[type[Model], Callable[[Reach, Actor, Any], ColumnElement[bool]]] = {
    User: _person_reach,
    Activity: _activity_reach,
    Account: _account_reach,
    Contact: _contact_reach,
}

#: records that belong to a branch: whoever has one reaches nothing outside it
OF_BRANCHES = (Activity, Account, Contact)
READING: Mapping[type[Model], str] = {Activity: "activity.read", Account: "account.read", Contact: "contact.read"}
#: child → (its parent, the column that names it): a child is visible when its parent is.
PARENTS: Mapping[type[Model], tuple[type[Model], str]] = {
    ActivityContact: (Activity, "activity_id"),
    ActivityParticipant: (Activity, "activity_id"),
    ActivityHolding: (Activity, "activity_id"),
    ActivityReview: (Activity, "activity_id"),
    AccountMember: (Account, "account_id"),
    ContactLine: (Contact, "contact_id"),
    ContactAccount: (Contact, "contact_id"),
}
#: records of which each belongs to one person
PERSONAL: Mapping[type[Model], str] = {Notice: "user_id", Draft: "user_id"}


def scope(actor: Actor) -> dict[type[Model], ColumnElement[bool]]:
    """For every model with a row rule: the rows the actor may read; a function of id, role and branch alone.

    The session itself applies it to every statement.
    """
    if actor.is_system:
        return {}
    rules = {model: _present(model, criteria(model, permission, actor)) for model, permission in READING.items()}
    rules |= {child: _parent_visible(actor, parent, getattr(child, key)) for child, (parent, key) in PARENTS.items()}
    rules |= {model: getattr(model, column) == actor.id for model, column in PERSONAL.items()}
    rules |= {Attachment: _attachment_rule(actor), Event: _event_rule(actor), Message: _message_rule(actor)}
    return {model: rule for model, rule in rules.items() if rule is not None}


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
    keys = ((Activity, Attachment.activity_id), (Account, Attachment.account_id), (Contact, Attachment.contact_id))
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


def _message_rule(actor: Actor) -> ColumnElement[bool] | None:
    return None if actor.role is ADMIN else Message.user_id == actor.id


#: seen by everyone who is signed in: the directory and what administrators keep for all
DIRECTORY: tuple[type[Model], ...] = (User, UserLine)
