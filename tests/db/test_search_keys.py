"""Search keys fit into their columns: PostgreSQL refuses what SQLite would let through (ALL-2)."""

from sqlalchemy import String

from db.models import Activity, User
from services.activities.fields import key_of
from services.core.text import search_key

#: the longest syllable; a text of it has the longest key
LONGEST = "装"


def test_the_key_of_the_longest_name_fits() -> None:
    longest = search_key(LONGEST * _length(User, "name"), "x" * 40)
    assert len(longest) <= _length(User, "search_key")


def test_the_key_of_the_longest_subject_is_cut_to_fit() -> None:
    """Of 200 characters the whole text is found, and the pinyin of as many as the index takes."""
    key = key_of(LONGEST * _length(Activity, "subject"))
    assert len(key) <= _length(Activity, "search_key")
    assert LONGEST * _length(Activity, "subject") in key
    assert "zhuang" * 90 in key


def _length(model: type[Activity | User], name: str) -> int:
    kind = model.metadata.tables[model.__tablename__].columns[name].type
    assert isinstance(kind, String)
    return kind.length or 0
