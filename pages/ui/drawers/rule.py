"""The drawer of an assignment rule: when it fits, then who (ASG-1)."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui import actions, forms, session, text, trials
from pages.ui.text import _
from services import assignment, organisation, regions, users
from services.assignment import FIELDS, LISTS, TOLD, Rule
from services.core.configuration import configuration
from services.core.work import Work

Offered = Mapping[str, Mapping[Any, str]]
NAMES = (*(field.name for field in FIELDS), *LISTS)
LESS_USED = ("category_ids", "customer_kind_ids")
BY_NAME = {field.name: field for field in FIELDS}


def ask(rule_id: int = 0) -> None:
    """Have the drawer open at the next drawing, for a new rule or for one that is there; for callbacks."""
    trials.forget("rule")
    actions.ask(_("Edit") if rule_id else _("New rule"), _drawer, rule_id, form=f"rule-{rule_id}")


def _drawer(rule_id: int) -> None:
    form = f"rule-{rule_id}"
    with session.reading() as work:
        single, several = forms.options(work, FIELDS), offered(work)
        rule = assignment.rule(work, rule_id=rule_id) if rule_id else None
    values = _entered(rule) if rule else {}
    _begin(form, values)
    version = forms.since(form, TOLD, values, rule.version)[1] if rule else 0
    forms.one(form, BY_NAME["name"], single)
    st.markdown(f"**{_('Conditions')}**", help=_("What is left empty fits everything."))
    _many(form, "region_codes", several)
    forms.one(form, BY_NAME["line"], single)
    _many(form, "source_groups", several)
    st.markdown(f"**{_('Then')}**", help=_("Several reps take turns: the one who has waited longest is next."))
    _many(form, "rep_ids", several)
    with st.expander(_("More conditions, validity"), expanded=_in_use(form)):
        for name in LESS_USED:
            _many(form, name, several)
        for pair in assignment.RANGES:
            _side_by_side(form, pair, single)

    def act() -> bool:
        given = typed(form)
        if rule_id:
            more = {"rule_id": rule_id, "version": version, "changes": given}
            return actions.perform(assignment.change, form=form, done=_("Saved."), **more)
        return actions.perform(assignment.add, form=form, done=_("Saved."), values=given)

    actions.submit(_("Save"), form=form, act=act)
    trials.button(form, "rule", lambda: {"rule_id": rule_id, "values": typed(form)})


def _entered(rule: Rule) -> dict[str, Any]:
    """What stands in the form of a rule that is there."""
    held = {name: getattr(rule, name) for name in NAMES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in held.items()}


def offered(work: Work) -> Offered:
    """What the choosing fields of a rule offer, by name: the actor's own branch and its regions."""
    known, language = configuration(work), text.language()
    branch_id = work.actor.branch_id
    return {
        "region_codes": _places(work),
        "source_groups": {one.code: one.label(language) for one in known.choices("lead_source_group")},
        "category_ids": {one.id: one.label(language) for one in known.choices("product_category")},
        "customer_kind_ids": {one.id: one.label(language) for one in known.choices("account_kind")},
        "rep_ids": {row.id: row.name for row in users.colleagues(work, branch_id=branch_id, roles=["rep"])},
    }


def _places(work: Work) -> dict[str, str]:
    """What the branch covers, and what lies in it."""
    covered = [row.code for row in organisation.regions_of(work, branch_id=work.actor.branch_id or 0)]
    places = [code for code in covered for code in (code, *(place.code for place in regions.children(code)))]
    return {code: regions.name(code) for code in dict.fromkeys(places)}


def _begin(form: str, values: Mapping[str, Any]) -> None:
    if not st.session_state.get(f"form:{form}:open"):
        forms.begin(form, FIELDS, values)
        for name in LISTS:
            st.session_state[forms.key_of(form, name)] = list(values.get(name) or ())


def typed(form: str) -> dict[str, Any]:
    """What stands in the form now; for callbacks."""
    lists = {name: list(st.session_state.get(forms.key_of(form, name)) or ()) for name in LISTS}
    return forms.values(form, FIELDS) | lists


def _in_use(form: str) -> bool:
    names = (*LESS_USED, *(name for pair in assignment.RANGES for name in pair))
    return any(st.session_state.get(forms.key_of(form, name)) or name in actions.problems(form) for name in names)


def _many(form: str, name: str, offered: Offered) -> None:
    key, options = forms.key_of(form, name), dict(offered[name])
    gone = [one for one in st.session_state.get(key) or () if one not in options]
    options |= {one: _("no longer offered") for one in gone}
    label = f"{_(LISTS[name])} *" if name == "rep_ids" else _(LISTS[name])
    nothing = _("Choose") if name == "rep_ids" else _("all")
    st.multiselect(label, list(options), format_func=options.get, key=key, placeholder=nothing, **forms.KEPT)
    forms.problem(form, name)


def _side_by_side(form: str, pair: tuple[str, str], offered: forms.Options) -> None:
    for column, name in zip(st.columns(2), pair, strict=True):
        with column:
            forms.one(form, BY_NAME[name], offered)
