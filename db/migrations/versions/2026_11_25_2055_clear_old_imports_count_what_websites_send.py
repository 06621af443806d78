"""clear old imports, count what websites send

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "6fc613dd8022"
down_revision = "6a36b77f5e43"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake_calls",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_calls")),
    )
    with op.batch_alter_table("intake_calls", schema=None) as batch_op:
        batch_op.create_index("ix_intake_calls_site_at", ["site", "at"], unique=False)

    with op.batch_alter_table("import_jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("digest", existing_type=sa.VARCHAR(length=64), nullable=True)
