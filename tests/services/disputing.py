"""What stories about disputes do again and again, and looks into the database."""

from db.models import Lead, LeadDispute
from services import disputes
from tests import looking
from tests.factories import As

PHONE = "13911110000"


def stored(dispute_id: int) -> LeadDispute:
    found: LeadDispute = looking.stored(LeadDispute, dispute_id)
    return found


def owner(lead_id: int) -> int | None:
    found: int | None = looking.stored(Lead, lead_id).owner_id
    return found


def told() -> set[tuple[int, str]]:
    """Who heard what; of some kinds everybody hears once."""
    return set(looking.told())


def claim(as_: As, person: int, sought: str = PHONE) -> int:
    with as_(person) as work:
        return disputes.claim(work, sought=sought, reason="He called me first")


def decide(as_: As, person: int, dispute_id: int, to: int | None = None) -> None:
    with as_(person) as work:
        disputes.decide(work, dispute_id=dispute_id, reason="Older customer", to_user_id=to)
