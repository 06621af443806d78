"""Fields: what a model stores is declared once in its noun, or written by a service of its own (ACC-5)."""

from collections.abc import Iterator
from importlib import import_module

from sqlalchemy import Column, String

from db.models import User
from services.core.fields import Field, Kind
from tests.house.tree import ROOT, Recipe, name_of, none_of, nouns, text_of

#: every table; models are registered when db.models is imported
TABLES = User.metadata.tables

#: written by the mechanism of every record, never by a form
MECHANISM = {"id", "version", "owner_id", "branch_id", "state", "deleted_at"}
MECHANISM |= {"created_at", "created_by_id", "updated_at", "search_key"}
#: what duplicates are found by, and why one was entered nevertheless (ACCT-3)
COMPARED = {"name_key", "duplicate_reason"}
#: columns that a service of their own writes, by table
BY_SERVICE: dict[str, set[str]] = {
    "activities": {
        *("assigned_by_id", "assigned_at", "assignment_no", "accepted_at"),  # assign, reassign, accept
        *("declined_at", "decline_reason", "queue_reason"),  # decline; the time rules
        *("cancelled_at", "cancel_reason"),  # cancel
        *("started_at", "ended_at", "seal"),  # start, end
        "lead_id",  # conversion of a lead, and what is planned about one
        "follows_id",  # a follow-up is planned from what it follows
    },
    "accounts": {"status", *COMPARED, "checked_at"},  # set_status; duplicates; the data inbox
    "contacts": {*COMPARED, "checked_at"},
    "leads": {
        *COMPARED,
        *("assigned_at", "assigned_by_id", "assignment_no", "rule_id"),  # create; assignment
        *("first_contact_at", "first_contact_by_id"),  # the first contact
        *("converted_at", "converted_by_id", "account_id", "contact_id", "opportunity_id"),  # conversion
        *("disqualified_at", "disqualified_by_id", "disqualify_reason_id", "disqualify_note"),  # disqualification
    },
    "contact_requests": {
        *(
            "kind",
            "contact_id",
            "name",
            "changes",
            "contact_version",
            "asked_by_id",
            "asked_at",
        ),  # ask_deletion, propose
        *("decided_by_id", "decided_at", "answer"),  # approve, refuse, accept, decline, withdraw
    },
    "absences": {"user_id"},  # enter
    "users": {
        "active",
        "must_change_password",
        "password_hash",
        "demo",
    },  # (de)activate, reset, sign_in, the demo data
}
#: what an administrator sets in the form of a person, because it is what that form is for; users.change checks it all
SET_BY_ADMINISTRATORS = {"users.branch_id"}


def declared() -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Each noun that declares fields, a file or a package, with all of them."""
    fields: dict[str, tuple[Field, ...]] = {}
    for file in nouns():
        noun = file.relative_to(ROOT).parts[1].removesuffix(".py")
        if "Field(" in text_of(file) and noun in TABLES:
            module = import_module(name_of(file).removesuffix("/__init__.py").removesuffix(".py").replace("/", "."))
            groups = [value for value in vars(module).values() if isinstance(value, tuple | list)]
            found = tuple(field for group in groups for field in group if isinstance(field, Field))
            fields[noun] = fields.get(noun, ()) + found
    yield from fields.items()


def columns(table: str) -> dict[str, Column[object]]:
    return {column.name: column for column in TABLES[table].columns}


def test_every_column_is_a_field_or_has_its_service() -> None:
    missing = [
        f"{table}.{name}"
        for table, fields in declared()
        for name in columns(table).keys() - {field.name for field in fields} - MECHANISM - BY_SERVICE.get(table, set())
    ]
    none_of(missing, "one line in FIELDS, or BY_SERVICE in this test", Recipe.FIELD)


def test_every_field_is_stored() -> None:
    unknown = [
        f"{table}.{field.name}"
        for table, fields in declared()
        for field in fields
        if field.kind is not Kind.LINES and field.name not in columns(table)
    ]
    none_of(unknown, "FIELDS names a column that the model lacks", Recipe.FIELD)


def test_no_field_takes_more_than_fits() -> None:
    wide = [
        f"{table}.{field.name}"
        for table, fields in declared()
        for field in fields
        if field.kind in {Kind.TEXT, Kind.PHONE} and field.name in columns(table)
        if isinstance(kind := columns(table)[field.name].type, String) and kind.length and field.limit > kind.length
    ]
    none_of(wide, "the limit in FIELDS is longer than the column", Recipe.FIELD)


def test_no_form_writes_what_has_a_service_of_its_own() -> None:
    named = {f"{table}.{field.name}" for table, fields in declared() for field in fields if field.name in MECHANISM}
    none_of(
        named - SET_BY_ADMINISTRATORS,
        "owner, branch, state and the like change only through their own service",
        Recipe.FIELD,
    )
