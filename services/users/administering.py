"""What administrators do about people, and what everybody may change about themselves (ACC-4, ACC-6, SIG-4)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select

from db.models import Role, User
from services import holdings, passwords, sign_in
from services.core import events, fields
from services.core.access import needs, permissions_of
from services.core.errors import N_, Refused
from services.core.text import LANGUAGES, search_key
from services.core.work import Work
from services.users.fields import ALL, FIELDS, POSITION
from services.users.position import fitting_lines, lines_of, set_lines


@needs("user.administer")
def create(work: Work, *, values: Mapping[str, Any], password_hash: str, demo: bool = False) -> int:
    """A new person, who chooses a password of their own at the first sign-in (SIG-4).

    ``password_hash`` is made by `services.passwords` beforehand, because hashing takes too long for a writing transaction.
    """
    given = fields.filled(ALL, {"language": LANGUAGES[0], **values})
    lines = fitting_lines(work, user_id=None, values=given)
    known_by = search_key(given["name"], given["login"])
    person = User(
        **{name: value for name, value in given.items() if name != "lines"},
        search_key=known_by, password_hash=password_hash, created_at=work.now, demo=demo,
    )  # fmt: skip
    work.add(person, to="user.administer")
    set_lines(work, person=person, lines=lines)
    events.record(work, person, "create", changes={name: (None, value) for name, value in given.items()})
    return person.id


@needs("user.administer")
def change(work: Work, *, user_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change a person; rights follow at the next click in every open browser (ACC-4).

    Whoever moves to another branch hands open work over first (ACC-6), with a new role whatever that role cannot have.
    """
    _hold_administrators(work)
    person = work.load(User, user_id, to="user.administer", version=version)
    before = lines_of(work, user_id=user_id)
    held = {"role": person.role, "branch_id": person.branch_id, "superior_id": person.superior_id, "lines": before}
    wanted = fields.checked((*FIELDS, *POSITION), changes)
    lines = fitting_lines(work, user_id=user_id, values=held | wanted)
    if wanted.get("branch_id", person.branch_id) != person.branch_id:
        _check_nothing_open(work, person)
    elif (role := wanted.get("role", person.role)) != person.role:
        _check_nothing_open(work, person, unless=permissions_of(role))
    if "role" in wanted and wanted["role"] != Role.DATA_ADMINISTRATOR:
        _check_last_administrator(work, person)
    differing = fields.apply(person, (*FIELDS, *POSITION), changes)
    person.search_key = search_key(person.name, person.login)
    if lines != before:
        set_lines(work, person=person, lines=lines)
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
    """Shut a person out at once, in every open browser (ACC-4); refused while open work is theirs (ACC-6)."""
    _hold_administrators(work)
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
    """A code with which the person chooses a new password, once and within 30 minutes (SIG-4); shown only now.

    From now on only the code lets in: whoever knew the old password or sat in an open session is outside (SIG-2).
    """
    person = work.load(User, user_id, to="user.administer")
    if not person.active:
        raise Refused(NOT_ACTIVE, name=person.name)
    if person.id == work.actor.id:
        raise Refused(NOT_ONESELF)
    person.password_hash, person.must_change_password = passwords.NOBODY, True
    sign_in.end_sessions(work, user_id=user_id)
    events.record(work, person, "reset_password")
    return sign_in.issue_code(work, person=person)


@needs("user.administer")
def sign_out(work: Work, *, user_id: int) -> None:
    """End every session of a person at once (SIG-2)."""
    person = work.load(User, user_id, to="user.administer")
    sign_in.end_sessions(work, user_id=user_id)
    events.record(work, person, "sign_out")


def _check_nothing_open(work: Work, person: User, unless: Collection[str] = ()) -> None:
    """Everything open has another owner first; what only this manager could decide, another manager (ACC-6, ADM-6).

    What the person can have with the permissions of ``unless`` may stay theirs.
    """
    held = holdings.counts(work, user_id=person.id)
    if any(held[kind] for kind, needed in holdings.TAKES.items() if needed not in unless):
        raise Refused(OWNS_OPEN, name=person.name, **held)
    if count := holdings.undecided(work, person=person):
        raise Refused(LAST_MANAGER, name=person.name, count=count)


def _hold_administrators(work: Work) -> None:
    """One after the other: two who shut each other out at once would leave nobody."""
    work.scalars(
        select(User.id)
        .where(User.role == Role.DATA_ADMINISTRATOR, User.active)
        .order_by(User.id)
        .with_for_update(key_share=True)
    )


def _check_last_administrator(work: Work, person: User) -> None:
    """The system never loses the last one who can administer it."""
    others = (User.role == Role.DATA_ADMINISTRATOR, User.active, User.id != person.id)
    alone = not work.scalar(select(func.count()).select_from(User).where(*others))
    if person.role is Role.DATA_ADMINISTRATOR and alone:
        raise Refused(LAST_ADMINISTRATOR)


OWNS_OPEN = N_(
    "{name} still has {activity} open activities, {lead} leads, {opportunity} opportunities and {account} customers."
    " Hand them over first."
)
LAST_MANAGER = N_("{name} is the only manager of the branch, where {count} requests wait. Appoint another one first.")
LAST_ADMINISTRATOR = N_("This is the only data administrator left. Appoint another one first.")
NOT_ONESELF = N_("One's own password is changed under “My settings”.")
NOT_ACTIVE = N_("{name} is inactive. Activate the person first.")
