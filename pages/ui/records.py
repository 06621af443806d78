"""One record: header with badge, key facts and actions; related lists; the story of what happened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import streamlit as st

from pages.ui import changes, look, navigation, text
from pages.ui.actions import go
from pages.ui.text import _
from services.core.errors import N_

Width = Literal["stretch", "content"]
Action = tuple[str, str, Callable[[], Any]]
#: a word, its colour, and maybe an icon
Mark = tuple[str, look.Tone] | tuple[str, look.Tone, str]


def asked_id() -> int:
    """The record that the address names; 0, which is nobody's, when it names none."""
    return number(st.query_params.get("id"))


def number(given: str | None) -> int:
    """What an address says is a number, as one; 0 for anything else."""
    return int(given) if given and given.isdecimal() and len(given) < 16 else 0


def header(
    title: str, *, badges: Sequence[Mark] = (), caption: str = "", actions: Sequence[Action] = (), key: str
) -> None:
    """The record's name with its state in a word and a colour, one line of key facts, and at the right what can be done."""
    st.set_page_config(page_title=title)
    with st.container(horizontal=True, vertical_alignment="center", key=f"header-{key}"):
        with st.container(gap=None, width="stretch"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.title(text.plain(title), anchor=False, width="content")
                marks(badges)
            if caption:
                st.caption(text.plain(caption))
        if actions:
            _action_bar(actions, key)


def marks(badges: Sequence[Mark]) -> None:
    """Words in the colours of what they mean."""
    for word, tone, *icon in badges:
        st.badge(text.plain(word), color=look.BADGES[tone], icon=f":material/{icon[0]}:" if icon else None)


def _action_bar(actions: Sequence[Action], key: str) -> None:
    """The two most likely actions as buttons, the rest in a menu; each is (label, icon, what it does)."""
    with st.container(horizontal=True, key=f"actions-{key}", width="content"):
        for place, (label, icon, act) in enumerate(actions[:2]):
            kind: Any = "primary" if place == 0 else "secondary"
            st.button(label, icon=f":material/{icon}:", on_click=act, key=f"act:{key}:{place}", type=kind)
        if len(actions) > 2:
            _menu(actions[2:], key)


def _menu(actions: Sequence[Action], key: str) -> None:
    by_label = {label: act for label, _icon, act in actions}

    def chosen() -> None:
        picked = st.session_state.get(f"menu:{key}")
        if picked in by_label:
            by_label[picked]()

    st.menu_button(_("More"), list(by_label), key=f"menu:{key}", icon=":material/more_horiz:", on_click=chosen)


def facts(pairs: Sequence[tuple[str, str]], *, columns: int = 3) -> None:
    """Label and value, in columns that stand below each other on a phone; empty values are a thin dash."""
    lines = [f":small[:gray[{label}]]  \n{text.plain(value) if value else text.DASH}" for label, value in pairs]
    size = max(1, -(-len(lines) // columns))
    for column, start in zip(st.columns(columns), range(0, len(lines), size), strict=False):
        column.markdown("\n\n".join(lines[start : start + size]))


def story(happened: Sequence[Any], told: changes.Teller, *, kind: str, parts: Mapping[int, str] = {}) -> None:
    """What happened to the record, newest first: who, when, what, each changed field with old and new value (ALL-3).

    ``parts`` are records that were merged into it, by name: what happened to them is marked (ACCT-4).
    """
    if not happened:
        st.caption(_("Nothing has happened yet."))
    for event in happened:
        who = text.plain(event.actor) if event.actor else _("the system")
        part = parts.get(event.record_id)
        of = f" · :small[:gray[{_('“{name}”, merged into this one').format(name=text.plain(part))}]]" if part else ""
        st.markdown(f"**{text.moment(event.at)}** · {who} · {said(kind, event.action)}{of}")
        note = event.note if event.action not in PROVEN else None
        if lines := [*told.lines(kind, event.changes), *([note] if note else [])]:
            st.caption("  \n".join(text.plain(line) for line in lines))


def said(kind: str, action: str) -> str:
    """What was done, in the words of this kind of record."""
    return _(OF_KIND.get((kind, action)) or ACTIONS.get(action, action))


def words_of(action: str) -> str:
    """All words that an action has, whatever it was done to; for choosing it."""
    special = (word for (_kind, one), word in OF_KIND.items() if one == action)
    return " / ".join(map(_, (ACTIONS[action], *special)))


#: what is noted of these is the digest of a file: it proves which one it was, and says nothing to a reader
PROVEN = frozenset({"attached"})
#: where a kind of record has a word of its own
OF_KIND = {
    ("lead", "assigned"): N_("gave it to a rep"),
    ("lead_dispute", "opened"): N_("disagreed with who has it"),
}
ACTIONS = {
    "planned": N_("planned it"),
    "assigned": N_("assigned it"),
    "accepted": N_("opened it"),
    "started": N_("started"),
    "ended": N_("ended it"),
    "declined": N_("declined"),
    "insisted": N_("insisted"),
    "reassigned": N_("gave it to somebody else"),
    "cancelled": N_("cancelled it"),
    "changed": N_("changed it"),
    "change": N_("changed it"),
    "reviewed": N_("reviewed it"),
    "created": N_("created it"),
    "create": N_("created it"),
    "added": N_("added it"),
    "deleted": N_("deleted it"),
    "removed": N_("removed it"),
    "handed_over": N_("handed it over"),
    "returned": N_("undid the handover"),
    "returned_assigned": N_("undid the handover"),
    "returned_declined": N_("undid the handover"),
    "returned_begun": N_("undid the handover"),
    "carried_out": N_("carried it out"),
    "undone": N_("undid it"),
    "checked": N_("checked it"),
    "restored": N_("restored it"),
    "unassigned": N_("took it back to be assigned"),
    "renamed": N_("renamed it"),
    "ordered": N_("changed the order"),
    "switched_on": N_("switched it on"),
    "switched_off": N_("switched it off"),
    "closed": N_("closed it"),
    "reopened": N_("reopened it"),
    "covers": N_("changed the regions"),
    "attached": N_("attached a file"),
    "detached": N_("took a file away"),
    "contacted": N_("noted the first contact"),
    "handed_in": N_("handed it in through a website"),
    "asked_again": N_("asked again"),
    "disqualified": N_("disqualified it"),
    "staffed": N_("changed the team"),
    "classified": N_("changed the class"),
    "joined": N_("added a workplace"),
    "left": N_("ended a workplace"),
    "moved": N_("moved it to another customer"),
    "disputed": N_("disagreed with who has it"),
    "dispute_kept": N_("decided the dispute: it stays"),
    "dispute_given": N_("decided the dispute: it goes to somebody else"),
    "dispute_withdrawn": N_("withdrew the dispute"),
    "opened": N_("opened it"),
    "replied": N_("told the other side"),
    "proposed": N_("decided for the own branch"),
    "kept": N_("decided: it stays"),
    "given": N_("decided: it goes to somebody else"),
    "asked": N_("asked for it"),
    "approved": N_("approved it"),
    "refused": N_("refused it"),
    "withdrawn": N_("took it back"),
    "activate": N_("let in again"),
    "deactivate": N_("deactivated"),
    "reset_password": N_("reset the password"),
    "change_password": N_("changed the password"),
    "sign_out": N_("ended all sessions"),
    "exported": N_("exported it"),
    "channel_tested": N_("tried the channel"),
    "message_requeued": N_("had it sent again"),
    "backup": N_("made a backup"),
    "uploaded": N_("uploaded it"),
    "cleared": N_("cleared its file and rows"),
    "imported": N_("imported it"),
    "converted": N_("converted it"),
    "conversion_undone": N_("undid the conversion"),
    "lead_converted": N_("converted a lead into it"),
    "merged": N_("merged another one into it"),
    "merged_away": N_("merged it into another one"),
    "told_apart": N_("said that it is another one than"),
    "look_again": N_("wants to compare it again with"),
    "merge_undone": N_("undid the merge"),
}


def link(path: str, record_id: int, label: str | None, *, icon: str, width: Width = "stretch") -> None:
    """A line that opens another record in the same session."""
    st.page_link(
        navigation.file_of(path),
        label=text.plain(label or text.DASH),
        icon=f":material/{icon}:",
        query_params={"id": str(record_id)},
        width=width,
    )


def figure(row: Any, label: str, shown_value: str, *, opens: tuple[str, dict[str, Any]] | None = None) -> None:
    """A key figure in a row of them; a click opens the records behind it, a path with its filters (ALL-10)."""
    if opens is None:
        row.metric(label, shown_value, border=True, width="content")
        return
    path, asked = opens
    words = f"{label}  **{text.plain(shown_value)}**"
    row.button(words, key=f"figure-{path}-{label}", on_click=go, args=(path,), kwargs=asked)


def phones(values: Mapping[str, Any], names: Sequence[str]) -> None:
    """Numbers to tap."""
    for number in (values.get(name) for name in names):
        if number:
            st.markdown(f":material/call: [{number}](tel:{number.replace(' ', '')})", width="content")


def shown(value: Any) -> str:
    """A value that is in words already, as text."""
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, date):
        return value.isoformat()  # such as a birthday, whose weekday nobody asks for
    if isinstance(value, list | tuple):
        return _(", ").join(_(changes.LINES.get(one, str(one))) for one in value)
    if isinstance(value, Decimal):
        return text.money(value)
    return text.number(value) if isinstance(value, int) else str(value)
