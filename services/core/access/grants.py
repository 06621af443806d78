"""Who may: every permission with the roles that have it and how far it reaches (access.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from db.models import Role
from services.core.errors import N_, Refused


class Reach(Flag):
    """How far a grant goes over the rows of one kind; reaches add up."""

    NONE = 0
    HELD = auto()  # the owner alone
    OWN = auto()  # owner, or internal participant
    TEAM = auto()  # on the account team
    DIRECT = auto()  # direct business with the contact (CON-4)
    UNASSIGNED = auto()  # a lead that nobody has yet
    REPORTS = auto()  # own, and those of the people who report to one
    BRANCH = auto()
    ALL = auto()


#: what a stand-in does not take over: one's own account, and how long one is away
PERSONAL = frozenset({"user.own", "absence.change"})
#: who can stand in for whom, so that nobody sees or does what only a greater trust allows (ADM-1)
STANDS_IN: Mapping[Role, tuple[Role, ...]] = {
    Role.REP: (Role.REP, Role.SALES_MANAGER, Role.BRANCH_MANAGER),
    Role.SALES_MANAGER: (Role.SALES_MANAGER, Role.BRANCH_MANAGER),
    Role.BRANCH_MANAGER: (Role.BRANCH_MANAGER, Role.SALES_MANAGER),
    Role.MARKETING: (Role.MARKETING, Role.BRANCH_MANAGER),
    Role.DATA_ADMINISTRATOR: (Role.DATA_ADMINISTRATOR,),
    Role.EXECUTIVE: (Role.EXECUTIVE,),
}


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
    #: the absent people for whom this one acts today, with their rights and on their records (ADM-1)
    stands_for: tuple["Actor", ...] = ()

    @property
    def is_system(self) -> bool:
        """Whether this is the system itself, which sees and may do everything."""
        return self.role is None

    def may(self, permission: str) -> bool:
        """Whether the person's role has the permission at all; rows are a second question."""
        return self.is_system or any(permission in one.permissions for one in self.acting(permission))

    def acting(self, permission: str) -> tuple["Actor", ...]:
        """In whose place the person may do this: their own, and of those they stand in for unless it is personal."""
        return (self,) if permission in PERSONAL else (self, *self.stands_for)

    @property
    def placed(self) -> "Actor":
        """What decides which rows are seen, and nothing else: the same for every Work of the same people and places."""
        others = tuple(one.placed for one in self.stands_for)
        return Actor(self.id, "", self.role, self.branch_id, "", stands_for=others)


REP, LEAD, MANAGER = Role.REP, Role.SALES_MANAGER, Role.BRANCH_MANAGER
MARKETING, ADMIN, EXECUTIVE = Role.MARKETING, Role.DATA_ADMINISTRATOR, Role.EXECUTIVE
HELD, OWN, TEAM, DIRECT = Reach.HELD, Reach.OWN, Reach.TEAM, Reach.DIRECT
UNASSIGNED, REPORTS, BRANCH, ALL = Reach.UNASSIGNED, Reach.REPORTS, Reach.BRANCH, Reach.ALL

_working = {REP: OWN, LEAD: REPORTS | OWN, MANAGER: BRANCH, MARKETING: OWN}
_everyone = dict.fromkeys(Role, ALL)
_leads = {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, ADMIN: ALL}
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
    "account.export": {REP: TEAM, LEAD: TEAM | REPORTS, MANAGER: BRANCH, MARKETING: BRANCH, ADMIN: ALL, EXECUTIVE: ALL},
    "contact.read": _customers,
    "contact.create": {REP: BRANCH},
    "contact.change": {REP: DIRECT, LEAD: DIRECT | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "contact.attach": {REP: DIRECT, LEAD: DIRECT | REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "contact.export": {
        REP: DIRECT,
        LEAD: DIRECT | REPORTS,
        MANAGER: BRANCH,
        MARKETING: BRANCH,
        ADMIN: ALL,
        EXECUTIVE: ALL,
    },
    "contact.request": {REP: BRANCH, LEAD: BRANCH, ADMIN: ALL},
    "contact.withdraw": {REP: HELD, LEAD: HELD, ADMIN: HELD},
    "contact.approve": {MANAGER: BRANCH},
    "contact.transfer": {ADMIN: ALL},
    "contact.merge": {ADMIN: ALL},
    "account.merge": {ADMIN: ALL},
    "lead.read": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: BRANCH, ADMIN: ALL, EXECUTIVE: ALL},
    "lead.create": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: UNASSIGNED, ADMIN: ALL},
    "lead.change": _leads | {MARKETING: UNASSIGNED},
    "lead.attach": _leads | {MARKETING: UNASSIGNED},
    "lead.work": _leads,
    "lead.assign": {LEAD: REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "lead.delete": {LEAD: REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "lead.import": {MARKETING: BRANCH, ADMIN: ALL},
    "lead.export": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: BRANCH, ADMIN: ALL, EXECUTIVE: ALL},
    "lead.dispute": {REP: HELD, LEAD: HELD, ADMIN: ALL},
    "lead.claim": {REP: HELD, LEAD: HELD},
    "dispute.reply": {REP: OWN, LEAD: OWN, MANAGER: OWN},
    "dispute.withdraw": {REP: HELD, LEAD: HELD, ADMIN: HELD},
    "lead.decide": {MANAGER: BRANCH},
    "opportunity.read": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: BRANCH, ADMIN: ALL, EXECUTIVE: ALL},
    "opportunity.create": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, ADMIN: ALL},
    "approval.read": {REP: HELD, LEAD: HELD, MANAGER: BRANCH, ADMIN: ALL},
    "assignment_rule.read": {MANAGER: BRANCH, ADMIN: ALL},
    "assignment_rule.change": {MANAGER: BRANCH},
    "absence.change": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: HELD, ADMIN: ALL, EXECUTIVE: HELD},
    "data.clean": {ADMIN: ALL},
    "handover.read": {MANAGER: BRANCH, ADMIN: ALL},
    "handover.make": {MANAGER: BRANCH, ADMIN: ALL},
    "record.restore": {MANAGER: BRANCH, ADMIN: ALL},
    "report.leads": {REP: HELD, LEAD: REPORTS, MANAGER: BRANCH, MARKETING: BRANCH, ADMIN: ALL, EXECUTIVE: ALL},
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
