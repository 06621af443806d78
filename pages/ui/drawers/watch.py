"""The board of the live monitor: it redraws itself alone, keeps scroll, selection and drawer, and never flickers (ACT-13)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from pages.ui import actions, cards, look, navigation, records, session, text
from pages.ui.components.monitor import MonitorBlock, MonitorLane, monitor, monitor_labels
from pages.ui.drawers import answer, plan
from pages.ui.text import _
from services import activities, users
from services.activities.watching import FIGURES, figures_of
from services.core.configuration import Configuration, configuration
from services.core.errors import N_

LABELS = {
    "planned": N_("planned"),
    "in_progress": N_("in progress"),
    "ended": N_("ended"),
    "overdue": N_("overdue"),
    "declined": N_("declined"),
    "unanswered": N_("unanswered"),
}
COLOURS = {
    "planned": "violet",
    "in_progress": "blue",
    "ended": "green",
    "overdue": "red",
    "declined": "red",
    "unanswered": "orange",
}
ANSWERS = ("reassign", "insist", "cancel", "withdraw", "review", "change")


def branch(given: str | None, branches: Sequence[Any], own: int | None) -> int | None:
    """Which branch is watched: the own one, or for people of all branches the one in the address."""
    if own is not None:
        return own
    offered = [one.id for one in branches]
    chosen = records.number(given)
    return chosen if chosen in offered else (offered[0] if offered else None)


def toolbar(branches: Sequence[Any], branch_id: int | None, day: date) -> None:
    """Day and, for people of all branches, the branch."""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        for label, shift in (("‹", -1), (_("Today"), 0), ("›", 1)):
            to = datetime.now(text.zone()).date() if shift == 0 else day + timedelta(days=shift)
            st.button(label, key=f"monitor:day:{shift}", on_click=_put, args=("day", to.isoformat()))
        st.markdown(f"**{text.day(day)}**", width="content")
        if session.actor().branch_id is None and len(branches) > 1:
            names = {one.id: text.branch_name(one) for one in branches}
            st.session_state["monitor:branch"] = branch_id
            st.selectbox(
                _("Branch"), list(names), format_func=names.get, key="monitor:branch", label_visibility="collapsed", width=200,
                on_change=lambda: _put("branch", str(st.session_state["monitor:branch"])),
            )  # fmt: skip


def _put(name: str, value: str) -> None:
    st.query_params[name] = value


@st.fragment
def board(branch_id: int | None, day: date) -> None:
    """Key figures, the grid and the ticker; a pulse from the server redraws this part only."""
    if st.session_state.pop("monitor:leave", False):
        st.rerun()  # a drawer opens outside this fragment
    with actions.explained():
        _board(branch_id, day)


def _board(branch_id: int | None, day: date) -> None:
    with session.reading() as work:
        seen = activities.watch(work, day=day, branch_id=branch_id)
        news = activities.news(work, branch_id=branch_id)
        known = configuration(work)
        may_assign = work.actor.may("activity.assign")
        now = work.now
    chosen = _figures(seen.figures)
    rows = [row for row in seen.activities if not chosen or chosen in figures_of(row, now)]
    grid, side = st.columns([5, 1.3])
    with grid:
        monitor(
            [_lane(person, seen) for person in seen.people],
            [_block(row, known) for row in rows],
            key="monitor",
            pulse_url="/live",
            day=day,
            now=text.wall(now),
            labels=monitor_labels(_, title=_("Live monitor"), weekdays=text.weekdays()),
            hours=(known.setting("day_starts"), known.setting("day_ends")),
            on_open=_open,
            on_assign=_assign if may_assign else None,
            on_pulse=lambda _mark: None,
        )
    with side:
        _ticker(news)


def _figures(counts: dict[str, int]) -> str | None:
    labels = {name: f"{_(LABELS[name])} :{COLOURS[name]}[**{counts[name]}**]" for name in FIGURES}
    return st.pills(
        _("Key figures"), list(labels), format_func=labels.get, key="monitor:figure", label_visibility="collapsed"
    )


def _lane(person: Any, seen: activities.Watch) -> MonitorLane:
    role = _(users.ROLES[person.role])
    return MonitorLane(id=person.id, name=person.name, sub=role, counts=_load(seen.loads.get(person.id, 0)))


def _load(count: int) -> str:
    return _("activities: {count}").format(count=count) if count else ""


def _block(row: Any, known: Configuration) -> MonitorBlock:
    return MonitorBlock(
        id=row.id, lane_id=row.owner_id, title=row.account or row.subject, sub=known.label(row.type_id, text.language()),
        start=text.wall(row.started_at or row.planned_start), end=text.wall(row.ended_at or row.planned_end),
        tone=look.block_tone(row), badge=_("overdue") if look.overdue(row) else text.state(row.state),
    )  # fmt: skip


def _ticker(news: Sequence[Any]) -> None:
    st.caption(_("Just now"))
    lines = [_news(one) for one in news]
    st.caption("\n\n".join(lines) if lines else _("Nothing has happened yet."))


def _news(one: Any) -> str:
    who, what = text.plain(one.actor) if one.actor else _("the system"), _(records.ACTIONS.get(one.action, one.action))
    return f":gray[{text.clock(one.at)}] **{who}** {what}  \n{text.plain(one.subject)}"


def _open(activity_id: int) -> None:
    actions.ask(_("Activity"), _drawer, activity_id)
    st.session_state["monitor:leave"] = True


def _assign(person_id: int, begin: str) -> None:
    start = text.instant(datetime.fromisoformat(begin))
    plan.ask(
        key="monitor", assign=True, owner_ids=[person_id], planned_start=start, planned_end=start + timedelta(hours=1)
    )
    st.session_state["monitor:leave"] = True


def _drawer(activity_id: int) -> None:
    with session.reading() as work:
        record = activities.card(work, activity_id=activity_id).activity
        allowed = activities.allowed(work, activity_id=activity_id) & set(ANSWERS)
        known = configuration(work)
    cards.badges(record)
    st.markdown(f"### {text.plain(record.subject)}")
    records.facts(
        [
            (_("Rep"), record.owner),
            (_("Customer"), record.account or ""),
            (_("Planned"), f"{text.moment(record.planned_start)} – {text.clock(record.planned_end)}"),
            (_("Due"), text.moment(record.due_at)),
            (_("Result"), known.label(record.result_id, text.language())),
            (_("Next step"), record.next_step or ""),
        ]
    )
    if record.learned or record.decline_reason:
        st.markdown(f"> {text.lines(record.learned or record.decline_reason)}")
    for label, icon, act in answer.menu(activity_id, allowed):
        if st.button(label, icon=f":material/{icon}:", key=f"watch:{icon}:{label}", width="stretch"):
            act()
            st.rerun()
    st.page_link(
        navigation.file_of("activity"), label=_("Open the whole record"), query_params={"id": str(activity_id)}
    )
