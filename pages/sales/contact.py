"""One contact: who it is, where, and who may change it (CON-4)."""

from functools import partial

import streamlit as st

from pages.ui import (
    actions,
    attachments,
    changes,
    conversions,
    merges,
    nouns,
    people,
    records,
    requests,
    session,
    text,
    trusts,
)
from pages.ui.drawers import contact_request, edit, workplace
from pages.ui.text import _
from services import contact_requests, contacts, conversion, merging, regions, trust
from services.core.configuration import configuration

ABOVE = ("name", "mobile", "landline", "street", *regions.CODES)
contact_id = records.asked_id()
merges.follow("contact", contact_id)
with session.reading() as work:
    card = contacts.card(work, contact_id=contact_id)
    asked = contact_requests.of_contact(work, contact_id=contact_id)
    asked_told = requests.teller(work, asked)
    happened, parts = merging.story(work, kind="contact", record_id=contact_id)
    origins = conversion.origins(work, contact_id=contact_id)
    told = changes.teller(work, [("contact", event.changes) for event in happened])
    trusted = trust.of(work, kind="contact", record_id=contact_id)
    known = configuration(work)

likely: list[records.Action] = []
if "change" in card.allowed:
    likely.append((_("Edit"), "edit", partial(edit.ask_change, nouns.CONTACT, contact_id)))
elif "request" in card.allowed:
    likely.append((_("Propose a change"), "edit_note", partial(edit.ask_change, nouns.PROPOSAL, contact_id)))
if {"change", "request"} & card.allowed:
    asking = partial(contact_request.ask, contact_id=contact_id, may_change="change" in card.allowed)
    likely.append((_("Works elsewhere now"), "moving", partial(asking, "move")))
    if "change" in card.allowed:
        likely.append((_("Another workplace"), "add_business", partial(workplace.ask_join, contact_id)))
    if "request" in card.allowed and not any(entry.reason for entry in asked):
        likely.append((_("Ask to delete"), "person_remove", partial(asking, "ask")))
place = " · ".join(part for part in (card.shown.get("job_title"), card.branch) if part)
likely += merges.menu("contact", contact_id)
records.header(card.name, caption=place, actions=likely, key="contact")
if card.read_only and "request" in card.allowed:  # who never changes contacts need not be told why
    st.info(text.worded(card.read_only), icon=":material/lock:")
requests.pending(asked, asked_told)

overview, files, history = st.tabs([_("Overview"), _("Files"), _("History")])
with overview:
    records.phones(card.values, ("mobile", "landline"))
    trusts.draw(trusted, lambda: actions.perform(trust.check_contact, contact_id=contact_id, done=_("Checked.")))
    conversions.came_from(origins)
    leave = partial(workplace.ask_leave, contact_id) if "change" in card.allowed else None
    people.workplaces(card.accounts, leave=leave)
    if card.address:
        st.markdown(f":material/location_on: {text.plain(card.address)}")
    labels = [(field.name, field.label) for field in contacts.FIELDS if field.name not in ABOVE]
    records.facts([(_(label), records.shown(card.shown.get(name))) for name, label in labels if card.shown.get(name)])
with files:
    attachments.panel("contact", contact_id, may_add="attach" in card.allowed)
with history:
    records.story(happened, told, kind="contact", parts=parts)
