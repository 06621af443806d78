"""Activity statistics: who planned, carried out and missed how much, with the way down to each record (ACT-18)."""

import streamlit as st

from pages.ui import exports, report_view, session, statistics
from pages.ui.text import _
from services.reports import activity_statistics

with session.reading() as work:
    given = report_view.given(statistics.VIEW, today=work.today)
    question = activity_statistics.SHAPE.asked(given, today=work.today)
    found = activity_statistics.statistics(work, question=question, compare=True)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Activity statistics"), width="content")
    with st.container(horizontal=True, width="content"):
        statistics.explanation()
        exports.button("activity_statistics", given)

report_view.filters(statistics.VIEW, question)
if found.total.empty and found.before.empty:
    st.info(
        _("Nothing was planned, ended or missed in {period}. Choose another period above.").format(
            period=question.period
        )
    )
else:
    statistics.totals(found)
    report_view.chart(statistics.VIEW, found, report_view.measure(statistics.VIEW))
    report_view.rows(statistics.VIEW, found)
