"""index numbers where there are any

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "6b1f0c3d9e72"
down_revision = "52af8a5505e4"
branch_labels = None
depends_on = None

NUMBERS = {"accounts": ("phone", "phone2"), "contacts": ("mobile", "landline"), "leads": ("mobile", "landline")}


def upgrade() -> None:
    for table, columns in NUMBERS.items():
        for column in columns:
            name, filled = f"ix_{table}_{column}", sa.text(f"{column} IS NOT NULL")
            op.drop_index(name, table_name=table)
            op.create_index(name, table, [column], sqlite_where=filled, postgresql_where=filled)
