"""The drawer that converts a lead: customer, contact, opportunity, each new, an existing one, or none (LEAD-5)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui import actions, doubles, forms, pickers, session, text
from pages.ui.changes import field_label
from pages.ui.doubles import REASON
from pages.ui.text import _
from services import conversion, leads
from services.conversion import Choice, Existing, Match, New, Preview, Target
from services.core.errors import N_
from services.core.fields import Field

NEW, OTHER, NONE = "new", "other", "none"
SECTIONS: Mapping[str, tuple[str, str]] = {
    "account": (N_("Customer"), N_("New customer")),
    "contact": (N_("Contact"), N_("New contact")),
    "opportunity": (N_("Opportunity"), N_("New opportunity")),
}
LABELS = {"account": N_("Customer name"), "contact": N_("Name"), "opportunity": N_("Topic")}


def ask(lead_id: int) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Convert"), _drawer, lead_id, form=_form(lead_id))


def _form(lead_id: int) -> str:
    return f"convert-{lead_id}"


def _drawer(lead_id: int) -> None:
    form = _form(lead_id)
    with session.reading() as work:
        seen, lead = conversion.preview(work, lead_id=lead_id), leads.card(work, lead_id=lead_id)
    now = {f"{kind}.name": _of(seen, kind).values.get("name") for kind in SECTIONS}
    forms.begin(form, _names(), now)
    _before, version = forms.since(form, (*_names(), *leads.FIELDS), {**now, **lead.values}, seen.version)
    _section(form, "account", seen.account)
    customer = _customer(form)
    _section(form, "contact", seen.contact)
    _section(form, "opportunity", _with(seen.opportunity, customer))
    st.caption(_along(seen, to_customer=customer is not None))

    def act() -> bool:
        chosen = {kind: _chosen(form, kind) for kind in SECTIONS}
        needed: dict[str, Any] = {
            f"{kind}.name": one.values.get("name") for kind, one in chosen.items() if isinstance(one, New)
        }
        if st.session_state.get(f"form:{form}:account") == OTHER:
            needed["account"] = chosen["account"]
        return actions.perform(
            conversion.convert,
            form=form,
            done=_("Converted."),
            needed=needed,
            lead_id=lead_id,
            version=version,
            **chosen,
        )

    actions.submit(_("Convert"), form=form, act=act)


def _names() -> list[Field]:
    return [Field(f"{kind}.name", LABELS[kind], required=True) for kind in SECTIONS]


def _of(seen: Preview, kind: str) -> Target:
    target: Target = getattr(seen, kind)
    return target


def _section(form: str, kind: str, target: Target) -> None:
    """What exists already comes first; a name that a new one cannot have is asked for again."""
    key, matches = f"form:{form}:{kind}", {str(one.id): one for one in target.matches}
    offered = [*matches, *([NEW] if target.may_make else []), *([OTHER] if kind == "account" else []), NONE]
    title, new = SECTIONS[kind]
    if offered == [NONE]:
        st.session_state.pop(key, None)  # kept while not drawn, it would stand against what the radio shows then
        st.caption(f"**{_(title)}**: {_(NOTHING[kind])}")
        return
    if st.session_state.get(key) not in offered:
        st.session_state[key] = offered[0]
    labels = {NEW: _(new), OTHER: _("Another customer"), NONE: _("None")} | {n: _label(m) for n, m in matches.items()}
    captions = _captions(offered, matches)
    st.radio(_(title), offered, key=key, format_func=lambda value: labels[value], captions=captions, **forms.KEPT)
    if st.session_state[key] == NEW:
        _name(form, kind, target)
        _why_new(form, kind, target)
    elif st.session_state[key] == OTHER:
        pickers.one(f"{_('Customer')} *", key=f"{key}:{OTHER}", kind="account")
    forms.problem(form, kind)


def _customer(form: str) -> int | str | None:
    """The customer that is chosen so far: NEW, the id of one that exists, or none."""
    chosen = _chosen(form, "account")
    return NEW if isinstance(chosen, New) else chosen.id if chosen else None


def _with(opportunities: Target, customer: int | str | None) -> Target:
    """Only those of the chosen customer; without one, none can be made."""
    if customer is None:
        return replace(opportunities, may_make=False)
    return replace(opportunities, matches=[one for one in opportunities.matches if one.account_id == customer])


def _name(form: str, kind: str, target: Target) -> None:
    """The name of the new one, and what the lead says that a new one could not hold."""
    st.session_state.setdefault(
        forms.key_of(form, f"{kind}.name"), target.values.get("name") or ""
    )  # gone while not drawn
    forms.one(form, Field(f"{kind}.name", LABELS[kind], required=True), {})
    said, typed = actions.problems(form), st.session_state.get(forms.key_of(form, f"{kind}.name"))
    corrected = {"name"} if typed != target.values.get("name") or not typed else set()
    for name, reason in target.wrong.items():
        if f"{kind}.{name}" not in said and name not in corrected:
            label = "" if name == "name" else f"{field_label(kind, name)}: "
            st.markdown(f":orange[:material/warning: {text.plain(label + text.worded(reason))}]")
    for name in said:
        if name.startswith(f"{kind}.") and name not in (f"{kind}.name", f"{kind}.{REASON.name}"):
            st.caption(text.plain(field_label(kind, name.partition(".")[2])))
            forms.problem(form, name)


def _why_new(form: str, kind: str, target: Target) -> None:
    """Where one exists already, also out of sight, a new one needs a reason (ACCT-3)."""
    name = f"{kind}.{REASON.name}"
    doubles.elsewhere(target.alike)
    if target.alike.needs_reason or name in actions.problems(form):
        forms.one(form, replace(REASON, name=name), {})


def _label(one: Match) -> str:
    return text.plain(" · ".join(part for part in (one.name, one.detail) if part))


def _captions(offered: list[str], matches: Mapping[str, Match]) -> list[str]:
    return [_caption(matches[value]) if value in matches else "" for value in offered]


def _caption(one: Match) -> str:
    """Why it may be the same, and what would be filled."""
    if not one.open:
        return _("{why}; used as it is, because you may not change it").format(why=text.worded(one.why))
    if not one.fills:
        return text.worded(one.why)
    return _("{why}; empty fields are filled").format(why=text.worded(one.why))


def _along(seen: Preview, *, to_customer: bool) -> str:
    """What goes along with the lead, if there is a customer for it to go to."""
    undo = _("It can be undone within 24 hours, as long as nobody changes what was made.")
    if not to_customer or not (seen.activities or seen.attachments):
        return undo
    said = _("{activities} open activities and {files} files go along to the customer.")
    return f"{said.format(activities=seen.activities, files=seen.attachments)} {undo}"


def _chosen(form: str, kind: str) -> Choice:
    value = st.session_state.get(f"form:{form}:{kind}")
    if value == NEW:
        name: Any = st.session_state.get(forms.key_of(form, f"{kind}.name"))
        reason: Any = st.session_state.get(f"form:{form}:{kind}.{REASON.name}")
        return New({"name": (name or "").strip()} if name else {}, (reason or "").strip() or None)
    if value == OTHER:
        value = st.session_state.get(f"form:{form}:{kind}:{OTHER}")
    return None if value in (NONE, None) else Existing(int(value))


NOTHING = {
    "account": N_("nobody to choose"),
    "contact": N_("nobody to choose; the rep enters one at the customer"),
    "opportunity": N_("needs a customer"),
}
