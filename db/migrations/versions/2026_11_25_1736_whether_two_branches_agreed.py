"""whether two branches agreed

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "272515a1e965"
down_revision = "caaf2f3fea66"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lead_disputes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreed", sa.Boolean(), nullable=True))
