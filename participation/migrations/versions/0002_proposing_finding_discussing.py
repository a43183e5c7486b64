"""Proposing, finding, discussing: drafts, revisions, addenda, standings, aspects, vectors, receipts, answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONE_OF_THREE = (
    "(idea_id IS NOT NULL AND comment_id IS NULL AND addendum_id IS NULL)"
    " OR (idea_id IS NULL AND comment_id IS NOT NULL AND addendum_id IS NULL)"
    " OR (idea_id IS NULL AND comment_id IS NULL AND addendum_id IS NOT NULL)"
)
# How the bounds were worked out when this was written: Wilson's interval at 95 %.
Z = 1.959963984540054
BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "receipt_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_receipt_key_fingerprint")),
    )
    op.create_table(
        "routine",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_routine")),
    )
    op.create_table(
        "aspect",
        sa.Column("framework_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "beneficiary",
                "basic_service",
                "goal",
                name="aspect_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_aspect_framework_id_framework")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aspect")),
        sa.UniqueConstraint("framework_id", "kind", "key", name=op.f("uq_aspect_framework_id_kind_key")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "idea",
                "addendum",
                "comment",
                "vote",
                name="receipt_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["receipt_key.id"], name=op.f("fk_receipt_key_id_receipt_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("code", name=op.f("uq_receipt_code")),
        sa.UniqueConstraint("kind", "subject_id", "revision", name=op.f("uq_receipt_kind_subject_id_revision")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=140), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("field_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_draft_district_id_district")),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_action.id"], name=op.f("fk_draft_field_id_field_of_action")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_draft_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_draft_key")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_own", ["account_id", "process_id", "changed_at"], unique=False)

    op.create_table(
        "addendum",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_review",
                "published",
                "hidden",
                "withdrawn",
                name="idea_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_addendum_idea_id_idea")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_addendum_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_addendum_submission_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("addendum", schema=None) as batch_op:
        batch_op.create_index("ix_addendum_idea", ["idea_id", "id"], unique=False)
        batch_op.create_index("ix_addendum_waiting", ["process_id", "state", "submitted_at", "id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "yes",
                "partly",
                "no",
                "experiment",
                name="answer_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(idea_id IS NULL) <> (statement_id IS NULL)", name=op.f("ck_answer_one_subject")),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_answer_answered_by_account")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_answer_idea_id_idea")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_answer_process_id_process")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_answer_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_idea_id"), ["idea_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_process_id"), ["process_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "idea_aspect",
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("aspect_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["aspect_id"], ["aspect.id"], name=op.f("fk_idea_aspect_aspect_id_aspect")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_aspect_idea_id_idea"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", "aspect_id", name=op.f("pk_idea_aspect")),
    )
    with op.batch_alter_table("idea_aspect", schema=None) as batch_op:
        batch_op.create_index("ix_idea_aspect_reverse", ["aspect_id", "idea_id"], unique=False)

    op.create_table(
        "idea_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=140), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "replaced_by",
            sa.Enum("edit", "redaction", name="replacement", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_revision_idea_id_idea"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_revision")),
        sa.UniqueConstraint("idea_id", "revision", name=op.f("uq_idea_revision_idea_id_revision")),
    )
    op.create_table(
        "idea_vector",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_vector_idea_id_idea"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_idea_vector_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_vector")),
        sa.UniqueConstraint("idea_id", "method", name=op.f("uq_idea_vector_idea_id_method")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("idea_vector", schema=None) as batch_op:
        batch_op.create_index("ix_idea_vector_newer", ["process_id", "method", "id"], unique=False)

    op.create_table(
        "neighbourhood",
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_neighbourhood_idea_id_idea"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_neighbourhood_process_id_process")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_neighbourhood")),
    )

    op.create_table(
        "standing",
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rotation", sa.BigInteger(), nullable=False),
        sa.Column("agreement", sa.Integer(), nullable=False),
        sa.Column("contested", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_standing_idea_id_idea"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_standing_process_id_process")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_standing")),
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index("ix_standing_agreement", ["process_id", "agreement", "idea_id"], unique=False)
        batch_op.create_index("ix_standing_comments", ["process_id", "comments", "idea_id"], unique=False)
        batch_op.create_index("ix_standing_contested", ["process_id", "contested", "idea_id"], unique=False)
        batch_op.create_index("ix_standing_rotation", ["process_id", "rotation", "idea_id"], unique=False)

    op.create_table(
        "draw",
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_draw_process_id_process")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_draw")),
    )
    op.create_table(
        "comment_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_revision_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_revision")),
    )
    with op.batch_alter_table("comment_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_revision_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "helpful_mark",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_helpful_mark_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_helpful_mark_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("comment_id", "participant_id", name=op.f("pk_helpful_mark")),
    )
    with op.batch_alter_table("helpful_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_helpful_mark_participant_id"), ["participant_id"], unique=False)

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "stance",
                sa.Enum(
                    "supports",
                    "objects",
                    "asks",
                    "adds",
                    name="comment_stance",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "voice",
                sa.Enum(
                    "resident",
                    "moderation",
                    "administration",
                    name="voice",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="resident",
            )
        )
        batch_op.add_column(sa.Column("helpful", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("helpful_elsewhere", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_comment_below", ["idea_id", "parent_id", "id"], unique=False)
        batch_op.create_index("ix_comment_stance", ["idea_id", "stance", "state", "helpful", "id"], unique=False)

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("addendum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_decision_addendum_id"), ["addendum_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_decision_addendum_id_addendum"), "addendum", ["addendum_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_decision_one_subject"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_decision_one_subject"), ONE_OF_THREE)
        batch_op.drop_constraint(batch_op.f("ck_decision_decision_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_decision_decision_kind"), "kind IN ('publish', 'hide', 'restore', 'redact')"
        )

    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_idea_revised", ["process_id", "revised_at"], unique=False)
        batch_op.add_column(sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "withdrawn_for",
                sa.Enum(
                    "settled",
                    "better",
                    "mistake",
                    "personal",
                    name="withdrawal_reason",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )

    if op.get_context().dialect.name == "sqlite":
        # Receipts name them: the number of a deleted row must never be given to another one.
        for table in ("idea", "comment", "vote"):
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
                pass

    freeze_discussed_ideas()
    open_standings()


def freeze_discussed_ideas() -> None:
    """Ideas that somebody else has voted or commented on already keep their text from now on."""
    op.execute(
        "UPDATE idea SET frozen_at = CURRENT_TIMESTAMP WHERE"
        " EXISTS (SELECT 1 FROM vote WHERE vote.idea_id = idea.id AND vote.participant_id <> idea.participant_id)"
        " OR EXISTS (SELECT 1 FROM comment"
        " WHERE comment.idea_id = idea.id AND comment.participant_id <> idea.participant_id)"
    )


def open_standings() -> None:
    """Give every idea its place in the orders of lists."""
    chance = sa.text("abs(random()) % 2147483648")
    if op.get_bind().dialect.name == "postgresql":
        chance = sa.text("floor(random() * 2147483648)")
    idea = sa.table("idea", sa.column("id"), sa.column("process_id"))
    comment = sa.table("comment", sa.column("idea_id"), sa.column("state"))
    published = (
        sa.select(sa.func.count())
        .select_from(comment)
        .where(comment.c.idea_id == idea.c.id, comment.c.state == "published")
        .scalar_subquery()
    )
    columns = ["idea_id", "process_id", "rotation", "agreement", "contested", "comments"]
    standing = sa.table("standing", *(sa.column(name) for name in columns))
    rows = sa.select(idea.c.id, idea.c.process_id, chance, sa.literal(0), sa.literal(0), published)
    op.execute(sa.insert(standing).from_select(columns, rows))
    tally = sa.table("tally", sa.column("idea_id"), sa.column("agree"), sa.column("disagree"))
    connection, last = op.get_bind(), 0
    change = (
        sa.update(standing)
        .where(standing.c.idea_id == sa.bindparam("idea"))
        .values(agreement=sa.bindparam("a"), contested=sa.bindparam("c"))
    )
    page = sa.select(tally).where(tally.c.agree + tally.c.disagree > 0).order_by(tally.c.idea_id).limit(BATCH)
    while rows := connection.execute(page.where(tally.c.idea_id > last)).all():
        last = rows[-1].idea_id
        values = [
            {
                "idea": row.idea_id,
                "a": millionths(row.agree, row.agree + row.disagree),
                "c": 2 * millionths(min(row.agree, row.disagree), row.agree + row.disagree),
            }
            for row in rows
        ]
        connection.execute(change, values)


def millionths(part: int, whole: int) -> int:
    """Return the lower bound of the share ``part / whole`` in millionths."""
    share, z2 = part / whole, Z * Z
    middle = share + z2 / (2 * whole)
    spread = Z * (share * (1 - share) / whole + z2 / (4 * whole * whole)) ** 0.5
    return round(max(0.0, (middle - spread) / (1 + z2 / whole)) * 1_000_000)


def downgrade() -> None:
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_idea_withdrawal_reason"), type_="check")
        batch_op.drop_column("withdrawn_for")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("frozen_at")
        batch_op.drop_index("ix_idea_revised")
        batch_op.drop_column("revised_at")

    op.execute("DELETE FROM decision WHERE addendum_id IS NOT NULL OR kind = 'redact'")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_decision_one_subject"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_decision_one_subject"), "(idea_id IS NULL) <> (comment_id IS NULL)"
        )
        batch_op.drop_constraint(batch_op.f("ck_decision_decision_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_decision_decision_kind"), "kind IN ('publish', 'hide', 'restore')"
        )
        batch_op.drop_constraint(batch_op.f("fk_decision_addendum_id_addendum"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_decision_addendum_id"))
        batch_op.drop_column("addendum_id")

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_stance")
        batch_op.drop_index("ix_comment_below")
        batch_op.drop_column("edited_at")
        batch_op.drop_column("helpful_elsewhere")
        batch_op.drop_column("helpful")
        batch_op.drop_constraint(batch_op.f("ck_comment_voice"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_comment_comment_stance"), type_="check")
        batch_op.drop_column("voice")
        batch_op.drop_column("stance")

    with op.batch_alter_table("helpful_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_helpful_mark_participant_id"))

    op.drop_table("helpful_mark")
    with op.batch_alter_table("comment_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_revision_comment_id"))

    op.drop_table("comment_revision")
    op.drop_table("draw")
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_index("ix_standing_rotation")
        batch_op.drop_index("ix_standing_contested")
        batch_op.drop_index("ix_standing_comments")
        batch_op.drop_index("ix_standing_agreement")

    op.drop_table("standing")
    with op.batch_alter_table("idea_vector", schema=None) as batch_op:
        batch_op.drop_index("ix_idea_vector_newer")

    op.drop_table("neighbourhood")
    op.drop_table("idea_vector")
    op.drop_table("idea_revision")
    with op.batch_alter_table("idea_aspect", schema=None) as batch_op:
        batch_op.drop_index("ix_idea_aspect_reverse")

    op.drop_table("idea_aspect")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_statement_id"))
        batch_op.drop_index(batch_op.f("ix_answer_process_id"))
        batch_op.drop_index(batch_op.f("ix_answer_idea_id"))

    op.drop_table("answer")
    with op.batch_alter_table("addendum", schema=None) as batch_op:
        batch_op.drop_index("ix_addendum_waiting")
        batch_op.drop_index("ix_addendum_idea")

    op.drop_table("addendum")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index("ix_draft_own")

    op.drop_table("draft")
    op.drop_table("receipt")
    op.drop_table("aspect")
    op.drop_table("routine")
    op.drop_table("receipt_key")
