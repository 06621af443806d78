"""The recycle bin: what was deleted, by whom, when and why; and the way back (ALL-8, ADM-7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, true

from db.models import (
    Account,
    AccountMember,
    Branch,
    Contact,
    ContactAccount,
    Event,
    Lead,
    Merge,
    Opportunity,
    User,
)
from services import accounts, leads, superiors
from services.core import events
from services.core.access import needs
from services.core.errors import N_, NotFound, Refused
from services.core.listing import (
    Column,
    Filter,
    ListRequest,
    ListSpec,
    Page,
    contains,
    fetch,
    from_day,
    one_of,
    until_day,
)
from services.core.work import Query, Work

RESTORE = "record.restore"


def _later(kind: str) -> Callable[[Work, Sequence[int]], Mapping[int, Mapping[str, Any]]]:
    """Who deleted each record of a page, and why: the last such line in its story."""

    def found(work: Work, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        deleted = (Event.kind == kind, Event.record_id.in_(ids), Event.action == "deleted")
        lines = select(Event.record_id, User.name, Event.note).outerjoin(User, User.id == Event.actor_id)
        rows = work.rows(lines.where(*deleted).order_by(Event.id))
        return {record_id: {"deleted_by": name, "reason": note} for record_id, name, note in rows}

    return found


def _read(model: Any) -> Callable[[Query], Query]:
    return lambda statement: statement.outerjoin(Branch, Branch.id == model.branch_id)


def _spec(kind: str, model: Any, name: Any) -> ListSpec:
    return ListSpec(
        name="recycle bin",
        model=model,
        columns=(
            Column("name", N_("Record"), name, sortable=False),
            Column("deleted_at", N_("Deleted"), model.deleted_at, kind="moment"),
            Column("deleted_by", N_("Deleted by"), None, kind="person", sortable=False),
            Column("reason", N_("Reason"), None, sortable=False),
            Column("branch", N_("Branch"), Branch.name, sortable=False),
            Column("branch_en", N_("Branch (English)"), Branch.name_en, sortable=False, shown=False),
        ),
        read=_read(model),
        search=contains(model.search_key),
        filters=(
            Filter(
                "kind", N_("What"), lambda _work, _value: true(), first=True
            ),  # which of the lists: the screen asks itself
            Filter("branch", N_("Branch"), one_of(model.branch_id), choices="branches"),
            Filter("from", N_("From"), from_day(model.deleted_at), choices="date"),
            Filter("to", N_("Until"), until_day(model.deleted_at), choices="date"),
        ),
        sort="deleted_at",
        descending=True,
        later=_later(kind),
    )


@dataclass(frozen=True)
class Bin:
    """One kind of record in the recycle bin: what it is called, how it is listed, what must be right before it is back."""

    model: Any
    label: str
    list: ListSpec
    settle: Callable[[Work, Any], None]


@needs("record.restore")
def page(work: Work, *, kind: str, request: ListRequest) -> Page:
    """One page of the deleted records of a kind that the actor may restore."""
    with work.recycle_bin():
        return fetch(work, _bin(kind).list, request)


@needs("record.restore")
def counts(work: Work) -> dict[str, int]:
    """How many of each kind are deleted, as far as the actor may restore them."""
    with work.recycle_bin():
        return {
            kind: work.scalar(select(func.count()).select_from(one.model).where(one.model.deleted_at.is_not(None)))
            for kind, one in BINS.items()
        }


@needs("record.restore")
def restore(work: Work, *, kind: str, record_ids: Sequence[int]) -> int:
    """Bring deleted records back as they were, all or none; returns how many.

    Refused where a record could not stand: its customer or parent company is deleted, its branch is closed, it was merged
    into another one. What belonged to somebody who has left goes to a queue, so that nothing is left without an owner.
    """
    chosen = _bin(kind)
    with work.recycle_bin():
        records = [work.load(chosen.model, one, to=RESTORE) for one in sorted(set(record_ids))]
    for record in records:
        record.deleted_at, record.updated_at = None, work.now
    work.flush()  # who is restored together may need one another
    for record in records:
        _check_place(work, kind, record)
        chosen.settle(work, record)
        events.record(work, record, "restored")
    return len(records)


def _bin(kind: str) -> Bin:
    if kind not in BINS:
        raise NotFound
    return BINS[kind]


def _check_place(work: Work, kind: str, record: Any) -> None:
    merged = select(Merge.id).where(Merge.kind == kind, Merge.gone == record.id, Merge.undone_at.is_(None))
    if work.exists_unseen(merged):
        raise Refused(MERGED, name=_name(record))
    if record.branch_id and not work.scalar(select(Branch.active).where(Branch.id == record.branch_id)):
        raise Refused(BRANCH_CLOSED, name=_name(record))


def _check_above(work: Work, record: Any, account_id: int | None) -> None:
    """Yes or no, also when the record above is out of the actor's sight."""
    if account_id is None:
        return
    if not work.exists_unseen(select(Account.id).where(Account.id == account_id, Account.deleted_at.is_(None))):
        raise Refused(ABOVE_DELETED, name=_name(record))


def _settle_account(work: Work, account: Account) -> None:
    _check_above(work, account, account.parent_id)
    gone = (~User.active) | (User.branch_id.is_distinct_from(account.branch_id))
    left = select(AccountMember.id).join(User, User.id == AccountMember.user_id)
    for member_id in work.scalars(left.where(AccountMember.account_id == account.id, gone)):
        accounts.take_off(work, account=account, member_id=member_id)


def _settle_contact(work: Work, contact: Contact) -> None:
    main = select(ContactAccount.account_id).where(ContactAccount.contact_id == contact.id, ContactAccount.main)
    _check_above(work, contact, work.scalar(main))


def _settle_lead(work: Work, lead: Lead) -> None:
    leads.release_if_left(work, lead=lead)


def _settle_opportunity(work: Work, opportunity: Opportunity) -> None:
    """An opportunity whose owner has left goes to the manager of the branch."""
    _check_above(work, opportunity, opportunity.account_id)
    if not _has_left(work, opportunity):
        return
    managers = superiors.managers_of(work, branch_id=opportunity.branch_id)
    if not managers:
        raise Refused(NO_MANAGER, name=_name(opportunity))
    before, opportunity.owner_id = opportunity.owner_id, managers[0]
    events.record(work, opportunity, "reassigned", changes={"owner_id": (before, managers[0])})


def _has_left(work: Work, record: Any) -> bool:
    owner = work.hold(User, record.owner_id)  # who is there cannot leave until this Work ends (ACC-6)
    return not owner.active or owner.branch_id != record.branch_id


def _name(record: Any) -> str:
    return str(record.topic if isinstance(record, Lead) else record.name)


BINS: Mapping[str, Bin] = {
    "account": Bin(Account, N_("Customers"), _spec("account", Account, Account.name), _settle_account),
    "contact": Bin(Contact, N_("Contacts"), _spec("contact", Contact, Contact.name), _settle_contact),
    "lead": Bin(Lead, N_("Leads"), _spec("lead", Lead, Lead.topic), _settle_lead),
    "opportunity": Bin(
        Opportunity, N_("Opportunities"), _spec("opportunity", Opportunity, Opportunity.name), _settle_opportunity
    ),
}
MERGED = N_("“{name}” was merged into another record. Undo the merge instead.")
BRANCH_CLOSED = N_("“{name}” belongs to a branch that is closed. Open the branch first.")
ABOVE_DELETED = N_("“{name}” hangs on a customer that is deleted too. Restore that one first.")
NO_MANAGER = N_("The owner of “{name}” has left, and the branch has no manager who could take it.")
