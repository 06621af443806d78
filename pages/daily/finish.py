"""The one-screen finish: result, what was learned, next step; the rest folded away (ACT-8, ACT-10)."""

from datetime import timedelta

import streamlit as st

from pages.ui import actions, attachments, forms, records, session, text
from pages.ui.text import _
from services import activities
from services.activities import FEEDBACK, FIELDS
from services.core.configuration import configuration

activity_id = records.asked_id()
with session.reading() as work:
    record = activities.card(work, activity_id=activity_id).activity
    allowed = activities.allowed(work, activity_id=activity_id)
    known = configuration(work)
    today = work.today
form = f"finish-{activity_id}"
fields = {field.name: field for field in FEEDBACK}
results = [
    (c.id, c.label(text.language())) for c in known.choices("activity_result", group=known.by_id[record.type_id].code)
]
CHIPS = {3: _("3 days"), 7: _("1 week"), 30: _("1 month")}


def choose_day() -> None:
    days = st.session_state[f"form:{form}:chip"]
    if days:
        forms.put(form, "next_step_on", today + timedelta(days=days))


def save() -> None:
    actions.perform(
        activities.finish,
        activity_id=activity_id,
        feedback={name: value for name, value in forms.values(form, FEEDBACK).items() if value is not None},
        files=attachments.taken(form),
        follow_up=bool(st.session_state.get(f"form:{form}:follow_up")),
        version=forms.known_version(form),
        form=form,
        done=_("Done. Well recorded."),
        then=lambda follow_up: actions.go("activity", id=follow_up) if follow_up else actions.go("home"),
    )


st.set_page_config(page_title=f"{_('Finish')} · {record.account or record.subject}")
st.markdown(f"### {_('Finish')} · {text.plain(record.account or record.subject)}")
kind = known.label(record.type_id, text.language())
st.caption(text.plain(" · ".join((kind, record.subject, text.moment(record.planned_start), record.owner))))
if "finish" not in allowed:
    st.info(_("This activity can no longer be finished here."))
    if typed := st.session_state.get(forms.key_of(form, "learned")):
        st.text_area(_("What you had typed"), typed, key=f"typed:{form}", disabled=True)
    records.link("activity", activity_id, record.subject, icon="task_alt")
    st.stop()

now = {field.name: getattr(record, field.name) for field in (*FEEDBACK, *FIELDS)}
forms.begin(form, FEEDBACK, now)
forms.since(form, (*FEEDBACK, *FIELDS), now, record.version)
st.pills(
    f"{_('Result')} *",
    [r[0] for r in results],
    format_func=dict(results).get,
    key=forms.key_of(form, "result_id"),
    **forms.KEPT,
)
forms.problem(form, "result_id")
forms.one(form, fields["learned"], {})
forms.one(form, fields["next_step"], {})
st.pills(_("Next step in"), list(CHIPS), format_func=CHIPS.get, key=f"form:{form}:chip", on_change=choose_day)
forms.one(form, fields["next_step_on"], {})
st.checkbox(_("Plan the follow-up at once"), key=f"form:{form}:follow_up")
with st.expander(_("Photos and documents")):
    attachments.uploader(form)
with st.expander(_("Machine hours, competitor, needs")):
    for name in ("machine_seen", "machine_hours", "competitor_seen", "needs"):
        forms.one(form, fields[name], {})
    st.segmented_control(
        _("Customer's attitude"),
        [1, 2, 3, 4, 5],
        key=forms.key_of(form, "attitude"),
        help=_("1 is cool, 5 is keen."),
        **forms.KEPT,
    )
st.button(
    _("Finish"), icon=":material/check:", type="primary", width="stretch", on_click=save, key=actions.sender(form)
)
