"""People who sign in: who they are, where they stand, whether they may come in (ADM-1, ACC-4, ACC-6, SIG-4)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from db.models import Activity, ActivityState, Branch, ProductLine, Role, User, UserLine
from services import sign_in
from services.core import events, fields
from services.core.access import needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.fields import Field, Kind
from services.core.listing import Column, Filter, ListRequest, ListSpec, Page, contains, fetch
from services.core.text import LANGUAGES, folded, search_key
from services.core.work import Query, Work

ROLES: Mapping[str, str] = {
    Role.REP: N_("rep"),
    Role.SALES_MANAGER: N_("sales manager"),
    Role.BRANCH_MANAGER: N_("branch manager"),
    Role.MARKETING: N_("marketing"),
    Role.DATA_ADMINISTRATOR: N_("data administrator"),
    Role.EXECUTIVE: N_("executive"),
}
IN_BRANCH = (Role.REP, Role.SALES_MANAGER, Role.BRANCH_MANAGER)
IN_HEAD_OFFICE = (Role.DATA_ADMINISTRATOR, Role.EXECUTIVE)
WITH_LINES = (Role.REP, Role.SALES_MANAGER)
#: whom a role reports to, if to anybody
REPORTS_TO = {Role.REP: (Role.SALES_MANAGER, Role.BRANCH_MANAGER), Role.SALES_MANAGER: (Role.BRANCH_MANAGER,)}
CLOSED = (ActivityState.ENDED, ActivityState.CANCELLED)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
MOST = 300
IN_PICKERS = (User.id, User.name, User.role, User.branch_id)


def _login(value: Any) -> str:
    name = sign_in.known_as(str(value))
    if not LOGIN.fullmatch(name):
        raise fields.wrong(NOT_A_LOGIN)
    return name


def _email(value: Any) -> str:
    if not EMAIL.fullmatch(str(value)):
        raise fields.wrong(NOT_AN_EMAIL)
    return str(value)


LANGUAGE = Field(
    "language", N_("Language"), Kind.CHOICE, required=True, options={"zh_CN": "中文", "en": "English"}, first=True
)
FIELDS: tuple[Field, ...] = (
    Field("name", N_("Name"), required=True, limit=60, first=True),
    Field("email", N_("E-mail"), first=True, check=_email),
    Field("mobile", N_("Mobile"), Kind.PHONE, limit=30, first=True),
    LANGUAGE,
)
#: what only an administrator sets; role and place decide about rights
POSITION: tuple[Field, ...] = (
    Field("role", N_("Role"), Kind.CHOICE, required=True, options=ROLES, first=True),
    Field("branch_id", N_("Branch"), Kind.RECORD, source="branch", first=True),
    Field("superior_id", N_("Superior"), Kind.RECORD, source="user", first=True),
    Field("lines", N_("Product lines"), Kind.LINES, first=True),
)
SIGN_IN_NAME = Field("login", N_("Sign-in name"), required=True, limit=40, first=True, check=_login)
ALL = (SIGN_IN_NAME, *FIELDS, *POSITION)


@needs("user.administer")
def create(work: Work, *, values: Mapping[str, Any], password_hash: str, demo: bool = False) -> int:
    """A new person, who chooses a password of their own at the first sign-in (SIG-4).

    ``password_hash`` is made by `services.passwords` beforehand, because hashing takes too long for a writing transaction.
    """
    given = fields.checked(ALL, {"language": LANGUAGES[0], **values})
    fields.complete(ALL, given)
    lines = _check_position(work, None, given)
    known_by = search_key(given["name"], given["login"])
    person = User(
        **{name: value for name, value in given.items() if name != "lines"},
        search_key=known_by, password_hash=password_hash, created_at=work.now, demo=demo,
    )  # fmt: skip
    work.add(person, to="user.administer")
    _set_lines(work, person, lines)
    events.record(work, person, "create", changes={name: (None, value) for name, value in given.items()})
    return person.id


@needs("user.administer")
def change(work: Work, *, user_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change a person; rights follow at the next click in every open browser (ACC-4).

    Whoever moves to another branch hands open activities over first (ACC-6).
    """
    person = work.load(User, user_id, to="user.administer", version=version)
    before = _lines(work, user_id)
    held = {"role": person.role, "branch_id": person.branch_id, "superior_id": person.superior_id, "lines": before}
    wanted = fields.checked((*FIELDS, *POSITION), changes)
    lines = _check_position(work, user_id, held | wanted)
    if wanted.get("branch_id", person.branch_id) != person.branch_id:
        _check_nothing_open(work, person)
    if "role" in wanted and wanted["role"] != Role.DATA_ADMINISTRATOR:
        _check_last_administrator(work, person)
    differing = fields.apply(person, (*FIELDS, *POSITION), changes)
    person.search_key = search_key(person.name, person.login)
    if lines != before:
        _set_lines(work, person, lines)
        differing["lines"] = (before, lines)
    if differing:
        events.record(work, person, "change", changes=differing)


