"""what requests and disputes are known by

Both tables are empty up to here: nothing wrote them before.
Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "42b5fece05c2"
down_revision = "5d0c1f7a9b21"
branch_labels = None
depends_on = None

CHECKS = {
    "proposed_by_somebody": "state <> 'proposed' OR proposed_by_id IS NOT NULL",
    "nobody_decides_twice": "decided_by_id <> proposed_by_id",
    "two_branches": "other_branch_id <> branch_id",
}


def upgrade() -> None:
    with op.batch_alter_table("contact_requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=60), nullable=False))
        batch_op.add_column(sa.Column("search_key", sa.String(length=600), nullable=False))
        batch_op.create_index("ix_contact_requests_asked_by_id", ["asked_by_id", "id"], unique=False)

    with op.batch_alter_table("lead_disputes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assignment_no", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("subject", sa.String(length=200), nullable=False))
        batch_op.add_column(sa.Column("search_key", sa.String(length=1700), nullable=False))
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("reply", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("replied_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proposed_branch_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proposed_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proposal", sa.Text(), nullable=True))
        batch_op.create_index("ix_lead_disputes_lead_id", ["lead_id", "id"], unique=False)
        batch_op.create_index("ix_lead_disputes_other_branch_id", ["other_branch_id", "state"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_lead_disputes_proposed_to_id_users"), "users", ["proposed_to_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_lead_disputes_proposed_branch_id_branches"), "branches", ["proposed_branch_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_lead_disputes_owner_id_users"), "users", ["owner_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_lead_disputes_replied_by_id_users"), "users", ["replied_by_id"], ["id"]
        )
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_lead_disputes_{name}"), condition)
