"""What filters offer, in the reader's words and within the reader's reach."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import codes, jobs, look, records, session, text
from pages.ui.text import _
from services import (
    accounts,
    activities,
    audit,
    delivery,
    handover,
    imports,
    leads,
    organisation,
    regions,
    run_log,
    users,
)
from services.activities import figures
from services.activities.fields import PRIORITIES
from services.activities.listing import VIEWS
from services.core.configuration import configuration
from services.core.listing import Filter
from services.core.work import Work
from services.lead_figures import counting as lead_figures

Choices = list[tuple[Any, str]]


def offer(filters: Sequence[Filter]) -> dict[str, Choices]:
    """Filter name → (value, label) for these filters; one with nothing to choose from offers nothing."""
    with session.reading() as work:
        return {one.name: _offered(work, one.choices) for one in filters if one.choices}


def _offered(work: Work, kind: str) -> Choices:
    if kind.startswith("code:"):
        return codes.offered(configuration(work), kind.removeprefix("code:"))
    return OFFERED[kind](work) if kind in OFFERED else []


def _figure(work: Work) -> Choices:
    """The figure whose records are listed, if one was opened; it can only be let go."""
    given = st.query_params.get("figure")
    return [(given, figures.worded(work, given))] if given else []


def _lead_figure(work: Work) -> Choices:
    """The same for a figure of leads."""
    given = st.query_params.get("figure")
    return [(given, lead_figures.worded(work, given))] if given else []


def _import_job(work: Work) -> Choices:
    """The import whose leads are listed, if one was opened."""
    given = st.query_params.get("import_job", "")
    return [(given, name) for name in imports.names(work, ids=[given]).values()] if given else []


def _actions() -> Choices:
    """What happens to records, each word once, whichever actions it stands for."""
    worded: dict[str, list[str]] = {}
    for action in records.ACTIONS:
        worded.setdefault(records.words_of(action), []).append(action)
    return [(",".join(worded[label]), label) for label in sorted(worded)]


OFFERED = {
    "import_jobs": _import_job,
    "import_states": lambda _work: [(state.value, _(label)) for state, label in imports.STATES.items()],
    "views": lambda _work: [(name, _(label)) for name, label in VIEWS.items()],
    "figures": _figure,
    "lead_figures": _lead_figure,
    "states": lambda _work: [(state.value, _(label)) for state, label in activities.STATES.items()],
    "lead_views": lambda _work: [(name, _(label)) for name, label in leads.VIEWS.items()],
    "lead_states": lambda _work: [(state.value, _(label)) for state, label in leads.STATES.items()],
    "lead_source_groups": lambda work: [
        (one.code, one.label(text.language())) for one in configuration(work).choices("lead_source_group")
    ],
    "ratings": lambda _work: [(name, _(label)) for name, label in leads.RATINGS.items()],
    "priorities": lambda _work: [(name, _(label)) for name, label in PRIORITIES.items()],
    "people": lambda work: [(person.id, person.name) for person in users.colleagues(work)],
    "branches": lambda work: (
        [] if work.actor.branch_id else [(b.id, text.branch_name(b)) for b in organisation.branches(work)]
    ),
    "mine": lambda _work: [("1", _("mine")), ("0", _("of others"))],
    "account_statuses": lambda _work: [(name, _(label)) for name, label in accounts.STATUSES.items()],
    "roles": lambda _work: [(role, _(label)) for role, label in users.ROLES.items()],
    "yes_no": lambda _work: [("1", _("yes")), ("0", _("no"))],
    "record_kinds": lambda _work: [(kind, _(label)) for kind, label in audit.KINDS.items()],
    "channels": lambda _work: [(channel.value, _(label)) for channel, label in audit.CHANNELS.items()],
    "message_states": lambda _work: [(state.value, _(label)) for state, label in delivery.STATES.items()],
    "run_states": lambda _work: [(state.value, _(label)) for state, label in run_log.STATES.items()],
    "jobs": lambda _work: [(name, _(label)) for name, label in jobs.RULES.items()],
    "actions": lambda _work: _actions(),
    "handover_states": lambda _work: [(state.value, _(label)) for state, label in handover.STATES.items()],
    "routes": lambda _work: [(route, _(label)) for route, label in look.ROUTES.items()],
    "grades": lambda _work: [(grade, grade) for grade in accounts.GRADES],
    "provinces": lambda _work: [(place.code, place.name) for place in regions.children()],
    "cities": lambda _work: [
        (place.code, place.name) for place in regions.children(st.query_params.get("province") or "-")
    ],
    "lines": lambda work: [(line.code, text.label(line)) for line in organisation.product_lines(work)],
}
