"""Real gateways on loopback for tests: an SMTP server and an HTTP gateway that can be slow, refuse, babble, or die."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Manner(StrEnum):
    """How a gateway behaves."""

    NORMAL = "normal"
    HOLDING = "holding"  # answers only once it is let go on
    REFUSING = "refusing"
    GARBAGE = "garbage"
    DYING = "dying"  # takes the message and breaks off without a word
    TWICE = "twice"  # answers again what it has answered
    DRIPPING = "dripping"  # answers byte by byte until it is closed


@dataclass
class Gateway:
    """What a gateway was handed, and how it behaves from now on."""

    port: int = 0
    manner: Manner = Manner.NORMAL
    taken: list[dict[str, Any]] = field(default_factory=list)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go_on: threading.Event = field(default_factory=threading.Event)

    def take(self, received: dict[str, Any]) -> None:
        self.taken.append(received)
        self.arrived.release()

    def wait_for_one(self) -> None:
        """Until one more message has arrived."""
        assert self.arrived.acquire(timeout=30), "nothing arrived at the gateway"

    def received_once(self) -> list[dict[str, Any]]:
        """What a gateway that drops repeats by their id passes on."""
        return list({one["id"]: one for one in self.taken}.values())


@contextmanager
def http_gateway(manner: Manner = Manner.NORMAL) -> Iterator[Gateway]:
    """An SMS gateway: takes JSON over HTTP."""
    gateway = Gateway(manner=manner)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(gateway))
    server.daemon_threads = True
    gateway.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield gateway
    finally:
        gateway.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            gateway.take({"path": self.path, "id": self.headers["X-Message-ID"], **body})
            _ANSWERS[gateway.manner](self, gateway)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _answer(handler: BaseHTTPRequestHandler, status: int) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _hold(handler: BaseHTTPRequestHandler, gateway: Gateway) -> None:
    gateway.go_on.wait(60)
    with suppress(OSError):  # whoever asked may have gone
        _answer(handler, 200)


def _answer_twice(handler: BaseHTTPRequestHandler, _gateway: Gateway) -> None:
    _answer(handler, 200)
    _answer(handler, 200)


def _babble(handler: BaseHTTPRequestHandler, _gateway: Gateway) -> None:
    handler.wfile.write(b"\x00\xff this is not HTTP \r\n\r\n" * 20)
    handler.close_connection = True


def _die(handler: BaseHTTPRequestHandler, _gateway: Gateway) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _drip(handler: BaseHTTPRequestHandler, gateway: Gateway) -> None:
    with suppress(OSError):
        while not gateway.go_on.wait(0.05):
            handler.wfile.write(b"H")


_ANSWERS = {
    Manner.NORMAL: lambda handler, _: _answer(handler, 200),
    Manner.REFUSING: lambda handler, _: _answer(handler, 503),
    Manner.HOLDING: _hold,
    Manner.TWICE: _answer_twice,
    Manner.GARBAGE: _babble,
    Manner.DYING: _die,
    Manner.DRIPPING: _drip,
}


@contextmanager
def smtp_server(manner: Manner = Manner.NORMAL) -> Iterator[Gateway]:
    """A mail server."""
    gateway = Gateway(manner=manner)
    controller = _AnyPort(_Mailbox(gateway), hostname="127.0.0.1", port=0)
    controller.start()
    gateway.port = controller.port
    try:
        yield gateway
    finally:
        gateway.go_on.set()
        controller.stop()


class _AnyPort(Controller):
    """Learns the port that the system gave it before it tries itself."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _Mailbox:
    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        mail = message_from_bytes(envelope.content or b"")
        subject = str(make_header(decode_header(mail["Subject"])))
        told = {"to": envelope.rcpt_tos, "id": mail["X-Message-ID"], "title": subject, "message": _text(mail)}
        self.gateway.take(told)
        if self.gateway.manner is Manner.DYING:
            assert server.transport is not None
            server.transport.abort()
        answers = {Manner.REFUSING: "451 come back later", Manner.GARBAGE: "\x00\x01 what?"}
        return answers.get(self.gateway.manner, "250 OK")


def _text(mail: Message) -> str:
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            return content.decode()
    return ""
