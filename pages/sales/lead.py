"""One lead: what is known, what is missing to qualify it, what can be done, what became of it (LEAD-1, LEAD-5, LEAD-6)."""

from functools import partial

import streamlit as st

from pages.ui import actions, attachments, changes, conversions, look, nouns, records, session, text, timelines
from pages.ui import disputes as dispute_rows
from pages.ui.drawers import convert, dispute, edit, lead_answer, plan
from pages.ui.text import _
from services import activities, conversion, disputes, leads, regions
from services.core import events
from services.core.configuration import configuration

ABOVE = ("topic", "mobile", "landline", "street", *regions.CODES)
lead_id = records.asked_id()
with session.reading() as work:
    card = leads.card(work, lead_id=lead_id)
    became = conversion.outcome(work, lead_id=lead_id)
    done = activities.timeline(work, lead_id=lead_id)
    known, may = configuration(work), work.actor.may
    disagreed, may_dispute = disputes.of_lead(work, lead_id=lead_id), disputes.may_begin(work, lead_id=lead_id)
    happened = events.story(work, kind="lead", record_id=lead_id)
    told = changes.teller(work, [("lead", event.changes) for event in happened])

plans, visit = may("activity.plan"), {"key": "lead", "lead_id": lead_id}
if not plans or card.owner_id != session.actor().id:
    visit |= {"assign": True, "owner_ids": [card.owner_id]}
contacted = partial(actions.perform, leads.record_contact, lead_id=lead_id, done=_("Noted."))
offered = {
    "contact": (_("Contacted"), "call", contacted),
    "convert": (_("Convert"), "swap_vert", partial(convert.ask, lead_id)),
    "plan": (_("Plan a visit"), "event", partial(plan.ask, **visit)),
    "assign": (_("Assign to a rep"), "assignment_ind", partial(lead_answer.ask, "assign", [lead_id])),
    "change": (_("Edit"), "edit", partial(edit.ask_change, nouns.LEAD, lead_id)),
    "dispute": (_("Dispute"), "balance", partial(dispute.ask, "begin", lead_id)),
    "disqualify": (_("Disqualify"), "block", partial(lead_answer.ask, "disqualify", [lead_id])),
    "reopen": (_("Reopen"), "replay", partial(lead_answer.ask, "reopen", [lead_id])),
    "delete": (_("Delete"), "delete", partial(lead_answer.ask, "delete", [lead_id])),
}
works_on = card.owner_id is not None and "change" in card.allowed
possible = (
    card.allowed
    | ({"dispute"} if may_dispute else set())
    | ({"plan"} if works_on and (plans or may("activity.assign")) else set())
)
likely: list[records.Action] = [act for name, act in offered.items() if name in possible]
state: records.Mark = (_(leads.STATES[card.state]), look.LEAD_TONES[card.state])
line: records.Mark = (_(changes.LINES.get(card.values["line"], card.values["line"])), "slate")
place = " · ".join(part for part in (card.owner or _("nobody yet"), card.branch) if part)
undo = conversions.undo_actions(became, lead_id)
undecided = [one for one in disagreed if one.state in disputes.UNDECIDED]
marks: list[records.Mark] = [state, line, *([(_("disputed"), "red", "balance")] if undecided else [])]
records.header(card.topic, badges=marks, caption=place, actions=[*likely, *undo], key="lead")
conversions.became(became)
dispute_rows.rows(undecided, linked=False)
if undecided and works_on:
    st.caption(
        _("Until that is decided the lead can be neither converted nor disqualified nor given to somebody else.")
    )
if card.disqualified:
    why = " · ".join(filter(None, (card.disqualified, card.disqualify_note)))
    st.info(text.plain(f"{_('Disqualified')}: {why}"), icon=":material/block:")
if card.missing and works_on:
    wanted = _(", ").join(changes.field_label("lead", name) for name in card.missing)
    st.markdown(f":orange[:material/checklist:] {_('Still to find out: {fields}').format(fields=wanted)}")

overview, timeline, files, history = st.tabs([_("Overview"), _("Activities"), _("Files"), _("History")])
with overview:
    records.phones(card.values, ("mobile", "landline"))
    if card.address:
        st.markdown(f":material/location_on: {text.plain(card.address)}")
    times = {_("Came in"): card.created_at, _("Assigned"): card.assigned_at, _("First contact"): card.first_contact_at}
    labels = [(field.name, field.label) for field in leads.FIELDS if field.name not in (*ABOVE, "line")]
    entered = [
        (_(label), records.shown(card.shown[name])) for name, label in labels if card.shown.get(name) not in (None, "")
    ]
    records.facts([*entered, *((label, text.moment(moment)) for label, moment in times.items() if moment)])
with timeline:
    timelines.draw(done, known)
with files:
    attachments.panel("lead", lead_id, may_add="attach" in card.allowed)
with history:
    dispute_rows.rows([one for one in disagreed if one not in undecided], linked=False)
    records.story(happened, told, kind="lead")
actions.show_said()
