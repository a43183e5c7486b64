"""Strategy: the board's history, suggestions, revisions and sign-offs of statements, assessments, answers, measures."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EARLIER_STATES = "state IN ('draft', 'published')"
STATES = "state IN ('draft', 'published', 'withdrawn')"
EARLIER_ENTRIES = (
    "kind IN ('decision', 'appeal', 'notice', 'message', 'answer', 'bundle', 'comment', 'reply', 'escalation')"
)
ENTRIES = (
    "kind IN ('decision', 'appeal', 'notice', 'message', 'answer', 'bundle', 'unbundled', 'statement', 'measure',"
    " 'sign_off', 'reopened', 'referral_due', 'promise_due', 'measure_due', 'comment', 'reply', 'escalation')"
)
EARLIER_SUBJECT = "(idea_id IS NULL) <> (statement_id IS NULL)"
ONE_SUBJECT = (
    "CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END + CASE WHEN bundle_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN statement_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_board_process_id_process"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_board")),
    )
    op.create_table(
        "board_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "file",
                "make",
                "describe",
                "order",
                "split",
                "merge",
                "remove",
                "note",
                "import",
                "undo",
                name="board_change_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["done_by"], ["account.id"], name=op.f("fk_board_change_done_by_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_board_change_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_change")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_board_change_process_id_number")),
    )
    op.create_table(
        "document_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_document_version_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_document_version_process_id_number")),
    )
    op.create_table(
        "last_seen",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_last_seen_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_last_seen_process_id_process"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "process_id", name=op.f("pk_last_seen")),
    )
    op.create_table(
        "suggestion_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("data_sha256", sa.String(length=64), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("board_version", sa.Integer(), nullable=False),
        sa.Column("ideas", sa.Integer(), nullable=False),
        sa.Column("filed", sa.Integer(), nullable=False),
        sa.Column("clusters", sa.Integer(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_suggestion_run_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_run")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_suggestion_run_process_id_number")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("criterion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("value_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "fulfilled", "open", "conflict", name="verdict", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("assessed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(criterion_id IS NULL) <> (value_id IS NULL)", name=op.f("ck_assessment_one_measure")),
        sa.ForeignKeyConstraint(["assessed_by"], ["account.id"], name=op.f("fk_assessment_assessed_by_account")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_assessment_criterion_id_criterion")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_assessment_statement_id_statement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["value_id"], ["value.id"], name=op.f("fk_assessment_value_id_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(
            "uq_assessment_criterion",
            ["statement_id", "criterion_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index(
            "uq_assessment_value",
            ["statement_id", "value_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "cluster_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cluster_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["cluster.id"], name=op.f("fk_cluster_note_cluster_id_cluster"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_cluster_note_written_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_note")),
    )
    with op.batch_alter_table("cluster_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_note_cluster_id"), ["cluster_id"], unique=False)

    op.create_table(
        "lost_source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source_kind",
            sa.Enum("idea", "comment", name="source_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("was_quoted", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "hidden",
                "withdrawn",
                "changed",
                "erased",
                name="loss_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_lost_source_statement_id_statement"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_source")),
    )
    with op.batch_alter_table("lost_source", schema=None) as batch_op:
        batch_op.create_index("ix_lost_source_source", ["source_kind", "source_id"], unique=False)
        batch_op.create_index(
            "uq_lost_source_current",
            ["statement_id", "source_kind", "source_id"],
            unique=True,
            sqlite_where=sa.text("returned_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL"),
        )

    op.create_table(
        "sign_off",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["signed_by"], ["account.id"], name=op.f("fk_sign_off_signed_by_account")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_sign_off_statement_id_statement"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.create_index("ix_sign_off_statement", ["statement_id", "id"], unique=False)

    op.create_table(
        "statement_field",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"], ["field_of_action.id"], name=op.f("fk_statement_field_field_id_field_of_action")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_field_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("statement_id", "field_id", name=op.f("pk_statement_field")),
    )
    with op.batch_alter_table("statement_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_field_field_id"), ["field_id"], unique=False)

    op.create_table(
        "statement_principle",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("principle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["principle_id"], ["principle.id"], name=op.f("fk_statement_principle_principle_id_principle")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_principle_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("statement_id", "principle_id", name=op.f("pk_statement_principle")),
    )
    with op.batch_alter_table("statement_principle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_principle_principle_id"), ["principle_id"], unique=False)

    op.create_table(
        "statement_quote",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "source_kind",
            sa.Enum("idea", "comment", name="source_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_revision", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("title", "text", name="quoted_part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("starts_at >= 0 AND starts_at < ends_at", name=op.f("ck_statement_quote_span")),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_quote_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_quote")),
    )
    with op.batch_alter_table("statement_quote", schema=None) as batch_op:
        batch_op.create_index("ix_statement_quote_source", ["source_kind", "source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_quote_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "statement_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "working",
                "submitted",
                "sent_back",
                "signed",
                name="revision_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["sent_back_by"], ["account.id"], name=op.f("fk_statement_revision_sent_back_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_revision_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_statement_revision_submitted_by_account")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_statement_revision_written_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_revision")),
        sa.UniqueConstraint("statement_id", "revision", name=op.f("uq_statement_revision_statement_id_revision")),
    )
    op.create_table(
        "bundle_refusal",
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refused_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["idea.id"], name=op.f("fk_bundle_refusal_first_id_idea"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_bundle_refusal_process_id_process")),
        sa.ForeignKeyConstraint(["refused_by"], ["account.id"], name=op.f("fk_bundle_refusal_refused_by_account")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["idea.id"], name=op.f("fk_bundle_refusal_second_id_idea"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_bundle_refusal")),
    )
    with op.batch_alter_table("bundle_refusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_refusal_process_id"), ["process_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bundle_refusal_second_id"), ["second_id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "done",
                "stopped",
                name="measure_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_measure_answer_id_answer")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_measure_made_by_account")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_measure_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index("ix_measure_due", ["process_id", "state", "due_on"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("bundle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("referred_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_as",
            sa.Enum(
                "answered",
                "moved",
                "taken_back",
                name="referral_end",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_referral_one_subject")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_referral_answer_id_answer")),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_referral_bundle_id_bundle")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_referral_idea_id_idea")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_referral_process_id_process")),
        sa.ForeignKeyConstraint(["referred_by"], ["account.id"], name=op.f("fk_referral_referred_by_account")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_referral_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_due", ["process_id", "closed_at", "due_on"], unique=False)
        batch_op.create_index(
            "uq_referral_bundle",
            ["bundle_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL AND bundle_id IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND bundle_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_referral_idea",
            ["idea_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL AND idea_id IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND idea_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_referral_statement",
            ["statement_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL AND statement_id IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND statement_id IS NOT NULL"),
        )

    op.create_table(
        "measure_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "done",
                "stopped",
                name="measure_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reported_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_step_measure_id_measure"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reported_by"], ["account.id"], name=op.f("fk_measure_step_reported_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_step")),
    )
    with op.batch_alter_table("measure_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_step_measure_id"), ["measure_id"], unique=False)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bundle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_answer_one_subject"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_answer_one_subject"), ONE_SUBJECT)
        batch_op.create_index(batch_op.f("ix_answer_bundle_id"), ["bundle_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_answer_bundle_id_bundle"), "bundle", ["bundle_id"], ["id"])

    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.add_column(sa.Column("label", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_cluster_merged_into_cluster"), "cluster", ["merged_into"], ["id"])

    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_main", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column(
                "origin",
                sa.Enum(
                    "hand",
                    "suggested",
                    "imported",
                    name="filing_origin",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="hand",
            )
        )
        batch_op.add_column(sa.Column("begun_in", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("ended_in", sa.Integer(), nullable=True))
        batch_op.create_index("ix_filing_cluster", ["cluster_id"], unique=False)

    # Until now an idea had no main cluster: the one that it was filed in first becomes it.
    first = "SELECT min(id) FROM filing WHERE ended_at IS NULL GROUP BY idea_id"
    op.execute(f"UPDATE filing SET is_main = true WHERE id IN ({first})")  # noqa: S608  # constants of these lines
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.create_index(
            "uq_filing_main",
            ["idea_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND is_main"),
            postgresql_where=sa.text("ended_at IS NULL AND is_main"),
        )

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suggests", sa.Boolean(), nullable=False, server_default=sa.true()))

    with op.batch_alter_table("inbox_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_inbox_entry_entry_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_inbox_entry_entry_kind"), ENTRIES)

    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_statement_statement_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_statement_statement_state"), STATES)
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("department", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_for", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))

    op.execute("UPDATE statement SET place = position")

    # Nobody signed off what is public already, so that is asked for.
    op.execute("UPDATE statement SET reopened_at = CURRENT_TIMESTAMP WHERE state = 'published'")


def downgrade() -> None:
    op.execute("UPDATE statement SET state = 'draft' WHERE state = 'withdrawn'")
    op.execute(
        "DELETE FROM inbox_entry WHERE kind IN ('unbundled', 'statement', 'measure', 'sign_off', 'referral_due',"
        " 'promise_due', 'measure_due', 'reopened')"
    )
    op.execute("DELETE FROM measure_step")
    op.execute("DELETE FROM measure")
    op.execute("DELETE FROM referral")
    op.execute("DELETE FROM answer WHERE bundle_id IS NOT NULL")
    with op.batch_alter_table("inbox_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_inbox_entry_entry_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_inbox_entry_entry_kind"), EARLIER_ENTRIES)

    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_statement_statement_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_statement_statement_state"), EARLIER_STATES)
        batch_op.drop_column("reopened_at")
        batch_op.drop_column("withdrawn_for")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("department")
        batch_op.drop_column("place")
        batch_op.drop_column("revision")

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_column("suggests")

    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.drop_index("ix_filing_cluster")
        batch_op.drop_index(
            "uq_filing_main",
            sqlite_where=sa.text("ended_at IS NULL AND is_main"),
            postgresql_where=sa.text("ended_at IS NULL AND is_main"),
        )
        batch_op.drop_column("ended_in")
        batch_op.drop_column("begun_in")
        batch_op.drop_constraint(batch_op.f("ck_filing_filing_origin"), type_="check")
        batch_op.drop_column("origin")
        batch_op.drop_column("is_main")

    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cluster_merged_into_cluster"), type_="foreignkey")
        batch_op.drop_column("merged_into")
        batch_op.drop_column("version")
        batch_op.drop_column("label")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_answer_one_subject"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_answer_one_subject"), EARLIER_SUBJECT)
        batch_op.drop_constraint(batch_op.f("fk_answer_bundle_id_bundle"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_answer_bundle_id"))
        batch_op.drop_column("due_on")
        batch_op.drop_column("bundle_id")

    with op.batch_alter_table("measure_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_step_measure_id"))

    op.drop_table("measure_step")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_referral_statement",
            sqlite_where=sa.text("closed_at IS NULL AND statement_id IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND statement_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_referral_idea",
            sqlite_where=sa.text("closed_at IS NULL AND idea_id IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND idea_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_referral_bundle",
            sqlite_where=sa.text("closed_at IS NULL AND bundle_id IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND bundle_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_referral_due")

    op.drop_table("referral")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index("ix_measure_due")
        batch_op.drop_index(batch_op.f("ix_measure_answer_id"))

    op.drop_table("measure")
    with op.batch_alter_table("bundle_refusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bundle_refusal_second_id"))
        batch_op.drop_index(batch_op.f("ix_bundle_refusal_process_id"))

    op.drop_table("bundle_refusal")
    op.drop_table("statement_revision")
    with op.batch_alter_table("statement_quote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_quote_statement_id"))
        batch_op.drop_index("ix_statement_quote_source")

    op.drop_table("statement_quote")
    with op.batch_alter_table("statement_principle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_principle_principle_id"))

    op.drop_table("statement_principle")
    with op.batch_alter_table("statement_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_field_field_id"))

    op.drop_table("statement_field")
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_off_statement")

    op.drop_table("sign_off")
    with op.batch_alter_table("lost_source", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lost_source_current",
            sqlite_where=sa.text("returned_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL"),
        )
        batch_op.drop_index("ix_lost_source_source")

    op.drop_table("lost_source")
    with op.batch_alter_table("cluster_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_note_cluster_id"))

    op.drop_table("cluster_note")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assessment_value",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_assessment_criterion",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("assessment")
    op.drop_table("suggestion_run")
    op.drop_table("last_seen")
    op.drop_table("document_version")
    op.drop_table("board_change")
    op.drop_table("board")
