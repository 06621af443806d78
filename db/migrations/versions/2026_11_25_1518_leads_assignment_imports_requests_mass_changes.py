"""leads assignment imports requests mass changes

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "cc45ed7cd3cc"
down_revision = "85323655a034"
branch_labels = None
depends_on = None

ONE_RECORD = " + ".join(
    f"CASE WHEN {kind}_id IS NULL THEN 0 ELSE 1 END" for kind in ("activity", "account", "contact", "lead")
) + " = 1"


def upgrade() -> None:
    op.create_table(
        "import_layouts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", "kind", name=op.f("pk_import_layouts")),
    )
    op.create_table(
        "absences",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absences_last_day_after_first")),
        sa.CheckConstraint("stand_in_id <> user_id", name=op.f("ck_absences_not_own_stand_in")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_absences_created_by_id_users")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["users.id"], name=op.f("fk_absences_stand_in_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index("ix_absences_stand_in_id", ["stand_in_id"], unique=False)
        batch_op.create_index("ix_absences_user_id", ["user_id", "first_day"], unique=False)

    op.create_table(
        "assignment_rules",
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("region_codes", sa.JSON(), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=True),
        sa.Column("source_groups", sa.JSON(), nullable=False),
        sa.Column("category_ids", sa.JSON(), nullable=False),
        sa.Column("value_from", sa.BigInteger(), nullable=True),
        sa.Column("value_to", sa.BigInteger(), nullable=True),
        sa.Column("customer_kind_ids", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_assignment_rules_valid_to_after_from")),
        sa.CheckConstraint("value_to >= value_from", name=op.f("ck_assignment_rules_value_to_after_from")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_assignment_rules_branch_id_branches")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_assignment_rules_created_by_id_users")),
        sa.ForeignKeyConstraint(["line"], ["product_lines.code"], name=op.f("fk_assignment_rules_line_product_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_rules")),
    )
    with op.batch_alter_table("assignment_rules", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_rules_branch_id_position", ["branch_id", "position", "id"], unique=False)

    op.create_table(
        "assignment_turns",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assignment_turns_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_assignment_turns")),
    )
    op.create_table(
        "handovers",
        sa.Column("from_user_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "done",
                "cancelled",
                "undone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_handovers_created_by_id_users")),
        sa.ForeignKeyConstraint(["from_user_id"], ["users.id"], name=op.f("fk_handovers_from_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index("ix_handovers_from_user_id", ["from_user_id"], unique=False)
        batch_op.create_index("ix_handovers_state", ["state", "on_day"], unique=False)

    op.create_table(
        "import_jobs",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "checked",
                "running",
                "done",
                "cancelled",
                "failed",
                "undone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_import_jobs_by_id_users")),
        sa.ForeignKeyConstraint(["digest"], ["blobs.digest"], name=op.f("fk_import_jobs_digest_blobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
    )
    with op.batch_alter_table("import_jobs", schema=None) as batch_op:
        batch_op.create_index("ix_import_jobs_by_id", ["by_id", "id"], unique=False)
        batch_op.create_index("ix_import_jobs_state", ["state"], unique=False)

    op.create_table(
        "merges",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("kept_version", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kept <> gone", name=op.f("ck_merges_two_records")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_merges_by_id_users")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_merges_undone_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index("ix_merges_kind_gone", ["kind", "gone"], unique=False)
        batch_op.create_index("ix_merges_kind_kept", ["kind", "kept"], unique=False)

    op.create_table(
        "assignment_rule_reps",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["assignment_rules.id"], name=op.f("fk_assignment_rule_reps_rule_id_assignment_rules")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assignment_rule_reps_user_id_users")),
        sa.PrimaryKeyConstraint("rule_id", "user_id", name=op.f("pk_assignment_rule_reps")),
    )
    with op.batch_alter_table("assignment_rule_reps", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_rule_reps_user_id", ["user_id"], unique=False)

    op.create_table(
        "contact_requests",
        sa.Column(
            "kind",
            sa.Enum("delete", "change", name="kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "approved",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("contact_version", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name=op.f("ck_contact_requests_not_decided_by_asker")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_contact_requests_asked_by_id_users")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_contact_requests_branch_id_branches")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_requests_contact_id_contacts")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_contact_requests_decided_by_id_users")),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["code_values.id"], name=op.f("fk_contact_requests_reason_id_code_values")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_requests")),
    )
    with op.batch_alter_table("contact_requests", schema=None) as batch_op:
        batch_op.create_index("ix_contact_requests_branch_id_state", ["branch_id", "state", "id"], unique=False)
        batch_op.create_index("ix_contact_requests_contact_id", ["contact_id", "id"], unique=False)
        batch_op.create_index(
            "uq_contact_requests_deletion",
            ["contact_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'delete' AND state = 'pending'"),
            postgresql_where=sa.text("kind = 'delete' AND state = 'pending'"),
        )

    op.create_table(
        "handover_items",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_items_handover_id_handovers")
        ),
        sa.ForeignKeyConstraint(["to_user_id"], ["users.id"], name=op.f("fk_handover_items_to_user_id_users")),
        sa.PrimaryKeyConstraint("handover_id", "kind", "record_id", name=op.f("pk_handover_items")),
    )
    op.create_table(
        "import_rows",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "create",
                "update",
                "duplicate",
                "wrong",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("column", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["import_jobs.id"], name=op.f("fk_import_rows_job_id_import_jobs")),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_import_rows")),
    )
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.create_index("ix_import_rows_outcome", ["job_id", "outcome", "number"], unique=False)
        batch_op.create_index("ix_import_rows_record", ["record_id"], unique=False)

    op.create_table(
        "opportunities",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=1700), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("expected_revenue", sa.BigInteger(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_opportunities_account_id_accounts")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_opportunities_branch_id_branches")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_opportunities_contact_id_contacts")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_opportunities_created_by_id_users")),
        sa.ForeignKeyConstraint(["line"], ["product_lines.code"], name=op.f("fk_opportunities_line_product_lines")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_opportunities_owner_id_users")),
        sa.ForeignKeyConstraint(["source_id"], ["code_values.id"], name=op.f("fk_opportunities_source_id_code_values")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
    )
    with op.batch_alter_table("opportunities", schema=None) as batch_op:
        batch_op.create_index("ix_opportunities_account_id", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opportunities_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opportunities_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "leads",
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=1700), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=True),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "assigned",
                "working",
                "converted",
                "disqualified",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("company", sa.String(length=200), nullable=True),
        sa.Column("person", sa.String(length=60), nullable=True),
        sa.Column("mobile", sa.String(length=30), nullable=True),
        sa.Column("landline", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("wechat", sa.String(length=60), nullable=True),
        sa.Column("province_code", sa.String(length=6), nullable=True),
        sa.Column("city_code", sa.String(length=6), nullable=True),
        sa.Column("district_code", sa.String(length=6), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("referred_by_account_id", sa.Integer(), nullable=True),
        sa.Column("referred_by_contact_id", sa.Integer(), nullable=True),
        sa.Column("referred_by_user_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("model", sa.String(length=60), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("replaces", sa.String(length=200), nullable=True),
        sa.Column(
            "urgency",
            sa.Enum("urgent", "normal", name="urgency", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "rating",
            sa.Enum("hot", "warm", "cold", name="rating", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("duplicate_reason", sa.String(length=200), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assignment_no", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("first_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_contact_by_id", sa.Integer(), nullable=True),
        sa.Column("converted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("converted_by_id", sa.Integer(), nullable=True),
        sa.Column("disqualified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disqualified_by_id", sa.Integer(), nullable=True),
        sa.Column("disqualify_reason_id", sa.Integer(), nullable=True),
        sa.Column("disqualify_note", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("opportunity_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'converted' OR converted_at IS NOT NULL", name=op.f("ck_leads_converted_has_time")
        ),
        sa.CheckConstraint(
            "state <> 'disqualified' OR disqualify_reason_id IS NOT NULL", name=op.f("ck_leads_disqualified_has_reason")
        ),
        sa.CheckConstraint("state <> 'new' OR owner_id IS NULL", name=op.f("ck_leads_new_has_no_owner")),
        sa.CheckConstraint(
            "state = 'new' OR state = 'disqualified' OR owner_id IS NOT NULL", name=op.f("ck_leads_owned_once_assigned")
        ),
        sa.CheckConstraint("mobile IS NOT NULL OR landline IS NOT NULL", name=op.f("ck_leads_has_a_phone")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_leads_account_id_accounts")),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["users.id"], name=op.f("fk_leads_assigned_by_id_users")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_leads_branch_id_branches")),
        sa.ForeignKeyConstraint(["category_id"], ["code_values.id"], name=op.f("fk_leads_category_id_code_values")),
        sa.ForeignKeyConstraint(["city_code"], ["regions.code"], name=op.f("fk_leads_city_code_regions")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_leads_contact_id_contacts")),
        sa.ForeignKeyConstraint(["converted_by_id"], ["users.id"], name=op.f("fk_leads_converted_by_id_users")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_leads_created_by_id_users")),
        sa.ForeignKeyConstraint(["disqualified_by_id"], ["users.id"], name=op.f("fk_leads_disqualified_by_id_users")),
        sa.ForeignKeyConstraint(
            ["disqualify_reason_id"], ["code_values.id"], name=op.f("fk_leads_disqualify_reason_id_code_values")
        ),
        sa.ForeignKeyConstraint(["district_code"], ["regions.code"], name=op.f("fk_leads_district_code_regions")),
        sa.ForeignKeyConstraint(["first_contact_by_id"], ["users.id"], name=op.f("fk_leads_first_contact_by_id_users")),
        sa.ForeignKeyConstraint(["line"], ["product_lines.code"], name=op.f("fk_leads_line_product_lines")),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_leads_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_leads_owner_id_users")),
        sa.ForeignKeyConstraint(["province_code"], ["regions.code"], name=op.f("fk_leads_province_code_regions")),
        sa.ForeignKeyConstraint(
            ["referred_by_account_id"], ["accounts.id"], name=op.f("fk_leads_referred_by_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["referred_by_contact_id"], ["contacts.id"], name=op.f("fk_leads_referred_by_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(["referred_by_user_id"], ["users.id"], name=op.f("fk_leads_referred_by_user_id_users")),
        sa.ForeignKeyConstraint(["rule_id"], ["assignment_rules.id"], name=op.f("fk_leads_rule_id_assignment_rules")),
        sa.ForeignKeyConstraint(["source_id"], ["code_values.id"], name=op.f("fk_leads_source_id_code_values")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
    )
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.create_index("ix_leads_account_id", ["account_id"], unique=False)
        batch_op.create_index(
            "ix_leads_branch_id_created_at", ["branch_id", "created_at", "id", "owner_id"], unique=False
        )
        batch_op.create_index("ix_leads_contact_id", ["contact_id"], unique=False)
        batch_op.create_index("ix_leads_created_at", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_leads_landline", ["landline"], unique=False)
        batch_op.create_index("ix_leads_mobile", ["mobile"], unique=False)
        batch_op.create_index("ix_leads_name_key", ["name_key"], unique=False)
        batch_op.create_index(
            "ix_leads_open_owner_id",
            ["owner_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('new', 'assigned', 'working') AND deleted_at IS NULL"),
            postgresql_where=sa.text("state IN ('new', 'assigned', 'working') AND deleted_at IS NULL"),
        )
        batch_op.create_index("ix_leads_opportunity_id", ["opportunity_id"], unique=False)
        batch_op.create_index("ix_leads_owner_id_created_at", ["owner_id", "created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_leads_state_branch_id_created_at", ["state", "branch_id", "created_at", "id"], unique=False
        )

    op.create_table(
        "lead_conversions",
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_lead_conversions_by_id_users")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_conversions_lead_id_leads")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_lead_conversions_undone_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_conversions")),
    )
    with op.batch_alter_table("lead_conversions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_lead_conversions_valid",
            ["lead_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "lead_disputes",
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("other_branch_id", sa.Integer(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("claimant_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "proposed",
                "kept",
                "given",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("given_to_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'given' OR given_to_id IS NOT NULL", name=op.f("ck_lead_disputes_given_to_somebody")
        ),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_lead_disputes_has_reason")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_lead_disputes_branch_id_branches")),
        sa.ForeignKeyConstraint(["claimant_id"], ["users.id"], name=op.f("fk_lead_disputes_claimant_id_users")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_lead_disputes_decided_by_id_users")),
        sa.ForeignKeyConstraint(["given_to_id"], ["users.id"], name=op.f("fk_lead_disputes_given_to_id_users")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_disputes_lead_id_leads")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_lead_disputes_opened_by_id_users")),
        sa.ForeignKeyConstraint(
            ["other_branch_id"], ["branches.id"], name=op.f("fk_lead_disputes_other_branch_id_branches")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_lead_disputes_proposed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_disputes")),
    )
    with op.batch_alter_table("lead_disputes", schema=None) as batch_op:
        batch_op.create_index("ix_lead_disputes_branch_id", ["branch_id", "state"], unique=False)
        batch_op.create_index(
            "uq_lead_disputes_open",
            ["lead_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'proposed')"),
            postgresql_where=sa.text("state IN ('open', 'proposed')"),
        )

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_key", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("duplicate_reason", sa.String(length=200), nullable=True))
        batch_op.create_index("ix_accounts_name_key", ["name_key"], unique=False)
        batch_op.create_index("ix_accounts_phone", ["phone"], unique=False)
        batch_op.create_index("ix_accounts_phone2", ["phone2"], unique=False)

    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_activities_lead_id"), ["lead_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_activities_lead_id_leads"), "leads", ["lead_id"], ["id"])

    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_attachments_lead_id", ["lead_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_attachments_lead_id_leads"), "leads", ["lead_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_attachments_one_record"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachments_one_record"), ONE_RECORD)

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("duplicate_reason", sa.String(length=200), nullable=True))
        batch_op.create_index("ix_contacts_landline", ["landline"], unique=False)

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead_capacity", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_users_lead_capacity_not_negative"), "lead_capacity >= 0")
