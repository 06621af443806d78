"""Where website forms hand in leads: POST /intake/leads with the website's key (LEAD-9)."""

import json
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.routes.identity import language_of
from services import intake
from services.core.errors import Invalid, Refused
from services.core.text import translator
from services.core.work import work_as_system

LARGEST = 16 * 1024
MOST_FIELDS = 60
NO_STORE = {"cache-control": "no-store"}


async def leads(request: Request) -> Response:
    """202 when it was taken, also when the number is known already: a website learns nothing about who is."""
    site = intake.site_of(request.headers.get("authorization", "").removeprefix("Bearer "))
    if site is None:
        return _answer(401, error="key")
    content = await _content(request)
    if content is None:
        return _answer(413, error="too large")
    return await to_thread.run_sync(_taken, site, content, language_of(request))


async def _content(request: Request) -> bytes | None:
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > LARGEST:
            return None
    return content


def _taken(site: str, content: bytes, language: str) -> Response:
    translate = translator(language)
    given = _fields(content)
    if given is None:
        return _answer(400, error=intake.NO_FIELDS.text(translate))
    try:
        with work_as_system("a website calls", channel=intake.FROM_FORMS) as work:
            intake.check_pace(work, site=site)
        with work_as_system("a website hands in a lead", channel=intake.FROM_FORMS) as work:
            intake.hand_in(work, site=site, given=given)
    except Invalid as error:
        return _answer(422, errors={name: said.text(translate) for name, said in error.fields.items()})
    except Refused as error:
        return _answer(429 if error.said.message == intake.TOO_FAST else 409, error=error.text(translate))
    return _answer(202, received=True)


def _fields(content: bytes) -> dict[str, Any] | None:
    """The fields of a form; None for anything else."""
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return None
    plain = isinstance(given, dict) and 0 < len(given) <= MOST_FIELDS
    return given if plain and all(isinstance(value, str | int | float | None) for value in given.values()) else None


def _answer(status: int, **said: Any) -> Response:
    return JSONResponse(said, status, NO_STORE)


ROUTES = (Route("/intake/leads", leads, methods=["POST"]),)
