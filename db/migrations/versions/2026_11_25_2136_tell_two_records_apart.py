"""tell two records apart

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "79584269e254"
down_revision = "b7d1c4e90a52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_apart",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first < second", name=op.f("ck_told_apart_each_pair_once")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_told_apart_by_id_users")),
        sa.PrimaryKeyConstraint("kind", "first", "second", name=op.f("pk_told_apart")),
    )
