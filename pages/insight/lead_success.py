"""Success rate of leads: what became of those that came in, with the way down to each of them (LEAD-7)."""

import streamlit as st

from pages.ui import exports, lead_success, session
from pages.ui.text import _
from services.reports import lead_questions
from services.reports import lead_success as report

given = lead_success.given()
with session.reading() as work:
    question = lead_questions.understood(given, today=work.today)
    found = report.success(work, question=question)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Success rate of leads"), width="content")
    with st.container(horizontal=True, width="content"):
        lead_success.explanation()
        exports.button("lead_success", given)

lead_success.filters(question)
if not found.total.created:
    st.info(_("No leads came in within {period}. Choose another period above.").format(period=question.period))
else:
    lead_success.totals(found)
    lead_success.chart(found, lead_success.measure())
    lead_success.rows(found)
    lead_success.reasons(found)
