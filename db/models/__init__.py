"""Every stored noun, in one place, so that migrations and rules see them all."""

from db.models.account import Account, AccountMember, AccountStatus
from db.models.activity import (
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityReview,
    ActivityState,
    ContactPart,
    Priority,
)
from db.models.assignment import Absence, AssignmentRule, AssignmentRuleRep, AssignmentTurn
from db.models.attachment import Attachment, Blob
from db.models.branch import Branch, BranchRegion, ProductLine, Region
from db.models.configuration import CodeValue, Setting
from db.models.contact import Contact, ContactAccount, ContactLine
from db.models.event import Channel, Event
from db.models.import_job import ImportJob, ImportLayout, ImportRow, ImportState, IntakeCall, Outcome
from db.models.lead import DisputeState, Lead, LeadConversion, LeadDispute, LeadState, Rating
from db.models.mass_change import Handover, HandoverItem, HandoverState, Merge, ToldApart
from db.models.message import Message, MessageState, Notice, Route
from db.models.name_trace import NameTrace
from db.models.once import Draft, Occurrence, Submission
from db.models.opportunity import Opportunity
from db.models.request import ContactRequest, RequestKind, RequestState
from db.models.sign_in import ResetCode, SignInAttempt, SignInSession, SignInTicket
from db.models.user import Role, User, UserLine
from db.models.worker import RunState, WorkerRun

__all__ = [
    "Absence",
    "Account",
    "AccountMember",
    "AccountStatus",
    "Activity",
    "ActivityContact",
    "ActivityHolding",
    "ActivityParticipant",
    "ActivityReview",
    "ActivityState",
    "AssignmentRule",
    "AssignmentRuleRep",
    "AssignmentTurn",
    "Attachment",
    "Blob",
    "Branch",
    "BranchRegion",
    "Channel",
    "CodeValue",
    "Contact",
    "ContactAccount",
    "ContactLine",
    "ContactPart",
    "ContactRequest",
    "DisputeState",
    "Draft",
    "Event",
    "Handover",
    "HandoverItem",
    "HandoverState",
    "ImportJob",
    "ImportLayout",
    "ImportRow",
    "ImportState",
    "IntakeCall",
    "Lead",
    "LeadConversion",
    "LeadDispute",
    "LeadState",
    "Merge",
    "Message",
    "MessageState",
    "NameTrace",
    "Notice",
    "Occurrence",
    "Opportunity",
    "Outcome",
    "Priority",
    "ProductLine",
    "Rating",
    "Region",
    "RequestKind",
    "RequestState",
    "ResetCode",
    "Role",
    "Route",
    "RunState",
    "Setting",
    "SignInAttempt",
    "SignInSession",
    "SignInTicket",
    "Submission",
    "ToldApart",
    "User",
    "UserLine",
    "WorkerRun",
]
