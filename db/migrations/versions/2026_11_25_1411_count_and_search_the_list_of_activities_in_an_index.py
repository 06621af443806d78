"""count and search the list of activities in an index

Going back is restoring a backup: there is no downgrade.
"""

from alembic import op

revision = "85323655a034"
down_revision = "initial"
branch_labels = None
depends_on = None


REACHED = ["branch_id", "planned_start", "id", "owner_id", "account_id"]


def upgrade() -> None:
    op.drop_index("ix_activities_branch_id_planned_start", "activities")
    op.create_index("ix_activities_branch_id_planned_start", "activities", REACHED, unique=False)
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL takes no words of that length into an index
        op.create_index("ix_activities_search", "activities", [*REACHED, "search_key"], unique=False)
