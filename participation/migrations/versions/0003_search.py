"""Search: words, stems and folded texts of ideas, with an index of words and one of parts of words."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NO_TRIGRAMS = (
    "the search needs the extension pg_trgm, and it cannot be made: {reason}. It belongs to PostgreSQL itself "
    '(package postgresql-contrib); somebody who may should run "CREATE EXTENSION pg_trgm" in this database once'
)
# Exactly our words: split at spaces, nothing folded, no letter that the database would not know.
WORDS = (
    "CREATE VIRTUAL TABLE idea_words USING fts5(title_words, words, content = 'idea_search', content_rowid = 'idea_id',"
    " tokenize = \"ascii tokenchars '_'\", detail = column, columnsize = 0)"
)
FOLDED = (
    "CREATE VIRTUAL TABLE idea_folded USING fts5(title_folded, folded, content = 'idea_search',"
    " content_rowid = 'idea_id', tokenize = 'trigram case_sensitive 1', columnsize = 0)"
)
ADD = (
    "INSERT INTO idea_words (rowid, title_words, words) VALUES (new.idea_id, new.title_words, new.words);"
    " INSERT INTO idea_folded (rowid, title_folded, folded) VALUES (new.idea_id, new.title_folded, new.folded);"
)
# An index over a table elsewhere has to be told what stood there.
TAKE_OUT = (
    "INSERT INTO idea_words (idea_words, rowid, title_words, words)"
    " VALUES ('delete', old.idea_id, old.title_words, old.words);"
    " INSERT INTO idea_folded (idea_folded, rowid, title_folded, folded)"
    " VALUES ('delete', old.idea_id, old.title_folded, old.folded);"
)
TRIGGERS = (
    f"CREATE TRIGGER idea_search_added AFTER INSERT ON idea_search BEGIN {ADD} END",
    f"CREATE TRIGGER idea_search_removed AFTER DELETE ON idea_search BEGIN {TAKE_OUT} END",
    f"CREATE TRIGGER idea_search_changed AFTER UPDATE ON idea_search BEGIN {TAKE_OUT} {ADD} END",
)


def upgrade() -> None:
    """Make the tables; what stands in them comes from our own code, so the command that migrates fills them next."""
    op.create_table(
        "idea_search",
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title_words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_search_idea_id_idea"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_idea_search")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in (WORDS, FOLDED, *TRIGGERS):
            op.execute(statement)
        return
    make_trigrams_possible()
    op.create_index("ix_idea_search_words", "idea_search", ["words"], postgresql_using="gin")
    op.create_index(
        "ix_idea_search_folded",
        "idea_search",
        ["folded"],
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )


def make_trigrams_possible() -> None:
    """Make the extension for parts of words; raises ``CommandError`` in plain words where that is not possible."""
    try:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError as problem:
        reason = str(problem.orig).strip().splitlines()[0]
        raise CommandError(NO_TRIGRAMS.format(reason=reason)) from problem


def downgrade() -> None:
    # The extension stays: something else in the database may use it by now.
    if op.get_bind().dialect.name == "sqlite":
        for name in ("idea_words", "idea_folded"):
            op.execute(f"DROP TABLE {name}")
    op.drop_table("idea_search")
