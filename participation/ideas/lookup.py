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
    String,
    TableClause,
    Text,
    and_,
    any_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from participation.ideas.models import Addendum, Idea, IdeaSearch, IdeaState, WordingSearch
from participation.texts.terms import Term

IN_TITLE, IN_TITLE_WITHIN, IN_TEXT, IN_TEXT_WITHIN = 4, 3, 2, 1
"""Points for each word of a query: a word of the title or part of one, a word of the text or part of one."""

# A full-text table of SQLite answers MATCH by a column of its own name.
WORDS = table("idea_words", column("rowid"), column("idea_words"))
FOLDED = table("idea_folded", column("rowid"), column("idea_folded"))
WORDING_WORDS = table("wording_words", column("rowid"), column("wording_words"))
WORDING_FOLDED = table("wording_folded", column("rowid"), column("wording_folded"))
# Under names of their own, so that they are never taken for the same tables of a statement around them.
ENTRIES = IdeaSearch.__table__.alias("entry")
WORDINGS = WordingSearch.__table__.alias("wording_entry")
WORDED_IDEA = Idea.__table__.alias("worded_idea")
WORDED_ADDENDUM = Addendum.__table__.alias("worded_addendum")


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
    """Whether the index leads from a term to an idea.

    The arguments are the idea's id, the term's words and parts, and the language whose wordings count, if any.
    """

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


def found(term: Term, language: str = "") -> Found:
    """Return the condition on ``Idea`` that its text, or its wording in ``language``, has what ``term`` asks for."""
    return Found(*_arguments(term, language))


def points(term: Term, language: str = "") -> Points:
    """Return the points that an ``Idea`` has for ``term``, once it is known that ``found`` leads to it."""
    return Points(*_arguments(term, language))


def _arguments(term: Term, language: str) -> tuple[ColumnElement[Any], ...]:
    tokens = bindparam(None, term.tokens, type_=_AnyWord())
    parts = bindparam(None, term.parts, type_=_AnyPart())
    spoken = (bindparam(None, language, type_=String()),) if language else ()
    return Idea.id.expression, tokens, parts, *spoken


@compiles(Found, "sqlite")
def _found_sqlite(element: Found, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts, *spoken = element.clauses
    hits = [_words(WORDS, "words", tokens), _folded(FOLDED, "folded", parts)]
    for language in spoken:
        wordings = _words(WORDING_WORDS, "words", tokens).union(_folded(WORDING_FOLDED, "folded", parts))
        hits.append(_worded(language).where(WORDINGS.c.wording_id.in_(wordings)))
    return compiler.process(idea_id.in_(union(*hits)), **options)


@compiles(Points, "sqlite")
def _points_sqlite(element: Points, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts, *spoken = element.clauses

    def stands(place: str, *, whole: bool) -> ColumnElement[bool]:
        hits = [_words(WORDS, place, tokens) if whole else _folded(FOLDED, place, parts)]
        for language in spoken:
            asked = _words(WORDING_WORDS, place, tokens) if whole else _folded(WORDING_FOLDED, place, parts)
            hits.append(_worded(language).where(WORDINGS.c.wording_id.in_(asked)))
        return or_(*(idea_id.in_(some) for some in hits))

    value = case(
        (stands("title_words", whole=True), literal_column(str(IN_TITLE))),
        (stands("title_folded", whole=False), literal_column(str(IN_TITLE_WITHIN))),
        (stands("words", whole=True), literal_column(str(IN_TEXT))),
        else_=literal_column(str(IN_TEXT_WITHIN)),
    )
    return compiler.process(value.self_group(), **options)


def _words(index: TableClause, place: str, tokens: ColumnElement[Any]) -> Select[Any]:
    return select(index.c.rowid).where(index.c[index.name].op("MATCH")(_in_column(place, tokens)))


def _folded(index: TableClause, place: str, parts: ColumnElement[Any]) -> Select[Any]:
    return select(index.c.rowid).where(index.c[index.name].op("MATCH")(_in_column(place, parts)))


def _in_column(place: str, wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    return literal_column(f"'{place} : ('").concat(wanted).concat(literal_column("')'"))


def _worded(language: ColumnElement[Any]) -> Select[Any]:
    """Return the ideas whose text, or an addendum to it, readers of ``language`` are shown in another wording.

    Whether the contribution is public and stands at that revision is looked at here, whatever the index holds.
    """
    idea, addendum = WORDED_IDEA.c, WORDED_ADDENDUM.c
    is_idea = select(idea.id).where(idea.id == WORDINGS.c.idea_id, idea.revision == WORDINGS.c.revision)
    is_addendum = select(addendum.id).where(
        addendum.id == WORDINGS.c.addendum_id,
        addendum.revision == WORDINGS.c.revision,
        addendum.state == literal_column(f"'{IdeaState.PUBLISHED.value}'"),
    )
    is_current = or_(
        and_(WORDINGS.c.addendum_id.is_(None), is_idea.correlate(WORDINGS).exists()),
        is_addendum.correlate(WORDINGS).exists(),
    )
    return select(WORDINGS.c.idea_id).where(WORDINGS.c.language == language, is_current)


@compiles(Found, "postgresql")
def _found_postgresql(element: Found, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts, *spoken = element.clauses
    hits = [
        select(ENTRIES.c.idea_id).where(ENTRIES.c.words.op("@@")(tokens)),
        select(ENTRIES.c.idea_id).where(ENTRIES.c.folded.op("LIKE")(any_(parts))),
    ]
    for language in spoken:
        hits.append(_worded(language).where(WORDINGS.c.words.op("@@")(tokens)))
        hits.append(_worded(language).where(WORDINGS.c.folded.op("LIKE")(any_(parts))))
    # Not one condition with OR: it would tempt the planner to ask idea after idea in the order of the list.
    return compiler.process(idea_id.in_(union(*hits)), **options)


@compiles(Points, "postgresql")
def _points_postgresql(element: Points, compiler: SQLCompiler, **options: Any) -> str:
    idea_id, tokens, parts, *spoken = element.clauses

    def best(entries: Any, otherwise: int) -> ColumnElement[Any]:
        return case(
            (entries.c.title_words.op("@@")(tokens), literal_column(str(IN_TITLE))),
            (entries.c.title_folded.op("LIKE")(any_(parts)), literal_column(str(IN_TITLE_WITHIN))),
            (entries.c.words.op("@@")(tokens), literal_column(str(IN_TEXT))),
            else_=literal_column(str(otherwise)),
        )

    # Only the entries of ideas that were found are looked at, one by one: titles need no index of their own.
    value: Any = select(best(ENTRIES, IN_TEXT_WITHIN)).where(ENTRIES.c.idea_id == idea_id).scalar_subquery()
    for language in spoken:
        here = _worded(language).where(WORDINGS.c.idea_id == idea_id)
        worded = here.with_only_columns(func.max(best(WORDINGS, IN_TEXT_WITHIN))).scalar_subquery()
        value = func.greatest(value, func.coalesce(worded, literal_column(str(IN_TEXT_WITHIN))))
    return compiler.process(value, **options)
