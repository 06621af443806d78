"""Writing from a screen: one service, one Work, in a callback; the outcome is told in one place."""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from pages.ui import navigation, session, typed
from pages.ui.text import _, plain, worded
from services.core.errors import N_, Invalid, Said, ServiceError, SignedOut
from services.core.fields import REQUIRED

log = logging.getLogger(__name__)
Service = Callable[..., Any]
#: so many seconds after a form led on, its screen is the second half of a double click, and nobody who went back
DOUBLE_CLICK = 1.0
#: so many seconds after a run its answer can still be thrown away by the next one
OVERTAKEN = 0.3
#: what is wrong about a form as a whole, among its problems
WHOLE = ""


def perform(
    service: Service,
    *,
    done: str = "",
    form: str = "",
    then: Callable[[Any], object] | None = None,
    needed: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> bool:
    """Run one service in one transaction; afterwards a toast, or the error where the person looks for it.

    With ``form`` the form's one-use token makes a double click act once (ALL-5), and wrong fields are marked in it. Of
    ``needed``, such as records that must be chosen, all that are empty are marked together and the service is not asked.
    """
    if empty := {name: Said(REQUIRED) for name, value in (needed or {}).items() if value in (None, "", 0)}:
        _explain(Invalid(empty), form)
        return False
    try:
        with session.writing() as work:
            if form and not work.first_use(token(form)):
                return True
            result = service(work, **arguments)
    except ServiceError as error:
        _explain(error, form)
        return False
    except Exception:  # an exception in a callback would leave a blank page
        log.exception("%s failed", getattr(service, "__name__", service))
        return _unexpected()
    _succeeded(form, done)
    if then:
        then(result)
        st.session_state["_sent"] = bool(form) and "_going" in st.session_state
    return True


def read(service: Service, *, form: str, then: Callable[[Any], object], **arguments: Any) -> bool:
    """Ask a service about what stands in a form: wrong fields are marked as when it is sent, and it stays as it is."""
    try:
        with session.reading_or_signed_out() as work:
            result = service(work, **arguments)
    except ServiceError as error:
        _explain(error, form)
        return False
    except Exception:  # the same
        log.exception("%s failed", getattr(service, "__name__", service))
        return _unexpected()
    st.session_state.pop(f"problems:{form}", None)
    then(result)
    return True


def _unexpected() -> bool:
    say(_(UNEXPECTED), icon="error")
    return False


@contextmanager
def explained() -> Iterator[None]:
    """Whatever goes wrong while something is drawn is said in words; nothing raw reaches the screen."""
    try:
        yield
    except SignedOut:
        session.rescue()
    except ServiceError as error:
        st.info(plain(worded(error.said)), icon=":material/block:")
        st.page_link(navigation.file_of("home"), label=_("Go to Today"), icon=":material/today:")
    except Exception:
        log.exception("drawing failed")
        st.error(_(UNEXPECTED), icon=":material/error:")


def ask(title: str, content: Callable[..., None], *given: Any, form: str = "") -> None:
    """Have a drawer with this content open at the next drawing, its form empty; for callbacks."""
    _had()
    st.session_state["_drawer"] = (title, content, given, form)


def open_drawer() -> None:
    """Open the drawer on the right that a callback asked for, if one did; it redraws itself alone.

    A run that overtakes the one that drew it, such as that of a table that was just left, opens it once more: the browser
    has not had it. What was typed into a drawer that has been closed is forgotten.
    """
    state = st.session_state
    if time.monotonic() - state.get("_drawn_at", float("inf")) > OVERTAKEN:
        _had()
    if "_drawn_at" not in state:
        _forget_closed()
    if asked := state.get("_drawer"):
        _open(*asked)


def _forget_closed() -> None:
    if closed := st.session_state.pop("_open", ""):
        forget(closed)


def _open(title: str, content: Callable[..., None], given: Sequence[Any], form: str) -> None:
    state = st.session_state
    if form and "_drawn_at" not in state:
        forget(form)
    state["_open"] = form
    state["_opening"] = True
    try:
        st.dialog(title, width="medium", position="right")(_drawn)(content, given)
    finally:
        del state["_opening"]
    state.setdefault("_drawn_at", time.monotonic())


def _had() -> None:
    """The browser has the drawer: it redraws itself, or time enough has gone by."""
    for key in ("_drawer", "_drawn_at"):
        st.session_state.pop(key, None)


def _drawn(content: Callable[..., None], given: Sequence[Any]) -> None:
    if "_opening" not in st.session_state:
        _had()
    with explained():
        content(*given)
    show_said()


def submit(label: str, *, form: str, act: Callable[[], bool]) -> None:
    """The button that sends a drawer's form: success closes the drawer, wrong fields are marked with nothing lost.

    What was refused as a whole stands above it until it is sent again.
    """
    st.session_state["_in_drawer"] = form
    if refused := problems(form).get(WHOLE):
        st.error(plain(refused), icon=":material/block:")
    if st.button(label, type="primary", key=sender(form), width="stretch"):
        with st.spinner(_("Working …")):
            succeeded = act()
        st.rerun(scope="app" if succeeded else "fragment")


def press(label: str, *, act: Callable[[], object], **look: Any) -> None:
    """The button of a screen whose act takes seconds, during which the screen says that it is at work.

    What the act is given was drawn just before it: one that depends on what the person saw belongs into a callback (ALL-4).
    """
    if st.button(label, type="primary", **look):
        with st.spinner(_("Working …")):
            act()
        st.rerun()


def sender(form: str) -> str:
    """The key of the button that sends a form, another one for each version of the record that the form was drawn from.

    Leaving a text field draws the form anew a moment before the click on the button arrives: that click was made before
    anybody could read that the record has changed since, and must not save on top of it (ALL-4).
    """
    _before, version = st.session_state.get(f"form:{form}:known", ({}, ""))
    return f"send:{form}:{version}"


def _succeeded(form: str, done: str) -> None:
    if form:
        forget(form)
        typed.sent(form)
    if done:
        say(done, icon="check_circle")


def _explain(error: ServiceError, form: str) -> None:
    if isinstance(error, SignedOut):
        session.rescue()
    elif isinstance(error, Invalid) and form:
        st.session_state[f"problems:{form}"] = {name: worded(said) for name, said in error.fields.items()}
        say(_("Nothing was saved yet: please look at what is marked in red."), icon="error", brief=True)
    elif isinstance(error, Invalid):
        say(" ".join(worded(said) for said in error.fields.values()), icon="error")
    else:
        if form:
            st.session_state[f"problems:{form}"] = {WHOLE: worded(error.said)}
        if not form or form != st.session_state.get("_in_drawer"):
            say(worded(error.said), icon="block")


def token(form: str) -> str:
    """The one-use token of a form, drawn when the form opens and gone when it succeeds."""
    return str(st.session_state.setdefault(f"token:{form}", secrets.token_urlsafe(16)))


def problems(form: str) -> Mapping[str, str]:
    """What was wrong with each field of the form when it was last sent."""
    found: Mapping[str, str] = st.session_state.get(f"problems:{form}", {})
    return found


def forget(form: str) -> None:
    """Drop everything a form holds: values, problems, token."""
    for key in [
        key for key in st.session_state if str(key).startswith((f"form:{form}:", f"problems:{form}", f"token:{form}"))
    ]:
        del st.session_state[key]


def say(text: str, *, icon: str = "info", brief: bool = False) -> None:
    """Tell the person something in passing, now or at the next drawing; briefly what is soon to be seen otherwise."""
    duration = "short" if brief or icon == "check_circle" else "long"
    st.session_state.setdefault("_said", []).append((text, f":material/{icon}:", duration))


def show_said() -> None:
    """Show what was said since the last drawing."""
    for text, icon, duration in st.session_state.pop("_said", []):
        st.toast(plain(text), icon=icon, duration=duration)


def go(path: str, **parameters: Any) -> None:
    """Open another screen at the next drawing; for callbacks, which cannot switch pages themselves."""
    st.session_state["_going"] = (path, {name: str(value) for name, value in parameters.items()})


def follow(page: str) -> None:
    """Switch to the screen that a callback asked for, from the one this run shows.

    The second half of a double click still belongs to the old screen: it may replace the switch, so the target is kept
    until it is reached; or, where a form was sent, come just after it, and then leads on once more.
    """
    state = st.session_state
    if going := state.get("_going"):
        left = state.setdefault("_gone_from", page)
        if page == left and (page, st.query_params.to_dict()) != going:
            _switch(going)
        del state["_going"], state["_gone_from"]
        state["_came"] = (left, going, time.monotonic()) if state.pop("_sent", False) else None
    elif came := state.get("_came"):
        left, target, at = came
        if page == left != target[0] and time.monotonic() - at < DOUBLE_CLICK:
            _switch(target)


def _switch(target: tuple[str, dict[str, str]]) -> None:
    path, parameters = target
    st.switch_page(navigation.file_of(path), query_params=parameters)


def opener(path: str) -> Callable[[int], None]:
    """What a list does when a row is clicked: open that record."""
    return lambda record_id: go(path, id=record_id)


UNEXPECTED = N_(
    "Something went wrong on our side; nothing was saved. Please try again, and tell your administrator if it stays."
)
