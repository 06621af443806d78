"""What changed on a record, in the reader's words: fields by their labels, people and places by name (ALL-3)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pages.ui import pickers, text
from pages.ui.text import _
from services import (
    absences,
    accounts,
    activities,
    assignment,
    code_lists,
    contacts,
    conversion,
    duplicates,
    leads,
    organisation,
    regions,
    users,
)
from services.core.configuration import SETTINGS, Configuration, configuration
from services.core.errors import N_
from services.core.fields import Field, Fields, Kind
from services.core.work import Work

Changes = Mapping[str, Sequence[Any]]
#: the product lines of the group, which no administrator renames
LINES = {"machines": N_("machines"), "parts": N_("parts"), "service": N_("service")}
#: what services change besides the fields that forms have
OTHERS: Fields = (
    Field("owner_id", N_("Owner"), Kind.RECORD, source="user"),
    Field("branch_id", N_("Branch"), Kind.RECORD, source="branch"),
    Field("user_id", N_("Person"), Kind.RECORD, source="user"),
    Field("contact_ids", N_("Contacts"), Kind.RECORD, source="contact"),
    Field("participant_ids", N_("With"), Kind.RECORD, source="user"),
    Field("account", N_("Customer")),
    Field("account_id", N_("Customer"), Kind.RECORD, source="account"),
    Field("from_user_id", N_("From"), Kind.RECORD, source="user"),
    Field("on_day", N_("Day")),
    Field("records", N_("Records")),
    Field("contact", N_("Contact")),
    Field("opportunity", N_("Opportunity")),
    Field("team", N_("Team")),
    Field("grade", N_("Class")),
    Field("contacts_per_year", N_("Contacts a year")),
    Field("active", N_("Active"), Kind.FLAG),
    Field("file", N_("File")),
    Field("status", N_("Status"), Kind.CHOICE, options=accounts.STATUSES),
    Field("regions", N_("Regions"), Kind.REGION),
    Field("position", N_("Place in the list")),
    *duplicates.WHY,
    Field("merged_from", N_("Merged")),
    Field("merged_into", N_("Part of")),
)
OF_KIND: Mapping[str, Fields] = {
    "activity": (*activities.FIELDS, *activities.FEEDBACK),
    "account": accounts.FIELDS,
    "contact": contacts.FIELDS,
    "lead": (*leads.FIELDS, *leads.DISQUALIFYING, Field("state", N_("State"), Kind.CHOICE, options=leads.STATES)),
    "opportunity": conversion.OPPORTUNITY_TOLD,
    "assignment_rule": assignment.TOLD,
    "absence": absences.FIELDS,
    "user": users.ALL,
    "branch": organisation.BRANCH_FIELDS,
    "code_value": code_lists.FIELDS,
}


@dataclass(frozen=True)
class Teller:
    """Puts stored changes into words; it knows the names of all records that occur in them."""

    known: Configuration
    names: Mapping[tuple[str, int], str]

    def lines(self, kind: str, changes: Changes | None) -> list[str]:
        """“Field: old → new” for each changed field."""
        return [self._line(kind, name, old, new) for name, (old, new) in (changes or {}).items()]

    def _line(self, kind: str, name: str, old: Any, new: Any) -> str:
        base, _dot, line = name.partition(".")  # such as “team.machines”
        field = _field(kind, base)
        label = f"{_(field.label)} · {_(LINES.get(line, line))}" if line else _(field.label)
        return f"{label}: {self._value(field, old)} → {self._value(field, new)}"

    def value(self, kind: str, name: str, stored: Any) -> str:
        """One stored value of a field."""
        return self._value(_field(kind, name), stored)

    def _value(self, field: Field, stored: Any) -> str:
        if stored in (None, "", []):
            return text.DASH
        if isinstance(stored, list):
            return _(", ").join(self._value(field, one) for one in stored)
        if isinstance(stored, bool):
            return _("yes") if stored else _("no")
        if field.kind is Kind.CODE:
            return self._code(field, stored) or text.DASH
        if field.kind is Kind.RECORD:
            return self.names.get((field.source, stored), text.DASH)
        if field.kind is Kind.CHOICE:
            return _((field.options or {}).get(stored, str(stored)))
        if field.kind is Kind.MONEY:
            return text.money(Decimal(str(stored)))
        if field.kind is Kind.REGION:
            return regions.name(str(stored)) or str(stored)
        return _(LINES.get(stored, stored)) if field.kind in (Kind.LINE, Kind.LINES) else _written(str(stored))

    def _code(self, field: Field, stored: Any) -> str:
        """The label of a value that is kept by its number or, as a group is, by its code."""
        if isinstance(stored, int):
            return self.known.label(stored, text.language())
        found = (one for one in self.known.codes.get(field.source, ()) if one.code == stored)
        return next((one.label(text.language()) for one in found), "")


def teller(work: Work, happened: Iterable[tuple[str, Changes | None]]) -> Teller:
    """One that can tell these changes, each with the kind of record it happened to."""
    wanted: dict[str, set[int]] = {}
    for kind, changes in happened:
        for name, values in (changes or {}).items():
            field = _field(kind, name)
            if field.kind is Kind.RECORD:
                wanted.setdefault(field.source, set()).update(_ids(values))
    named = {kind: pickers.SOURCES[kind].named(work, sorted(ids)) for kind, ids in wanted.items()}
    names = {(kind, option.id): option.text for kind, options in named.items() for option in options}
    return Teller(configuration(work), names)


def _ids(values: Sequence[Any]) -> set[int]:
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return {one for one in flat if isinstance(one, int)}


def _field(kind: str, name: str) -> Field:
    """The field of this name; for one that no form has, at least its name."""
    found = next((field for field in (*OF_KIND.get(kind, ()), *OTHERS) if field.name == name), None)
    spec = next((one for one in SETTINGS if one.key == name), None) if kind == "setting" else None
    if found is None and spec and spec.choices:
        return Field(name, spec.label, Kind.CHOICE, options=spec.choices)
    return found or Field(name, spec.label if spec else name)


def field_label(kind: str, name: str) -> str:
    """What people call a field of this kind of record."""
    return _(_field(kind, name).label)


def _written(stored: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", stored):
        return text.moment(datetime.fromisoformat(stored))
    return text.day(date.fromisoformat(stored)) if re.fullmatch(r"\d{4}-\d\d-\d\d", stored) else stored
