"""Assignment rules as sentences that a manager reads aloud: when …, then … (ASG-1)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from pages.ui import actions, records, text
from pages.ui.drawers import confirm
from pages.ui.text import _
from services import assignment, organisation, regions, users
from services.assignment import Rule
from services.core.configuration import Configuration, configuration
from services.core.errors import N_
from services.core.work import Work

WHEN: Mapping[str, str] = {
    "region_codes": N_("the region is {these}"),
    "line": N_("the product line is {these}"),
    "source_groups": N_("the source is {these}"),
    "category_ids": N_("the product is {these}"),
    "customer_kind_ids": N_("the customer is {these}"),
}
RANGES: Mapping[str, tuple[str, str, str]] = {
    "value": (N_("the budget is {low} to {high}"), N_("the budget is {low} or more"), N_("the budget is up to {high}")),
    "employees": (
        N_("the customer has {low} to {high} employees"),
        N_("the customer has {low} employees or more"),
        N_("the customer has up to {high} employees"),
    ),
}


@dataclass(frozen=True)
class Names:
    """What people call that which rules name by number."""

    known: Configuration
    people: Mapping[int, str]
    lines: Mapping[str, str]
    today: date


def names(work: Work, rules: Sequence[Rule]) -> Names:
    """Everything that these rules name."""
    ids = {user_id for rule in rules for user_id in rule.rep_ids}
    people = {row.id: row.name for row in users.named(work, ids=ids)}
    lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
    return Names(configuration(work), people, lines, work.today)


def sentence(rule: Rule, named: Names) -> str:
    """“When the region is Nanjing and the budget is 500,000 or more: Anna and Ben in turn.”, as Markdown."""
    conditions = [_one(rule, name, named) for name in WHEN if getattr(rule, name)]
    conditions += [part for name in RANGES if (part := _range(rule, name))]
    when = _("When {conditions}").format(conditions=_(", and ").join(conditions)) if conditions else _("Always")
    return f"{when} → {who(rule, named)}"


def who(rule: Rule, named: Names) -> str:
    """The reps of a rule, and that they take turns when there are several."""
    people = _strong([named.people.get(user_id, text.DASH) for user_id in rule.rep_ids])
    return _("{people} in turn").format(people=people) if len(rule.rep_ids) > 1 else people


def _one(rule: Rule, name: str, named: Names) -> str:
    value = getattr(rule, name)
    those = [_called(name, one, named) for one in (value if isinstance(value, tuple) else (value,))]
    return _(WHEN[name]).format(these=_strong(those, _(" or ")))


def _called(name: str, value: Any, named: Names) -> str:
    if name == "region_codes":
        return regions.name(value)
    if name == "line":
        return named.lines.get(value, value)
    if name == "source_groups":
        groups = {one.code: one.label(text.language()) for one in named.known.codes.get("lead_source_group", ())}
        return groups.get(value, text.DASH)
    return named.known.label(value, text.language()) or text.DASH


def _strong(those: Sequence[str], between: str = "") -> str:
    return (between or _(", ")).join(f"**{text.plain(one)}**" for one in those) or text.DASH


def _range(rule: Rule, name: str) -> str:
    low, high = (getattr(rule, f"{name}_{end}") for end in ("from", "to"))
    if low is None and high is None:
        return ""
    both, least, most = RANGES[name]
    write: Callable[[Any], str] = text.money if name == "value" else text.number
    words = both if low is not None and high is not None else least if low is not None else most
    return _(words).format(**{end: f"**{text.plain(write(value))}**" for end, value in (("low", low), ("high", high))})


def validity(rule: Rule, today: date) -> records.Mark | None:
    """What keeps a rule from counting today, or until when it does."""
    if not rule.active:
        return (_("switched off"), "grey")
    if rule.valid_from and rule.valid_from > today:
        return (_("from {day}").format(day=text.day(rule.valid_from)), "amber")
    if rule.valid_to and rule.valid_to < today:
        return (_("ended {day}").format(day=text.day(rule.valid_to)), "grey")
    return (_("until {day}").format(day=text.day(rule.valid_to)), "slate") if rule.valid_to else None


def draw(rules: Sequence[Rule], named: Names, *, may_change: bool, edit: Callable[[int], None]) -> None:
    """The rules in their order, each a numbered sentence, with what can be done about it at the right."""
    for place, rule in enumerate(rules, 1):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"rule-{rule.id}"):
            with st.container(gap=None, width="stretch"):
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.markdown(f":gray[{place}] **{text.plain(rule.name)}**", width="content")
                    records.marks([mark] if (mark := validity(rule, named.today)) else [])
                said = sentence(rule, named)
                st.markdown(said if rule.active else f":gray[{said}]")
            if may_change:
                _buttons(rule, place, len(rules), edit)


def _buttons(rule: Rule, place: int, count: int, edit: Callable[[int], None]) -> None:
    with st.container(horizontal=True, width="content", gap="xsmall"):
        for up, icon, label in ((True, "arrow_upward", _("Up")), (False, "arrow_downward", _("Down"))):
            st.button(
                "", icon=f":material/{icon}:", type="tertiary", key=f"move:{rule.id}:{icon}", help=label,
                disabled=place == (1 if up else count), on_click=actions.perform, args=(assignment.move,),
                kwargs={"rule_id": rule.id, "up": up},
            )  # fmt: skip
        _menu(rule, edit)


def _ask_delete(rule: Rule) -> None:
    consequence = text.plain(_("The rule “{name}” is deleted for good.").format(name=rule.name))
    confirm.ask(_("Delete"), consequence, assignment.remove, done=_("Deleted."), rule_id=rule.id)


def _menu(rule: Rule, edit: Callable[[int], None]) -> None:
    switched = {"rule_id": rule.id, "active": not rule.active, "done": _("Saved.")}
    acts: dict[str, Callable[[], object]] = {
        _("Edit"): lambda: edit(rule.id),
        _("Switch off") if rule.active else _("Switch on"): lambda: actions.perform(assignment.switch, **switched),
        _("Delete"): lambda: _ask_delete(rule),
    }
    key = f"rule-menu:{rule.id}"

    def chosen() -> None:
        if (picked := st.session_state.get(key)) in acts:
            acts[picked]()

    st.menu_button(_("More"), list(acts), key=key, icon=":material/more_horiz:", on_click=chosen)
