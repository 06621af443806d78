"""Code lists in both languages: added, renamed, ordered, switched off (ADM-4)."""

import streamlit as st

from pages.ui import session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.drawers import codes
from pages.ui.text import _
from services import code_lists

names = {name: _(known.label) for name, known in code_lists.LISTS.items()}
chosen = st.query_params.get("list")
chosen = chosen if chosen in names else next(iter(names))
with session.reading() as work:
    rows = code_lists.entries(work, list_name=chosen)
groups = codes.groups_of(chosen)


def show() -> None:
    st.query_params["list"] = st.session_state["lists:chosen"]


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Code lists"), width="content")
    st.button(_("New"), icon=":material/add:", type="primary", on_click=codes.ask, args=(chosen,))
st.session_state["lists:chosen"] = chosen
st.selectbox(_("List"), list(names), format_func=names.get, key="lists:chosen", on_change=show, width=320)
st.caption(_(code_lists.LISTS[chosen].help))
columns = [
    TableColumn("zh", _("Chinese label"), sortable=False),
    TableColumn("en", _("English label"), sortable=False),
    *([TableColumn("group", _(code_lists.LISTS[chosen].group_label), sortable=False)] if groups else []),
    TableColumn("uses", _("Used"), kind="number", sortable=False),
    TableColumn("active", _("Switched on"), kind="badge", sortable=False),
]
on, off = {"text": _("on"), "tone": "green"}, {"text": _("off"), "tone": "grey"}
table(
    columns,
    [
        {
            "id": r.id,
            "zh": r.label_zh,
            "en": r.label_en,
            "group": groups.get(r.group, r.group) or _("all"),
            "uses": text.number(r.uses),
            "active": on if r.active else off,
        }
        for r in rows
    ],
    key="lists",
    scope=chosen,
    labels=table_labels(_, table=names[chosen]),
    row_actions=[
        ("rename", _("Rename")),
        ("up", _("Up")),
        ("down", _("Down")),
        ("switch", _("On / off")),
        ("remove", _("Remove")),
    ],
    on_action=lambda action, value_id: codes.act(action, value_id, chosen, rows),
    on_open=lambda value_id: codes.act("rename", value_id, chosen, rows),
)
