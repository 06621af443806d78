"""size of the customer in assignment rules

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "80396f0199a2"
down_revision = "9464ee485f08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assignment_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("employees_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("employees_to", sa.Integer(), nullable=True))
