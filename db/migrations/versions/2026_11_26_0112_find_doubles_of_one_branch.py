"""find doubles of one branch

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "a3d94b7c1e58"
down_revision = "6b1f0c3d9e72"
branch_labels = None
depends_on = None

DOUBLES = {
    "accounts": ("ix_accounts_present_name_key", ["name_key", "branch_id", "checked_at", "deleted_at"]),
    "contacts": ("ix_contacts_present_mobile", ["mobile", "branch_id", "landline", "checked_at", "deleted_at"]),
}


def upgrade() -> None:
    present = sa.text("deleted_at IS NULL")
    for table, (name, columns) in DOUBLES.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, sqlite_where=present, postgresql_where=present)
