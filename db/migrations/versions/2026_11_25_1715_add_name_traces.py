"""add name traces

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "caaf2f3fea66"
down_revision = "42b5fece05c2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_traces",
        sa.Column("trace", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("trace", "kind", "record_id", name=op.f("pk_name_traces")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("name_traces", schema=None) as batch_op:
        batch_op.create_index("ix_name_traces_record", ["kind", "record_id"], unique=False)
