"""How contacts come into being and change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, ContactAccount, ContactLine, ProductLine, UserLine
from services import duplicates, regions
from services.contacts.fields import FIELDS, LINES, key_of
from services.contacts.ties import checked_tie
from services.core import events, fields
from services.core.access import needs
from services.core.errors import N_, Invalid, Said
from services.core.fields import Kind
from services.core.locking import one_by_one
from services.core.work import Work
from services.field_values import drafted
from services.hierarchy import check_above

Changed = dict[str, tuple[Any, Any]]


@needs("contact.create")
def create(
    work: Work,
    *,
    account_id: int,
    values: Mapping[str, Any],
    role: str | None = None,
    since: date | None = None,
    duplicate_reason: str | None = None,
) -> int:
    """Enter a person at an account, which becomes the main one; product lines not given are the actor's own. Returns the id.

    Where there is one like it already, a reason is needed (ACCT-3).
    """
    given = {name: value for name, value in values.items() if value is not None}
    fields.complete(FIELDS, given)
    one_by_one(work)
    account = work.hold(Account, account_id)  # merged or deleted meanwhile, it would have a contact that nobody finds
    contact = Contact(
        branch_id=account.branch_id, created_at=work.now, updated_at=work.now, created_by_id=work.actor.id,
        **duplicates.why(duplicate_reason),
    )  # fmt: skip
    changed = _apply(work, contact, given)
    work.add(contact, to="contact.create")
    found = duplicates.of_contact(work, values=vars(contact), account_id=account.id, besides=contact.id)
    changed |= duplicates.demand_reason(found, contact.duplicate_reason)
    part = checked_tie(work, role=role, since=since)
    work.also(ContactAccount(contact_id=contact.id, account_id=account.id, main=True, **part))
    changed |= _set_lines(work, contact, given.get(LINES, _own_lines(work)))
    events.record(work, contact, "created", changes=changed, note=account.name)
    return contact.id


@needs("contact.change")
def change(work: Work, *, contact_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change what was entered, given direct business (CON-4); Stale when somebody else changed it since ``version`` (ALL-4)."""
    contact = work.load(Contact, contact_id, to="contact.change", version=version)
    changed = _apply(work, contact, changes)
    lines = _set_lines(work, contact, changes[LINES] or ()) if LINES in changes else {}
    if changed | lines:
        contact.updated_at = work.now
        events.record(work, contact, "changed", changes=changed | lines)


def difference(work: Work, *, contact: Contact, changes: Mapping[str, Any]) -> Changed:
    """What these changes would come to, checked as `change` checks them; nothing is written (CON-6)."""
    fitting = {field.name for field in FIELDS if field.kind is not Kind.LINES} | {"id", "branch_id"}
    draft = SimpleNamespace(**{name: getattr(contact, name) for name in fitting})
    changed = _apply(work, draft, changes)
    present = {row.line for row in _lines_of(work, contact)}
    return changed | (_difference_of_lines(work, present, changes[LINES] or ()) if LINES in changes else {})


def _apply(work: Work, contact: Any, changes: Mapping[str, Any]) -> Changed:
    """Put checked changes into the contact, with what follows from them; returns what differs."""
    values = fields.checked(FIELDS, changes)
    draft = drafted(work, record=contact, fields=FIELDS, values=values)
    if "reports_to_id" in values:
        check_above(work, model=Contact, record=draft, field="reports_to_id")
    if draft.birthday and draft.birthday > work.today:
        raise Invalid({"birthday": Said(NOT_BORN)})
    changed = fields.apply(contact, FIELDS, values | {name: getattr(draft, name) for name in regions.CODES})
    if changed:
        contact.search_key, contact.updated_at = key_of(vars(draft)), work.now
    return changed


def _own_lines(work: Work) -> Iterable[str]:
    return work.scalars(select(UserLine.line).where(UserLine.user_id == work.actor.id))


def _set_lines(work: Work, contact: Contact, wanted: Iterable[str]) -> Changed:
    """Give the contact exactly these product lines; returns the difference, empty for none."""
    lines, rows = set(wanted), _lines_of(work, contact)
    present = {row.line for row in rows}
    changed = _difference_of_lines(work, present, lines)
    work.drop(*(row for row in rows if row.line not in lines))
    work.also(*(ContactLine(contact_id=contact.id, line=line) for line in sorted(lines - present)))
    return changed


def lines_of(work: Work, *, contact_ids: Collection[int]) -> dict[int, list[str]]:
    """The product lines that each of these contacts deals with, in the order in which changes name them."""
    found: dict[int, list[str]] = {}
    lines = select(ContactLine.contact_id, ContactLine.line).where(ContactLine.contact_id.in_(contact_ids))
    for contact_id, line in work.rows(lines):
        found.setdefault(contact_id, []).append(line)
    return {contact_id: sorted(those) for contact_id, those in found.items()}


def _lines_of(work: Work, contact: Contact) -> Sequence[ContactLine]:
    return work.scalars(select(ContactLine).where(ContactLine.contact_id == contact.id))


def _difference_of_lines(work: Work, present: set[str], wanted: Iterable[str]) -> Changed:
    """What giving exactly these product lines changes; Invalid for one that does not exist."""
    lines = set(wanted)
    if not lines <= set(work.scalars(select(ProductLine.code))):
        raise Invalid({LINES: Said(fields.NOT_LISTED)})
    return {LINES: (sorted(present), sorted(lines))} if lines != present else {}


NOT_BORN = N_("This day is still to come.")
