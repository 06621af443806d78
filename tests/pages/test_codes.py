"""LEAD-2: sources are offered group by group, in the administrators' order."""

import pytest
from sqlalchemy import update

from db.models import CodeValue
from pages.ui import codes, text
from services import code_lists
from services.core.configuration import configuration
from services.core.work import work_as_system
from tests.factories import NOW, As, World


def test_a_list_of_groups_is_offered_group_by_group(monkeypatch: pytest.MonkeyPatch, world: World, as_: As) -> None:
    monkeypatch.setattr(text, "language", lambda: "en")
    with as_(world.adam) as work:
        for group in ("Online", "Events"):
            code_lists.add(work, list_name="lead_source_group", label_zh=f"{group}组", label_en=group)
    with work_as_system("put into groups", at=NOW) as work:
        for code, group in (("website", "events"), ("exhibition", "online")):
            work._session.execute(update(CodeValue).where(CodeValue.id == world.codes[code]).values(group=group))
    with as_(world.anna, readonly=True) as work:
        offered = codes.offered(configuration(work), "lead_source")
        plain = codes.offered(configuration(work), "industry")
    assert [label for _id, label in offered] == ["Online · Exhibition", "Events · Website"]
    assert plain == [(world.codes["road"], "Road building")]
