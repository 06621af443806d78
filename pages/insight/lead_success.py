"""Success rate of leads: what became of those that came in, with the way down to each of them (LEAD-7)."""

import streamlit as st

from pages.ui import exports, lead_success, report_view, session
from pages.ui.text import _
from services.reports import lead_success as report

with session.reading() as work:
    given = report_view.given(lead_success.VIEW, today=work.today)
    question = report.SHAPE.asked(given, today=work.today)
    found = report.success(work, question=question)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Success rate of leads"), width="content")
    with st.container(horizontal=True, width="content"):
        lead_success.explanation()
        exports.button("lead_success", given)

report_view.filters(lead_success.VIEW, question)
if not found.total.created:
    st.info(_("No leads came in within {period}. Choose another period above.").format(period=question.period))
else:
    lead_success.totals(found)
    report_view.chart(lead_success.VIEW, found, report_view.measure(lead_success.VIEW))
    report_view.rows(lead_success.VIEW, found)
    lead_success.reasons(found)
