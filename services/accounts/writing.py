"""How accounts come into being and change."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from db.models import Account, AccountMember, AccountStatus, Activity, ActivityState, Branch, User, UserLine
from services import duplicates, formats, regions
from services.accounts.fields import FIELDS, STATUSES, key_of
from services.accounts.staffing import Member, check_member
from services.core import events, fields
from services.core.access import NOT_ALLOWED, needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.flow import require
from services.core.locking import ahead, one_by_one
from services.core.work import Work
from services.field_values import drafted
from services.hierarchy import check_above

OPEN = (ActivityState.PLANNED, ActivityState.ASSIGNED, ActivityState.DECLINED, ActivityState.IN_PROGRESS)


@needs("account.create")
def create(
    work: Work,
    *,
    values: Mapping[str, Any],
    branch_id: int | None = None,
    members: Sequence[Member] = (),
    duplicate_reason: str | None = None,
) -> int:
    """Enter a customer of the actor's branch; who works in a product line joins the team with it. Returns the id.

    Head office names the branch; only who may staff accounts names other members. Where there is one like it already,
    a reason is needed (ACCT-3).
    """
    if members and not work.actor.may("account.staff"):
        raise Refused(NOT_ALLOWED)
    given = {name: value for name, value in values.items() if value is not None}
    fields.complete(FIELDS, given)
    one_by_one(work)
    ahead(work, {User: [work.actor.id, *(member.user_id for member in members)]})
    account = Account(
        status=AccountStatus.PROSPECT, branch_id=_branch(work, branch_id),
        created_at=work.now, updated_at=work.now, created_by_id=work.actor.id, **duplicates.why(duplicate_reason),
    )  # fmt: skip
    changed = _apply(work, account, given)
    work.add(account, to="account.create")
    found = duplicates.of_account(work, values=vars(account), besides=account.id)
    changed |= duplicates.demand_reason(found, account.duplicate_reason)
    duplicates.remember(work, kind="account", record_id=account.id, name=account.name)
    _join(work, account, members)
    events.record(work, account, "created", changes=changed)
    return account.id


@needs("account.change")
def change(work: Work, *, account_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change what was entered; Stale when somebody else changed it since ``version`` (ALL-4)."""
    account = work.load(Account, account_id, to="account.change", version=version)
    changed = _apply(work, account, changes)
    if changed:
        duplicates.remember(work, kind="account", record_id=account.id, name=account.name)
        events.record(work, account, "changed", changes=changed)


@needs("account.change")
def set_status(work: Work, *, account_id: int, status: str, version: int | None = None) -> None:
    """Say how far we are with an account: prospect, customer or inactive."""
    if status not in set(STATUSES):
        raise Invalid({"status": Said(fields.NOT_LISTED)})
    account = work.load(Account, account_id, to="account.change", version=version)
    before, account.status = account.status, AccountStatus(status)
    if before is not account.status:
        account.updated_at = work.now
        events.record(work, account, "changed", changes={"status": (before, account.status)})


@needs("account.delete")
def delete(work: Work, *, account_id: int, reason: str, version: int | None = None) -> None:
    """Hide an account (ALL-8); Refused while activities with it are open."""
    account = work.load(Account, account_id, to="account.delete", version=version)
    require({"reason": reason}, ["reason"])
    _check_nothing_open(work, account)
    account.deleted_at = account.updated_at = work.now
    events.record(work, account, "deleted", note=reason.strip())


def _check_nothing_open(work: Work, account: Account) -> None:
    """Activities of colleagues that the actor does not see count as well; how many and whose is not told (ALL-7)."""
    still_open = (Activity.account_id == account.id, Activity.state.in_(OPEN))
    if count := work.scalar(select(func.count()).select_from(Activity).where(*still_open)):
        raise Refused(STILL_OPEN, count=count)
    if work.exists_unseen(select(Activity.id).where(*still_open)):
        raise Refused(OPEN_ELSEWHERE)


def _branch(work: Work, branch_id: int | None) -> int:
    chosen = branch_id or work.actor.branch_id
    if chosen is None:
        raise Invalid({"branch_id": Said(fields.REQUIRED)})
    if not work.get(Branch, chosen).active:
        raise Invalid({"branch_id": Said(fields.NOT_LISTED)})
    return chosen


def _apply(work: Work, account: Account, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Put checked changes into the account, with what follows from them; returns what differs."""
    values = fields.checked(FIELDS, changes)
    draft = drafted(work, record=account, fields=FIELDS, values=values)
    if "parent_id" in values:
        check_above(work, model=Account, record=draft, field="parent_id")
    changed = fields.apply(account, FIELDS, values | {name: getattr(draft, name) for name in regions.CODES})
    if changed:
        account.search_key, account.updated_at = key_of(vars(draft)), work.now
        account.name_key = formats.name_key(draft.name)
    return changed


def _join(work: Work, account: Account, members: Sequence[Member]) -> None:
    """The first team: who was named, and the actor for each own line that nobody was named for."""
    for member in members:
        check_member(work, account, member)
    work.stay()
    own = work.scalars(select(UserLine.line).where(UserLine.user_id == work.actor.id).order_by(UserLine.line))
    lines = [line for line in own if line not in {member.line for member in members}]
    if not own and not work.actor.may("account.staff"):
        members = (*members, Member(user_id=work.actor.id or 0))
    joined = (*members, *(Member(user_id=work.actor.id or 0, line=line) for line in lines))
    work.also(*(AccountMember(account_id=account.id, **vars(member)) for member in joined))


OPEN_ELSEWHERE = N_("Colleagues still have open activities with this customer.")
STILL_OPEN = N_("{count} activities with this customer are still open; please end or cancel them first.")
