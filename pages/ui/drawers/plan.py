"""The drawer in which an activity is planned, copied to several customers, or assigned to reps (ACT-1, ACT-2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import streamlit as st

from pages.ui import actions, forms, pickers, session, text
from pages.ui.text import _
from services import activities
from services.activities import FIELDS
from services.activities.planning import Repeat
from services.core.configuration import Configuration, configuration
from services.core.errors import N_
from services.core.work import Work

FIRST = [field for field in FIELDS if field.first and field.name != "account_id"]
MORE = [field for field in FIELDS if not field.first]
ACCOUNT, LEAD = (next(field for field in FIELDS if field.name == name) for name in ("account_id", "lead_id"))
REPEATS: Mapping[str, tuple[str, Repeat]] = {
    "once": (N_("once"), Repeat()),
    "daily": (N_("every day"), Repeat(days=1)),
    "weekly": (N_("every week"), Repeat(days=7)),
    "monthly": (N_("every month"), Repeat(months=1)),
}


def button(label: str, *, key: str, **start: Any) -> None:
    """A button that opens the drawer, with some fields filled in."""
    st.button(
        label, icon=":material/add:", type="primary", key=f"plan:{key}", on_click=ask, kwargs={"key": key, **start}
    )


def ask(*, key: str, **start: Any) -> None:
    """Have the drawer open at the next drawing; for callbacks of calendars and boards."""
    title = _("Assign an activity") if start.get("assign") else _("Plan an activity")
    actions.ask(title, _drawer, key, start, form=f"plan-{key}")


def _drawer(key: str, start: Mapping[str, Any]) -> None:
    form, assign = f"plan-{key}", bool(start.get("assign"))
    with session.reading() as work:
        offered, beginning = forms.options(work, FIELDS), _beginning(work, start)
    forms.begin(form, FIELDS, beginning)
    about_lead, more = "lead_id" in start, [field for field in MORE if field is not LEAD or "lead_id" not in start]
    for name in ("contact_ids", "owner_ids"):
        st.session_state.setdefault(f"form:{form}:{name}", list(start.get(name, ())))
    if about_lead:
        forms.one(form, LEAD, offered)
    if assign:
        _owners(form)
        forms.one(form, ACCOUNT, offered)
    else:
        _accounts(form)
    forms.draw(form, FIRST, offered)
    with st.expander(_("More"), expanded=any(field.name in actions.problems(form) for field in more)):
        _people(form, assign)
        forms.draw(form, more, offered)
        if not assign:
            _repeat(form)
    label, act = (_("Assign"), lambda: _assign(form, start)) if assign else (_("Plan"), lambda: _plan(form, start))
    actions.submit(label, form=form, act=act)


def _beginning(work: Work, start: Mapping[str, Any]) -> dict[str, Any]:
    """What the drawer starts from: the commonest type, the next working quarter of an hour, one hour long."""
    known = configuration(work)
    first_type = next((code.id for code in known.choices("activity_type")), None)
    begin = start.get("planned_start") or _next_slot(text.wall(work.now), known)
    end = start.get("planned_end") or begin + timedelta(hours=1)
    return {"priority": "normal", "type_id": first_type, **start, "planned_start": begin, "planned_end": end}


def _next_slot(now: datetime, known: Configuration) -> datetime:
    opens, closes = time(known.setting("day_starts") + 1), time(min(known.setting("day_ends"), 24) - 2)
    if now.time() < opens:
        slot = datetime.combine(now, opens)
    elif now.time() > closes:
        slot = datetime.combine(now + timedelta(days=1), opens)
    else:
        slot = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
    return text.instant(slot)


def _accounts(form: str) -> None:
    key = f"form:{form}:account_ids"
    st.session_state.setdefault(key, [a for a in [st.session_state.get(f"form:{form}:account_id")] if a])
    pickers.many(
        _("Customer"), key=key, kind="account", hint=_("Several customers: one visit each, one after the other.")
    )
    forms.problem(form, "account_id")


def _owners(form: str) -> None:
    key = f"form:{form}:owner_ids"
    pickers.many(f"{_('Reps')} *", key=key, kind="user", hint=_("Several reps: one activity each."))
    forms.problem(form, "owner_ids")


def _people(form: str, assign: bool) -> None:
    """Whom one meets at the one chosen customer, and which colleagues come along."""
    accounts: Sequence[int] = st.session_state.get(f"form:{form}:account_ids") or []
    account_id = (
        st.session_state.get(f"form:{form}:account_id") if assign else accounts[0] if len(accounts) == 1 else None
    )
    _forget_contacts_of_others(form, account_id)
    if account_id:
        pickers.many(_("Contacts"), key=f"form:{form}:contact_ids", kind="contact", account_id=account_id)
    if not assign:
        pickers.many(_("With"), key=f"form:{form}:participant_ids", kind="user")


def _forget_contacts_of_others(form: str, account_id: int | None) -> None:
    """Who was chosen at one customer is not met at another."""
    key = f"form:{form}:of"
    if st.session_state.setdefault(key, account_id) != account_id:
        st.session_state[key], st.session_state[f"form:{form}:contact_ids"] = account_id, []


def _chosen(form: str, name: str) -> Sequence[int]:
    return st.session_state.get(f"form:{form}:{name}") or []


def _repeat(form: str) -> None:
    names = {name: _(label) for name, (label, _repeat_) in REPEATS.items()}
    st.segmented_control(
        _("Repeat"), list(names), format_func=names.get, key=f"form:{form}:repeat", default="once", required=True
    )
    st.number_input(_("How many times"), step=1, value=1, key=f"form:{form}:times")


def _given(form: str) -> dict[str, Any]:
    return {name: value for name, value in forms.values(form, FIELDS).items() if value is not None}


def _plan(form: str, start: Mapping[str, Any]) -> bool:
    account_ids, repeat = _chosen(form, "account_ids"), _chosen_repeat(form)
    given = _given(form) | {"account_id": None}
    people = {name: _chosen(form, name) for name in ("contact_ids", "participant_ids")} | _followed(start)
    if len(account_ids) < 2 and repeat.times == 1:
        given["account_id"] = account_ids[0] if account_ids else None
        return actions.perform(activities.plan, values=given, form=form, done=_("Planned."), **people)
    return actions.perform(
        activities.plan_many,
        values=given,
        account_ids=account_ids or [None],
        repeat=repeat,
        form=form,
        done=_("Planned."),
        **people,
    )


def _followed(start: Mapping[str, Any]) -> dict[str, Any]:
    return {"follows_id": start["follows_id"]} if "follows_id" in start else {}


def _chosen_repeat(form: str) -> Repeat:
    chosen = REPEATS[st.session_state.get(f"form:{form}:repeat") or "once"][1]
    typed = st.session_state.get(f"form:{form}:times")
    times = 1 if typed is None else int(typed)
    return Repeat(times=times, days=chosen.days, months=chosen.months) if chosen != Repeat() else chosen


def _assign(form: str, start: Mapping[str, Any]) -> bool:
    people = {name: _chosen(form, name) for name in ("owner_ids", "contact_ids")} | _followed(start)
    return actions.perform(activities.assign, values=_given(form), form=form, done=_("Assigned."), **people)
