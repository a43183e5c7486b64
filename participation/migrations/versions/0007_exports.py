"""Exports: options and moments of files, open data releases, archives, imports in the browser."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ideas", "comments", "votes", name="intake_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_column_mapping_saved_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_column_mapping_name")),
    )
    with op.batch_alter_table("column_mapping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_column_mapping_saved_by"), ["saved_by"], unique=False)

    op.create_table(
        "archive_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "step",
            sa.Enum("written", "read", name="archive_step", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("format_version", sa.Integer(), nullable=False),
        sa.Column("has_addresses", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT has_addresses OR reason <> ''", name=op.f("ck_archive_note_reason")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_archive_note_account_id_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_archive_note_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_note")),
    )
    with op.batch_alter_table("archive_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_note_process_id"), ["process_id"], unique=False)

    op.create_table(
        "data_release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=43), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "building",
                "current",
                "replaced",
                "withdrawn",
                "failed",
                name="release_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_data_release_job_id_job")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_data_release_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_release")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_data_release_process_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_data_release_public_id")),
    )
    with op.batch_alter_table("data_release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_release_job_id"), ["job_id"], unique=False)
        batch_op.create_index(
            "uq_data_release_current",
            ["process_id"],
            unique=True,
            sqlite_where=sa.text("state = 'current'"),
            postgresql_where=sa.text("state = 'current'"),
        )

    op.create_table(
        "intake_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=43), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ideas", "comments", "votes", name="intake_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "waiting",
                "done",
                "failed",
                "cancelled",
                name="intake_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("all_or_nothing", sa.Boolean(), nullable=False),
        sa.Column("is_trial", sa.Boolean(), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_intake_run_job_id_job")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_intake_run_process_id_process")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["account.id"], name=op.f("fk_intake_run_uploaded_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_intake_run_public_id")),
    )
    with op.batch_alter_table("intake_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_run_job_id"), ["job_id"], unique=False)
        batch_op.create_index("ix_intake_run_of_process", ["process_id", "uploaded_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_run_uploaded_by"), ["uploaded_by"], unique=False)

    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("expected", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("losses", sa.Integer(), nullable=True))

    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_url", sa.String(length=500), nullable=True))

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opens_data", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(
            sa.Column(
                "data_licence",
                sa.Enum(
                    "dl-de-by-2.0",
                    "cc-by-4.0",
                    name="data_licence",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="dl-de-by-2.0",
            )
        )
        batch_op.add_column(sa.Column("paper_number", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("losses", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_column("source_url")

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_column("losses")
        batch_op.drop_column("paper_number")
        batch_op.drop_constraint(batch_op.f("ck_process_data_licence"), type_="check")
        batch_op.drop_column("data_licence")
        batch_op.drop_column("opens_data")

    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.drop_column("losses")
        batch_op.drop_column("read_at")
        batch_op.drop_column("expected")
        batch_op.drop_column("options")

    with op.batch_alter_table("intake_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_run_uploaded_by"))
        batch_op.drop_index("ix_intake_run_of_process")
        batch_op.drop_index(batch_op.f("ix_intake_run_job_id"))

    op.drop_table("intake_run")
    with op.batch_alter_table("data_release", schema=None) as batch_op:
        batch_op.drop_index("uq_data_release_current")
        batch_op.drop_index(batch_op.f("ix_data_release_job_id"))

    op.drop_table("data_release")
    with op.batch_alter_table("archive_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_archive_note_process_id"))

    op.drop_table("archive_note")
    with op.batch_alter_table("column_mapping", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_column_mapping_saved_by"))

    op.drop_table("column_mapping")
