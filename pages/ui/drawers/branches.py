"""The drawers of a branch: its names, and the provinces and cities it covers (ADM-1)."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import actions, forms, session
from pages.ui.text import _
from services import organisation, regions

FIELDS = organisation.BRANCH_FIELDS


def ask(what: str = "new", branch_id: int = 0, **values: Any) -> None:
    """Have a drawer open at the next drawing; for callbacks."""
    title = {"new": _("New branch"), "edit": _("Edit"), "regions": _("Regions")}[what]
    content = _regions if what == "regions" else _names
    actions.ask(title, content, branch_id, values, form=f"branch-{branch_id}")


def act(action: str, branch_id: int, rows: Sequence[Any]) -> None:
    """What a row's click or menu does; for the table's callback."""
    row = next(one for one in rows if one.id == branch_id)
    if action == "switch":
        actions.perform(organisation.switch_branch, branch_id=branch_id, active=not row.active, done=_("Saved."))
    else:
        ask(action, branch_id, **{field.name: getattr(row, field.name) for field in FIELDS})


def _names(branch_id: int, values: dict[str, Any]) -> None:
    form = f"branch-{branch_id}"
    forms.begin(form, FIELDS, values)
    forms.draw(form, FIELDS, {})

    def act() -> bool:
        given = {name: value or "" for name, value in forms.values(form, FIELDS).items()}
        if branch_id:
            return actions.perform(
                organisation.change_branch, branch_id=branch_id, changes=given, form=form, done=_("Saved.")
            )
        return actions.perform(organisation.add_branch, form=form, done=_("Saved."), **given)

    actions.submit(_("Save"), form=form, act=act)


def _regions(branch_id: int, _values: dict[str, Any]) -> None:
    form = f"branch-{branch_id}"
    with session.reading() as work:
        covered = [row.code for row in organisation.regions_of(work, branch_id=branch_id)]
    places = {p.code: p.name for province in regions.children() for p in (province, *regions.children(province.code))}
    st.multiselect(
        _("Provinces and cities"), list(places), default=covered, format_func=places.get, key=f"form:{form}:region_codes",
        placeholder=_("Choose"), help=_("A city goes before its province."),
    )  # fmt: skip
    forms.problem(form, "region_codes")

    def act() -> bool:
        codes = st.session_state.get(f"form:{form}:region_codes") or []
        return actions.perform(organisation.cover, branch_id=branch_id, region_codes=codes, form=form, done=_("Saved."))

    actions.submit(_("Save"), form=form, act=act)
