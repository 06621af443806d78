"""count and search the list of activities in an index

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "85323655a034"
down_revision = "initial"
branch_labels = None
depends_on = None


REACHED = ["branch_id", "planned_start", "id", "owner_id", "account_id"]


def upgrade() -> None:
    op.drop_index("ix_activities_branch_id_planned_start", "activities")
    op.create_index("ix_activities_branch_id_planned_start", "activities", REACHED, unique=False)
    # what PostgreSQL takes into an index
    op.execute("UPDATE activities SET search_key = substr(search_key, 1, 800) WHERE length(search_key) > 800")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.alter_column("search_key", existing_type=sa.String(length=1700), type_=sa.String(length=800))
    op.create_index("ix_activities_search", "activities", [*REACHED, "search_key"], unique=False)
