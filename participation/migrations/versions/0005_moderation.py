"""Moderation: cases, notices, signals, appeals, messages, bundles, the inbox and digests."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EARLIER_KINDS = "kind IN ('publish', 'hide', 'restore', 'redact')"
KINDS = (
    "kind IN ('publish', 'keep', 'hide', 'restore', 'redact', 'ask_change', 'move', 'warn', 'suspend', 'lift',"
    " 'elsewhere')"
)


def upgrade() -> None:
    op.create_table(
        "digest_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                "never",
                name="mail_rhythm",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("through_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_run")),
        sa.UniqueConstraint("rhythm", "period", name=op.f("uq_digest_run_rhythm_period")),
    )
    op.create_table(
        "digest_letter",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "empty",
                "failed",
                name="letter_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_digest_letter_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["digest_run.id"], name=op.f("fk_digest_letter_run_id_digest_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "account_id", name=op.f("pk_digest_letter")),
    )
    with op.batch_alter_table("digest_letter", schema=None) as batch_op:
        batch_op.create_index("ix_digest_letter_due", ["state", "available_at"], unique=False)

    op.create_table(
        "bundle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_bundle_made_by_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_bundle_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
    )
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_process_id"), ["process_id"], unique=False)

    op.create_table(
        "case_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_case_note_process_id_process")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_case_note_written_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index("ix_case_note_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "decision_time",
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "publish",
                "keep",
                "hide",
                "restore",
                "redact",
                "ask_change",
                "move",
                "warn",
                "suspend",
                "lift",
                "elsewhere",
                name="decision_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_decision_time_process_id_process")),
        sa.PrimaryKeyConstraint("process_id", "month", "kind", "span", name=op.f("pk_decision_time")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["held_by"], ["account.id"], name=op.f("fk_evidence_held_by_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_evidence_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_delete_at"), ["delete_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_process_id"), ["process_id"], unique=False)
        batch_op.create_index("ix_evidence_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "evidence_access",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_access_account_id_account")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_access_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_access")),
    )
    with op.batch_alter_table("evidence_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_access_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "inbox_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "decision",
                "appeal",
                "notice",
                "message",
                "answer",
                "bundle",
                "comment",
                "reply",
                "escalation",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_inbox_entry_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_inbox_entry_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_entry")),
        sa.UniqueConstraint("account_id", "kind", "subject_id", name=op.f("uq_inbox_entry_account_id_kind_subject_id")),
    )
    with op.batch_alter_table("inbox_entry", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_entry_own", ["account_id", "id"], unique=False)
        batch_op.create_index(
            "ix_inbox_entry_unmailed",
            ["account_id", "id"],
            unique=False,
            sqlite_where=sa.text("mailed_at IS NULL AND read_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL AND read_at IS NULL"),
        )

    op.create_table(
        "moderation_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "review",
                "notice",
                "appeal",
                "hint",
                "message",
                name="case_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("idea_id", sa.BigInteger(), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["assigned_to"], ["account.id"], name=op.f("fk_moderation_case_assigned_to_account")),
        sa.ForeignKeyConstraint(["held_by"], ["account.id"], name=op.f("fk_moderation_case_held_by_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_case_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_case_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(
            "ix_moderation_case_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL AND escalated_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND escalated_at IS NULL"),
        )
        batch_op.create_index("ix_moderation_case_group", ["group_id"], unique=False)
        batch_op.create_index("ix_moderation_case_opened", ["process_id", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_moderation_case_queue",
            ["process_id", sa.text("urgent DESC"), "place_at", "group_id", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_moderation_case_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(
            "ix_moderation_case_waiting",
            [
                "process_id",
                "kind",
                "subject_kind",
                "language",
                "resumes_at",
                "due_at",
                "urgent",
                "assigned_to",
                "opened_at",
                "closed_at",
            ],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "uq_moderation_case_open",
            ["kind", "subject_kind", "subject_id", "about_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "signal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rate",
                "links",
                "repeated",
                "words",
                "new_account",
                "personal",
                "language",
                name="signal_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_signal_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ix_signal_process", ["process_id", "kind", "settled_at"], unique=False)
        batch_op.create_index("ix_signal_subject", ["subject_kind", "subject_id", "settled_at"], unique=False)

    op.create_table(
        "moderation_month",
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_month_process_id_process")),
        sa.PrimaryKeyConstraint("process_id", "begins_at", name=op.f("pk_moderation_month")),
    )
    op.create_table(
        "text_block",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_text_block_process_id_process")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_text_block_written_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_block")),
    )
    with op.batch_alter_table("text_block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_block_process_id"), ["process_id"], unique=False)

    op.create_table(
        "watched_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_watched_word_added_by_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_watched_word_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_word")),
    )
    op.create_index(
        "uq_watched_word_word",
        "watched_word",
        [sa.literal_column("coalesce(process_id, 0)"), "language", "word"],
        unique=True,
    )
    op.create_table(
        "case_sketch",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_case_sketch_case_id_moderation_case"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_case_sketch_process_id_process")),
        sa.PrimaryKeyConstraint("case_id", "hash", name=op.f("pk_case_sketch")),
    )
    with op.batch_alter_table("case_sketch", schema=None) as batch_op:
        batch_op.create_index("ix_case_sketch_hash", ["process_id", "hash", "case_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("from_team", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=True),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_message_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_message_process_id_process")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_message_written_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_message_submission_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_process_id"), ["process_id"], unique=False)
        batch_op.create_index("ix_message_thread", ["subject_kind", "subject_id", "participant_id", "id"], unique=False)

    op.create_table(
        "bundle_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bundle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_for",
            sa.Enum("moderation", "author", name="bundle_exit", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_bundle_member_added_by_account")),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_bundle_member_bundle_id_bundle")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_bundle_member_ended_by_account")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_bundle_member_idea_id_idea")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_member")),
    )
    with op.batch_alter_table("bundle_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_member_bundle_id"), ["bundle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bundle_member_idea_id"), ["idea_id"], unique=False)
        batch_op.create_index(
            "uq_bundle_member_current",
            ["idea_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "changed",
                "withdrawn",
                name="appeal_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_appeal_answered_by_account")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id_decision")),
        sa.ForeignKeyConstraint(["new_decision_id"], ["decision.id"], name=op.f("fk_appeal_new_decision_id_decision")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_appeal_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_appeal_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_process_id"), ["process_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "threat_to_life",
                "hate",
                "insult",
                "personal_data",
                "illegal",
                "copyright",
                "spam",
                "duplicate",
                "wrong_place",
                "other",
                name="notice_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact", sa.String(length=254), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_notice_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_notice_code_hash")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_notice_submission_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index("ix_notice_process", ["process_id", "submitted_at"], unique=False)
        batch_op.create_index("ix_notice_subject", ["subject_kind", "subject_id", "closed_at"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "mail_rhythm",
                sa.Enum(
                    "at_once",
                    "daily",
                    "weekly",
                    "never",
                    name="mail_rhythm",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="at_once",
            )
        )
        batch_op.add_column(sa.Column("unread", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("ground", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("block_texts", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column(
                "automation",
                sa.Enum(
                    "none",
                    "signalled",
                    "clock",
                    "imported",
                    name="automation",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="none",
            )
        )
        batch_op.add_column(sa.Column("lasts_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("objection_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("waited_seconds", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("salt", sa.LargeBinary(length=16), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column("content_digest", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("state_before", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("published_before", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_decision_decision_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_decision_decision_kind"), KINDS)
        batch_op.create_index("ix_decision_log", ["process_id", "decided_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_participant_id"), ["participant_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_decision_undone_by_account"), "account", ["undone_by"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_decision_participant_id_participant"), "participant", ["participant_id"], ["id"]
        )

    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_participant_suspended",
            ["account_id"],
            unique=False,
            sqlite_where=sa.text("suspended_until IS NOT NULL"),
            postgresql_where=sa.text("suspended_until IS NOT NULL"),
        )

    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_hours", sa.Integer(), nullable=False, server_default="72"))
        batch_op.add_column(sa.Column("review_rules", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("publishes_itself", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(batch_op.f("ck_phase_review_hours"), "review_hours BETWEEN 1 AND 720")

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.add_column(sa.Column("measures_time", sa.Boolean(), nullable=False, server_default=sa.false()))

    _fill()


def _fill() -> None:
    """Give what waits already a case each, and what was decided already its people and their right to object."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    later = "strftime('%Y-%m-%d %H:%M:%f000', submitted_at, '+3 days')", "submitted_at + interval '3 days'"
    ends = later[0 if is_sqlite else 1]
    columns = (
        "process_id, kind, subject_kind, subject_id, idea_id, about_id, language,"
        " urgent, signals, notices, opened_at, due_at, place_at, group_id"
    )
    for kind, idea in (("idea", "id"), ("comment", "idea_id"), ("addendum", "idea_id")):
        values = f"process_id, 'review', '{kind}', id, {idea}, 0, language, false, 0, 0, submitted_at, {ends}, {ends}"
        waiting = f"SELECT {values}, 0 FROM {kind} WHERE state = 'in_review'"  # noqa: S608  # constants of these lines
        op.execute(f"INSERT INTO moderation_case ({columns}) {waiting}")
    op.execute("UPDATE moderation_case SET group_id = id")
    op.execute(
        "UPDATE decision SET participant_id = coalesce("
        "(SELECT participant_id FROM comment WHERE comment.id = decision.comment_id),"
        " (SELECT participant_id FROM idea WHERE idea.id = coalesce(decision.idea_id,"
        " (SELECT idea_id FROM addendum WHERE addendum.id = decision.addendum_id))))"
    )
    later = "strftime('%Y-%m-%d %H:%M:%f000', decided_at, '+184 days')", "decided_at + interval '184 days'"
    op.execute(
        f"UPDATE decision SET objection_until = {later[0 if is_sqlite else 1]}"  # noqa: S608  # constants of these lines
        " WHERE kind IN ('hide', 'redact')"
        " AND participant_id IN (SELECT id FROM participant WHERE account_id IS NOT NULL)"
    )
    # No event told programs of these cases.
    op.execute(
        "INSERT INTO job (kind, payload, state, attempts, progress, available_at, requested_at)"
        """ SELECT 'signals', '{"process_id": null, "published": false}', 'waiting', 0, 0,"""
        " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP WHERE EXISTS (SELECT 1 FROM moderation_case)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind = 'signals'")
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_column("measures_time")

    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_phase_review_hours"), type_="check")
        batch_op.drop_column("publishes_itself")
        batch_op.drop_column("review_rules")
        batch_op.drop_column("review_hours")

    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index("ix_participant_suspended")
        batch_op.drop_column("suspended_until")

    # What could not be decided before has no place there.
    op.execute("DELETE FROM decision WHERE kind NOT IN ('publish', 'hide', 'restore', 'redact')")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_decision_decision_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_decision_decision_kind"), EARLIER_KINDS)
        batch_op.drop_constraint(batch_op.f("ck_decision_automation"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_decision_participant_id_participant"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_decision_undone_by_account"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_decision_participant_id"))
        batch_op.drop_index("ix_decision_log")
        batch_op.drop_column("undone_at")
        batch_op.drop_column("undone_by")
        batch_op.drop_column("published_before")
        batch_op.drop_column("state_before")
        batch_op.drop_column("content_digest")
        batch_op.drop_column("salt")
        batch_op.drop_column("waited_seconds")
        batch_op.drop_column("objection_until")
        batch_op.drop_column("lasts_until")
        batch_op.drop_column("automation")
        batch_op.drop_column("details")
        batch_op.drop_column("block_texts")
        batch_op.drop_column("ground")
        batch_op.drop_column("participant_id")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_account_mail_rhythm"), type_="check")
        batch_op.drop_column("unread")
        batch_op.drop_column("mail_rhythm")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_subject")
        batch_op.drop_index("ix_notice_process")
        batch_op.drop_index(batch_op.f("ix_notice_decision_id"))
        batch_op.drop_index(batch_op.f("ix_notice_account_id"))

    op.drop_table("notice")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_process_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_participant_id"))

    op.drop_table("appeal")
    with op.batch_alter_table("bundle_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bundle_member_current",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_bundle_member_idea_id"))
        batch_op.drop_index(batch_op.f("ix_bundle_member_bundle_id"))

    op.drop_table("bundle_member")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_thread")
        batch_op.drop_index(batch_op.f("ix_message_process_id"))
        batch_op.drop_index(batch_op.f("ix_message_participant_id"))

    op.drop_table("message")
    with op.batch_alter_table("case_sketch", schema=None) as batch_op:
        batch_op.drop_index("ix_case_sketch_hash")

    op.drop_table("case_sketch")
    op.drop_index("uq_watched_word_word", "watched_word")
    op.drop_table("watched_word")
    with op.batch_alter_table("text_block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_block_process_id"))

    op.drop_table("text_block")
    op.drop_table("moderation_month")
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_subject")
        batch_op.drop_index("ix_signal_process")

    op.drop_table("signal")
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_case_queue")
        batch_op.drop_index(
            "uq_moderation_case_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_moderation_case_waiting",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index("ix_moderation_case_subject")
        batch_op.drop_index("ix_moderation_case_opened")
        batch_op.drop_index("ix_moderation_case_group")
        batch_op.drop_index(
            "ix_moderation_case_due",
            sqlite_where=sa.text("closed_at IS NULL AND escalated_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND escalated_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_moderation_case_decision_id"))

    op.drop_table("moderation_case")
    with op.batch_alter_table("inbox_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_entry_unmailed",
            sqlite_where=sa.text("mailed_at IS NULL AND read_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL AND read_at IS NULL"),
        )
        batch_op.drop_index("ix_inbox_entry_own")

    op.drop_table("inbox_entry")
    with op.batch_alter_table("evidence_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_access_evidence_id"))

    op.drop_table("evidence_access")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_subject")
        batch_op.drop_index(batch_op.f("ix_evidence_process_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_delete_at"))

    op.drop_table("evidence")
    op.drop_table("decision_time")
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.drop_index("ix_case_note_subject")

    op.drop_table("case_note")
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bundle_process_id"))

    op.drop_table("bundle")
    with op.batch_alter_table("digest_letter", schema=None) as batch_op:
        batch_op.drop_index("ix_digest_letter_due")

    op.drop_table("digest_letter")
    op.drop_table("digest_run")
