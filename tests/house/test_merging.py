"""Merging knows everything that can hang on a customer or a contact (ACCT-4)."""

from db.base import Model
from services.merging import TIES
from tests.house.tree import Recipe, none_of

TABLES = {"account": "accounts", "contact": "contacts"}


def test_every_reference_follows_a_merge() -> None:
    for kind, table in TABLES.items():
        known = {(tie.model.__tablename__, tie.column) for tie in TIES[kind]}
        referring = {
            (other.name, column.name)
            for other in Model.metadata.tables.values()
            for column in other.columns
            for key in column.foreign_keys
            if key.column.table.name == table
        }
        missing = [f"{name}.{column}" for name, column in sorted(referring - known)]
        none_of(missing, f"what refers to {table} follows a merge: a Tie in services/merging/ties.py", Recipe.MODULE)
