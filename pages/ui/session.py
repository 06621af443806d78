"""Who is signed in, and Works on their behalf. A session that has ended leads to the sign-in page, losing no text (SIG-5)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import streamlit as st

from services import approvals, drafts, sign_in, users
from services.core.access import Actor
from services.core.errors import N_, Busy, SignedOut
from services.core.text import LANGUAGES
from services.core.work import Work, work_by_session

TOUCH_EVERY = 60.0
#: what waits for somebody's decision is counted anew so many seconds later, or at once when the person has done something
COUNT_EVERY = 20.0
FORM = "form:"
#: stands between the name of a field and the version from which on it is another widget
TURN = "~"


def token() -> str | None:
    """What stands for the sign-in session behind this browser tab; set by the server, never by the browser."""
    return st.user.get("sid") or None


def signed_in() -> Actor | None:
    """Who is signed in, asked anew; the entry script calls it once a run, everything else uses `actor`.

    A full run is somebody's use of the session; what refreshes itself, such as a fragment on a timer, is not.
    """
    found = _asked()
    if found is None:
        _keep_texts()
    st.session_state["_actor"] = found
    _choose_language(found)
    return found


def _asked() -> Actor | None:
    try:
        with reading_or_signed_out() as work:
            _remember(work)
            found = work.actor
        _touch()
    except SignedOut:
        return None
    return found


@contextmanager
def reading_or_signed_out() -> Iterator[Work]:
    """A read-only Work for whoever is signed in; raises SignedOut when nobody is."""
    with work_by_session(_required(), readonly=True) as work:
        yield work


def _remember(work: Work) -> None:
    """What the frame shows; of it what hardly changes is read once a tab, or when the person has moved."""
    if st.session_state.get("_branch_id", -1) != work.actor.branch_id:
        st.session_state["_branch_id"], st.session_state["_branch"] = work.actor.branch_id, users.branch_names(work)
    who, at = st.session_state.get("_counted", (None, 0.0))
    if who != work.actor.id or time.monotonic() - at >= COUNT_EVERY:
        may = work.actor.may("approval.read")
        st.session_state["_waiting"] = {"approvals": approvals.count(work)} if may else {}
        st.session_state["_counted"] = (work.actor.id, time.monotonic())
    if "_drafts" not in st.session_state:
        st.session_state["_drafts"] = drafts.waiting(work)


def _touch() -> None:
    if time.monotonic() - st.session_state.get("_touched", 0.0) < TOUCH_EVERY:
        return
    st.session_state["_touched"] = time.monotonic()
    with suppress(Busy), writing() as work:
        sign_in.touch(work, session=_required())


def _choose_language(found: Actor | None) -> None:
    """The person's own; before that the one chosen on the page, or the browser's."""
    if found is not None:
        st.session_state["_language"] = found.language
    elif "_language" not in st.session_state:
        locale = (st.context.locale or "").lower()
        st.session_state["_language"] = LANGUAGES[1] if locale.startswith("en") else LANGUAGES[0]


def actor() -> Actor:
    """The person as of this run; screens run only when there is one."""
    found = st.session_state.get("_actor")
    if not isinstance(found, Actor):
        raise SignedOut(NOBODY)
    return found


def waiting() -> dict[str, int]:
    """How much waits for the person's decision as of this run, by the path of the screen."""
    found: dict[str, int] = st.session_state.get("_waiting", {})
    return found


def branch() -> str | None:
    """The name of the person's branch in their language; None in the head office."""
    names: tuple[str, str] | None = st.session_state.get("_branch")
    return names[actor().language == "en"] if names else None


@contextmanager
def reading() -> Iterator[Work]:
    """A read-only Work for the person; if the session has just ended, the sign-in page follows."""
    try:
        with reading_or_signed_out() as work:
            yield work
    except SignedOut:
        rescue()


@contextmanager
def writing() -> Iterator[Work]:
    """A Work for the person, committed at its end; raises SignedOut when the session has ended, which `perform` handles."""
    st.session_state.pop("_counted", None)
    with work_by_session(_required()) as work:
        yield work


def rescue() -> None:
    """Keep what is typed in forms for the person whose session has ended, and start over, which shows the sign-in page."""
    _keep_texts()
    st.rerun()


def _keep_texts() -> None:
    """Once, when somebody's session has ended: at the sign-in page there is nothing of theirs to keep any more."""
    if st.session_state.pop("_actor", None) is None:
        return
    forms: dict[str, dict[str, Any]] = {}
    for key in [str(key) for key in st.session_state]:
        if key.startswith(FORM):
            form, _, field = key.removeprefix(FORM).rpartition(":")
            forms.setdefault(form, {})[field.partition(TURN)[0]] = st.session_state[key]
    if forms and (session := token()):
        with sign_in.door() as work:
            drafts.save_for(work, session=session, forms=forms)


def sign_out() -> None:
    """End the session in all its tabs, and let the sign-in page take the cookie back; for a button's callback."""
    with sign_in.door() as work:
        sign_in.sign_out(work, session=token() or "")
    st.session_state["_leaving"] = True


def sign_out_everywhere() -> None:
    """End the person's sessions in every browser; for a button's callback."""
    with writing() as work:
        sign_in.sign_out_everywhere(work)
    st.session_state["_leaving"] = True


def _required() -> str:
    if not (found := token()):
        raise SignedOut(NOBODY)
    return found


NOBODY = N_("Nobody is signed in.")
