"""Text that was being typed when a session ended is there after signing in again (SIG-5)."""

from datetime import timedelta

from services import drafts, sign_in
from tests.conftest import As
from tests.factories import NOW, World
from tests.services.arriving import signed_in


class TestDrafts:
    def test_text_comes_back_to_its_writer(self, world: World, as_: As) -> None:
        """SIG-5: as it was, also days and moments; once."""
        typed = {"learned": "要 3 台", "on": NOW.date(), "at": NOW, "lines": ["parts"], "hours": 1200, "sure": True}
        keep(signed_in("anna"), {"finish:7": typed})
        with as_(world.anna) as work:
            assert drafts.waiting(work) == ["finish:7"]
            assert drafts.take(work, form="finish:7") == typed
            assert drafts.take(work, form="finish:7") == {}

    def test_nobody_else_gets_it(self, world: World, as_: As) -> None:
        keep(signed_in("anna"), {"finish:7": {"learned": "要 3 台"}})
        with as_(world.ben) as work:
            assert drafts.waiting(work) == []
            assert drafts.take(work, form="finish:7") == {}

    def test_it_belongs_to_the_session_also_after_its_end(self, world: World, as_: As) -> None:
        """SIG-5: it is the end of the session that makes a draft."""
        secret = signed_in("anna")
        with sign_in.door(at=NOW) as work:
            sign_in.sign_out(work, session=sign_in.digest(secret))
        keep(secret, {"plan": {"subject": "Visit"}})
        with as_(world.anna) as work:
            assert drafts.take(work, form="plan") == {"subject": "Visit"}

    def test_without_a_session_nothing_is_kept(self, world: World) -> None:
        keep("invented", {"plan": {"subject": "Visit"}})

    def test_files_and_objects_are_left_out(self, world: World, as_: As) -> None:
        keep(
            signed_in("anna"),
            {"plan": {"subject": "Visit", "photo": b"...", "thing": object(), "mixed": ["a", object()]}},
        )
        with as_(world.anna) as work:
            assert drafts.take(work, form="plan") == {"subject": "Visit"}

    def test_a_later_end_replaces_an_earlier_one(self, world: World, as_: As) -> None:
        secret = signed_in("anna")
        keep(secret, {"plan": {"subject": "First"}})
        keep(secret, {"plan": {"subject": "Second"}})
        with as_(world.anna) as work:
            assert drafts.take(work, form="plan") == {"subject": "Second"}

    def test_drafts_nobody_came_back_for_are_swept(self, world: World) -> None:
        keep(signed_in("anna"), {"plan": {"subject": "Visit"}})
        with sign_in.door(at=NOW + timedelta(days=15)) as work:
            assert drafts.sweep(work) == 1


def keep(secret: str, forms: dict[str, dict[str, object]]) -> None:
    with sign_in.door(at=NOW) as work:
        drafts.save_for(work, session=sign_in.digest(secret), forms=forms)
