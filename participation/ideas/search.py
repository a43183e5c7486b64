"""Searching ideas by their text: what stands in the index, which ideas match a query, which of them come first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, and_, delete, false, literal, select
from sqlalchemy.orm import Session

from participation.ideas.lookup import IN_TEXT, IN_TEXT_WITHIN, IN_TITLE, IN_TITLE_WITHIN, found, points
from participation.ideas.models import Addendum, Idea, IdeaSearch, IdeaState, WordingSearch
from participation.kit.dialect import upsert
from participation.texts.stems import STEMMED, fold, joined, stemmer_of, words_with_stems
from participation.texts.terms import search_terms, stem_token

__all__ = [
    "IN_TEXT",
    "IN_TEXT_WITHIN",
    "IN_TITLE",
    "IN_TITLE_WITHIN",
    "ShownWords",
    "drop_wordings",
    "index_ideas",
    "index_wordings",
    "matching",
    "relevance",
    "to_index",
]

METHOD = "search-2"
"""Changes whenever the same query may find other ideas or put them in another order."""
NUMBERS = {
    "title": IN_TITLE,
    "title_within": IN_TITLE_WITHIN,
    "text": IN_TEXT,
    "text_within": IN_TEXT_WITHIN,
    "stemmed": len(STEMMED),
}
COLUMNS = ["title_words", "title_folded", "words", "folded"]

Piece = tuple[str, str]
"""A text and its language."""


@dataclass(frozen=True, slots=True)
class ShownWords:
    """A wording that readers of ``language`` are shown instead of an idea, or of an addendum to it.

    ``revision`` is that of the contribution; the title of an addendum's is empty.
    """

    wording_id: int
    idea_id: int
    addendum_id: int | None
    revision: int
    language: str
    title: str
    text: str


def index_ideas(session: Session, idea_ids: Iterable[int]) -> None:
    """Bring the search index in line with these ideas: current title and text, and published addenda.

    To be called in the transaction that changed any of that: submitting, importing, editing, redacting, publishing or
    hiding an addendum. Whether the idea itself is public makes no difference here.
    """
    ids = list(idea_ids)
    added: dict[int, list[Piece]] = {idea_id: [] for idea_id in ids}
    addenda = select(Addendum.idea_id, Addendum.text, Addendum.language)
    for idea_id, text, language in session.execute(
        addenda.where(Addendum.idea_id.in_(ids), Addendum.state == IdeaState.PUBLISHED).order_by(Addendum.id)
    ):
        added[idea_id].append((text, language))
    ideas = select(Idea.id, Idea.title, Idea.text, Idea.language).where(Idea.id.in_(ids))
    rows = [
        {"idea_id": idea_id, **_entry([(title, language)], [(text, language), *added[idea_id]])}
        for idea_id, title, text, language in session.execute(ideas)
    ]
    upsert(session, IdeaSearch, rows, key=["idea_id"], update=COLUMNS)


def index_wordings(session: Session, shown: Iterable[ShownWords]) -> None:
    """Let readers of another language find ideas by these wordings, in the transaction that shows them.

    Whether a contribution is public and still at that revision is looked at by each search.
    """
    rows = []
    for one in shown:
        title = [(one.title, one.language)] if one.title else []
        facts = {name: value for name, value in asdict(one).items() if name not in ("title", "text")}
        rows.append(facts | _entry(title, [(one.text, one.language)]))
    if rows:
        upsert(session, WordingSearch, rows, key=["wording_id"], update=[*COLUMNS, "revision", "language"])


def drop_wordings(session: Session, wording_ids: Collection[int]) -> None:
    """Let nobody find ideas by these wordings any more, in the transaction that stops showing them."""
    if wording_ids:
        session.execute(delete(WordingSearch).where(WordingSearch.wording_id.in_(wording_ids)))


def to_index(
    session: Session, *, after: int, most: int, process_id: int | None = None, missing: bool = False
) -> list[int]:
    """Return the next ideas to index, at most ``most``, with ids above ``after``; ``missing`` leaves out those indexed.

    Without ``process_id`` they are of all processes.
    """
    statement = select(Idea.id).where(Idea.id > after).order_by(Idea.id).limit(most)
    if process_id is not None:
        statement = statement.where(Idea.process_id == process_id)
    if missing:
        statement = statement.where(~select(IdeaSearch.idea_id).where(IdeaSearch.idea_id == Idea.id).exists())
    return list(session.scalars(statement))


def matching(query: str, language: str = "") -> ColumnElement[bool]:
    """Return the condition on ``Idea`` that its text has every word of ``query``; one without words matches nothing.

    A word is there when the text has it or another form of it, or has it inside a longer word. With ``language`` the
    wordings that readers of that language are shown count like the text; those of other languages never do, because
    what is a telling word in one is a frequent one in the next. The condition says nothing about who may see an idea:
    it only ever narrows ``ideas.queries.visible_to``.
    """
    terms = search_terms(query)
    return and_(*(found(term, language) for term in terms)) if terms else false()


def relevance(query: str, language: str = "") -> ColumnElement[int]:
    """Return how well an ``Idea`` that matches fits ``query``: a whole number, more is better; ties are the caller's.

    Each word of the query counts once, ``IN_TITLE`` and so on for the best place where it stands.
    """
    return sum((points(term, language) for term in search_terms(query)), start=literal(0))


def _entry(title: Sequence[Piece], body: Sequence[Piece]) -> dict[str, str]:
    whole = [*title, *body]
    return {
        "title_words": " ".join(_tokens(title)),
        "title_folded": _folded(title),
        "words": " ".join(_tokens(whole)),
        "folded": _folded(whole),
    }


def _tokens(pieces: Iterable[Piece]) -> dict[str, None]:
    """Return the words of texts, and their stems by language, each once."""
    tokens: dict[str, None] = {}
    for text, language in pieces:
        code = stemmer_of(language)
        for word, stem in words_with_stems(" ".join([text, *joined(text)]), language):
            tokens[word] = None
            if code:
                tokens[stem_token(code, stem)] = None
    return tokens


def _folded(pieces: Iterable[Piece]) -> str:
    """Return texts with a space around every word, and behind them what is written with hyphens without any."""
    lines = [fold(line) for text, _language in pieces for line in (text, " ".join(joined(text)))]
    return "\n".join(f" {line} " for line in lines if line)
