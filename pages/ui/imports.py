"""The steps of an import: the file, its columns, the check, the run (LEAD-3)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import actions, exports, lists, look, session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.drawers import confirm
from pages.ui.text import _
from services import imports
from services.core.errors import N_
from services.imports import Card, ImportState, Line, Outcome

STEPS = (N_("File"), N_("Columns"), N_("Check"), N_("Run"))
AT_WORK = (ImportState.CHECKING, ImportState.RUNNING)
STOPPED = (ImportState.FAILED, ImportState.CANCELLED)
TONES: Mapping[Outcome, look.Tone] = {
    Outcome.CREATE: "green", Outcome.UPDATE: "blue", Outcome.DUPLICATE: "amber", Outcome.WRONG: "red",
}  # fmt: skip
HEADINGS: Mapping[Outcome, str] = {
    Outcome.CREATE: N_("New"), Outcome.UPDATE: N_("Adding to known leads"), Outcome.DUPLICATE: N_("Duplicates"),
    Outcome.WRONG: N_("Wrong"),
}  # fmt: skip
FIELD_OF = {column.zh: column for column in imports.COLUMNS}
FORM = "import"


def steps(now: int) -> None:
    """Where one is on the way: what is done, what is next, what follows."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="import-steps"):
        for place, label in enumerate(STEPS, 1):
            colour, icon = ("green", "check_circle") if place < now else ("orange" if place == now else "gray", "")
            st.badge(f"{place}  {_(label)}", color=colour, icon=f":material/{icon}:" if icon else None)