@needs("user.own")
def choose_language(work: Work, *, language: str) -> None:
    """Keep the language that the actor reads (ALL-1)."""
    change_own(work, changes={"language": language})


@needs("user.own")
def change_own(work: Work, *, changes: Mapping[str, Any]) -> None:
    """Change what everybody may about themselves: e-mail, mobile number, language."""
    person = work.load(User, work.actor.id or 0, to="user.own")
    own = [field for field in FIELDS if field.name != "name"]
    if differing := fields.apply(person, own, changes):
        events.record(work, person, "change", changes=differing)


@needs("user.administer")
def deactivate(work: Work, *, user_id: int) -> None:
    """Shut a person out at once, in every open browser (ACC-4); refused while open activities are theirs (ACC-6)."""
    person = work.load(User, user_id, to="user.administer")
    if not person.active:
        return
    _check_last_administrator(work, person)
    _check_nothing_open(work, person)
    person.active = False
    sign_in.end_sessions(work, user_id=user_id)
    events.record(work, person, "deactivate", changes={"active": (True, False)})


@needs("user.administer")
def activate(work: Work, *, user_id: int) -> None:
    """Let a person in again."""
    person = work.load(User, user_id, to="user.administer")
    if not person.active:
        person.active = True
        events.record(work, person, "activate", changes={"active": (False, True)})


@needs("user.administer")
def reset_password(work: Work, *, user_id: int) -> str:
    """A code with which the person chooses a new password, once and within 30 minutes (SIG-4); shown only now."""
    person = work.load(User, user_id, to="user.administer")
    if not person.active:
        raise Refused(NOT_ACTIVE, name=person.name)
    person.must_change_password = True
    events.record(work, person, "reset_password")
    return sign_in.issue_code(work, person=person)


@needs("user.administer")
def sign_out(work: Work, *, user_id: int) -> None:
    """End every session of a person at once (SIG-2)."""
    person = work.load(User, user_id, to="user.administer")
    sign_in.end_sessions(work, user_id=user_id)
    events.record(work, person, "sign_out")


@dataclass(frozen=True)
class Position:
    """Where a person is to stand, before anything is stored."""

    user_id: int | None
    role: Role
    branch_id: int | None
    superior_id: int | None
    lines: list[str]


def _check_position(work: Work, user_id: int | None, values: Mapping[str, Any]) -> list[str]:
    """The product lines, in order; Invalid, naming every part of a position that does not fit the rest."""
    if not values.get("role"):
        raise Invalid({"role": Said(fields.REQUIRED)})
    lines = sorted({str(line) for line in values.get("lines") or []})
    wanted = Position(user_id, Role(values["role"]), values.get("branch_id"), values.get("superior_id"), lines)
    problems = {
        "branch_id": _branch_problem(work, wanted),
        "superior_id": _superior_problem(work, wanted),
        "lines": _lines_problem(work, wanted),
    }
    if wrong := {name: said for name, said in problems.items() if said}:
        raise Invalid(wrong)
    return lines


def _branch_problem(work: Work, wanted: Position) -> Said | None:
    if wanted.branch_id is None:
        return Said(NEEDS_BRANCH) if wanted.role in IN_BRANCH else None
    if wanted.role in IN_HEAD_OFFICE:
        return Said(NEEDS_NO_BRANCH)
    known = work.scalar(select(Branch.id).where(Branch.id == wanted.branch_id, Branch.active))
    return None if known else Said(NO_SUCH_BRANCH)


def _superior_problem(work: Work, wanted: Position) -> Said | None:
    """A superior is active, of a fitting role and branch, and not someone below the person."""
    if wanted.superior_id is None:
        return None
    above = work.row(select(User.role, User.branch_id).where(User.id == wanted.superior_id, User.active))
    if above is None:
        return Said(NO_SUCH_SUPERIOR)
    fitting = REPORTS_TO.get(wanted.role)
    if fitting and not (above.role in fitting and above.branch_id == wanted.branch_id):
        return Said(UNFIT_SUPERIOR)
    return Said(CYCLE) if wanted.user_id in _chain(work, wanted.superior_id) else None


def _lines_problem(work: Work, wanted: Position) -> Said | None:
    if wanted.role not in WITH_LINES:
        return Said(NEEDS_NO_LINES) if wanted.lines else None
    if not wanted.lines:
        return Said(NEEDS_LINES)
    known = set(work.scalars(select(ProductLine.code)))
    return None if set(wanted.lines) <= known else Said(fields.NOT_LISTED)


def _chain(work: Work, user_id: int | None) -> set[int]:
    """A person and everybody above."""
    seen: set[int] = set()
    while user_id is not None and user_id not in seen:
        seen.add(user_id)
        user_id = work.scalar(select(User.superior_id).where(User.id == user_id))
    return seen


def _lines(work: Work, user_id: int) -> list[str]:
    return list(work.scalars(select(UserLine.line).where(UserLine.user_id == user_id).order_by(UserLine.line)))


