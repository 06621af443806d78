"""What alembic runs: by db.upgrade on its connection, or from the command line (`make migration`) on one made here."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from db import models
from db.types import Money, UtcDateTime
from db.upgrade import migrating

TABLES = models.Activity.metadata  # filled by the import of all models


def frozen(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they store: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Money):
        return "sa.BigInteger()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TABLES,
        render_as_batch=True,
        render_item=frozen,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrating() as own:
        run(own)
