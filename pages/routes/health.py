"""Health for the load balancer, figures for monitoring (ADM-12)."""

import logging
import os
import secrets

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services import health, sign_in

log = logging.getLogger(__name__)
LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
NO_STORE = {"cache-control": "no-store"}


async def healthz(_request: Request) -> Response:
    """200 while the database answers, else 503; with how far the worker is behind."""
    try:
        lag = await to_thread.run_sync(_lag)
    except Exception:
        log.exception("the health check did not reach the database")
        return JSONResponse({"database": False}, 503, NO_STORE)
    return JSONResponse({"database": True, "worker_lag_seconds": lag}, headers=NO_STORE)


def _lag() -> int:
    with sign_in.door(readonly=True) as work:
        return round(health.worker_lag(work))


async def metrics(request: Request) -> Response:
    """Prometheus text, for this machine itself or who knows METRICS_TOKEN."""
    if not (_from_here(request) or _knows_token(request)):
        return PlainTextResponse("Not for you.", 403)
    figures = await to_thread.run_sync(_figures)
    lines = [f"# TYPE crm_{name} gauge\ncrm_{name} {value:g}\n" for name, value in figures.items()]
    return PlainTextResponse("".join(lines), headers=NO_STORE)


def _figures() -> dict[str, float]:
    with sign_in.door(readonly=True) as work:
        return {"up": 1, **health.figures(work)}


def _from_here(request: Request) -> bool:
    """A request passed on by a proxy on this machine is not from here."""
    passed_on = any(name in request.headers for name in FORWARDED)
    return request.client is not None and request.client.host in LOOPBACK and not passed_on


def _knows_token(request: Request) -> bool:
    expected = os.environ.get("METRICS_TOKEN", "")
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(expected) and secrets.compare_digest(given.encode(), expected.encode())


ROUTES = (Route("/healthz", healthz), Route("/metrics", metrics))
