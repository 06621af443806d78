"""Triggers that keep what must never change: ended activities (ACT-9) and the audit trail (ALL-3)."""

from collections.abc import Iterator

from sqlalchemy import Connection

import db.models  # noqa: F401 - fills the list of columns
from db.base import Model

ENDED_CHILDREN = ("activity_contacts", "activity_participants", "activity_holdings", "attachments")
FIXED = "an ended activity cannot change"
APPENDED = "the audit trail is append-only"
#: table, which of its rows are kept as they are, and the answer to whoever tries
KEPT = (("activities", "OLD.state = 'ended'", FIXED), ("events", "true", APPENDED))
#: what of an ended activity may follow when two records become one: table → kind of record and the column that names it
FOLLOWING = {"activities": ("account", "account_id"), "activity_contacts": ("contact", "contact_id")}
IN_PLACE = {
    "sqlite": (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 5) = 'keep_' ORDER BY 1"
    ),
    "postgresql": (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND tgenabled <> 'D' AND starts_with(tgname, 'keep_')"
        " AND relnamespace = current_schema()::regnamespace ORDER BY 1"
    ),
}


def protect(connection: Connection) -> None:
    """Put every trigger in place; may be run again after a migration has rebuilt a table."""
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def unprotect(connection: Connection) -> None:
    """Take every trigger away, while tables are rebuilt or filled; ``protect`` follows in the same transaction."""
    for name, table in triggers(connection):
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")


def triggers(connection: Connection) -> list[tuple[str, str]]:
    """The triggers that are in place and at work, each with its table."""
    found = connection.exec_driver_sql(IN_PLACE[connection.dialect.name])
    return [(name, table) for name, table in found]


def expected(dialect: str) -> set[str]:
    """The names of all triggers that belong in place."""
    made = "CREATE TRIGGER "
    return {statement.split()[2] for statement in _statements(dialect) if statement.startswith(made)}


def _statements(dialect: str) -> Iterator[str]:
    make = _sqlite if dialect == "sqlite" else _postgresql
    for table, kept, message in KEPT:
        yield from make(table, "UPDATE", _unless_merged(table, f"({kept} OR NEW.id <> OLD.id)"), message)
        yield from make(table, "DELETE", kept, message)
    for table in ENDED_CHILDREN:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            condition = _parent_ended(row)
            yield from make(table, event, _unless_merged(table, condition) if event == "UPDATE" else condition, FIXED)
        yield from make(table, "UPDATE", _unless_merged(table, _parent_ended("NEW")), FIXED, suffix="_into")
    yield from _against_replacing() if dialect == "sqlite" else _against_truncating()


def _against_replacing() -> Iterator[str]:
    """INSERT OR REPLACE removes the row in the way without asking the triggers on DELETE."""
    for table, kept, message in KEPT:
        there = _there(table, kept.replace("OLD.", "old."))
        yield from _sqlite(table, "INSERT", there, message, suffix="_over")
    for table in ("activity_holdings", "attachments"):
        yield from _sqlite(table, "INSERT", _there(table, _parent_ended("old")), FIXED, suffix="_over")


def _against_truncating() -> Iterator[str]:
    """TRUNCATE passes by the triggers on rows."""
    for table, message in (*((table, message) for table, _, message in KEPT), *((t, FIXED) for t in ENDED_CHILDREN)):
        yield from _postgresql(table, "TRUNCATE", "true", message, each="STATEMENT")


def _unless_merged(table: str, kept: str) -> str:
    """Who it was with follows a merge, and its undoing, and nothing else of it does (ACCT-4)."""
    if table not in FOLLOWING:
        return kept
    kind, column = FOLLOWING[table]
    others = [c.name for c in Model.metadata.tables[table].columns if c.name not in (column, "version")]
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in others)
    forth = f"(undone_at IS NULL AND gone = OLD.{column} AND kept = NEW.{column})"
    back = f"(undone_at IS NOT NULL AND kept = OLD.{column} AND gone = NEW.{column})"
    merged = f"SELECT 1 FROM merges WHERE kind = '{kind}' AND ({forth} OR {back})"  # noqa: S608 - all of it is ours
    return f"{kept} AND NOT ({same} AND EXISTS ({merged}))"


def _there(table: str, kept: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} AS old WHERE old.id = NEW.id AND {kept})"  # noqa: S608 - all of it is ours


def _parent_ended(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM activities WHERE id = {row}.activity_id AND state = 'ended')"  # noqa: S608


def _sqlite(table: str, event: str, condition: str, message: str, suffix: str = "") -> Iterator[str]:
    name = f"keep_{table}_{event.lower()}{suffix}"
    refusal = f"SELECT RAISE(ABORT, '{message}')"
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN {refusal}; END"


def _postgresql(
    table: str, event: str, condition: str, message: str, suffix: str = "", each: str = "ROW"
) -> Iterator[str]:
    name = f"keep_{table}_{event.lower()}{suffix}"
    refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"BEGIN IF {condition} THEN {refusal}; END IF; RETURN {_kept_row(event)}; END"
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql"
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"


def _kept_row(event: str) -> str:
    return {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(event, "NEW")
