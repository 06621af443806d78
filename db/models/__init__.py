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
from db.models.attachment import Attachment, Blob
from db.models.branch import Branch, BranchRegion, ProductLine, Region
from db.models.configuration import CodeValue, Setting
from db.models.contact import Contact, ContactAccount, ContactLine
from db.models.event import Channel, Event
from db.models.message import Message, MessageState, Notice, Route
from db.models.once import Draft, Occurrence, Submission
from db.models.sign_in import ResetCode, SignInAttempt, SignInSession, SignInTicket
from db.models.user import Role, User, UserLine
from db.models.worker import RunState, WorkerRun

__all__ = [
    "Account",
    "AccountMember",
    "AccountStatus",
    "Activity",
    "ActivityContact",
    "ActivityHolding",
    "ActivityParticipant",
    "ActivityReview",
    "ActivityState",
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
    "Draft",
    "Event",
    "Message",
    "MessageState",
    "Notice",
    "Occurrence",
    "Priority",
    "ProductLine",
    "Region",
    "ResetCode",
    "Role",
    "Route",
    "RunState",
    "Setting",
    "SignInAttempt",
    "SignInSession",
    "SignInTicket",
    "Submission",
    "User",
    "UserLine",
    "WorkerRun",
]
