"""Handing over everything that a person owns: whose, to whom, when; what would happen; done (ADM-6)."""

from datetime import timedelta

import streamlit as st

from pages.ui import actions, forms, handovers, pickers, records, session, text
from pages.ui.handovers import FORM, key
from pages.ui.text import _
from services import handover, holdings, organisation, users

given = records.number(st.query_params.get("person"))
if given and key("from_user_id") not in st.session_state:
    st.session_state[key("from_user_id")] = given

st.title(_("Hand over the work"))
st.caption(
    _("Everything a person owns goes to others in one step: customers, opportunities, leads, open activities, people.")
)
with st.container(width=420):
    person = pickers.one(f"{_('Whose work')} *", key=key("from_user_id"), kind="user")
if person is None:
    st.stop()

with session.reading() as work:
    owned = holdings.counts(work, user_id=person)
    places = handover.places_of(work, user_id=person)
    lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
    who = users.named(work, ids=[person])[0]
    first_day = work.today
figures = st.container(horizontal=True)
for kind, label in handovers.KINDS.items():
    if kind in owned:
        records.figure(figures, _(label), text.number(owned[kind]))

st.subheader(_("Who takes over"))
st.caption(
    _("Shares with conditions come first; who has none takes the rest. Several without conditions share evenly.")
)
shares = handovers.shares(places=places, lines=lines, branch_id=who.branch_id)
forms.problem(FORM, "shares")
with st.container(horizontal=True):
    with st.container(width=200, gap="xsmall"):
        day = st.date_input(
            _("On which day"), value=first_day, min_value=first_day, max_value=first_day + timedelta(days=366),
            key=key("on_day"), format="YYYY-MM-DD",
        )  # fmt: skip
        forms.problem(FORM, "on_day")
    with st.container(width=520, gap="xsmall"):
        st.text_input(f"{_('Reason')} *", key=key("reason"), max_chars=1000)
        forms.problem(FORM, "reason")
if not shares:
    st.info(_("Choose a receiver to see who would get what."), icon=":material/preview:")
    st.stop()

with session.reading() as work:
    seen = handover.preview(work, from_user_id=person, shares=shares)
st.subheader(_("What will happen"))
handovers.who_gets_what(seen.names, seen.counts, nobody=[one.what.kind for one in seen.nobody])
if seen.unfit:
    said = _("{name} cannot take over: the person has to be somebody else, active and of the same branch.")
    st.warning(text.plain(said.format(name=_(", ").join(seen.unfit))), icon=":material/person_off:")
if seen.nobody:
    handovers.left_over([(one.what.kind, one.what.name, one.why) for one in seen.nobody])
if seen.staying:
    said = _(
        "Still report to {name}, because no receiver can lead them: {people}. Their superior is changed under “People”."
    )
    st.info(text.plain(said.format(name=who.name, people=_(", ").join(seen.staying))), icon=":material/account_tree:")
if seen.undecided:
    said = _("{count} requests wait for {name}, the only manager of the branch. Another manager has to be appointed.")
    st.warning(text.plain(said.format(count=seen.undecided, name=who.name)), icon=":material/gavel:")
now = day == first_day
st.caption(
    _("It happens at once and in one step; for 7 days it can be undone as long as nobody has changed the records.")
    if now
    else _("It happens on that day with whatever {name} owns then; until then it can be cancelled.").format(
        name=text.plain(who.name)
    )
)


def hand_over() -> None:
    typed = {name: st.session_state.get(key(name)) for name in ("from_user_id", "on_day", "reason")}
    actions.perform(
        handover.make, form=FORM, done=_("Handed over.") if now else _("Planned."), shares=handovers.typed(),
        then=lambda number: actions.go("handover", id=number), **typed | {"reason": typed["reason"] or ""},
    )  # fmt: skip


label = _("Hand over {count} records").format(count=seen.total) if now else _("Plan the handover")
actions.press(label, act=hand_over, icon=":material/move_down:", disabled=bool(seen.nobody or (now and not seen.total)))
