"""A browser tab as Streamlit's server sees it: speaks the protocol between page and server, without a browser.

A page sends ``BackMsg`` protobufs over one WebSocket ("run the script with these widget values"); the server answers with
``ForwardMsg`` protobufs and ends each run with ``script_finished``. Tests do the same to open pages, fill forms and press
buttons, and to send what a page never would; the benchmark does it to open hundreds of tabs. Written against Streamlit 1.67:
the wire format is no public interface, so both are pinned together.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

#: the field of ``WidgetState`` that carries the value of each kind of widget
VALUE_FIELD: dict[str, str] = {
    "button": "trigger_value",
    "checkbox": "bool_value",
    "text_input": "string_value",
    "text_area": "string_value",
    "selectbox": "string_value",
    "radio": "string_value",
    "time_input": "string_value",
    "slider": "double_array_value",
    "multiselect": "string_array_value",
    "button_group": "string_array_value",
    "date_input": "string_array_value",
    "date_time_input": "string_array_value",
    "pagination": "int_value",
    "feedback": "int_value",
    "dataframe": "string_value",
    "menu_button": "string_trigger_value",
    "chat_input": "chat_input_value",
    "bidi_component": "json_value",
}


class ProtocolError(RuntimeError):
    """The server refused, closed, or did not answer in time."""


@dataclass(slots=True)
class Widget:
    """One widget that the server has drawn in this tab."""

    id: str
    kind: str
    label: str
    disabled: bool
    form_id: str
    proto: Any

    @property
    def key(self) -> str | None:
        """The ``key=`` of the code, which Streamlit puts at the end of the id."""
        parts = self.id.split("-", 2)  # "$$ID-<hash>-<key>"; the key is the word None when not given
        return parts[2] if len(parts) == 3 and parts[2] != "None" else None


@dataclass(slots=True)
class Run:
    """What one run of the script (or a chain of reruns) brought."""

    seconds: float
    messages: int
    bytes: int
    page: str
    exceptions: list[str] = field(default_factory=list)


@dataclass
class Tab:
    """One browser tab. Cookies and headers are those of its WebSocket handshake."""

    base_url: str
    timeout: float = 30.0
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    query: str = ""
    locale: str = "en-US"
    timezone: str = "Asia/Shanghai"
    resume_session_id: str = ""

    ws: ClientConnection | None = None
    session_id: str = ""
    page_hash: str = ""
    pages: dict[str, str] = field(default_factory=dict)  # address -> hash
    widgets: dict[str, Widget] = field(default_factory=dict)
    values: dict[str, WidgetState] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    fragments: set[str] = field(default_factory=set)
    _cached_hashes: set[str] = field(default_factory=set)

    # --- connection --------------------------------------------------------------------------------------------------

    async def open(self) -> Self:
        """Connect. The script does not run before `goto`."""
        parts = urlsplit(self.base_url)
        url = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/_stcore/stream"
        origin = f"{parts.scheme}://{parts.netloc}"
        self.ws = await connect(
            url,
            origin=origin,  # type: ignore[arg-type] # a NewType of str
            subprotocols=self._protocols(),  # type: ignore[arg-type]
            additional_headers=self._all_headers(),
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=self.timeout,
        )
        return self

    def _protocols(self) -> list[str]:
        """This header carries the protocol's name, the token against forged requests, the session to resume."""
        protocols = ["streamlit"]
        if self.resume_session_id or "_streamlit_xsrf" in self.cookies:
            protocols.append(self.cookies.get("_streamlit_xsrf", "none"))
        return [*protocols, self.resume_session_id] if self.resume_session_id else protocols

    def _all_headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.headers | ({"Cookie": cookies} if cookies else {})

    async def close(self) -> None:
        """Close the tab."""
        if self.ws is not None:
            await self.ws.close()
            self.ws = None

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    # --- running the script ------------------------------------------------------------------------------------------

    async def goto(self, page: str = "", query: str = "") -> Run:
        """Load a page as a browser does that opens ``/<page>?<query>``."""
        self.query = query
        self.values.clear()
        self.page_hash = ""
        return await self.rerun(page_name=page)

    async def navigate(self, page: str) -> Run:
        """Follow a link of the menu, in the same session."""
        if page not in self.pages:
            raise ProtocolError(f"page {page!r} is not in the menu: {sorted(self.pages)}")
        self.page_hash = self.pages[page]
        self.query = ""
        return await self.rerun()

    async def click(self, label_or_widget: str | Widget) -> Run:
        """Press a button, given by label, key or itself."""
        known = isinstance(label_or_widget, Widget)
        widget = label_or_widget if known else self.find(label_or_widget, kind="button")
        return await self.rerun(trigger=widget.id)

    async def rerun(self, *, trigger: str = "", page_name: str = "", fragment_id: str = "", auto: bool = False) -> Run:
        """Ask for one run and wait until it has finished."""
        await self.send_rerun(trigger=trigger, page_name=page_name, fragment_id=fragment_id, auto=auto)
        return await self.finished()

    async def send_rerun(
        self, *, trigger: str = "", page_name: str = "", fragment_id: str = "", auto: bool = False
    ) -> None:
        """Ask for one run without waiting for it; ``auto`` as a timer of the page does."""
        if self.ws is None:
            raise ProtocolError("the tab is not open")
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self.page_hash
        state.page_name = page_name
        state.fragment_id = fragment_id
        state.is_auto_rerun = auto
        state.cached_message_hashes.extend(self._cached_hashes)
        state.context_info.timezone = self.timezone
        state.context_info.locale = self.locale
        state.context_info.url = f"{self.base_url.rstrip('/')}/{page_name}"
        state.widget_states.widgets.extend(self.values.values())
        if trigger:
            state.widget_states.widgets.add(id=trigger, trigger_value=True)
        await self.ws.send(message.SerializeToString())

    async def finished(self) -> Run:
        """Read messages until the chain of runs is over."""
        start = time.perf_counter()
        count = size = 0
        exceptions: list[str] = []
        self.texts = []
        while True:
            data = await self._receive(self.timeout - (time.perf_counter() - start))
            count, size = count + 1, size + len(data)
            message = ForwardMsg.FromString(data)
            self._take_in(message, exceptions)
            early = ForwardMsg.FINISHED_EARLY_FOR_RERUN  # st.rerun() or a newer request: another run follows
            if message.WhichOneof("type") == "script_finished" and message.script_finished != early:
                return Run(time.perf_counter() - start, count, size, self.page_hash, exceptions)

    async def _receive(self, seconds: float) -> bytes:
        if self.ws is None:
            raise ProtocolError("the tab is not open")
        try:
            data = await asyncio.wait_for(self.ws.recv(), max(seconds, 0.001))
        except TimeoutError:
            raise ProtocolError(f"the run did not finish within {self.timeout:.0f} s") from None
        except websockets.ConnectionClosed as error:
            raise ProtocolError(f"connection closed: {error}") from None
        return data if isinstance(data, bytes) else data.encode()

    # --- what the server has drawn -----------------------------------------------------------------------------------

    def _take_in(self, message: ForwardMsg, exceptions: list[str]) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._on_delta(message, exceptions)
        elif kind == "new_session":
            self._on_new_session(message)
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self.page_hash = message.navigation.page_script_hash
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            exceptions.append(message.session_event.script_compilation_exception.message)

    def _on_new_session(self, message: ForwardMsg) -> None:
        new = message.new_session
        self.session_id = new.initialize.session_id or self.session_id
        if not message.metadata.run.fragment_ids:
            self.widgets = {}
            self.fragments = set()
            self.texts = []
        self.page_hash = new.page_script_hash or self.page_hash

    def _on_delta(self, message: ForwardMsg, exceptions: list[str]) -> None:
        if message.metadata.cacheable and message.hash:
            self._cached_hashes.add(message.hash)
        delta = message.delta
        if delta.fragment_id:
            self.fragments.add(delta.fragment_id)
        kind = delta.new_element.WhichOneof("type") if delta.WhichOneof("type") == "new_element" else None
        if kind is None:
            return
        proto = getattr(delta.new_element, kind)
        if kind == "exception":
            exceptions.append(f"{proto.type}: {proto.message}")
        elif hasattr(proto, "body"):
            self.texts.append(proto.body)
        if widget_id := getattr(proto, "id", ""):
            self.widgets[widget_id] = _widget(widget_id, kind, proto)

    def find(self, label_or_key: str, *, kind: str | None = None) -> Widget:
        """The widget with that label or key."""
        for widget in self.widgets.values():
            if label_or_key in (widget.label, widget.key) and kind in (None, widget.kind):
                return widget
        have = [(widget.kind, widget.label, widget.key) for widget in self.widgets.values()]
        raise ProtocolError(f"no widget {label_or_key!r} (kind {kind}); have {have}")

    def fill(self, label_or_widget: str | Widget, value: Any) -> None:
        """Set a widget's value; it is sent with this and every later run."""
        widget = label_or_widget if isinstance(label_or_widget, Widget) else self.find(label_or_widget)
        self.send_value(widget.id, value, _value_field(widget))

    def send_value(self, widget_id: str, value: Any, value_field: str) -> None:
        """Set a value by the widget's id, whether or not the server has drawn it."""
        state = WidgetState(id=widget_id)
        if value_field.endswith("_array_value"):
            getattr(state, value_field).data.extend(value if isinstance(value, list | tuple) else [value])
        elif value_field == "string_trigger_value":
            state.string_trigger_value.data = value
        else:
            setattr(state, value_field, value)
        self.values[widget_id] = state


def _widget(widget_id: str, kind: str, proto: Any) -> Widget:
    return Widget(
        id=widget_id,
        kind=kind,
        label=getattr(proto, "label", ""),
        disabled=bool(getattr(proto, "disabled", False)),
        form_id=getattr(proto, "form_id", ""),
        proto=proto,
    )


def _value_field(widget: Widget) -> str:
    if widget.kind == "number_input":
        return "int_value" if widget.proto.data_type == 0 else "double_value"
    try:
        return VALUE_FIELD[widget.kind]
    except KeyError:
        raise ProtocolError(f"a {widget.kind} cannot be filled here") from None
