"""What stands in contacts at this moment, to be held against what is asked about them (CON-6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.models import Contact
from services import contacts
from services.contact_requests.fields import ACCOUNT
from services.core import events
from services.core.work import Work


@dataclass(frozen=True)
class Standing:
    """One contact with where they mainly work and which product lines they deal with."""

    contact: Contact
    account_id: int | None
    lines: Sequence[str]

    def moved(self, changes: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """Of these fields the present values, in stored form, that are neither what the asker saw nor what was proposed."""
        present = {name: events.stored(self._value(name)) for name in changes}
        return {name: present[name] for name, (old, new) in changes.items() if present[name] not in (old, new)}

    def _value(self, name: str) -> Any:
        if name == ACCOUNT:
            return self.account_id
        return list(self.lines) if name == contacts.LINES else getattr(self.contact, name)


def standing(work: Work, *, people: Iterable[Contact]) -> dict[int, Standing]:
    """Each of these contacts by number; in two statements, however many they are."""
    known = {one.id: one for one in people}
    mains, lines = contacts.mains_of(work, contact_ids=known), contacts.lines_of(work, contact_ids=known)
    return {number: Standing(one, mains.get(number), lines.get(number, [])) for number, one in known.items()}
