"""search activities in an index on PostgreSQL too

Once it was written into an earlier migration: a database that came past it then has the index already.
Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "b7d1c4e90a52"
down_revision = "6fc613dd8022"
branch_labels = None
depends_on = None

SEARCHED = ["branch_id", "planned_start", "id", "owner_id", "account_id", "search_key"]


def upgrade() -> None:
    # as much as PostgreSQL takes into an index
    op.execute("UPDATE activities SET search_key = substr(search_key, 1, 800) WHERE length(search_key) > 800")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.alter_column("search_key", existing_type=sa.String(length=1700), type_=sa.String(length=800))
    op.create_index("ix_activities_search", "activities", SEARCHED, unique=False, if_not_exists=True)
