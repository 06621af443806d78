"""One handover: whose work, who got what, and the way back (ADM-6)."""

from functools import partial

import streamlit as st

from pages.ui import handovers, look, records, session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.drawers import confirm
from pages.ui.text import _
from services import handover, organisation

handover_id = records.asked_id()
with session.reading() as work:
    card = handover.card(work, handover_id=handover_id)
    lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
    goes = "carry_out" in card.allowed
    seen = handover.preview(work, from_user_id=card.person_id, shares=card.shares) if goes else None

name = text.plain(card.person)
total = sum(sum(kinds.values()) for kinds in card.counts.values())
now = handovers.moves_now(seen, name) if seen else ""
offered: dict[str, tuple[str, str, str, str]] = {
    "carry_out": (
        _("Carry out now"), "play_arrow", now, _("Handed over."),
    ),
    "cancel": (_("Cancel it"), "event_busy", _("Nothing has moved yet, and nothing will."), _("Cancelled.")),
    "undo": (
        _("Undo"), "undo",
        _("All {count} records go back to {name}; refused if somebody has changed one of them since.").format(
            count=total, name=name
        ),
        _("Undone."),
    ),
}  # fmt: skip
services = {"carry_out": handover.carry_out, "cancel": handover.cancel, "undo": handover.undo}


def ask(action: str) -> None:
    label, _icon, consequence, done = offered[action]
    confirm.ask(label, consequence, services[action], done=done, handover_id=handover_id)


likely: list[records.Action] = [
    (label, icon, partial(ask, action))
    for action, (label, icon, _consequence, _done) in offered.items()
    if action in card.allowed
]
state: records.Mark = (_(handover.STATES[card.state]), look.HANDOVER_TONES[card.state])
title = _("Handover from {name}").format(name=card.person)
records.header(title, badges=[state], caption=card.reason, actions=likely, key="handover")
times = [(_("Created"), card.created_at), (_("Done"), card.done_at), (_("Undone"), card.undone_at)]
records.facts(
    [
        (_("On which day"), text.day(card.on_day)),
        (_("Planned by"), card.created_by),
        *((label, text.moment(moment)) for label, moment in times if moment),
    ]
)
st.subheader(_("Who takes over"))
for share in card.shares:
    who = text.plain(card.names.get(share.to_user_id) or text.DASH)
    alone = len(card.shares) == 1 and not share.narrow
    what = _("everything") if alone else handovers.conditions(share, lines)
    st.markdown(f":material/person: **{who}** :gray[{text.plain(what)}]")
if card.counts:
    handovers.who_gets_what(card.names, card.counts)
    table(
        [
            TableColumn("name", _("Record"), sortable=False),
            TableColumn("kind", _("What"), sortable=False),
            TableColumn("to", _("To"), kind="person", sortable=False),
        ],
        [
            {
                "id": place,
                "kind": _(handovers.SINGLE[one["kind"]]),
                "name": one["name"] or text.DASH,
                "to": card.names[one["to"]],
            }
            for place, one in enumerate(card.items, 1)
        ],
        key="handover:records",
        labels=table_labels(_, table=_("Records")),
    )
    if total > len(card.items):
        said = _("The first {shown} of {count} records.")
        st.caption(said.format(shown=text.number(len(card.items)), count=text.number(total)))
