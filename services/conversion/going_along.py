"""What follows a lead to its customer: open activities and attachments (LEAD-5)."""

from collections.abc import Sequence

from sqlalchemy import select

from db.models import Account, Activity, Attachment, Lead
from services.activities.flow import OPEN
from services.core import events
from services.core.work import Work


def activities_waiting(work: Work, lead: Lead) -> list[int]:
    """The lead's open activities that have no customer yet and that the actor may change."""
    waiting = (Activity.lead_id == lead.id, Activity.state.in_(OPEN), Activity.account_id.is_(None))
    changeable = work.within_reach(Activity, "activity.change")
    return list(work.scalars(select(Activity.id).where(*waiting, changeable).order_by(Activity.id)))


def activities_follow(work: Work, lead: Lead) -> list[list[int]]:
    """They get the account that the lead became; [id, version] of each."""
    if lead.account_id is None:
        return []
    followed = []
    for activity_id in activities_waiting(work, lead):
        activity = work.load(Activity, activity_id, to="activity.change")
        activity.account_id, activity.updated_at = lead.account_id, work.now
        events.record(work, activity, "changed", changes={"account_id": (None, lead.account_id)})
        followed.append([activity.id, activity.version])
    return followed


def attachments_follow(work: Work, lead: Lead) -> list[int]:
    """The lead's files hang on the account as well (the same content), if the actor may attach to it."""
    if lead.account_id is None:
        return []
    account = work.get(Account, lead.account_id)
    if not work.reaches(account, "account.attach"):
        return []
    files = work.rows(
        select(Attachment.name, Attachment.digest).where(Attachment.lead_id == lead.id).order_by(Attachment.id)
    )
    hung = [
        Attachment(
            name=file.name, digest=file.digest, account_id=account.id, created_at=work.now,
            created_by_id=work.actor.id or 0,
        )
        for file in files
    ]  # fmt: skip
    work.also(*hung)
    for row in hung:
        events.record(work, account, "attached", changes={"file": (None, row.name)}, note=row.digest)
    return [row.id for row in hung]


def attachments_return(work: Work, attachment_ids: Sequence[int]) -> None:
    """They leave the account again; its story says so."""
    for row in work.scalars(select(Attachment).where(Attachment.id.in_(attachment_ids)).order_by(Attachment.id)):
        account = work.get(Account, row.account_id)
        work.drop(row)
        events.record(work, account, "detached", changes={"file": (row.name, None)}, note=row.digest)
