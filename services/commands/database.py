"""Commands about the database as a whole: upgrade."""

from argparse import Namespace

from alembic.util import CommandError

from db import upgrade as database
from db.models import Channel
from services import reference
from services.commands.outcome import Command, Outcome
from services.core.errors import N_, Refused
from services.core.work import work_as_system


def upgrade(_given: Namespace) -> Outcome:
    """Create the database, or bring it to the version of this program, with the data that every installation needs."""
    try:
        database.upgrade()
    except CommandError as error:
        raise Refused(TOO_NEW) from error
    with work_as_system("upgrade", channel=Channel.COMMAND) as work:
        added = reference.load(work)
    told = f"The database is at revision {database.head()}; {added} rows of reference data came in."
    return Outcome([told], {"revision": database.head(), "added": added})


COMMANDS = (
    Command("upgrade", "create the database or bring it up to date; may be run at any time", upgrade, upgraded=False),
)
TOO_NEW = N_("This database belongs to a newer version of the program.")
