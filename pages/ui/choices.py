"""What filters offer, in the reader's words and within the reader's reach."""

from typing import Any

from pages.ui import text
from pages.ui.text import _
from services import activities, organisation, users
from services.activities.fields import PRIORITIES
from services.activities.listing import VIEWS
from services.core.configuration import configuration
from services.core.listing import ListSpec
from services.core.work import Work

Choices = list[tuple[Any, str]]


def of(work: Work, spec: ListSpec) -> dict[str, Choices]:
    """Filter name → (value, label); a filter with nothing to choose from is left out."""
    offered = {one.name: _offered(work, one.choices) for one in spec.filters if one.choices}
    return {name: found for name, found in offered.items() if found}


def _offered(work: Work, kind: str) -> Choices:
    if kind.startswith("code:"):
        return [(c.id, c.label(text.language())) for c in configuration(work).choices(kind.removeprefix("code:"))]
    return OFFERED[kind](work) if kind in OFFERED else []


OFFERED = {
    "views": lambda _work: [(name, _(label)) for name, label in VIEWS.items()],
    "states": lambda _work: [(state.value, _(label)) for state, label in activities.STATES.items()],
    "priorities": lambda _work: [(name, _(label)) for name, label in PRIORITIES.items()],
    "people": lambda work: [(person.id, person.name) for person in users.colleagues(work)],
    "branches": lambda work: [(branch.id, text.branch_name(branch)) for branch in organisation.branches(work)],
    "lines": lambda work: [(line.code, text.label(line)) for line in organisation.product_lines(work)],
}
