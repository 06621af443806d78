"""One import on its way through four steps: file, columns, check, run (LEAD-3)."""

import streamlit as st

from pages.ui import import_columns, imports, look, records, session, text
from pages.ui.text import _
from services.imports import STATES, ImportState, card

job_id = records.asked_id()
with session.reading() as work:
    found = card(work, job_id=job_id)

state: records.Mark = (_(STATES[found.state]), look.IMPORT_TONES[found.state])
records.header(found.name, badges=[state], caption=f"{found.by} · {text.moment(found.created_at)}", key="import")
if imports.wants_columns(found):
    imports.steps(2)
    import_columns.column_step(found)
elif found.state in imports.AT_WORK:
    imports.steps(3 if found.state is ImportState.CHECKING else 4)
    imports.progress(job_id)
elif found.state is ImportState.CHECKED:
    imports.steps(3)
    imports.check_step(found)
    imports.rows(found)
else:
    imports.steps(imports.reached(found))
    imports.result_step(found)
    if sum(found.counts.values()) and not found.cleared_at:
        imports.rows(found)
st.page_link("admin/imports.py", label=_("All imports"), icon=":material/list:")
