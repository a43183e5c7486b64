"""How the search index is asked: SQLite through its full-text tables, PostgreSQL through vectors of words and patterns.

Which tables answer is decided when a statement is made into SQL, so that conditions are the same on both.
"""

import re
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    case,
    column,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from participation.ideas.models import Idea, IdeaSearch
from participation.texts.terms import Term

IN_TITLE, IN_TITLE_WITHIN, IN_TEXT, IN_TEXT_WITHIN = 4, 3, 2, 1
"""Points for each word of a query: a word of the title or part of one, a word of the text or part of one."""

# A full-text table of SQLite answers MATCH by a column of its own name.
WORDS = table("idea_words", column("rowid"), column("idea_words"))
FOLDED = table("idea_folded", column("rowid"), column("idea_folded"))
# Under a name of its own, so that it is never taken for the same table of a statement around it.
ENTRIES = IdeaSearch.__table__.alias("entry")


class _AnyWord(TypeDecorator[tuple[str, ...]]):
    """Words of which any will do, each as data in the language that the index of words is asked in."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSQUERY() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        if dialect.name == "postgresql":
            return " | ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in value or ())
        return _match(value)


class _AnyPart(TypeDecorator[tuple[str, ...]]):
    """Parts of texts of which any will do, each as data in the language that the index of threes is asked in."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | list[str]:
        if dialect.name == "postgresql":
            return ["%" + re.sub(r"([\\%_])", r"\\\1", part) + "%" for part in value or ()]
        return _match(value)


def _match(wanted: tuple[str, ...] | None) -> str:
    # Nothing wanted is an empty phrase, which nothing has.
    return " OR ".join('"' + one.replace('"', '""') + '"' for one in wanted or [""])


class Found(FunctionElement[bool]):
    """Whether the index leads from a term to an idea; the arguments are the idea's id, the term's words and parts."""

    name = "found"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  # SQLAlchemy's
        """Return the condition as it is: compared with 1, as SQLite would have it, no index is used."""
        return self


class Points(FunctionElement[int]):
    """How well a term fits an idea that it leads to, from ``IN_TEXT_WITHIN`` to ``IN_TITLE``; arguments as before."""

    name = "points"
    type = Integer()
    inherit_cache = True


def found(term: Term) -> Found:
    """Return the condition on ``Idea`` that its text has what ``term`` asks for."""
    return Found(*_arguments(term))


def points(term: Term) -> Points:
    """Return the points that an ``Idea`` has for ``term``, once it is known that its text has it."""
    return Points(*_arguments(term))


def _arguments(term: Term) -> tuple[ColumnElement[Any], ...]:
    tokens = bindparam(None, term.tokens, type_=_AnyWord())
    return Idea.id.expression, tokens, bindparam(None, term.parts, type_=_AnyPart())


@compiles(Found, "sqlite")
def _found_sqlite(element: Found, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts = element.clauses
    hits = _words("words", tokens).union(_folded("folded", parts))
    return compiler.process(idea_id.in_(hits), **options)


@compiles(Points, "sqlite")
def _points_sqlite(element: Points, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts = element.clauses
    value = case(
        (idea_id.in_(_words("title_words", tokens)), literal_column(str(IN_TITLE))),
        (idea_id.in_(_folded("title_folded", parts)), literal_column(str(IN_TITLE_WITHIN))),
        (idea_id.in_(_words("words", tokens)), literal_column(str(IN_TEXT))),
        else_=literal_column(str(IN_TEXT_WITHIN)),
    )
    return compiler.process(value.self_group(), **options)


def _words(place: str, tokens: ColumnElement[Any]) -> Select[Any]:
    return select(WORDS.c.rowid).where(WORDS.c.idea_words.op("MATCH")(_in_column(place, tokens)))


def _folded(place: str, parts: ColumnElement[Any]) -> Select[Any]:
    return select(FOLDED.c.rowid).where(FOLDED.c.idea_folded.op("MATCH")(_in_column(place, parts)))


def _in_column(place: str, wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    return literal_column(f"'{place} : ('").concat(wanted).concat(literal_column("')'"))


@compiles(Found, "postgresql")
def _found_postgresql(element: Found, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts = element.clauses
    by_word = select(ENTRIES.c.idea_id).where(ENTRIES.c.words.op("@@")(tokens))
    by_part = select(ENTRIES.c.idea_id).where(ENTRIES.c.folded.op("LIKE")(any_(parts)))
    # Not one condition with OR: it would tempt the planner to ask idea after idea in the order of the list.
    return compiler.process(idea_id.in_(by_word.union(by_part)), **options)


@compiles(Points, "postgresql")
def _points_postgresql(element: Points, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts = element.clauses
    value = case(
        (ENTRIES.c.title_words.op("@@")(tokens), literal_column(str(IN_TITLE))),
        (ENTRIES.c.title_folded.op("LIKE")(any_(parts)), literal_column(str(IN_TITLE_WITHIN))),
        (ENTRIES.c.words.op("@@")(tokens), literal_column(str(IN_TEXT))),
        else_=literal_column(str(IN_TEXT_WITHIN)),
    )
    # Only the entries of ideas that were found are looked at, one by one: titles need no index of their own.
    return compiler.process(select(value).where(ENTRIES.c.idea_id == idea_id).scalar_subquery(), **options)
