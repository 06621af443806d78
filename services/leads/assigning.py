"""Into whose hands a lead is given, by hand or by a rule, and how they hear of it (LEAD-4, ASG-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.models import Lead, LeadState, Route, User
from services import turns
from services.core import events, fields
from services.core.access import needs, permissions_of
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, Refused, Said
from services.core.fields import Field, Kind
from services.core.outbox import notify
from services.core.work import Work
from services.leads import messages
from services.leads.flow import FLOW, OPEN
from services.leads.listing import DISPUTED

#: who is given, or loses, more at once gets one notice about all of them instead of one about each
MOST_SINGLE = 3
#: how many of them that notice names
NAMED = 5
REASON = Field("reason", N_("Reason"), Kind.LONG, limit=1000)


@needs("lead.assign")
def assign_to(work: Work, *, lead_ids: Sequence[int], to_user_id: int, reason: str = "") -> int:
    """Give open leads to one person, all or none; the person hears of it at once (LEAD-4). Returns how many.

    It counts as a turn, unless people give something to themselves (ASG-2).
    """
    said = fields.words(REASON, reason)
    wanted = sorted(set(lead_ids))
    home = work.scalar(select(User.branch_id).where(User.id == to_user_id))
    turns.hold(work, branch_ids=[home])
    target = work.hold(User, to_user_id)  # people before leads, as everybody locks them
    found = _loaded(work, wanted)
    _check_taker(work, target, found)
    _check_many(work, found)
    before = [(lead.owner_id, lead) for lead in found]
    give(work, gifts=[Gift(lead, target) for lead in found], note=said)
    tell_assigned(work, user_id=target.id, leads=found)
    _tell_taken(work, before, target, said)
    if wanted and to_user_id != work.actor.id:
        turns.took(work, branch_id=home, user_ids=[to_user_id])
    return len(wanted)


def _loaded(work: Work, lead_ids: Sequence[int]) -> list[Lead]:
    """All of them, locked in one order for everybody; or what stands in the way of the first that cannot be had."""
    found = {lead.id: lead for lead in work.load_many(Lead, lead_ids, to="lead.assign")}
    return [found.get(lead_id) or work.load(Lead, lead_id, to="lead.assign") for lead_id in lead_ids]


def _check_taker(work: Work, target: User, found: Sequence[Lead]) -> None:
    if theirs := [lead.topic for lead in found if lead.owner_id == target.id]:
        raise Invalid({"to_user_id": Said(SAME_PERSON, name=target.name, topics=theirs[:NAMED])})
    if not assignable(work, target=target):
        raise Invalid({"to_user_id": Said(NOT_ASSIGNABLE, name=target.name)})


def _check_many(work: Work, found: Sequence[Lead]) -> None:
    """What the flow refuses of one lead it refuses of many as well, but here it is said of which."""
    if len(found) < 2:
        return
    contested = work.unseen(select(Lead.topic).where(Lead.id.in_([lead.id for lead in found]), DISPUTED))
    reasons = {SOME_OVER: [lead.topic for lead in found if lead.state not in OPEN]}
    reasons[SOME_DISPUTED] = [row.topic for row in contested]
    for message, topics in reasons.items():
        if topics:
            raise Refused(message, topics=topics[:NAMED])


def assignable(work: Work, *, target: User) -> bool:
    """Whether the actor may give leads to this person, who can work on them; only the head office gives to another branch (LEAD-4)."""
    elsewhere = work.actor.branch_id is not None and target.branch_id != work.actor.branch_id
    return able(target=target) and not elsewhere


def able(*, target: User) -> bool:
    """Whether this person can have leads at all: active, of a branch, in a role that works on them."""
    return target.active and target.branch_id is not None and "lead.work" in permissions_of(target.role)


@dataclass(frozen=True)
class Gift:
    """A lead that is loaded to be assigned, whose hands it goes into, and by which rule."""

    lead: Lead
    target: User
    rule_id: int | None = None


def give(work: Work, *, gifts: Sequence[Gift], note: str = "") -> None:
    """Put leads into people's hands, all or none; the caller has held the people and tells them."""
    if not gifts:
        return
    FLOW.advance_all(work, [gift.lead for gift in gifts], "assign")
    changed = [(gift.lead, _hand(work, gift)) for gift in gifts]
    work.flush()
    if not work.all_reached([gift.lead for gift in gifts], "lead.assign"):
        refused = next(gift for gift in gifts if not work.reaches(gift.lead, "lead.assign"))
        raise Invalid({"to_user_id": Said(NOT_LED, name=refused.target.name)})
    events.record_many(work, changed, "assigned", note=note or None)


