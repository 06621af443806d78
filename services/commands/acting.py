"""On whose behalf a command works: the system, or the person named by --as, with that person's rights."""

from argparse import Namespace
from contextlib import AbstractContextManager

from sqlalchemy import select

from db.models import Channel, User
from services.core.errors import N_, Refused
from services.core.text import folded
from services.core.work import Work, work_as, work_as_system


def acting(given: Namespace, *, readonly: bool = False) -> AbstractContextManager[Work]:
    """A Work of the person named by ``--as``, else of the system; the audit trail says that it was a command."""
    if given.login is None:
        return work_as_system(given.command.words, channel=Channel.COMMAND, readonly=readonly)
    return work_as(user_of(given.login), channel=Channel.COMMAND, readonly=readonly)


def user_of(login: str, *, active: bool = True) -> int:
    """The number of the user with this sign-in name; Refused if there is none (or only an inactive one)."""
    with work_as_system("find a user", channel=Channel.COMMAND, readonly=True) as work:
        person = work.row(select(User.id, User.active).where(User.login == folded(login)))
    if person is None or (active and not person.active):
        raise Refused(NO_USER if person is None else INACTIVE, login=login)
    return int(person.id)


NO_USER = N_("There is no user with the sign-in name “{login}”.")
INACTIVE = N_("The user “{login}” is inactive.")
