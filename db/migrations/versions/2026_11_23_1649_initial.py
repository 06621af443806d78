"""The first shape of the database: made anew from the models until something is released, so nothing stands beside it.

Going back is restoring a backup: there is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blobs",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blobs")),
    )
    op.create_table(
        "branches",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branches")),
    )
    with op.batch_alter_table("branches", schema=None) as batch_op:
        batch_op.create_index("uq_branches_code", ["code"], unique=True)

    op.create_table(
        "code_values",
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=True),
        sa.Column("label_zh", sa.String(length=80), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_values")),
    )
    with op.batch_alter_table("code_values", schema=None) as batch_op:
        batch_op.create_index("uq_code_values_list_code", ["list", "code"], unique=True)

    op.create_table(
        "occurrences",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "record_id", "period", name=op.f("pk_occurrences")),
    )
    op.create_table(
        "product_lines",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label_zh", sa.String(length=40), nullable=False),
        sa.Column("label_en", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_product_lines")),
    )
    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("parent_code", sa.String(length=6), nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["regions.code"], name=op.f("fk_regions_parent_code_regions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regions_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("unheard", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempts_login_at", ["login", "at"], unique=False)

    op.create_table(
        "worker_runs",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum("running", "done", "failed", name="state", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_runs")),
    )
    with op.batch_alter_table("worker_runs", schema=None) as batch_op:
        batch_op.create_index("ix_worker_runs_started_at", ["started_at"], unique=False)
        batch_op.create_index("uq_worker_runs_job_due_at", ["job", "due_at"], unique=True)

    op.create_table(
        "branch_regions",
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_branch_regions_branch_id_branches")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_branch_regions_region_code_regions")),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_branch_regions")),
    )
    with op.batch_alter_table("branch_regions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_branch_regions_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("search_key", sa.String(length=600), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("mobile", sa.String(length=30), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "rep",
                "sales_manager",
                "branch_manager",
                "marketing",
                "data_administrator",
                "executive",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("superior_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=100), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "branch_id IS NOT NULL OR role IN ('marketing', 'data_administrator', 'executive')",
            name=op.f("ck_users_branch_or_head_office"),
        ),
        sa.CheckConstraint("superior_id <> id", name=op.f("ck_users_not_own_superior")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_users_branch_id_branches")),
        sa.ForeignKeyConstraint(["superior_id"], ["users.id"], name=op.f("fk_users_superior_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index("ix_users_branch_id_role", ["branch_id", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_users_superior_id"), ["superior_id"], unique=False)
        batch_op.create_index("uq_users_login", ["login"], unique=True)

    op.create_table(
        "accounts",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=True),
        sa.Column("search_key", sa.String(length=1200), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "prospect", "customer", "inactive", name="status", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("province_code", sa.String(length=6), nullable=True),
        sa.Column("city_code", sa.String(length=6), nullable=True),
        sa.Column("district_code", sa.String(length=6), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("postal_code", sa.String(length=6), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("phone2", sa.String(length=40), nullable=True),
        sa.Column("fax", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.Column("industry_id", sa.Integer(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("credit_note", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("employees >= 0", name=op.f("ck_accounts_employees_not_negative")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_accounts_not_own_parent")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_accounts_branch_id_branches")),
        sa.ForeignKeyConstraint(["city_code"], ["regions.code"], name=op.f("fk_accounts_city_code_regions")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_accounts_created_by_id_users")),
        sa.ForeignKeyConstraint(["district_code"], ["regions.code"], name=op.f("fk_accounts_district_code_regions")),
        sa.ForeignKeyConstraint(["industry_id"], ["code_values.id"], name=op.f("fk_accounts_industry_id_code_values")),
        sa.ForeignKeyConstraint(["kind_id"], ["code_values.id"], name=op.f("fk_accounts_kind_id_code_values")),
        sa.ForeignKeyConstraint(["parent_id"], ["accounts.id"], name=op.f("fk_accounts_parent_id_accounts")),
        sa.ForeignKeyConstraint(["province_code"], ["regions.code"], name=op.f("fk_accounts_province_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index("ix_accounts_branch_id_name", ["branch_id", "name", "id"], unique=False)
        batch_op.create_index("ix_accounts_name", ["name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accounts_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "uq_accounts_credit_code",
            ["credit_code"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "contacts",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("search_key", sa.String(length=1200), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("job_title", sa.String(length=60), nullable=True),
        sa.Column("responsibility_id", sa.Integer(), nullable=True),
        sa.Column("mobile", sa.String(length=30), nullable=True),
        sa.Column("landline", sa.String(length=40), nullable=True),
        sa.Column("fax", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("wechat", sa.String(length=60), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("province_code", sa.String(length=6), nullable=True),
        sa.Column("city_code", sa.String(length=6), nullable=True),
        sa.Column("district_code", sa.String(length=6), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("reports_to_id", sa.Integer(), nullable=True),
        sa.Column("preferred_way_id", sa.Integer(), nullable=True),
        sa.Column("no_calls", sa.Boolean(), nullable=False),
        sa.Column("no_sms", sa.Boolean(), nullable=False),
        sa.Column("no_email", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sex IN ('m', 'f')", name=op.f("ck_contacts_sex")),
        sa.CheckConstraint("reports_to_id <> id", name=op.f("ck_contacts_not_own_superior")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_contacts_branch_id_branches")),
        sa.ForeignKeyConstraint(["city_code"], ["regions.code"], name=op.f("fk_contacts_city_code_regions")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_contacts_created_by_id_users")),
        sa.ForeignKeyConstraint(["district_code"], ["regions.code"], name=op.f("fk_contacts_district_code_regions")),
        sa.ForeignKeyConstraint(
            ["preferred_way_id"], ["code_values.id"], name=op.f("fk_contacts_preferred_way_id_code_values")
        ),
        sa.ForeignKeyConstraint(["province_code"], ["regions.code"], name=op.f("fk_contacts_province_code_regions")),
        sa.ForeignKeyConstraint(["reports_to_id"], ["contacts.id"], name=op.f("fk_contacts_reports_to_id_contacts")),
        sa.ForeignKeyConstraint(
            ["responsibility_id"], ["code_values.id"], name=op.f("fk_contacts_responsibility_id_code_values")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index("ix_contacts_branch_id_name", ["branch_id", "name", "id"], unique=False)
        batch_op.create_index("ix_contacts_mobile", ["mobile"], unique=False)
        batch_op.create_index("ix_contacts_name", ["name", "id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "form", name=op.f("pk_drafts")),
    )
    op.create_table(
        "events",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "screen",
                "import",
                "worker",
                "command",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_events_actor_id_users")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_events_branch_id_branches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_actor_id_at", ["actor_id", "at"], unique=False)
        batch_op.create_index("ix_events_at", ["at"], unique=False)
        batch_op.create_index("ix_events_branch_id_at", ["branch_id", "at"], unique=False)
        batch_op.create_index("ix_events_kind_record_id", ["kind", "record_id", "id"], unique=False)

    op.create_table(
        "messages",
        sa.Column(
            "route",
            sa.Enum("sms", "email", name="route", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_kind", sa.String(length=30), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "no_channel",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_messages_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_user_id", ["user_id"], unique=False)
        batch_op.create_index(
            "ix_messages_waiting",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
        )

    op.create_table(
        "notices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_kind", sa.String(length=30), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notices_unread",
            ["user_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index("ix_notices_user_id_created_at", ["user_id", "created_at"], unique=False)

    op.create_table(
        "reset_codes",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reset_codes_user_id_users")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reset_codes")),
    )
    with op.batch_alter_table("reset_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reset_codes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in_sessions",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
    )
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_user_id"), ["user_id"], unique=False)
        batch_op.create_index("uq_sign_in_sessions_token", ["token"], unique=True)

    op.create_table(
        "sign_in_tickets",
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_tickets_user_id_users")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_sign_in_tickets")),
    )
    op.create_table(
        "submissions",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_submissions_user_id_users")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_submissions")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_at"), ["at"], unique=False)

    op.create_table(
        "user_lines",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["product_lines.code"], name=op.f("fk_user_lines_line_product_lines")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_lines_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "line", name=op.f("pk_user_lines")),
    )
    op.create_table(
        "account_members",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("contacts_per_year", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_account_members_grade")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_members_account_id_accounts")),
        sa.ForeignKeyConstraint(["line"], ["product_lines.code"], name=op.f("fk_account_members_line_product_lines")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_members_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_members")),
    )
    with op.batch_alter_table("account_members", schema=None) as batch_op:
        batch_op.create_index("ix_account_members_account_id", ["account_id"], unique=False)
        batch_op.create_index("ix_account_members_user_id_account_id", ["user_id", "account_id"], unique=False)
        batch_op.create_index(
            "uq_account_members_account_line",
            ["account_id", "line"],
            unique=True,
            sqlite_where=sa.text("line IS NOT NULL"),
            postgresql_where=sa.text("line IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_account_members_account_user_no_line",
            ["account_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("line IS NULL"),
            postgresql_where=sa.text("line IS NULL"),
        )

    op.create_table(
        "activities",
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "assigned",
                "declined",
                "in_progress",
                "ended",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=1700), nullable=False),
        sa.Column(
            "priority",
            sa.Enum("urgent", "normal", name="priority", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("planned_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assignment_no", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("queue_reason", sa.String(length=200), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_in", sa.String(length=200), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("learned", sa.Text(), nullable=True),
        sa.Column("attitude", sa.Integer(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("competitor_seen", sa.String(length=200), nullable=True),
        sa.Column("machine_seen", sa.String(length=200), nullable=True),
        sa.Column("machine_hours", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'assigned' OR assigned_at IS NOT NULL", name=op.f("ck_activities_assigned_has_time")
        ),
        sa.CheckConstraint(
            "state <> 'cancelled' OR length(trim(coalesce(cancel_reason, ''))) > 0",
            name=op.f("ck_activities_cancelled_has_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR length(trim(coalesce(decline_reason, ''))) > 0",
            name=op.f("ck_activities_declined_has_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'ended' OR (started_at IS NOT NULL AND ended_at IS NOT NULL AND ended_at >= started_at AND result_id IS NOT NULL AND length(trim(coalesce(learned, ''))) > 0 AND seal IS NOT NULL)",
            name=op.f("ck_activities_ended_is_complete"),
        ),
        sa.CheckConstraint("attitude BETWEEN 1 AND 5", name=op.f("ck_activities_attitude")),
        sa.CheckConstraint("follows_id <> id", name=op.f("ck_activities_not_own_follow_up")),
        sa.CheckConstraint("machine_hours >= 0", name=op.f("ck_activities_machine_hours_not_negative")),
        sa.CheckConstraint("planned_end >= planned_start", name=op.f("ck_activities_planned_end_after_start")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_activities_account_id_accounts")),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["users.id"], name=op.f("fk_activities_assigned_by_id_users")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_activities_branch_id_branches")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_activities_created_by_id_users")),
        sa.ForeignKeyConstraint(["follows_id"], ["activities.id"], name=op.f("fk_activities_follows_id_activities")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_activities_owner_id_users")),
        sa.ForeignKeyConstraint(["purpose_id"], ["code_values.id"], name=op.f("fk_activities_purpose_id_code_values")),
        sa.ForeignKeyConstraint(["result_id"], ["code_values.id"], name=op.f("fk_activities_result_id_code_values")),
        sa.ForeignKeyConstraint(["type_id"], ["code_values.id"], name=op.f("fk_activities_type_id_code_values")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index(
            "ix_activities_account_id_planned_start", ["account_id", "planned_start", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_activities_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index("ix_activities_branch_id_ended_at", ["branch_id", "ended_at"], unique=False)
        batch_op.create_index(
            "ix_activities_branch_id_planned_start", ["branch_id", "planned_start", "id"], unique=False
        )
        batch_op.create_index(
            "ix_activities_declined_at",
            ["declined_at"],
            unique=False,
            sqlite_where=sa.text("declined_at IS NOT NULL"),
            postgresql_where=sa.text("declined_at IS NOT NULL"),
        )
        batch_op.create_index("ix_activities_ended_at", ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_activities_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(
            "ix_activities_open_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'assigned', 'declined', 'in_progress')"),
            postgresql_where=sa.text("state IN ('planned', 'assigned', 'declined', 'in_progress')"),
        )
        batch_op.create_index(batch_op.f("ix_activities_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_activities_owner_id_planned_start", ["owner_id", "planned_start", "id"], unique=False)
        batch_op.create_index("ix_activities_planned_start", ["planned_start", "id"], unique=False)
        batch_op.create_index(
            "ix_activities_state_branch_id_planned_start", ["state", "branch_id", "planned_start", "id"], unique=False
        )

    op.create_table(
        "contact_accounts",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contact_accounts_account_id_accounts")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_accounts_contact_id_contacts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_accounts")),
    )
    with op.batch_alter_table("contact_accounts", schema=None) as batch_op:
        batch_op.create_index("ix_contact_accounts_account_id", ["account_id"], unique=False)
        batch_op.create_index(
            "uq_contact_accounts_main",
            ["contact_id"],
            unique=True,
            sqlite_where=sa.text("main"),
            postgresql_where=sa.text("main"),
        )
        batch_op.create_index("uq_contact_accounts_pair", ["contact_id", "account_id"], unique=True)

    op.create_table(
        "contact_lines",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_lines_contact_id_contacts")),
        sa.ForeignKeyConstraint(["line"], ["product_lines.code"], name=op.f("fk_contact_lines_line_product_lines")),
        sa.PrimaryKeyConstraint("contact_id", "line", name=op.f("pk_contact_lines")),
    )
    op.create_table(
        "activity_contacts",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("met", "invited", "copied", name="part", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_contacts_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_activity_contacts_contact_id_contacts")),
        sa.PrimaryKeyConstraint("activity_id", "contact_id", name=op.f("pk_activity_contacts")),
    )
    with op.batch_alter_table("activity_contacts", schema=None) as batch_op:
        batch_op.create_index("ix_activity_contacts_contact_id", ["contact_id"], unique=False)

    op.create_table(
        "activity_holdings",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_at >= since_at", name=op.f("ck_activity_holdings_until_after_since")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_holdings_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["users.id"], name=op.f("fk_activity_holdings_given_by_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_activity_holdings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_holdings")),
    )
    with op.batch_alter_table("activity_holdings", schema=None) as batch_op:
        batch_op.create_index("ix_activity_holdings_activity_id", ["activity_id"], unique=False)
        batch_op.create_index("ix_activity_holdings_user_id_since_at", ["user_id", "since_at"], unique=False)
        batch_op.create_index(
            "uq_activity_holdings_open",
            ["activity_id"],
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        )

    op.create_table(
        "activity_participants",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_participants_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_activity_participants_user_id_users")),
        sa.PrimaryKeyConstraint("activity_id", "user_id", name=op.f("pk_activity_participants")),
    )
    with op.batch_alter_table("activity_participants", schema=None) as batch_op:
        batch_op.create_index("ix_activity_participants_user_id", ["user_id", "activity_id"], unique=False)

    op.create_table(
        "activity_reviews",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("mark BETWEEN 1 AND 5", name=op.f("ck_activity_reviews_mark")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_reviews_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_activity_reviews_reviewer_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_reviews")),
    )
    with op.batch_alter_table("activity_reviews", schema=None) as batch_op:
        batch_op.create_index("ix_activity_reviews_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END + CASE WHEN account_id IS NULL THEN 0 ELSE 1 END + CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_attachments_one_record"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_attachments_account_id_accounts")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_attachments_activity_id_activities")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_attachments_contact_id_contacts")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_attachments_created_by_id_users")),
        sa.ForeignKeyConstraint(["digest"], ["blobs.digest"], name=op.f("fk_attachments_digest_blobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_account_id", ["account_id"], unique=False)
        batch_op.create_index("ix_attachments_activity_id", ["activity_id"], unique=False)
        batch_op.create_index("ix_attachments_contact_id", ["contact_id"], unique=False)
        batch_op.create_index("ix_attachments_digest", ["digest"], unique=False)
