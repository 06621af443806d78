"""imports are checked by a worker

Going back is restoring a backup: there is no downgrade.
"""

from alembic import op

revision = "5d0c1f7a9b21"
down_revision = "80396f0199a2"
branch_labels = None
depends_on = None

STATES = ("uploaded", "checking", "checked", "running", "done", "cancelled", "failed", "undone")


def upgrade() -> None:
    allowed = ", ".join(f"'{state}'" for state in STATES)
    if op.get_bind().dialect.name == "postgresql":  # SQLite makes the table anew, without the checks of the old one
        op.drop_constraint(op.f("ck_import_jobs_state"), "import_jobs", type_="check")
    with op.batch_alter_table("import_jobs", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_import_jobs_state"), f"state IN ({allowed})")
