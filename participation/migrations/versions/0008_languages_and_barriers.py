"""Languages and barriers: wordings of residents' texts, terms, legal texts, reports of barriers, sign language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EARLIER_ENTRIES = (
    "kind IN ('decision', 'appeal', 'notice', 'message', 'answer', 'bundle', 'unbundled', 'statement', 'measure',"
    " 'sign_off', 'reopened', 'referral_due', 'promise_due', 'measure_due', 'comment', 'reply', 'escalation')"
)
ENTRIES = EARLIER_ENTRIES.removesuffix(")") + ", 'wording', 'barrier', 'barrier_due')"
EARLIER_CASES = "kind IN ('review', 'notice', 'appeal', 'hint', 'message')"
CASES = EARLIER_CASES.removesuffix(")") + ", 'wording')"
EARLIER_REASONS = (
    "reason IN ('threat_to_life', 'hate', 'insult', 'personal_data', 'illegal', 'copyright', 'spam', 'duplicate',"
    " 'wrong_place', 'other')"
)
REASONS = EARLIER_REASONS.removesuffix(" 'other')") + " 'translation', 'other')"

# As for the originals: split at spaces, nothing folded, no letter that the database would not know.
WORDS = (
    "CREATE VIRTUAL TABLE wording_words USING fts5(title_words, words, content = 'wording_search',"
    " content_rowid = 'wording_id', tokenize = \"ascii tokenchars '_'\", detail = column, columnsize = 0)"
)
FOLDED = (
    "CREATE VIRTUAL TABLE wording_folded USING fts5(title_folded, folded, content = 'wording_search',"
    " content_rowid = 'wording_id', tokenize = 'trigram case_sensitive 1', columnsize = 0)"
)
ADD = (
    "INSERT INTO wording_words (rowid, title_words, words) VALUES (new.wording_id, new.title_words, new.words);"
    " INSERT INTO wording_folded (rowid, title_folded, folded) VALUES (new.wording_id, new.title_folded, new.folded);"
)
TAKE_OUT = (
    "INSERT INTO wording_words (wording_words, rowid, title_words, words)"
    " VALUES ('delete', old.wording_id, old.title_words, old.words);"
    " INSERT INTO wording_folded (wording_folded, rowid, title_folded, folded)"
    " VALUES ('delete', old.wording_id, old.title_folded, old.folded);"
)
TRIGGERS = (
    f"CREATE TRIGGER wording_search_added AFTER INSERT ON wording_search BEGIN {ADD} END",
    f"CREATE TRIGGER wording_search_removed AFTER DELETE ON wording_search BEGIN {TAKE_OUT} END",
    f"CREATE TRIGGER wording_search_changed AFTER UPDATE ON wording_search BEGIN {TAKE_OUT} {ADD} END",
)


def upgrade() -> None:
    op.create_table(
        "wording_provider",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_wording_provider")),
    )
    op.create_table(
        "accessibility_statement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_accessibility_statement_published_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_statement")),
    )
    op.create_table(
        "barrier_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "answered", name="barrier_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("uses", sa.Text(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interim", sa.Text(), nullable=False),
        sa.Column("interim_language", sa.String(length=12), nullable=False),
        sa.Column("interim_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_language", sa.String(length=12), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_barrier_report_account_id_account")),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_barrier_report_answered_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier_report")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_barrier_report_code_hash")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_barrier_report_submission_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("barrier_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_barrier_report_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_barrier_report_open",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "term",
        sa.Column("framework_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_term_framework_id_framework")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("framework_id", "key", name=op.f("uq_term_framework_id_key")),
    )
    op.create_table(
        "legal_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "imprint", "privacy", "rules", name="legal_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("asks_consent", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(number IS NULL) = (published_at IS NULL)", name=op.f("ck_legal_text_published")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_legal_text_process_id_process")),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"], name=op.f("fk_legal_text_published_by_account")),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_legal_text_written_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_text")),
    )
    with op.batch_alter_table("legal_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_text_process_id"), ["process_id"], unique=False)
        for name, columns, holds in (
            (
                "uq_legal_text_number",
                ["kind", sa.literal_column("coalesce(process_id, 0)"), "number"],
                "number IS NOT NULL",
            ),
            ("uq_legal_text_draft", ["kind", sa.literal_column("coalesce(process_id, 0)")], "number IS NULL"),
        ):
            batch_op.create_index(
                name, columns, unique=True, sqlite_where=sa.text(holds), postgresql_where=sa.text(holds)
            )
        batch_op.create_index(
            "ix_legal_text_asking",
            ["kind", "process_id", "number"],
            sqlite_where=sa.text("asks_consent = 1"),
            postgresql_where=sa.text("asks_consent"),
        )

    op.create_table(
        "sign_video",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_name", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("transcript", sa.JSON(), nullable=False),
        sa.Column("captions", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_sign_video_process_id_process")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["account.id"], name=op.f("fk_sign_video_uploaded_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_video")),
        sa.UniqueConstraint("file_name", name=op.f("uq_sign_video_file_name")),
    )
    with op.batch_alter_table("sign_video", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_video_process_id"), ["process_id"], unique=False)
        batch_op.create_index(
            "uq_sign_video_shown",
            ["place", sa.literal_column("coalesce(process_id, 0)")],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("legal_text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_consent_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["legal_text_id"], ["legal_text.id"], name=op.f("fk_consent_legal_text_id_legal_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("account_id", "legal_text_id", name=op.f("uq_consent_account_id_legal_text_id")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_legal_text_id"), ["legal_text_id"], unique=False)

    op.create_table(
        "wording",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source_language", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("machine", "human", name="origin", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "shown",
                "refused",
                "replaced",
                "withdrawn",
                name="wording_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=280), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submission_key", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(origin = 'machine') = (provider <> '')", name=op.f("ck_wording_provider")),
        sa.CheckConstraint("language <> source_language", name=op.f("ck_wording_languages")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_wording_decided_by_account")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_wording_idea_id_idea"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_wording_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_wording_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_wording_submission_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.create_index(
            "ix_wording_decided",
            ["decided_by", "decided_at"],
            unique=False,
            sqlite_where=sa.text("decided_by IS NOT NULL"),
            postgresql_where=sa.text("decided_by IS NOT NULL"),
        )
        batch_op.create_index("ix_wording_idea", ["idea_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wording_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index("ix_wording_process", ["process_id", "state", "id"], unique=False)
        batch_op.create_index("ix_wording_subject", ["subject_kind", "subject_id", "language"], unique=False)
        batch_op.create_index(
            "uq_wording_shown",
            ["subject_kind", "subject_id", "revision", "language"],
            unique=True,
            sqlite_where=sa.text("state = 'shown'"),
            postgresql_where=sa.text("state = 'shown'"),
        )

    op.create_table(
        "wording_errand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "idea", "comment", "addendum", name="subject_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                "void",
                name="errand_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_wording_errand_idea_id_idea"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_wording_errand_process_id_process"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_errand")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "revision",
            "language",
            name=op.f("uq_wording_errand_subject_kind_subject_id_revision_language"),
        ),
    )
    with op.batch_alter_table("wording_errand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wording_errand_idea_id"), ["idea_id"], unique=False)
        batch_op.create_index(
            "ix_wording_errand_next",
            ["next_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index("ix_wording_errand_process", ["process_id", "state"], unique=False)

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))

    with op.batch_alter_table("addendum", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.add_column(sa.Column("translator", sa.String(length=40), nullable=False, server_default=""))

    make_search()
    change_kinds(CASES, ENTRIES, REASONS)


def make_search() -> None:
    op.create_table(
        "wording_search",
        sa.Column("wording_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("addendum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title_words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_wording_search_idea_id_idea"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["addendum_id"], ["addendum.id"], name=op.f("fk_wording_search_addendum_id_addendum"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("wording_id", name=op.f("pk_wording_search")),
    )
    op.create_index(op.f("ix_wording_search_idea_id"), "wording_search", ["idea_id"])
    op.create_index(op.f("ix_wording_search_addendum_id"), "wording_search", ["addendum_id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in (WORDS, FOLDED, *TRIGGERS):
            op.execute(statement)
        return
    op.create_index("ix_wording_search_words", "wording_search", ["words"], postgresql_using="gin")
    op.create_index(
        "ix_wording_search_folded",
        "wording_search",
        ["folded"],
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )


def change_kinds(cases: str, entries: str, reasons: str) -> None:
    # Reflection loses the order of the one index and what both tables were made with.
    op.drop_index("ix_moderation_case_queue", table_name="moderation_case")
    with op.batch_alter_table("moderation_case", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_moderation_case_case_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_moderation_case_case_kind"), cases)
    op.create_index(
        "ix_moderation_case_queue",
        "moderation_case",
        ["process_id", sa.text("urgent DESC"), "place_at", "group_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    with op.batch_alter_table("inbox_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_inbox_entry_entry_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_inbox_entry_entry_kind"), entries)
    with op.batch_alter_table("notice", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notice_notice_reason"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_notice_notice_reason"), reasons)


def downgrade() -> None:
    op.execute("DELETE FROM moderation_case WHERE kind = 'wording'")
    op.execute("DELETE FROM inbox_entry WHERE kind IN ('wording', 'barrier', 'barrier_due')")
    op.execute("UPDATE notice SET reason = 'other' WHERE reason = 'translation'")
    change_kinds(EARLIER_CASES, EARLIER_ENTRIES, EARLIER_REASONS)
    if op.get_bind().dialect.name == "sqlite":
        for name in ("wording_words", "wording_folded"):
            op.execute(f"DROP TABLE {name}")
    op.drop_table("wording_search")
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_column("translator")

    with op.batch_alter_table("addendum", schema=None) as batch_op:
        batch_op.drop_column("revision")

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_column("revision")

    with op.batch_alter_table("wording_errand", schema=None) as batch_op:
        batch_op.drop_index("ix_wording_errand_process")
        batch_op.drop_index("ix_wording_errand_next")
        batch_op.drop_index(batch_op.f("ix_wording_errand_idea_id"))

    op.drop_table("wording_errand")
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.drop_index("uq_wording_shown")
        batch_op.drop_index("ix_wording_subject")
        batch_op.drop_index("ix_wording_process")
        batch_op.drop_index(batch_op.f("ix_wording_participant_id"))
        batch_op.drop_index("ix_wording_idea")
        batch_op.drop_index("ix_wording_decided")

    op.drop_table("wording")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_legal_text_id"))

    op.drop_table("consent")
    with op.batch_alter_table("sign_video", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_video_process_id"))

    op.drop_table("sign_video")
    with op.batch_alter_table("legal_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_text_process_id"))

    op.drop_table("legal_text")
    op.drop_table("term")
    with op.batch_alter_table("barrier_report", schema=None) as batch_op:
        batch_op.drop_index("ix_barrier_report_open")
        batch_op.drop_index(batch_op.f("ix_barrier_report_account_id"))

    op.drop_table("barrier_report")
    op.drop_table("accessibility_statement")
    op.drop_table("wording_provider")
