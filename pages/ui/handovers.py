"""What the screens of handovers are made of: the shares that are typed, and the table of who gets what (ADM-6)."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.ui import pickers, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import accounts, handover, regions
from services.core.errors import N_

FORM = "handover"
KINDS = {
    "account": N_("Customers"),
    "opportunity": N_("Opportunities"),
    "lead": N_("Leads"),
    "activity": N_("Activities"),
    "user": N_("People who report"),
}
#: what one record of a kind is called, and the screen that shows it
SINGLE = {
    "account": N_("Customer"),
    "opportunity": N_("Opportunity"),
    "lead": N_("Lead"),
    "activity": N_("Activity"),
    "user": N_("Person"),
}
ROWS = f"form:{FORM}:rows"
CONDITIONS = ("regions", "grades", "lines")


def key(name: str, row: int | None = None) -> str:
    """Where a field of the form is kept; of a row of the shares, with its number."""
    return f"form:{FORM}:{name}" if row is None else f"form:{FORM}:{name}-{row}"


def shares(*, places: Sequence[str], lines: Mapping[str, str], branch_id: int | None) -> list[handover.Share]:
    """The receivers with their conditions, each in a row of its own; gives those of whom a person is chosen."""
    rows: list[int] = st.session_state.setdefault(ROWS, [0])
    for row in rows:
        _row(row, places, lines, branch_id, alone=len(rows) == 1)
    st.button(_("Another receiver"), icon=":material/person_add:", on_click=_add)
    return typed()


def typed() -> list[handover.Share]:
    """The shares as they stand in the form now; for callbacks too, which run before anything is drawn anew."""
    held = st.session_state
    return [
        handover.Share(held[key("to", row)], *(tuple(held.get(key(name, row)) or ()) for name in CONDITIONS))
        for row in held.get(ROWS, [])
        if held.get(key("to", row))
    ]


def _add() -> None:
    st.session_state[ROWS] = [*st.session_state[ROWS], max(st.session_state[ROWS]) + 1]


def _remove(row: int) -> None:
    st.session_state[ROWS] = [one for one in st.session_state[ROWS] if one != row]


def _row(row: int, places: Sequence[str], lines: Mapping[str, str], branch_id: int | None, *, alone: bool) -> None:
    narrow = {"branch_id": branch_id} if branch_id else {}
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        with st.container(width=280):
            pickers.one(f"{_('Receiver')} *", key=key("to", row), kind="user", **narrow)
        st.multiselect(
            _("Only regions"),
            places,
            key=key("regions", row),
            format_func=regions.name,
            placeholder=_("all"),
            width=220,
        )
        st.multiselect(_("Only classes"), accounts.GRADES, key=key("grades", row), placeholder=_("all"), width=150)
        st.multiselect(
            _("Only product lines"),
            list(lines),
            key=key("lines", row),
            format_func=lines.get,
            placeholder=_("all"),
            width=200,
        )
        if not alone:
            st.button(
                _("Remove"),
                icon=":material/close:",
                key=f"share:remove:{row}",
                on_click=_remove,
                args=(row,),
                type="tertiary",
            )


def who_gets_what(
    names: Mapping[int, str], counts: Mapping[int, Mapping[str, int]], *, nobody: Sequence[str] = ()
) -> None:
    """Receivers × kinds; in the last row what finds nobody, by kind."""
    rows = [
        {"id": person, "name": names[person]}
        | {kind: text.number(counts[person].get(kind, 0)) for kind in KINDS}
        | {"total": text.number(sum(counts[person].values()))}
        for person in counts
    ]
    if nobody:
        lost = {kind: text.number(nobody.count(kind)) for kind in KINDS}
        rows.append({"id": 0, "name": _("Nobody"), **lost, "total": text.number(len(nobody))})
    columns = [
        TableColumn("name", _("Receiver"), kind="person", sortable=False),
        *(TableColumn(kind, _(label), kind="number", sortable=False) for kind, label in KINDS.items()),
        TableColumn("total", _("Total"), kind="number", sortable=False),
    ]
    table(
        columns,
        rows,
        key="handover:counts",
        labels=table_labels(_, table=_("Who gets what")),
        empty=_("Nothing moved."),
    )


def left_over(nobody: Sequence[tuple[str, str, str]], *, most: int = 8) -> None:
    """What finds nobody, each with the reason: kind, name, why."""
    lines = [f"- {_(SINGLE[kind])} **{text.plain(name)}**: {_(why)}" for kind, name, why in nobody[:most]]
    if len(nobody) > most:
        lines.append(f"- {_('{count} more').format(count=len(nobody) - most)}")
    said = _("Nobody takes these; nothing is handed over as long as something would be left without an owner:")
    st.warning("\n".join([said, "", *lines]), icon=":material/person_alert:")


def moves_now(seen: handover.Preview, name: str) -> str:
    """How many records a planned handover would move at this moment, and how many of them fit no receiver."""
    count, lost = text.number(seen.total + len(seen.nobody)), len(seen.nobody)
    said = _("{count} records that {name} owns at this moment change hands in one step.").format(count=count, name=name)
    queued = _("{count} of them fit no receiver and go to the manager of the branch.").format(count=text.number(lost))
    return f"{said} {queued}" if lost else said


def conditions(share: handover.Share, lines: Mapping[str, str]) -> str:
    """The conditions of a share in words; the rest if it has none."""
    named = [*map(regions.name, share.regions), *(f"{_('class')} {grade}" for grade in share.grades)]
    return _(", ").join([*named, *(lines.get(line, line) for line in share.lines)]) or _("the rest")
