"""Downloads: files and exports by address, for who is signed in, with their rights of this moment (EXP-1, ACC-7, ACT-12)."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from db.models import Activity, Event, User
from services import attachments, sign_in
from services.core.work import work_as, work_as_system
from tests.factories import PASSWORD, Make, World
from tests.server import Server, serving
from tests.services import importing
from tests.stage import Stage

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
NAME = '现场 照片 "1".png'


@dataclass(frozen=True)
class Answer:
    """What came back, as it is."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def sheets(self) -> Any:
        return load_workbook(BytesIO(self.body)).worksheets


@dataclass(frozen=True)
class Stored:
    """What the tests of this module read: Anna's activities, and a file on one of them."""

    activity: int
    file: int


@pytest.fixture(scope="module")
def world(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One database for the tests of this module, which leave each other alone."""
    with stage.fresh(tmp_path_factory.mktemp("downloads")):
        yield stage.world


@pytest.fixture(scope="module")
def stored(world: World) -> Stored:
    make = Make(world)
    for subject in ("=1+1", "00123"):
        make.activity(subject=subject, search_key=subject)
    make.activity(world.carl, subject="Carl's")
    for name, member in (("Anna's", world.anna), ("Ben's", world.ben)):
        make.contact(make.account(name, team={member: "machines"}), name=name)
    activity_id = make.activity(subject="with a file")
    with work_as(world.anna) as work:
        file = attachments.add(work, name=NAME, data=PNG, activity_id=activity_id)
    return Stored(activity_id, file)


@pytest.fixture(scope="module")
def server(stored: Stored) -> Iterator[Server]:
    with serving() as running:
        yield running


def cookie(login: str) -> str:
    """The secret of somebody who has just signed in."""
    with sign_in.door(readonly=True) as work:
        checked = sign_in.check(work, login=login, password=PASSWORD)
    with sign_in.door() as work:
        ticket = sign_in.admit(work, checked=checked, address=None) or ""
    with sign_in.door() as work:
        return sign_in.redeem(work, ticket=ticket, previous=None, address=None, browser=None) or ""


def get(server: Server, path: str, login: str = "anna", *, method: str = "GET", **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if login:
        sent["cookie"] = f"crm_session={cookie(login)}"
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    connection.request(method, path, headers=sent)
    answer = connection.getresponse()
    together: dict[str, str] = {}
    for name, value in answer.getheaders():
        together[name.lower()] = f"{together[name.lower()]}, {value}" if name.lower() in together else value
    found = Answer(answer.status, together, answer.read())
    connection.close()
    return found


class TestFiles:
    def test_a_file_comes_as_it_was_stored(self, server: Server, stored: Stored) -> None:
        """ACT-12: content, type, size and the name with all its characters (RFC 5987)."""
        answer = get(server, f"/files/{stored.file}")
        assert (answer.status, answer.body) == (200, PNG)
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["content-length"] == str(len(PNG))
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith("attachment; ")
        with work_as_system("look", readonly=True) as work:
            kept = attachments.open_(work, attachment_id=stored.file).name
        assert unquote(disposition.partition("filename*=UTF-8''")[2]) == kept

    def test_it_never_runs_in_the_browser(self, server: Server, stored: Stored) -> None:
        """ACT-12: an attachment, not sniffed, not stored, and in a sandbox if shown nevertheless."""
        headers = get(server, f"/files/{stored.file}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "sandbox; default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]

    def test_hidden_and_missing_answer_alike(self, server: Server, stored: Stored) -> None:
        """ACC-2, ACC-7: another branch, a colleague without a tie, no such file, no number at all."""
        hidden = [get(server, f"/files/{stored.file}", login) for login in ("carl", "ben", "max")]
        strange = ("999999", "0", "-1", "x", "9" * 30, "%F0%9F%9A%9C", "٣")
        missing = [get(server, f"/files/{quote(number, safe='%')}") for number in strange]
        assert len({(answer.status, answer.text) for answer in (*hidden, *missing)}) == 1
        assert hidden[0].status == 404

    def test_who_may_read_the_record_may_read_the_file(self, server: Server, stored: Stored) -> None:
        """The allowed case beside the refused one: her leader, her manager, head office."""
        assert {get(server, f"/files/{stored.file}", login).status for login in ("sun", "mia", "adam", "eva")} == {200}

    def test_losing_the_record_loses_the_file(self, server: Server, world: World, stored: Stored) -> None:
        """ACC-7: rights are those of the moment."""
        with work_as_system("Anna hands it over", readonly=False) as work:
            work.get(Activity, stored.activity).owner_id = world.ben
        try:
            assert get(server, f"/files/{stored.file}").status == 404
            assert get(server, f"/files/{stored.file}", "ben").status == 200
        finally:
            with work_as_system("and takes it back") as work:
                work.get(Activity, stored.activity).owner_id = world.anna


class TestExports:
    def test_the_list_as_a_workbook(self, server: Server) -> None:
        """EXP-1: own rows, text as text, a name with the day."""
        answer = get(server, "/exports/activities.xlsx")
        assert answer.status == 200
        assert "spreadsheetml" in answer.headers["content-type"]
        assert answer.headers["content-disposition"].startswith('attachment; filename="Activities 2')
        rows = [row[0] for row in answer.sheets[0].iter_rows(min_row=2, values_only=True)]
        assert {"=1+1", "00123", "with a file"} == set(rows)

    def test_the_address_of_the_list_is_the_filter(self, server: Server) -> None:
        """ALL-2: the same query parameters as the screen's, resolved anew on the server."""
        query = urlencode({"q": "00123", "view": "open", "sort": "-planned_start", "page": "7", "owner": ""})
        rows = list(get(server, f"/exports/activities.xlsx?{query}").sheets[0].iter_rows(min_row=2, values_only=True))
        assert [row[0] for row in rows] == ["00123"]

    @pytest.mark.parametrize(
        "query",
        ["salary=1", "owner=x", "sort=salary", "sort=--due_at", "state=planned&state=ended", "figure=ended", "state=gone", "_sql=1"],
    )  # fmt: skip
    def test_what_the_list_does_not_know_is_a_bad_request(self, server: Server, query: str) -> None:
        """ACC-2: never something else than what was asked for."""
        assert get(server, f"/exports/activities.xlsx?{query}").status == 400

    def test_customers_and_contacts_as_workbooks(self, server: Server, stored: Stored, world: World) -> None:
        """ALL-2, EXP-1: under the filter of their screens; Anna's own ones, all of the branch for its manager; on record."""
        for name in ("accounts", "contacts"):
            counts = {
                who: get(server, f"/exports/{name}.xlsx?mine=0", who).sheets[1]["B6"].value for who in ("anna", "mia")
            }
            assert counts == {"anna": 0, "mia": 2}
            (own,) = (
                get(server, f"/exports/{name}.xlsx?mine=1&sort=-name").sheets[0].iter_rows(min_row=2, values_only=True)
            )
            assert own[0] == "Anna's"
            assert get(server, f"/exports/{name}.xlsx?salary=1").status == 400
        with work_as_system("look", readonly=True) as work:
            told = work.rows(select(Event.kind, Event.note).where(Event.actor_id == world.mia, Event.kind != "sign_in"))
        assert {(row.kind, row.note.partition(" ")[2].partition(":")[2]) for row in told} >= {
            ("account", " 2 rows; mine=0"), ("contact", " 2 rows; mine=0"),
        }  # fmt: skip

    def test_statistics_as_a_workbook(self, server: Server) -> None:
        answer = get(server, "/exports/activity_statistics.xlsx?by=type", "mia")
        assert [cell.value for cell in answer.sheets[0][1]][:2] == ["Type", "Planned"]
        assert get(server, "/exports/activity_statistics.xlsx?by=salary", "mia").status == 400
        assert get(server, "/exports/activity_statistics.xlsx?from=2026-11-02&to=2026-11-01", "mia").status == 400

    def test_every_export_is_on_record(self, server: Server, world: World) -> None:
        """EXP-1: written before the file is handed out; nothing of a refused one."""
        get(server, "/exports/activities.xlsx?view=open", "sun")
        get(server, "/exports/activities.xlsx?salary=1", "sun")
        with work_as_system("look", readonly=True) as work:
            events = work.rows(select(Event.note).where(Event.actor_id == world.sun, Event.action == "exported"))
        assert len(events) == 1
        assert events[0].note.endswith("3 rows; view=open")

    def test_rights_are_the_readers(self, server: Server, world: World) -> None:
        """ALL-7: nobody takes out what they may not see."""
        counts = {
            login: get(server, "/exports/activities.xlsx", login).sheets[1]["B6"].value
            for login in ("carl", "ruth", "eva")
        }
        assert counts == {"carl": 1, "ruth": 0, "eva": 4}
        wider = get(server, f"/exports/activities.xlsx?branch={world.hefei}&owner={world.carl}")
        assert wider.sheets[1]["B6"].value == 0

    @pytest.mark.parametrize("name", ["users", "nothing", "activities.xlsx", "Activities"])
    def test_other_lists_are_not_there(self, server: Server, name: str) -> None:
        assert get(server, f"/exports/{name}.xlsx").status == 404

    def test_other_sites_cannot_start_one(self, server: Server) -> None:
        assert get(server, "/exports/activities.xlsx", Sec_Fetch_Site="cross-site").status == 403


class TestEveryDownload:
    @pytest.fixture(params=["/files/1", "/exports/activities.xlsx", "/exports/activity_statistics.xlsx"])
    def path(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_nobody_gets_anything_without_a_session(self, server: Server, path: str) -> None:
        """SIG-2: no cookie, a wrong one, trusted headers from a stranger."""
        forged = {"X_Crm_Session": "x", "X_Crm_User": "1"}
        answers = [
            get(server, path, ""),
            get(server, path, "", Cookie="crm_session=guess"),
            get(server, path, "", **forged),
        ]
        assert {answer.status for answer in answers} == {401}
        assert not any(answer.body.startswith(b"PK") for answer in answers)

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_only_get_is_answered(self, server: Server, path: str, method: str) -> None:
        assert get(server, path, method=method).status == 405

    def test_asking_for_the_headers_makes_no_export(self, server: Server, path: str) -> None:
        assert "content-disposition" not in get(server, path, method="HEAD").headers

    def test_a_password_to_be_changed_comes_first(self, server: Server, world: World, path: str) -> None:
        """SIG-4."""
        secret = cookie("pia")
        with work_as_system("reset") as work:
            work.get(User, world.pia).must_change_password = True
        try:
            assert get(server, path, "", Cookie=f"crm_session={secret}").status == 403
        finally:
            with work_as_system("done") as work:
                work.get(User, world.pia).must_change_password = False

    def test_signing_out_ends_it(self, server: Server, path: str) -> None:
        """SIG-2: the copied cookie is worthless at once."""
        secret = cookie("anna")
        with sign_in.door() as work:
            sign_in.sign_out(work, session=sign_in.digest(secret))
        assert get(server, path, "", Cookie=f"crm_session={secret}").status == 401


class TestWrongRows:
    def test_wrong_rows_go_to_whose_import_it_is(self, server: Server, world: World) -> None:
        """LEAD-3, ADM-7: as text and put on record; the data administrator gets everybody's, others no answer but “not found”."""
        importing.all_lists()
        job_id = importing.checked(world.ruth, importing.text("整机,123,王总,=1+1,,", "整机,13801395136,李雷,公司,,"))
        address = f"/exports/import_rows.xlsx?job={job_id}"
        answer = get(server, address, "ruth")
        assert answer.status == 200
        (row,) = answer.sheets[0].iter_rows(min_row=2, values_only=True)
        assert row[:4] == ("整机", "123", "王总", "=1+1")
        assert get(server, address, "adam").status == 200
        missing = {
            get(server, f"/exports/import_rows.xlsx{asked}", "ruth").text for asked in ("", "?job=x", "?job=99999")
        }
        assert {get(server, address, "hanna").text} == missing
        assert get(server, address, "anna").status == 403
        with work_as_system("look", readonly=True) as work:
            noted = work.rows(
                select(Event.note, Event.actor_id).where(Event.action == "exported", Event.kind == "lead")
            )
        assert {row.actor_id for row in noted} == {world.ruth, world.adam}
