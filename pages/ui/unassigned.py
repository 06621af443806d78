"""The table of unassigned leads: proposal and reason beside each, single ones changed in place (ASG-3)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import assignment, organisation, users
from services.assignment import Proposal
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.work import Work

SIZE, ROW = 50, 36
CHOSEN, ANEW = "unassigned:chosen", "unassigned:anew"
KINDS: Mapping[str, str] = {"all": N_("All"), "with": N_("With a proposal"), "without": N_("Without")}
ROLES = ("rep", "sales_manager")
Row = dict[str, Any]


def chosen() -> dict[int, int | None]:
    """What the person has changed by hand: lead → person, or None for one that is left out."""
    held: dict[int, int | None] = st.session_state.setdefault(CHOSEN, {})
    return held


def choose(lead_id: int, person: int | None) -> None:
    """Give a lead to somebody else than proposed, or with None leave it out; the table is drawn anew with it."""
    chosen()[lead_id] = person
    _draw_anew()


def forget() -> None:
    """Back to what the rules propose; for callbacks."""
    st.session_state.pop(CHOSEN, None)
    _draw_anew()


def _draw_anew() -> None:
    """The table becomes another one, without what was typed into the one before."""
    st.session_state[ANEW] = st.session_state.get(ANEW, 0) + 1


def following(work: Work, page: Sequence[Proposal]) -> list[Proposal]:
    """These leads as “Assign all” would give them: after what was chosen by hand, the others follow in turn (ASG-2)."""
    if not chosen():
        return list(page)
    now = {one.lead_id: one for one in assignment.proposals(work, chosen=chosen())}
    return [now.get(one.lead_id, one) for one in page]


def wanted(found: Sequence[Proposal]) -> list[Proposal]:
    """Those that the choice above the table leaves: with or without a proposal, of one branch."""
    kind, branch = st.query_params.get("kind", "all"), st.query_params.get("branch", "")
    here = [one for one in found if not branch or str(one.branch_id) == branch]
    return {
        "with": [one for one in here if one.user_id],
        "without": [one for one in here if not one.user_id],
    }.get(kind, here)


def choice(found: Sequence[Proposal]) -> None:
    """With or without a proposal; for the head office also which branch."""
    with session.reading() as work:
        head_office = work.actor.branch_id is None
        branches = {str(b.id): text.branch_name(b) for b in organisation.branches(work)} if head_office else {}
    present = {str(one.branch_id) for one in found}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _choose("kind", list(KINDS), {name: _(label) for name, label in KINDS.items()})
        asked = st.query_params.get("branch")
        if offered := [one for one in branches if one in present or one == asked]:
            st.session_state["unassigned:branch"] = asked if asked in offered else None
            st.selectbox(
                _("Branch"), offered, format_func=branches.get, key="unassigned:branch", placeholder=_("All branches"),
                label_visibility="collapsed", index=None, width=200, on_change=_set, args=("branch",),
            )  # fmt: skip


def _choose(name: str, offered: list[str], labels: Mapping[str, str]) -> None:
    asked = st.query_params.get(name)
    st.session_state[f"unassigned:{name}"] = asked if asked in offered else offered[0]
    st.segmented_control(
        labels[offered[0]], offered, format_func=labels.get, key=f"unassigned:{name}", label_visibility="collapsed",
        required=True, on_change=_set, args=(name,),
    )  # fmt: skip


def _set(name: str) -> None:
    given = st.session_state.get(f"unassigned:{name}") or ""
    kept = {**st.query_params.to_dict(), name: given, "page": ""}
    st.query_params.from_dict({key: value for key, value in kept.items() if value})


def rows(work: Work, page: Sequence[Proposal], names: Mapping[int, str]) -> list[Row]:
    """The cells of one page in the reader's words."""
    seen = assignment.shown(work, lead_ids=[one.lead_id for one in page])
    known = configuration(work)
    lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
    return [
        {
            "id": one.lead_id,
            "lead": " · ".join(filter(None, (lead["topic"], lead["company"] or lead["person"]))),
            "place": lead["place"] or text.DASH,
            "line": lines.get(lead["line"], lead["line"]),
            "source": known.label(lead["source_id"], text.language()) or text.DASH,
            "came": text.day(text.wall(lead["created_at"]).date()),
            "owner": one.user_id,
            "why": _why(one, names),
            "open": f"/lead?id={one.lead_id}",
        }
        for one in page
        if (lead := seen.get(one.lead_id))
    ]


