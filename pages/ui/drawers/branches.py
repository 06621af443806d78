"""The drawers of a branch: its names, and the provinces and cities it covers (ADM-1)."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import actions, forms, session
from pages.ui.text import _
from services import organisation, regions
from services.core.errors import N_
from services.core.fields import Field, Kind

FIELDS = organisation.BRANCH_FIELDS
REGIONS = Field("region_codes", N_("Provinces and cities"), Kind.LINES)


def ask(what: str = "new", branch_id: int = 0) -> None:
    """Have a drawer open at the next drawing; for callbacks."""
    title, content = DRAWERS[what]
    actions.ask(_(title), content, branch_id, form=f"branch-{branch_id}")


def act(action: str, branch_id: int, rows: Sequence[Any]) -> None:
    """What a row's click or menu does; for the table's callback."""
    row = next(one for one in rows if one.id == branch_id)
    if action == "switch":
        actions.perform(organisation.switch_branch, branch_id=branch_id, active=not row.active, done=_("Saved."))
    else:
        ask(action, branch_id)


def _new(branch_id: int) -> None:
    form = f"branch-{branch_id}"
    forms.begin(form, FIELDS, {})
    forms.draw(form, FIELDS, {})

    def act() -> bool:
        given = {name: value or "" for name, value in forms.values(form, FIELDS).items()}
        return actions.perform(organisation.add_branch, form=form, done=_("Saved."), **given)

    actions.submit(_("Save"), form=form, act=act)


def _names(branch_id: int) -> None:
    form = f"branch-{branch_id}"
    with session.reading() as work:
        branch = organisation.branch(work, branch_id=branch_id)
        values, version = {field.name: getattr(branch, field.name) for field in FIELDS}, branch.version
    forms.begin(form, FIELDS, values)
    before, seen = forms.since(form, FIELDS, values, version)
    forms.draw(form, FIELDS, {})

    def act() -> bool:
        given = {name: value or "" for name, value in forms.changes(form, FIELDS, before).items()}
        told = {"branch_id": branch_id, "changes": given, "version": seen}
        return actions.perform(organisation.change_branch, form=form, done=_("Saved."), **told)

    actions.submit(_("Save"), form=form, act=act)


def _regions(branch_id: int) -> None:
    form = f"branch-{branch_id}"
    with session.reading() as work:
        version = organisation.branch(work, branch_id=branch_id).version
        covered = [row.code for row in organisation.regions_of(work, branch_id=branch_id)]
    forms.begin(form, [REGIONS], {REGIONS.name: covered})
    seen = forms.since(form, [REGIONS], {REGIONS.name: covered}, version)[1]
    places = {p.code: p.name for province in regions.children() for p in (province, *regions.children(province.code))}
    st.multiselect(
        _(REGIONS.label), list(places), format_func=places.get, key=forms.key_of(form, REGIONS.name),
        placeholder=_("Choose"), help=_("A city goes before its province."), **forms.KEPT,
    )  # fmt: skip
    forms.problem(form, REGIONS.name)

    def act() -> bool:
        told = forms.values(form, [REGIONS]) | {"branch_id": branch_id, "version": seen}
        return actions.perform(organisation.cover, form=form, done=_("Saved."), **told)

    actions.submit(_("Save"), form=form, act=act)


DRAWERS = {"new": (N_("New branch"), _new), "edit": (N_("Edit"), _names), "regions": (N_("Regions"), _regions)}