def file_step() -> None:
    """Choose a file; what it holds is looked at on the next screen."""
    steps(1)
    chosen = st.file_uploader(
        _("Excel or CSV file with leads"), key=f"files:{FORM}",
        on_change=actions.forget, args=(FORM,),
    )  # fmt: skip
    said = _("One row a lead, at most {rows} rows and {size} MB. Excel (.xlsx) or text, in any usual encoding.")
    st.caption(said.format(rows=text.number(imports.MOST_ROWS), size=imports.LARGEST // 1024 // 1024))
    if refused := actions.problems(FORM).get(actions.WHOLE):
        st.error(text.plain(refused), icon=":material/error:")
    st.button(_("Continue"), icon=":material/arrow_forward:", type="primary", disabled=chosen is None, on_click=_upload)


def _upload() -> None:
    file: Any = st.session_state.get(f"files:{FORM}")
    if file is None:  # pressed while another one was still on its way
        return
    given = {"name": file.name, "content": file.getvalue()}
    keep = partial(actions.perform, imports.upload, form=FORM, then=lambda job_id: actions.go("import_job", id=job_id))
    actions.read(imports.look, form=FORM, then=lambda looked: keep(looked=looked, **given), **given)


@st.fragment(run_every=1.0)
def progress(job_id: int) -> None:
    """How far the check or the run is, looked at every second; can be cancelled."""
    with actions.explained():
        with session.reading() as work:
            card, now = imports.card(work, job_id=job_id), work.now
        if card.state not in AT_WORK:
            st.rerun(scope="app")
        _bar(card, waits=card.beat_at is None and (now - card.created_at).total_seconds() > PATIENCE)
        cancel_button(card)


PATIENCE = 60


def _bar(card: Card, *, waits: bool) -> None:
    doing = _("Checking the rows") if card.state is ImportState.CHECKING else _("Importing")
    share = min(card.done / card.to_do, 1.0) if card.to_do else 0.0
    st.progress(share, text=f"{doing}: {text.number(card.done)} / {text.number(card.to_do)}")
    if waits:
        st.caption(_("It begins as soon as the worker is free. You can leave this page; the import goes on."))
    else:
        st.caption(_("You can leave this page; the import goes on."))


def cancel_button(card: Card) -> None:
    """Stop it; what is stored stays."""
    cancel = partial(actions.perform, imports.cancel, job_id=card.id, done=_("Cancelled."))
    st.button(_("Cancel the import"), icon=":material/cancel:", key="import:cancel", on_click=cancel)


def check_step(card: Card) -> None:
    """What each row would come to, before anything is stored."""
    count = card.counts[Outcome.CREATE] + card.counts[Outcome.UPDATE]
    start = partial(actions.perform, imports.start, job_id=card.id)
    with st.container(horizontal=True):
        label = _("Import {count} rows").format(count=text.number(count))
        st.button(
            label, icon=":material/play_arrow:", type="primary", disabled=not count, on_click=start, key="import:start"
        )
        st.button(
            _("Change columns"), icon=":material/view_column:", on_click=_back, args=(card.id,), key="import:back"
        )
        cancel_button(card)
        _wrong_link(card)


def _back(job_id: int) -> None:
    st.session_state[f"import:columns:{job_id}"] = True


def wants_columns(card: Card) -> bool:
    """Whether the person has gone back to the columns; the next check ends that."""
    if card.state in AT_WORK or card.has_begun:
        st.session_state.pop(f"import:columns:{card.id}", None)
    return card.state is ImportState.UPLOADED or bool(st.session_state.get(f"import:columns:{card.id}"))


def reached(card: Card) -> int:
    """The step at which an import that is over stands; one more than there are once it has run to its end."""
    if card.state in (ImportState.DONE, ImportState.UNDONE):
        return len(STEPS) + 1
    return 4 if card.has_begun else 3 if any(card.counts.values()) else 2


def result_step(card: Card) -> None:
    """What came of it: the leads, the wrong rows, and the way back."""
    for _column, said in card.error:
        st.error(text.plain(text.worded(said)), icon=":material/error:")
    if card.state in STOPPED:
        stored = _("Stopped after {done} of {all} rows; what has been stored is there. “Go on” brings in the rest.")
        told = stored if card.has_begun else _("Nothing has been stored.")
        st.caption(told.format(done=text.number(card.done), all=text.number(card.to_do)))
    if card.undone_at:
        undone = _("Undone on {at}: what this import brought in is hidden again. Its file can be imported anew.")
        st.caption(undone.format(at=text.moment(card.undone_at)))
    if card.touched:
        said_so = _(
            "{count} of these leads were changed or worked on since; the import can no longer be undone as a whole."
        )
        st.caption(said_so.format(count=text.number(card.touched)))
    if card.cleared_at:
        _cleared(card)
        return
    with st.container(horizontal=True):
        _next_buttons(card)
        _wrong_link(card)


def _cleared(card: Card) -> None:
    """What is left of an old import."""
    said = _("File and rows were cleared on {day}, because the import is old; it can no longer be undone.")
    st.info(said.format(day=text.day(card.cleared_at)), icon=":material/auto_delete:")
    with st.container(horizontal=True):
        for outcome in Outcome:
            st.badge(f"{_(HEADINGS[outcome])} {text.number(card.counts[outcome])}", color=look.BADGES[TONES[outcome]])


def _next_buttons(card: Card) -> None:
    """First what brings it to its end."""
    stopped = card.state in STOPPED
    if stopped and card.has_begun:
        go_on = partial(actions.perform, imports.start, job_id=card.id)
        st.button(_("Go on"), icon=":material/play_arrow:", type="primary", key="import:go-on", on_click=go_on)
    elif stopped:
        st.button(
            _("Match columns"), icon=":material/view_column:", type="primary", on_click=_back, args=(card.id,),
            key="import:back",
        )  # fmt: skip
    if card.has_begun and card.state is not ImportState.UNDONE:
        st.button(
            _("Show the leads"), icon=":material/flag:", type="secondary" if stopped else "primary",
            key="import:leads", on_click=actions.go, args=("leads",), kwargs={"import_job": card.id},
        )  # fmt: skip
    if card.undoable:
        st.button(_("Undo the import"), icon=":material/undo:", key="import:undo", on_click=_ask_undo, args=(card,))


def _ask_undo(card: Card) -> None:
    made = card.counts[Outcome.CREATE]
    said = _("{count} leads that this import made will be hidden again, and what it filled in others is emptied.")
    confirm.ask(
        _("Undo the import"), said.format(count=text.number(made)), imports.undo, done=_("Undone."), job_id=card.id
    )


def _wrong_link(card: Card) -> None:
    if card.counts[Outcome.WRONG]:
        exports.button("import_rows", {"job": str(card.id)}, label=_("Wrong rows"))


def rows(card: Card) -> None:
    """How many rows came to what, and the rows of one kind or all, with the reason of each."""
    labels = {
        outcome.value: f"{_(HEADINGS[outcome])} :{look.BADGES[TONES[outcome]]}[**{text.number(card.counts[outcome])}**]"
        for outcome in Outcome
    }
    asked = st.query_params.get("outcome", "")
    st.session_state["import:outcome"] = asked if asked in labels else None
    st.pills(
        _("Rows"), list(labels), format_func=labels.get, key="import:outcome", label_visibility="collapsed",
        on_change=_filter,
    )  # fmt: skip
    page = lists.page_asked()
    outcome = Outcome(asked) if asked in labels else None
    with session.reading() as work:
        lines, total = imports.rows(work, job_id=card.id, outcome=outcome, page=page)
    _table(lines, scope=f"{asked}|{page}", hidden=card.undone_at is not None)
    lists.pager(lists.page_of(total, imports.PAGE))


def _filter() -> None:
    kept = {"id": st.query_params.get("id", ""), "outcome": st.session_state.get("import:outcome") or ""}
    st.query_params.from_dict({name: value for name, value in kept.items() if value})


def _table(lines: Sequence[Line], *, scope: str, hidden: bool) -> None:
    """The rows of one page; those whose lead there is and was not hidden again lead to it."""
    columns = [
        TableColumn("row", _("Row"), "number", width=4, sortable=False),
        TableColumn("outcome", _("Comes to"), "badge", width=8, sortable=False),
        TableColumn("phone", _("Phone"), width=9, sortable=False),
        TableColumn("who", _("Company, person"), sortable=False),
        TableColumn("why", _("Reason"), sortable=False),
    ]
    kinds = {line.number: (line.kind, line.record_id) for line in lines if line.record_id and not hidden}

    def open_record(number: int) -> None:
        if number in kinds:
            kind, record_id = kinds[number]
            actions.go(kind, id=record_id)

    table(
        columns, [_row(line) for line in lines], key="import:rows", scope=scope, on_open=open_record if kinds else None,
        labels=table_labels(_, table=_("Rows")), empty=_("No row comes to this."),
    )  # fmt: skip


def _row(line: Line) -> dict[str, Any]:
    who = (line.values.get("company"), line.values.get("person"))
    return {
        "id": line.number,
        "row": text.number(line.number),
        "outcome": {"text": _(imports.OUTCOMES[line.outcome]), "tone": TONES[line.outcome]},
        "phone": line.phone or None,
        "who": _(", ").join(part for part in who if part) or None,
        "why": _why(line),
    }


def _why(line: Line) -> Any:
    """Each wrong cell and what would be right; the name of the column in the reader's language."""
    told = [": ".join(filter(None, (_named(column), text.worded(said)))) for column, said in line.why]
    return {"text": " ".join(told), "hint": "\n".join(told)} if told else None


def _named(column: str) -> str:
    found = FIELD_OF.get(column)
    return text.in_language(found.zh, found.en) if found else column
