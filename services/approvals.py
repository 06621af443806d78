"""What waits for a person's decision, of every kind: the number in the menu equals what the screen shows (ALL-10)."""

from sqlalchemy import select

from services import contact_requests, disputes
from services.core.access import needs
from services.core.work import Work


@needs("approval.read")
def count(work: Work) -> int:
    """How many requests and disputes wait for the actor."""
    counts = [contact_requests.waiting_count(work)]
    if work.actor.may("lead.decide"):
        counts.append(disputes.waiting_count(work))
    return sum(work.row(select(*counts)))
