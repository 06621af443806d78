"""Everything that can hang on a customer or a contact, and so follows when two become one; a house test keeps it complete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.base import Hideable, Model
from db.models import (
    Account,
    AccountMember,
    Activity,
    ActivityContact,
    Attachment,
    Contact,
    ContactAccount,
    ContactLine,
    ContactRequest,
    Lead,
    Opportunity,
)
from services import accounts, contacts
from services.core.access import PARENTS
from services.core.access.rows import READING
from services.core.errors import N_, NotFound
from services.core.fields import Field, Kind
from services.core.locking import in_order
from services.core.work import Work

#: rows of a page, of whatever is shown about merging
PAGE = 50
Place = Callable[[Any], Any]


@dataclass(frozen=True)
class Tie:
    """A column that names the record. With ``once``, rows for which the kept record has an equal one already stay behind."""

    model: type[Model]
    column: str
    label: str
    once: Place | None = None

    @property
    def names(self) -> Any:
        """The column itself, in statements."""
        return getattr(self.model, self.column)

    @property
    def number(self) -> Any:
        """What the row is called by."""
        return self.model.__mapper__.primary_key[0]


@dataclass(frozen=True)
class Merging:
    """One kind of record that can be merged."""

    kind: str
    model: Any
    permission: str
    fields: Sequence[Field]
    change: Callable[..., None]
    above: str  # the field that names another record of the kind


def _change_account(work: Work, record_id: int, changes: Mapping[str, Any]) -> None:
    given = dict(changes)
    if status := given.pop("status", None):
        accounts.set_status(work, account_id=record_id, status=status)
    if given:
        accounts.change(work, account_id=record_id, changes=given)


def _change_contact(work: Work, record_id: int, changes: Mapping[str, Any]) -> None:
    if changes:
        contacts.change(work, contact_id=record_id, changes=changes)


STATUS = Field(
    "status", N_("Status"), Kind.CHOICE, options={state.value: label for state, label in accounts.STATUSES.items()}
)
KINDS: Mapping[str, Merging] = {
    "account": Merging(
        "account", Account, "account.merge", (*accounts.FIELDS, STATUS), _change_account, "parent_id"
    ),
    "contact": Merging(
        "contact", Contact, "contact.merge", [f for f in contacts.FIELDS if f.kind is not Kind.LINES], _change_contact,
        "reports_to_id",
    ),
}  # fmt: skip
TIES: Mapping[str, Sequence[Tie]] = {
    "account": (
        Tie(Activity, "account_id", N_("Activities")),
        Tie(ContactAccount, "account_id", N_("Contacts"), lambda row: row.contact_id),
        Tie(Opportunity, "account_id", N_("Opportunities")),
        Tie(Lead, "account_id", N_("Leads")),
        Tie(Lead, "referred_by_account_id", N_("Leads that it referred")),
        Tie(Account, "parent_id", N_("Companies below it")),
        Tie(Attachment, "account_id", N_("Files")),
        Tie(AccountMember, "account_id", N_("Team"), lambda row: (row.line, None if row.line else row.user_id)),
    ),
    "contact": (
        Tie(ActivityContact, "contact_id", N_("Activities"), lambda row: row.activity_id),
        Tie(ContactAccount, "contact_id", N_("Customers"), lambda row: row.account_id),
        Tie(ContactLine, "contact_id", N_("Product lines"), lambda row: row.line),
        Tie(Opportunity, "contact_id", N_("Opportunities")),
        Tie(Lead, "contact_id", N_("Leads")),
        Tie(Lead, "referred_by_contact_id", N_("Leads that it referred")),
        Tie(Contact, "reports_to_id", N_("People below")),
        Tie(Attachment, "contact_id", N_("Files")),
        Tie(ContactRequest, "contact_id", N_("Requests")),
    ),
}


def merging_of(kind: str) -> Merging:
    """How records of this kind are merged; NotFound for kinds that are not."""
    if kind not in KINDS:
        raise NotFound
    return KINDS[kind]


def rows_of(work: Work, tie: Tie, record_id: int, *, locked: bool = True) -> Sequence[Any]:
    """Every row that hangs on the record by this tie; hidden ones follow too, or they could not come back (ALL-8)."""
    found = select(tie.model).where(tie.names == record_id).order_by(*tie.model.__mapper__.primary_key)
    if locked:
        found = found.with_for_update(key_share=True)
    return [row[0] for row in work.unseen(found.execution_options(populate_existing=True))]


def open_for_writing(
    work: Work, permission: str, rows: Sequence[Any], *, besides: Mapping[Any, Sequence[int]] = {}
) -> None:
    """Let rows be written that the actor may merge: themselves, or the records that they accompany; locked in one order."""
    wanted: dict[type[Model], set[int]] = {model: set(ids) for model, ids in besides.items()}
    for row in rows:
        model, key = PARENTS.get(type(row), (type(row), "id"))
        if model in READING:
            wanted.setdefault(model, set()).add(getattr(row, key))
    for model in in_order(wanted):
        ids = wanted[model]
        work.load_many(model, sorted(ids), to=permission)
        if issubclass(model, Hideable):
            with work.recycle_bin():
                work.load_many(model, sorted(ids), to=permission)


def key_of(row: Any) -> dict[str, Any]:
    """What a row is found by."""
    return {column.key: getattr(row, column.key) for column in type(row).__mapper__.primary_key}
