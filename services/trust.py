"""How far the data of a customer or contact can be trusted: complete, fresh, checked (CON-7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from db.models import Account, Contact
from services.core import events
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.work import Work

COMPLETE, FRESH, CHECKED = 40, 30, 30
#: what a complete record says, with a label each; one of a group is enough
NEEDED: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "account": (
        (N_("Kind"), ("kind_id",)), (N_("Phone"), ("phone", "phone2")), (N_("City"), ("city_code",)), (N_("Street"), ("street",)),
        (N_("Credit code"), ("credit_code",)), (N_("Industry"), ("industry_id",)),
    ),
    "contact": (
        (N_("Phone"), ("mobile", "landline")), (N_("Job title"), ("job_title",)), (N_("Responsibility"), ("responsibility_id",)),
        (N_("E-mail or WeChat"), ("email", "wechat")), (N_("Sex"), ("sex",)), (N_("Birthday"), ("birthday",)),
    ),
}  # fmt: skip
MODELS: Mapping[str, Any] = {"account": Account, "contact": Contact}
TIMES = ("updated_at", "checked_at")


@dataclass(frozen=True)
class Trust:
    """A score of 0 to 100 in its three parts, and what stands behind each."""

    complete: int
    fresh: int
    checked: int
    missing: tuple[str, ...]
    updated_at: datetime
    checked_at: datetime | None

    @property
    def score(self) -> int:
        """The sum of the parts."""
        return self.complete + self.fresh + self.checked


def score(kind: str, values: Mapping[str, Any], *, now: datetime, stale_days: int, checked_days: int) -> Trust:
    """The score of a record from its columns.

    Complete: the share of what is needed. Fresh: full for a quarter of the days until it is stale, then falling to nothing.
    Checked: full while a check is valid, then falling to nothing within as much time again.
    """
    groups = NEEDED[kind]
    missing = tuple(label for label, names in groups if not any(values[name] for name in names))
    updated, checked = values["updated_at"], values["checked_at"]
    quarter = stale_days / 4
    return Trust(
        complete=round(COMPLETE * (len(groups) - len(missing)) / len(groups)),
        fresh=_fading(FRESH, _days(now, max(updated, checked or updated)), quarter, stale_days),
        checked=_fading(CHECKED, _days(now, checked), checked_days, 2 * checked_days) if checked else 0,
        missing=missing, updated_at=updated, checked_at=checked,
    )  # fmt: skip


def _days(now: datetime, since: datetime) -> float:
    return max((now - since) / timedelta(days=1), 0)


def _fading(most: int, days: float, full_until: float, nothing_from: float) -> int:
    left = (nothing_from - days) / (nothing_from - full_until)
    return round(most * min(max(left, 0.0), 1.0))


def columns(kind: str) -> list[Any]:
    """The columns of a record that its score is made from."""
    model = MODELS[kind]
    return [getattr(model, name) for _label, names in NEEDED[kind] for name in names] + [
        getattr(model, t) for t in TIMES
    ]


def of_row(work: Work, *, kind: str, row: Mapping[str, Any]) -> Trust:
    """The score of a row that holds `columns`."""
    setting = configuration(work).setting
    days = {name: int(setting(name)) for name in ("stale_days", "checked_days")}
    return score(kind, row, now=work.now, **days)


def own(work: Work, *, kind: str) -> ColumnElement[bool]:
    """Of which records the actor sees the score in lists: those that are theirs to keep right."""
    return work.within_reach(MODELS[kind], f"{kind}.change")


def of(work: Work, *, kind: str, record_id: int) -> Trust | None:
    """The score of one record, if it is the actor's to keep right."""
    record = work.get(MODELS[kind], record_id)
    return of_row(work, kind=kind, row=vars(record)) if work.reaches(record, f"{kind}.change") else None


@needs("account.change")
def check_account(work: Work, *, account_id: int) -> None:
    """Say that what is known of a customer was looked at today and is right."""
    _check(work, work.load(Account, account_id, to="account.change"))


@needs("contact.change")
def check_contact(work: Work, *, contact_id: int) -> None:
    """The same for a contact."""
    _check(work, work.load(Contact, contact_id, to="contact.change"))


def _check(work: Work, record: Account | Contact) -> None:
    record.checked_at = work.now
    events.record(work, record, "checked")