def give_by_decision(work: Work, *, lead: Lead, target: User, reason: str | None) -> None:
    """What the decision of a dispute brings about: the lead goes to this person, as if assigned (ASG-4).

    The lead was loaded for that by `disputes`, which has made sure that the actor decides; it may be out of sight.
    """
    before = lead.owner_id
    lead.state = LeadState(FLOW.step("assign", lead.state).target)
    changed = _hand(work, Gift(lead, target))
    events.record(work, lead, "assigned", changes=changed, note=reason)
    tell_assigned(work, user_id=target.id, leads=[lead])
    _tell_taken(work, [(before, lead)], target, reason)


def _hand(work: Work, gift: Gift) -> dict[str, tuple[Any, Any]]:
    lead, target = gift.lead, gift.target
    changes = {"owner_id": (lead.owner_id, target.id), "branch_id": (lead.branch_id, target.branch_id)}
    lead.owner_id, lead.branch_id, lead.rule_id = target.id, target.branch_id, gift.rule_id
    lead.assigned_at, lead.assigned_by_id, lead.updated_at = work.now, work.actor.id, work.now
    lead.assignment_no += 1
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def tell_assigned(work: Work, *, user_id: int, leads: Sequence[Lead]) -> None:
    """One notice with the phone for each of a few leads, one for all of them when there are many."""
    by = work.actor.name or configuration(work).setting("organisation_name")
    if len(leads) > MOST_SINGLE:
        told: dict[str, Any] = {"count": len(leads), "topics": _topics(leads), "by": by}
        notify(work, messages.MANY_ASSIGNED, to=[user_id], routes=[Route.SMS], **told)
        return
    for lead in leads:
        one: dict[str, Any] = {"topic": lead.topic, "by": by, "phone": lead.mobile or lead.landline}
        notify(work, messages.ASSIGNED, to=[user_id], about=lead, routes=[Route.SMS], **one)


def _tell_taken(work: Work, before: Sequence[tuple[int | None, Lead]], target: User, reason: str | None) -> None:
    """The same to each person who had them until then; without a link, as they no longer see them."""
    told: dict[str, Any] = {"to_name": target.name, "reason": reason or "–"}
    for user_id in dict.fromkeys(owner for owner, _lead in before if owner is not None):
        lost = [lead for owner, lead in before if owner == user_id]
        if len(lost) > MOST_SINGLE:
            notify(work, messages.MANY_TAKEN_AWAY, to=[user_id], count=len(lost), topics=_topics(lost), **told)
            continue
        for lead in lost:
            notify(work, messages.TAKEN_AWAY, to=[user_id], topic=lead.topic, **told)


def _topics(leads: Sequence[Lead]) -> str:
    """What the first of many are about."""
    return " · ".join(lead.topic for lead in leads[:NAMED]) + (" …" if len(leads) > NAMED else "")


SOME_OVER = N_("Some of these are closed and cannot be assigned: {topics}. Leave them out and try again.")
SOME_DISPUTED = N_("About some of these there is an open dispute: {topics}. Leave them out and try again.")
SAME_PERSON = N_("{name} has this already: {topics}.")
NOT_ASSIGNABLE = N_(
    "{name} cannot be given leads: inactive, of another branch, or in a role that does not work on them."
)
NOT_LED = N_("{name} does not report to you.")
