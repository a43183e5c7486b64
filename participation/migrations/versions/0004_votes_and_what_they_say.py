"""Votes: priorities, skips, opinion groups, the vote log, insights, self-descriptions, residence codes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "residence_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_residence_code_code_hash")),
    )
    op.create_table(
        "characteristic",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("framework_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_characteristic_framework_id_framework")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_characteristic")),
        sa.UniqueConstraint("framework_id", "key", name=op.f("uq_characteristic_framework_id_key")),
    )
    op.create_table(
        "characteristic_option",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("characteristic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("outreach", sa.JSON(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["characteristic_id"],
            ["characteristic.id"],
            name=op.f("fk_characteristic_option_characteristic_id_characteristic"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_characteristic_option")),
        sa.UniqueConstraint("characteristic_id", "key", name=op.f("uq_characteristic_option_characteristic_id_key")),
    )
    op.create_table(
        "people_figures",
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_people_figures_process_id_process")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_people_figures")),
    )
    op.create_table(
        "group_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(length=120), nullable=False),
        sa.Column("matrix_sha256", sa.String(length=64), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("ideas", sa.Integer(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("robustness", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_group_run_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_run")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_group_run_process_id_number")),
    )
    op.create_table(
        "insight_snapshot",
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_insight_snapshot_process_id_process")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_insight_snapshot")),
    )
    op.create_table(
        "vote_log_release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.Column("changed_people", sa.Integer(), nullable=False),
        sa.Column("newest_vote", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_vote_log_release_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_log_release")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_vote_log_release_process_id_number")),
    )
    op.create_table(
        "self_description",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("characteristic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("option_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["characteristic_id"],
            ["characteristic.id"],
            name=op.f("fk_self_description_characteristic_id_characteristic"),
        ),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["characteristic_option.id"],
            name=op.f("fk_self_description_option_id_characteristic_option"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_self_description_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_description")),
        sa.UniqueConstraint(
            "participant_id", "characteristic_id", name=op.f("uq_self_description_participant_id_characteristic_id")
        ),
    )
    with op.batch_alter_table("self_description", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_self_description_option_id"), ["option_id"], unique=False)

    op.create_table(
        "vote_change",
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_vote_change_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_vote_change_process_id_process")),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_vote_change")),
    )
    with op.batch_alter_table("vote_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_change_process_id"), ["process_id"], unique=False)

    op.create_table(
        "priority",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points >= 1", name=op.f("ck_priority_some_points")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_priority_idea_id_idea")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_priority_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_priority_phase_id_phase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority")),
        sa.UniqueConstraint(
            "participant_id", "phase_id", "idea_id", name=op.f("uq_priority_participant_id_phase_id_idea_id")
        ),
    )
    with op.batch_alter_table("priority", schema=None) as batch_op:
        batch_op.create_index("ix_priority_idea", ["phase_id", "idea_id"], unique=False)

    op.create_table(
        "priority_tally",
        sa.Column("phase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_priority_tally_not_negative")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_priority_tally_idea_id_idea")),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_priority_tally_phase_id_phase")),
        sa.PrimaryKeyConstraint("phase_id", "idea_id", "points", name=op.f("pk_priority_tally")),
    )
    op.create_table(
        "skip",
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_skip_idea_id_idea")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_skip_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("participant_id", "idea_id", name=op.f("pk_skip")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("code_tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("code_tries_since", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allows_prioritise", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("points", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("points_most", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("points_given", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("points_given_most", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(
            batch_op.f("ck_phase_points"),
            "NOT allows_prioritise OR (points_most >= 1 AND points_most <= points AND points <= 100)",
        )

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "electorate",
                sa.Enum(
                    "confirmed", "verified", name="electorate", native_enum=False, create_constraint=True, length=32
                ),
                nullable=False,
                server_default="confirmed",
            )
        )

    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nonce", sa.LargeBinary(length=16), nullable=True))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # Each vote from before gets a random number of its own, made by the database.
    random = "randomblob(16)" if is_sqlite else "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')"
    op.execute(f"UPDATE vote SET nonce = {random}")  # noqa: S608  # one of two constants
    with op.batch_alter_table("vote", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("nonce", existing_type=sa.LargeBinary(length=16), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("vote", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("nonce")

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_process_electorate"), type_="check")
        batch_op.drop_column("electorate")

    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_phase_points"), type_="check")
        batch_op.drop_column("points_given_most")
        batch_op.drop_column("points_given")
        batch_op.drop_column("points_most")
        batch_op.drop_column("points")
        batch_op.drop_column("allows_prioritise")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("code_tries_since")
        batch_op.drop_column("code_tries")
        batch_op.drop_column("verified_at")

    op.drop_table("skip")
    op.drop_table("priority_tally")
    with op.batch_alter_table("priority", schema=None) as batch_op:
        batch_op.drop_index("ix_priority_idea")

    op.drop_table("priority")
    with op.batch_alter_table("vote_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vote_change_process_id"))

    op.drop_table("vote_change")
    with op.batch_alter_table("self_description", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_self_description_option_id"))

    op.drop_table("self_description")
    op.drop_table("vote_log_release")
    op.drop_table("insight_snapshot")
    op.drop_table("group_run")
    op.drop_table("people_figures")
    op.drop_table("characteristic_option")
    op.drop_table("characteristic")
    op.drop_table("residence_code")
