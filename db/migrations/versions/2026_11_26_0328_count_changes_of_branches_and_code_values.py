"""count changes of branches and code values

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "4ce699b97636"
down_revision = "a3d94b7c1e58"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("branches", "code_values"):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
