"""The sign-in page: streamlit-authenticator's form over sessions on the server, and choosing a new password (SIG-1, SIG-4)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController

from pages.ui import session
from pages.ui.text import _, language, plain, worded
from services import sign_in, users
from services.core.access import Actor
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, ServiceError

LANGUAGES = {"zh_CN": "中文", "en": "English"}
WIDTH = 400
#: the form comes with a plain button and an English hint about the Enter key
STYLE = """<style>
[data-testid="InputInstructions"]{display:none}
[data-testid="stForm"] [data-testid="stFormSubmitButton"] button{color:#fff;background:#B45309;border-color:transparent}
</style>"""
DEMO_PASSWORD = "demo_password"  # noqa: S105 - the key of a setting that only the demo data writes
AutoComplete = Literal["username", "current-password", "new-password", "one-time-code"]

_browser = st.components.v2.component(
    "crm_exchange", js=(Path(__file__).parent / "components/exchange.js").read_text(encoding="utf-8")
)


def gate() -> bool:
    """Whether the screen may run; otherwise the sign-in page, or that for choosing a new password, has been drawn."""
    actor = st.session_state.get("_actor")
    if st.session_state.get("_leaving"):
        _browser(key="leave", data={"leave": True})
        return False
    if actor is None:
        _door()
        return False
    if actor.must_change_password:
        _must_change(actor)
        return False
    return True


class Verifier(AuthenticationController):  # type: ignore[misc] # the package has no types
    """What the form asks; the answer comes from our services, never from a list of credentials in memory."""

    def __init__(self) -> None:
        self.ticket: str | None = None
        self.problem = ""

    def login(self, username: str = "", password: str = "", *_args: Any, **_kwargs: Any) -> bool:
        """Compare, log, and get a ticket."""
        if not (username.strip() and password.strip()):
            self.problem = _(EMPTY)
            return False
        with sign_in.door(readonly=True) as work:
            checked = sign_in.check(work, login=username, password=password)
        with sign_in.door() as work:
            chosen = language() if st.session_state.get("_language_chosen") else ""
            self.ticket = sign_in.admit(work, checked=checked, address=st.context.ip_address, language=chosen)
        self.problem = "" if self.ticket else _(sign_in.WRONG)
        return self.ticket is not None


class Cookies:
    """Stands for the form's own cookie, which scripts can read and which outlives signing out."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def get_cookie(self) -> None:
        """Nothing: who has a good cookie never sees the form."""

    def set_cookie(self) -> None:
        """Let the browser exchange the ticket."""
        _browser(key="exchange", data={"ticket": self._verifier.ticket}, on_failed_change=_exchange_failed)

    def delete_cookie(self) -> None:
        """Nothing: signing out ends the session on the server."""


class Form(Authenticate):  # type: ignore[misc] # the package has no types
    """The form of streamlit-authenticator 0.4.2 with our controllers; its own start would mount a frame and read a key."""

    def __init__(self) -> None:
        self.attrs = {"login_sleep_time": 0}
        self.path = None
        self.authentication_controller = Verifier()
        self.cookie_controller = Cookies(self.authentication_controller)


def _door() -> None:
    with sign_in.door(readonly=True) as work:
        name = str(configuration(work).setting("organisation_name"))
        demo, secret = sign_in.demo_people(work), configuration(work).values.get(DEMO_PASSWORD)
    with _card(name):
        message = st.empty()
        _say(message.container())
        if _form_of_code() if st.session_state.get("_with_code") else _form_of_password(message):
            return
        _other_way()
        if demo:
            _demo_hint(demo, secret)


@contextmanager
def _card(name: str, *, languages: bool = True) -> Iterator[None]:
    st.html(STYLE)
    with st.container(horizontal_alignment="center"):
        st.space("large")
        with st.container(width=WIDTH, gap="small"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"### :primary[:material/front_loader:] {plain(name)}", width="content")
                if languages:
                    _language_switch()
            yield


def _language_switch() -> None:
    st.segmented_control(
        _("Language"), list(LANGUAGES), key="sign-in:language", default=language(), on_change=_choose_language,
        format_func=lambda code: LANGUAGES[code], label_visibility="collapsed", required=True, width="content",
    )  # fmt: skip


def _choose_language() -> None:
    st.session_state["_language"] = st.session_state["sign-in:language"]
    st.session_state["_language_chosen"] = True


def _say(place: Any) -> None:
    """What the person should know before signing in."""
    if told := st.session_state.pop("_told", None):
        place.success(_(told), icon=":material/check_circle:")
    elif session.token():
        place.info(_(ENDED), icon=":material/schedule:")
    if st.session_state.pop("_exchange_failed", None):
        place.error(_(NO_COOKIE), icon=":material/error:")


def _exchange_failed() -> None:
    st.session_state["_exchange_failed"] = True


def _form_of_password(message: Any) -> bool:
    """Draw the form; True once it has been sent with the right password."""
    name, password = _("Sign-in name"), _("Password")
    form = Form()
    _complete({name: "username", password: "current-password"})
    form.login(fields={"Form name": _("Sign in"), "Username": name, "Password": password, "Login": _("Sign in")})
    if problem := form.authentication_controller.problem:
        message.error(problem, icon=":material/error:")
    return form.authentication_controller.ticket is not None


def _complete(fields: dict[str, AutoComplete]) -> None:
    """Tell password managers which field is which."""
    _browser(key="fields", data={"fields": fields})


def _other_way() -> None:
    with_code = bool(st.session_state.get("_with_code"))
    label = _("Sign in with a password") if with_code else _("I was given a code")
    st.button(
        label,
        type="tertiary",
        key="sign-in:way",
        on_click=st.session_state.__setitem__,
        args=("_with_code", not with_code),
    )


def _demo_hint(people: list[dict[str, Any]], secret: Any) -> None:
    lines = [f"- `{person['login']}` {plain(person['name'])}, {_(users.ROLES[person['role']])}" for person in people]
    said = _("The password of all of them is `{password}`.").format(password=secret) if secret else ""
    st.caption("\n".join([_(DEMO), "", *lines, "", said]))


def _form_of_code() -> bool:
    """A new password with a code from the administrator."""
    message = st.empty()
    with st.form("code"):
        st.subheader(_("New password"))
        code = st.text_input(_("One-time code"), placeholder="ABCD-EFGH-JKLM")
        new, again = _new_twice()
        sent = st.form_submit_button(_("Save"), type="primary")
    _complete(
        {
            _("One-time code"): "one-time-code",
            _("New password"): "new-password",
            _("New password again"): "new-password",
        }
    )
    if sent and _stored(message, new, again, partial(_prove_code, code), _use_code):
        st.session_state.update({"_with_code": False, "_told": CHANGED_SIGN_IN})
        st.rerun()
    return False


def _prove_code(code: str, new: str) -> sign_in.Proven:
    with sign_in.door(readonly=True) as work:
        return sign_in.prove_code(work, code=code, new=new)


def _use_code(proven: sign_in.Proven) -> None:
    with sign_in.door() as work:
        sign_in.use_code(work, proven=proven)


def _must_change(actor: Actor) -> None:
    """Nothing else until a password of one's own has been chosen (SIG-4)."""
    with session.reading() as work:
        name = str(configuration(work).setting("organisation_name"))
    with _card(name, languages=False):
        st.info(_(MUST_CHANGE).format(name=plain(actor.name)), icon=":material/key:")
        message = st.empty()
        with st.form("first password"):
            new, again = _new_twice()
            sent = st.form_submit_button(_("Save"), type="primary")
        st.button(_("Sign out"), type="tertiary", key="must-change:out", on_click=session.sign_out)
        _complete({_("New password"): "new-password", _("New password again"): "new-password"})
        if sent and _stored(message, new, again, partial(_prove, None), _change):
            st.rerun()


def password_form() -> None:
    """A form for changing one's password; the person's other sessions end."""
    message = st.empty()
    with st.form("password", width=WIDTH, clear_on_submit=True):
        old = st.text_input(_("Present password"), type="password")
        new, again = _new_twice()
        sent = st.form_submit_button(_("Change password"))
    fields: dict[str, AutoComplete] = {_("Present password"): "current-password", _("New password"): "new-password"}
    _complete(fields | {_("New password again"): "new-password"})
    if sent and _stored(message, new, again, partial(_prove, old), _change):
        message.success(_(CHANGED), icon=":material/check_circle:")


def _new_twice() -> tuple[str, str]:
    new = st.text_input(_("New password"), type="password", help=_(POLICY))
    return new, st.text_input(_("New password again"), type="password")


def _prove(old: str | None, new: str) -> sign_in.Proven:
    with session.reading() as work:
        return sign_in.prove(work, new=new, old=old)


def _change(proven: sign_in.Proven) -> None:
    with session.writing() as work:
        sign_in.change_password(work, proven=proven, session=session.token())


Prove, Store = Callable[[str], sign_in.Proven], Callable[[sign_in.Proven], None]


def _stored(message: Any, new: str, again: str, prove: Prove, store: Store) -> bool:
    """Check and store a new password, or say what is wrong."""
    problem = ""
    try:
        if new == again:
            store(prove(new))
        else:
            problem = _(DIFFERENT)
    except Invalid as error:
        problem = " ".join(worded(said) for said in error.fields.values())
    except ServiceError as error:
        problem = worded(error.said)
    if problem:
        message.error(problem, icon=":material/error:")
    return not problem


EMPTY = N_("Please enter sign-in name and password.")
ENDED = N_("Your session has ended. After signing in, what you had typed is there again.")
NO_COOKIE = N_("The browser did not accept the sign-in. Please allow cookies for this address and try again.")
DEMO = N_("This is a demonstration with invented data. You can sign in as:")
MUST_CHANGE = N_("Welcome, {name}. Please choose a password of your own before you start.")
POLICY = N_("At least 10 characters; not a common password, not your name or telephone number.")
DIFFERENT = N_("The two new passwords differ.")
CHANGED = N_("Your password is changed; other browsers are signed out.")
CHANGED_SIGN_IN = N_("Your password is changed. Please sign in with it.")
