"""Commands about people who sign in: user add, reset, disable, enable, list; first-admin."""

import secrets
from argparse import ArgumentParser, Namespace
from typing import Any

from sqlalchemy import func, select

from db.models import Branch, Channel, Role, User
from services import passwords, users
from services.commands.acting import acting, user_of
from services.commands.outcome import Command, Outcome
from services.core.errors import N_, Refused
from services.core.text import LANGUAGES, translator
from services.core.work import Work, work_as_system

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
FIRST_ADMIN = {"login": "admin", "role": Role.DATA_ADMINISTRATOR}
THEIR_NAME = N_("Administrator")


def one_time_password() -> str:
    """A random password that can be read out; whoever gets it chooses another at the first sign-in (SIG-4)."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def add(given: Namespace) -> Outcome:
    """Create a user with a one-time password."""
    password = one_time_password()
    stored = passwords.hashed(password)
    with acting(given) as work:
        person: dict[str, Any] = {"login": given.new_login, "name": given.name, "role": given.role}
        person |= {"email": given.email, "mobile": given.mobile, "lines": given.line, "language": given.language}
        person |= {"branch_id": _branch(work, given.branch), "superior_id": _superior(given.superior)}
        user_id = users.create(work, values=person, password_hash=stored)
    told = f"User {given.new_login} was created. One-time password, shown only now: {password}"
    return Outcome([told], {"id": user_id, "login": given.new_login, "password": password})


def _branch(work: Work, code: str | None) -> int | None:
    if code is None:
        return None
    found: int | None = work.scalar(select(Branch.id).where(func.lower(Branch.code) == code.lower()))
    if found is None:
        raise Refused(NO_BRANCH, code=code)
    return found


def _superior(login: str | None) -> int | None:
    return None if login is None else user_of(login)


def reset(given: Namespace) -> Outcome:
    """Give a user a code for choosing a new password."""
    person = user_of(given.whom)
    with acting(given) as work:
        code = users.reset_password(work, user_id=person)
    told = f"Code for {given.whom} to choose a new password, once and within 30 minutes: {code}"
    return Outcome([told], {"id": person, "login": given.whom, "code": code})


def disable(given: Namespace) -> Outcome:
    """Shut a user out at once."""
    person = user_of(given.whom, active=False)
    with acting(given) as work:
        users.deactivate(work, user_id=person)
    return Outcome([f"User {given.whom} can no longer sign in."], {"id": person, "login": given.whom})


def enable(given: Namespace) -> Outcome:
    """Let a user in again."""
    person = user_of(given.whom, active=False)
    with acting(given) as work:
        users.activate(work, user_id=person)
    return Outcome([f"User {given.whom} can sign in again."], {"id": person, "login": given.whom})


def everybody(given: Namespace) -> Outcome:
    """Everybody who may sign in, and with --all who no longer may."""
    columns = (User.login, User.name, User.role, Branch.code.label("branch"), User.active)
    statement = select(*columns).outerjoin(Branch, Branch.id == User.branch_id).order_by(User.login)
    with acting(given, readonly=True) as work:
        found = [dict(row._mapping) for row in work.rows(statement if given.all else statement.where(User.active))]
    lines = [f"{u['login']:20} {u['role']:20} {u['branch'] or '-':10} {u['name']}" for u in found]
    return Outcome([*lines, f"{len(found)} users"], {"users": found})


def first_admin(_given: Namespace) -> Outcome:
    """Make the first data administrator, unless there are users already."""
    with work_as_system("first-admin", channel=Channel.COMMAND, readonly=True) as work:
        present = work.scalar(select(func.count()).select_from(User))
    if present:
        return Outcome([f"There are {present} users already; nothing to do."], {"created": False})
    password = one_time_password()
    stored = passwords.hashed(password)
    name = translator(LANGUAGES[0])(THEIR_NAME)
    with work_as_system("first-admin", channel=Channel.COMMAND) as work:
        users.create(work, values={**FIRST_ADMIN, "name": name}, password_hash=stored)
    login = FIRST_ADMIN["login"]
    told = f"Sign in as {login} with the one-time password {password} - it is shown only now."
    return Outcome([told], {"created": True, "login": login, "password": password})


def _new_user(parser: ArgumentParser) -> None:
    parser.add_argument("new_login", metavar="LOGIN", help="sign-in name")
    parser.add_argument("--name", required=True, help="name of the person")
    parser.add_argument("--role", required=True, choices=[role.value for role in Role])
    parser.add_argument("--branch", metavar="CODE", help="code of the branch; none for the head office")
    parser.add_argument("--superior", metavar="LOGIN", help="who the person reports to")
    parser.add_argument("--line", action="append", metavar="CODE", help="product line; may be given several times")
    parser.add_argument("--email")
    parser.add_argument("--mobile")
    parser.add_argument("--language", default="zh_CN", choices=["zh_CN", "en"])


def _whom(parser: ArgumentParser) -> None:
    parser.add_argument("whom", metavar="LOGIN", help="sign-in name of the user")


def _all(parser: ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="also those who can no longer sign in")


COMMANDS = (
    Command("user add", "create a user; prints a one-time password", add, _new_user, acting=True),
    Command("user reset", "print a code for choosing a new password", reset, _whom, acting=True),
    Command("user disable", "shut a user out at once", disable, _whom, acting=True),
    Command("user enable", "let a user in again", enable, _whom, acting=True),
    Command("user list", "list the users", everybody, _all, acting=True),
    Command("first-admin", "make the first data administrator `admin`, if there are no users", first_admin),
)
NO_BRANCH = N_("There is no branch with the code “{code}”.")