def people(work: Work, found: Sequence[Proposal]) -> dict[int, str]:
    """Who can be chosen, with the branch where there are several."""
    branches = {} if work.actor.branch_id else {b.id: text.branch_name(b) for b in organisation.branches(work)}
    offered = users.colleagues(work, roles=ROLES, limit=1000)
    missing = {one.user_id for one in found if one.user_id} - {row.id for row in offered}
    rows = [*offered, *users.named(work, ids=missing)] if missing else offered
    return {row.id: " · ".join(filter(None, (row.name, branches.get(row.branch_id)))) for row in rows}


def editor(drawn: Sequence[Row], offered: Mapping[int, str]) -> None:
    """The table; the column of the owner is changed in place, by mouse or keyboard.

    It stays the same one while the others' proposals follow, so that the keyboard goes on from where it is.
    """
    key = f"unassigned:table:{st.session_state.get(ANEW, 0)}:{hash(tuple(row['id'] for row in drawn))}"
    frame = pd.DataFrame(drawn).astype({"owner": "Int64"})  # or a missing one makes fractions of all
    st.data_editor(
        frame, key=key, hide_index=True, width="stretch", height=ROW * (len(drawn) + 1), row_height=ROW,
        column_order=("lead", "owner", "why", "place", "line", "source", "came", "open"), column_config=_columns(offered),
        disabled=("lead", "place", "line", "source", "came", "why", "open"), on_change=_changed,
        args=(key, [row["id"] for row in drawn]), alt=_("Unassigned leads"), placeholder=text.DASH,
    )  # fmt: skip


def cards(drawn: Sequence[Row], offered: Mapping[int, str], change: Callable[[Row], None]) -> None:
    """The same as cards, which a phone shows in place of the table; a click on one lets ``change`` ask who gets it."""
    rows = {row["id"]: row for row in drawn}
    named = [row | {"owner": offered.get(row["owner"] or 0) or _("nobody yet")} for row in rows.values()]
    names = ("lead", "owner", "why", "place", "line", "source", "came")
    columns = _columns(offered)
    table(
        [TableColumn(name, columns[name]["label"], sortable=False) for name in names], named, key="unassigned:cards",
        labels=table_labels(_, table=_("Unassigned leads")), on_open=lambda lead_id: change(rows[lead_id]),
    )  # fmt: skip


def _why(one: Proposal, names: Mapping[int, str]) -> str:
    if one.lead_id in chosen():
        return _("chosen by hand") if one.user_id else _("left out")
    return names.get(one.rule_id or 0) or _(one.reason)


def _columns(offered: Mapping[int, str]) -> dict[str, Any]:
    shown = st.column_config
    return {
        "lead": shown.TextColumn(_("Lead"), width=245),
        "place": shown.TextColumn(_("Region"), width=65),
        "line": shown.TextColumn(_("Product line"), width=85),
        "source": shown.TextColumn(_("Source"), width=115),
        "came": shown.TextColumn(_("Came in"), width=85),
        "owner": shown.SelectboxColumn(
            _("Proposed owner"), options=list(offered), format_func=lambda one: offered.get(one, text.DASH),
            width=150, help=_("Choose somebody else, or clear the cell to leave the lead out."),
        ),
        "why": shown.TextColumn(_("Rule, or why nobody"), width=150),
        "open": shown.LinkColumn("", display_text="↗", width=40, help=_("Opens the lead in another tab")),
    }  # fmt: skip


def _changed(key: str, ids: Sequence[int]) -> None:
    edited: Mapping[int, Row] = (st.session_state.get(key) or {}).get("edited_rows", {})
    for place, cells in edited.items():
        if "owner" in cells and int(place) < len(ids):
            person = cells["owner"]
            chosen()[ids[int(place)]] = None if person is None else int(person)


def summary(found: Sequence[Proposal]) -> None:
    """How many have a proposal, and why the others have none."""
    reasons = Counter(one.reason for one in found if not one.user_id)
    with_one = len(found) - reasons.total()
    said = [_("{count} with a proposal").format(count=f"**{with_one:,}**")]
    said += [f"**{count:,}** × {text.plain(_(reason).rstrip('.。'))}" for reason, count in reasons.most_common()]
    st.caption(" · ".join(said))
