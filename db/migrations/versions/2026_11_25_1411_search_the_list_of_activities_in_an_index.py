"""search the list of activities in an index

Going back is restoring a backup: there is no downgrade.
"""

from alembic import op

revision = "85323655a034"
down_revision = "initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL keeps no words of that length in an index
        columns = ["branch_id", "planned_start", "id", "account_id", "search_key"]
        op.create_index("ix_activities_search", "activities", columns, unique=False)
