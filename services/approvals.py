"""What waits for a person's decision, of every kind: the number in the menu equals what the screen shows (ALL-10)."""

from services import contact_requests, disputes
from services.core.access import needs
from services.core.work import Work


@needs("approval.read")
def count(work: Work) -> int:
    """How many requests and disputes wait for the actor."""
    return contact_requests.count_waiting(work) + disputes.count_waiting(work)
