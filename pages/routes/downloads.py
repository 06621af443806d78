"""Downloads: attachments and exports, for the person behind the cookie, with their rights of this moment (EXP-1, ACC-7)."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pages.routes.identity import SANDBOX, language_of, reading, writing
from services import accounts, activities, attachments, contacts, exports, imports, leads
from services.core.errors import NotFound, Refused
from services.core.listing import LARGEST, NOT_A_COLUMN, ListRequest, ListSpec
from services.core.text import translator
from services.core.work import Work
from services.exports import Exported
from services.reports import activity_statistics, excel, lead_success

PORTION = 256 * 1024
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "content-security-policy": SANDBOX}
#: so many exports are made at once, in threads of their own: others wait their turn, and nobody else waits for them
_makers = CapacityLimiter(2)

Export = Callable[[Work, Mapping[str, str], Path], Exported]


def file(request: Request) -> Response:
    """An attachment; 404 alike for one that is not there and one that is not theirs to read."""
    with reading(request) as work:
        opened = attachments.open_(work, attachment_id=_number(request.path_params["id"]))
    return _attachment(opened.stream, opened.name, opened.media_type, opened.size)


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(LARGEST)) and int(given) <= LARGEST):
        raise NotFound
    return int(given)


async def export(request: Request) -> Response:
    """A list or report as a workbook, under the filters in the address; put on record before it is handed out."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        return PlainTextResponse("This request does not come from the application.", 403)
    try:
        exported, content, size = await to_thread.run_sync(_made, request, limiter=_makers)
    except Refused as error:
        if error.said.message != NOT_A_COLUMN:
            raise
        return PlainTextResponse(error.text(translator(language_of(request))), 400, {"cache-control": "no-store"})
    return _attachment(content, exported.name, EXCEL, size)


def _made(request: Request) -> tuple[Exported, BinaryIO, int]:
    """The workbook, in a file that is gone when it is closed."""
    make = EXPORTS.get(request.path_params["name"])
    if make is None:
        raise NotFound
    with NamedTemporaryFile(prefix="export-", suffix=".xlsx") as place:
        path = Path(place.name)
        with reading(request) as work:
            exported = make(work, _given(request), path)
        with writing(request) as work:
            exports.note(work, exported=exported)
        return exported, path.open("rb"), path.stat().st_size


def _given(request: Request) -> Mapping[str, str]:
    given = request.query_params.multi_items()
    if len(dict(given)) < len(given):
        raise Refused(NOT_A_COLUMN)
    return {name: value for name, value in given if value}


def _of_list(spec: ListSpec) -> Export:
    def make(work: Work, given: Mapping[str, str], path: Path) -> Exported:
        rest: dict[str, Any] = dict(given)
        search, sort = rest.pop("q", ""), rest.pop("sort", "")
        rest.pop("page", None)
        request = ListRequest(search, filters=rest, sort=sort.removeprefix("-"), descending=sort.startswith("-"))
        return exports.of_list(work, spec=spec, request=request, path=path)

    return make


def _statistics(work: Work, given: Mapping[str, str], path: Path) -> Exported:
    return excel.statistics(work, question=activity_statistics.SHAPE.asked(given, today=work.today), path=path)


def _lead_success(work: Work, given: Mapping[str, str], path: Path) -> Exported:
    return excel.leads(work, question=lead_success.SHAPE.asked(given, today=work.today), path=path)


def _import_rows(work: Work, given: Mapping[str, str], path: Path) -> Exported:
    return imports.wrong_rows(work, job_id=_number(given.get("job", "")), path=path)


def _attachment(content: BinaryIO, name: str, media_type: str, size: int) -> Response:
    headers = HEADERS | {"content-disposition": _disposition(name), "content-length": str(size)}
    return StreamingResponse(
        iter(lambda: content.read(PORTION), b""),
        media_type=media_type,
        headers=headers,
        background=BackgroundTask(content.close),
    )


def _disposition(name: str) -> str:
    """The name as RFC 5987 wants it, with a plain one for those who do not know it."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _only_get(path: str, endpoint: Callable[[Request], Response | Awaitable[Response]]) -> Route:
    """Starlette would answer HEAD as well, which would make an export and throw it away."""
    route = Route(path, endpoint)
    route.methods = {"GET"}
    return route


LISTS = (activities.LIST, accounts.LIST, contacts.LIST, leads.LIST)
EXPORTS: Mapping[str, Export] = {
    **{spec.name: _of_list(spec) for spec in LISTS},
    "activity_statistics": _statistics,
    "lead_success": _lead_success,
    "import_rows": _import_rows,
}
ROUTES = (_only_get("/files/{id}", file), _only_get("/exports/{name}.xlsx", export))
