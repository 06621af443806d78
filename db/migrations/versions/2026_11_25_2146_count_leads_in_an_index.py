"""count leads in an index

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "52af8a5505e4"
down_revision = "79584269e254"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.create_index(
            "ix_leads_counted",
            [
                "created_at",
                "deleted_at",
                "branch_id",
                "owner_id",
                "line",
                "source_id",
                "state",
                "disqualify_reason_id",
                "first_contact_at",
            ],
            unique=False,
        )
