"""How the worker fares, and the messages on their way (ADM-8, ADM-9)."""

import streamlit as st

from pages.ui import actions, choices, lists, records, session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.drawers import channels
from pages.ui.jobs import RULES
from pages.ui.text import _
from services import delivery, worker
from services.core.configuration import configuration
from services.core.listing import fetch

asked = lists.request(delivery.LIST, size=20)
with session.reading() as work:
    health = worker.health(work)
    page = fetch(work, delivery.LIST, asked)
    known = configuration(work)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Worker and messages"), width="content")
    with st.container(horizontal=True, width="content"):
        st.button(_("Background jobs"), icon=":material/work_history:", on_click=actions.go, args=("runs",))
        st.button(_("Test a channel"), icon=":material/send:", on_click=channels.ask)
figures = st.container(horizontal=True)
records.figure(figures, _("Worker"), _("on time") if health.ok else _("behind"))
records.figure(figures, _("Waiting"), text.number(health.waiting))
records.figure(figures, _("Failed"), text.number(health.failed))
records.figure(figures, _("No channel"), text.number(health.no_channel))

names = [
    ("name", _("Time rule")),
    ("last", _("Last run")),
    ("lag", _("Behind by")),
    ("handled", _("Handled"), "number"),
    ("error", _("Error")),
]
table(
    [TableColumn(*column, sortable=False) for column in names],
    [
        {
            "id": place,
            "name": _(RULES.get(rule.name, rule.name)),
            "last": text.moment(rule.last_run),
            "lag": _("{count} min").format(count=int(rule.lag.total_seconds() // 60)),
            "handled": text.number(rule.handled),
            "error": rule.error,
        }
        for place, rule in enumerate(health.rules, 1)
    ],
    key="rules",
    labels=table_labels(_, table=_("Time rules")),
)
st.subheader(f"{_('Messages')} ({page.total:,})")
lists.filter_bar(delivery.LIST, choices.offer)
lists.draw(
    delivery.LIST,
    page,
    asked,
    known,
    to=None,
    row_actions=[("requeue", _("Try again"))],
    on_action=lambda _action, message_id: actions.perform(
        delivery.requeue, message_id=message_id, done=_("Queued again.")
    ),
    none_yet=_("No messages yet."),
)
