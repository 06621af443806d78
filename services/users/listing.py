"""The list of people for their administrators (ALL-2)."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from db.models import Branch, Role, User, UserLine
from services.core.access import needs
from services.core.errors import N_
from services.core.listing import Column, Filter, ListRequest, ListSpec, Page, contains, fetch
from services.core.work import Query, Work

superiors = aliased(User, name="superior")


def _read(statement: Query) -> Query:
    with_branch = statement.outerjoin(Branch, Branch.id == User.branch_id)
    return with_branch.outerjoin(superiors, superiors.id == User.superior_id)


def _active(_work: Work, value: Any) -> ColumnElement[bool]:
    return User.active.is_(str(value).lower() in ("1", "true", "yes"))


def has_line(_work: Work, value: Any) -> ColumnElement[bool]:
    return exists(select(UserLine.user_id).where(UserLine.user_id == User.id, UserLine.line == str(value)))


def _search(words: str) -> ColumnElement[bool]:
    return or_(contains(User.search_key, User.mobile, func.lower(User.email))(words))


LIST = ListSpec(
    name="users",
    model=User,
    columns=(
        Column("name", N_("Name"), User.name, kind="person"),
        Column("login", N_("Sign-in name"), User.login),
        Column("role", N_("Role"), User.role, kind="role"),
        Column("branch", N_("Branch"), Branch.name, sortable=False),
        Column("branch_en", N_("Branch (English)"), Branch.name_en, sortable=False, shown=False),
        Column("superior", N_("Superior"), superiors.name, kind="person", sortable=False),
        Column("mobile", N_("Mobile"), User.mobile, kind="phone"),
        Column("email", N_("E-mail"), User.email),
        Column("active", N_("Active"), User.active, kind="flag"),
        Column("created_at", N_("Created"), User.created_at, kind="moment"),
    ),
    read=_read,
    search=_search,
    filters=(
        Filter("role", N_("Role"), lambda _work, value: User.role == Role(value), choices="roles", first=True),
        Filter("branch", N_("Branch"), lambda _work, value: User.branch_id == int(value), choices="branches", first=True),
        Filter("active", N_("Active"), _active, choices="yes_no", first=True),
        Filter("line", N_("Product line"), has_line, choices="lines"),
    ),
    sort="name",
)  # fmt: skip


@needs("user.administer")
def page(work: Work, *, request: ListRequest) -> Page:
    """One page of everybody (ALL-2)."""
    return fetch(work, LIST, request)
