"""One customer: everything at once (ACCT-1)."""

from functools import partial

import streamlit as st

from pages.ui import (
    actions,
    attachments,
    changes,
    conversions,
    look,
    merges,
    nouns,
    people,
    records,
    session,
    text,
    timelines,
    trusts,
)
from pages.ui.drawers import delete, edit, grade, plan, staff, status
from pages.ui.text import _
from services import accounts, activities, conversion, merging, regions, trust
from services.core.configuration import configuration

ABOVE = ("name", "phone", "phone2", "street", *regions.CODES)
account_id = records.asked_id()
merges.follow("account", account_id)
with session.reading() as work:
    card = accounts.card(work, account_id=account_id)
    contacts = accounts.contacts_of(work, account_id=account_id)
    done = activities.timeline(work, account_id=account_id)
    here = activities.at_account(work, account_id=account_id)
    happened, parts = merging.story(work, kind="account", record_id=account_id)
    origins = conversion.origins(work, account_id=account_id)
    told = changes.teller(work, [("account", event.changes) for event in happened])
    trusted = trust.of(work, kind="account", record_id=account_id)
    known = configuration(work)
    may = work.actor.may

likely: list[records.Action] = []
if may("activity.plan"):
    likely.append((_("Plan a visit"), "event", lambda: plan.ask(key="account", account_id=account_id)))
elif may("activity.assign"):
    likely.append((_("Assign a visit"), "event", lambda: plan.ask(key="account", account_id=account_id, assign=True)))
if "change" in card.allowed:
    likely.append((_("Edit"), "edit", lambda: edit.ask_change(nouns.ACCOUNT, account_id)))
if may("contact.create"):
    likely.append((_("New contact"), "person_add", lambda: edit.ask_new(nouns.CONTACT, account_id=account_id)))
if "change" in card.allowed:
    likely.append((_("Status"), "flag", lambda: status.ask(account_id)))
if "staff" in card.allowed:
    likely.append((_("Team"), "group_add", lambda: staff.ask(account_id)))
if "delete" in card.allowed:
    likely.append((_("Delete"), "delete", lambda: delete.ask(account_id)))

state: records.Mark = (_(accounts.STATUSES[card.status]), look.STATUS_TONES[card.status])
likely += merges.menu("account", account_id)
records.header(card.name, badges=[state], caption=card.branch, actions=likely, key="account")

figures = st.container(horizontal=True)
last = text.day(text.wall(here.last_at).date()) if here.last_at else text.DASH
records.figure(figures, _("Last contact"), last, opens=("activity", {"id": here.last_id}) if here.last_id else None)
records.figure(
    figures, _("Open activities"), str(here.open), opens=("activities", {"account": account_id, "view": "open"})
)
records.figure(figures, _("Contacts"), str(sum(1 for row in contacts if row.until is None)))

overview, timeline, who, files, history = st.tabs(
    [_("Overview"), _("Activities"), _("Contacts"), _("Files"), _("History")]
)
with overview:
    records.phones(card.values, ("phone", "phone2"))
    if card.address:
        st.markdown(f":material/location_on: {text.plain(card.address)}")
    trusts.draw(trusted, lambda: actions.perform(trust.check_account, account_id=account_id, done=_("Checked.")))
    conversions.came_from(origins)
    people.team(card.team, classify=partial(grade.ask, account_id) if "change" in card.allowed else None)
    labels = [(field.name, field.label) for field in accounts.FIELDS if field.name not in ABOVE]
    records.facts([(_(label), records.shown(card.shown.get(name))) for name, label in labels if card.shown.get(name)])
with timeline:
    timelines.draw(done, known)
with who:
    people.contacts(contacts, known, may_create=may("contact.create"))
with files:
    attachments.panel("account", account_id, may_add="attach" in card.allowed)
with history:
    records.story(happened, told, kind="account", parts=parts)
actions.show_said()
