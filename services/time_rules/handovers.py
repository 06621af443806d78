"""Planned handovers, on their day (ADM-6)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.models import Channel, Handover, HandoverState, User
from services import handover, superiors
from services.core.errors import Busy, ServiceError
from services.core.outbox import notify
from services.core.text import translator
from services.core.work import Work, work_as, work_as_system
from services.handover.messages import FAILED
from services.runs import each

RULE = "ADM-6"


def carry_out(at: datetime) -> int:
    """Carry out what is due, each in a transaction of its own, with the rights that whoever planned it has now (ACC-3)."""
    with work_as_system(RULE, at=at, readonly=True) as work:
        due = (Handover.state == HandoverState.PLANNED, Handover.on_day <= work.today)
        found = work.rows(
            select(Handover.id, Handover.created_by_id).where(*due).order_by(Handover.on_day, Handover.id)
        )
    return each(found, lambda row: _carry_out(row, at))


def _carry_out(row: Any, at: datetime) -> int:
    try:
        with work_as(row.created_by_id, at=at, channel=Channel.WORKER) as work:
            handover.carry_out(work, handover_id=row.id)
        return 1
    except Busy:
        raise  # it passes, and the run is tried again
    except ServiceError as error:
        with work_as_system(RULE, at=at) as work:
            _report(work, row.id, error)
        return 0


def _report(work: Work, handover_id: int, error: ServiceError) -> None:
    """It stays planned; the data administrators hear of it once a day."""
    planned = work.get(Handover, handover_id)
    if planned.state is not HandoverState.PLANNED or not work.once(RULE, handover_id, work.today.isoformat()):
        return
    person = work.get(User, planned.from_user_id).name
    for reader in superiors.administrators(work):
        language = work.scalar(select(User.language).where(User.id == reader))
        reason = error.text(translator(language))
        notify(work, FAILED, to=[reader], person=person, day=planned.on_day.isoformat(), reason=reason)