def _set_lines(work: Work, person: User, lines: Iterable[str]) -> None:
    held = {row.line: row for row in work.scalars(select(UserLine).where(UserLine.user_id == person.id))}
    work.drop(*(row for line, row in held.items() if line not in set(lines)))
    work.also(*(UserLine(user_id=person.id, line=line) for line in sorted(set(lines) - set(held))))


def _check_nothing_open(work: Work, person: User) -> None:
    mine = (Activity.owner_id == person.id, Activity.state.not_in(CLOSED))
    if count := work.scalar(select(func.count()).select_from(Activity).where(*mine)):
        raise Refused(OWNS_OPEN, name=person.name, count=count)


def _check_last_administrator(work: Work, person: User) -> None:
    """The system never loses the last one who can administer it."""
    others = (User.role == Role.DATA_ADMINISTRATOR, User.active, User.id != person.id)
    alone = not work.scalar(select(func.count()).select_from(User).where(*others))
    if person.role is Role.DATA_ADMINISTRATOR and alone:
        raise Refused(LAST_ADMINISTRATOR)


def colleagues(
    work: Work,
    *,
    words: str = "",
    branch_id: int | None = None,
    roles: Iterable[str] = (),
    line: str = "",
    limit: int = MOST,
) -> Sequence[Any]:
    """Active people for pickers, by name or pinyin: of one's own branch, or for people of the head office of all or of one.

    Rows of id, name, role, branch_id.
    """
    branch = work.actor.branch_id or branch_id
    conditions = [User.active, *([User.branch_id == branch] if branch else [])]
    conditions += [contains(User.search_key)(folded(words))] if words.strip() else []
    conditions += [User.role.in_(list(roles))] if roles else []
    conditions += [_has_line(work, line)] if line else []
    return work.rows(select(*IN_PICKERS).where(*conditions).order_by(User.name, User.id).limit(limit))


def named(work: Work, *, ids: Iterable[int]) -> Sequence[Any]:
    """These people, active or not and of any branch, as records name them; rows as of `colleagues`."""
    return work.rows(select(*IN_PICKERS).where(User.id.in_(list(ids))))


def branch_names(work: Work) -> tuple[str, str] | None:
    """Name and English name of the actor's branch; None in the head office."""
    row = work.row(select(Branch.name, Branch.name_en).where(Branch.id == work.actor.branch_id))
    return (row.name, row.name_en) if row else None


@needs("user.administer")
def card(work: Work, *, user_id: int) -> dict[str, Any]:
    """Everything about one person that an administrator sees and changes."""
    person = work.get(User, user_id)
    shown = ("id", "login", "name", "email", "mobile", "language", "role", "branch_id", "superior_id", "active", "demo")
    more = {"must_change_password": person.must_change_password, "version": person.version}
    return {name: getattr(person, name) for name in shown} | more | {"lines": _lines(work, user_id)}


@needs("user.administer")
def page(work: Work, *, request: ListRequest) -> Page:
    """One page of everybody (ALL-2)."""
    return fetch(work, LIST, request)


superiors = aliased(User, name="superior")


def _read(statement: Query) -> Query:
    with_branch = statement.outerjoin(Branch, Branch.id == User.branch_id)
    return with_branch.outerjoin(superiors, superiors.id == User.superior_id)


def _active(_work: Work, value: Any) -> ColumnElement[bool]:
    return User.active.is_(str(value).lower() in ("1", "true", "yes"))


def _has_line(_work: Work, value: Any) -> ColumnElement[bool]:
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
        Column("mobile", N_("Mobile"), User.mobile),
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
        Filter("line", N_("Product line"), _has_line, choices="lines"),
    ),
    sort="name",
)  # fmt: skip

NOT_A_LOGIN = N_(
    "2 to 40 small letters, digits, dots or dashes are needed, beginning with a letter, such as zhang.wei."
)
NOT_AN_EMAIL = N_("An e-mail address is needed, such as zhang.wei@example.com.")
NEEDS_BRANCH = N_("This role belongs to a branch.")
NEEDS_NO_BRANCH = N_("This role belongs to the head office; leave the branch empty.")
NO_SUCH_BRANCH = N_("There is no such branch, or it is closed.")
NO_SUCH_SUPERIOR = N_("There is no such active person.")
UNFIT_SUPERIOR = N_(
    "Reps report to a sales manager or the branch manager of their branch, sales managers to the branch manager."
)
CYCLE = N_("This person stands below the one who is changed; nobody is their own superior.")
NEEDS_LINES = N_("This role needs at least one product line.")
NEEDS_NO_LINES = N_("This role has no product lines.")
OWNS_OPEN = N_("{name} still has {count} open activities. Hand them over first.")
LAST_ADMINISTRATOR = N_("This is the only data administrator left. Appoint another one first.")
NOT_ACTIVE = N_("{name} is inactive. Activate the person first.")
