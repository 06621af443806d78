"""What stories about disputes do again and again, and looks into the database."""

from sqlalchemy import select

from db.models import Lead, LeadDispute, Notice
from services import disputes
from services.core.work import work_as_system
from tests.factories import NOW, As

PHONE = "13911110000"


def stored(dispute_id: int) -> LeadDispute:
    with work_as_system("look", at=NOW, readonly=True) as work:
        return work.get(LeadDispute, dispute_id)


def owner(lead_id: int) -> int | None:
    with work_as_system("look", at=NOW, readonly=True) as work:
        return work.get(Lead, lead_id).owner_id


def told() -> set[tuple[int, str]]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        return {(row.user_id, row.kind) for row in work.rows(select(Notice.user_id, Notice.kind))}


def claim(as_: As, person: int, sought: str = PHONE) -> int:
    with as_(person) as work:
        return disputes.claim(work, sought=sought, reason="He called me first")


def decide(as_: As, person: int, dispute_id: int, to: int | None = None) -> None:
    with as_(person) as work:
        disputes.decide(work, dispute_id=dispute_id, reason="Older customer", to_user_id=to)
