"""Search keys hold the longest texts with their pinyin: PostgreSQL refuses what SQLite would let through (ALL-2)."""

import pytest
from sqlalchemy import String

from db.models import Activity, User
from services.core.text import search_key

#: the longest syllable; a text of it has the longest key
LONGEST = "装"


@pytest.mark.parametrize(("model", "texts"), [(Activity, ("subject",)), (User, ("name", "login"))])
def test_the_key_of_the_longest_text_fits(model: type[Activity | User], texts: tuple[str, ...]) -> None:
    longest = search_key(*(LONGEST * _length(model, text) if text != "login" else "x" * 40 for text in texts))
    assert len(longest) <= _length(model, "search_key")


def _length(model: type[Activity | User], name: str) -> int:
    kind = model.metadata.tables[model.__tablename__].columns[name].type
    assert isinstance(kind, String)
    return kind.length or 0
