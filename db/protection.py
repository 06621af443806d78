"""Triggers that keep what must never change: ended activities (ACT-9) and the audit trail (ALL-3)."""

from collections.abc import Iterator

from sqlalchemy import Connection

ENDED_CHILDREN = ("activity_contacts", "activity_participants", "activity_holdings", "attachments")
FIXED = "an ended activity cannot change"
APPENDED = "the audit trail is append-only"


def protect(connection: Connection) -> None:
    """Put every trigger in place; may be run again after a migration has rebuilt a table."""
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _statements(dialect: str) -> Iterator[str]:
    make = _sqlite if dialect == "sqlite" else _postgresql
    for event in ("UPDATE", "DELETE"):
        yield from make("activities", event, "OLD.state = 'ended'", FIXED)
        yield from make("events", event, "true", APPENDED)
    for table in ENDED_CHILDREN:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            yield from make(table, event, _parent_ended(row), FIXED)
        yield from make(table, "UPDATE", _parent_ended("NEW"), FIXED, suffix="_into")


def _parent_ended(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM activities WHERE id = {row}.activity_id AND state = 'ended')"


def _sqlite(table: str, event: str, condition: str, message: str, suffix: str = "") -> Iterator[str]:
    name = f"keep_{table}_{event.lower()}{suffix}"
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _postgresql(table: str, event: str, condition: str, message: str, suffix: str = "") -> Iterator[str]:
    name = f"keep_{table}_{event.lower()}{suffix}"
    body = f"BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ {body} RETURN {_kept_row(event)}; END $$ LANGUAGE plpgsql"
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _kept_row(event: str) -> str:
    return "OLD" if event == "DELETE" else "NEW"
