"""Adding quotes to a statement, taking them out and ordering them; each quote is bound to the words of its original."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit.permissions import Refused, require
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.strategy.models import QuotedPart, SourceKind, Statement, StatementRevision
from participation.strategy.statements.content import Content, QuotePlace
from participation.strategy.statements.policies import may_rewrite
from participation.strategy.statements.quotes import (
    LONGEST,
    SHORTEST,
    Difference,
    Span,
    ideas_among,
    locate,
    words_digest,
)
from participation.strategy.statements.revisions import latest_revision, working_content
from participation.strategy.statements.service import Overtaken, lock_statement, save_content
from participation.texts.readability import sentences

MOST_QUOTES = 20


class QuoteDiffers(Exception):
    """Pasted words are not what the original says; ``difference`` tells where."""

    def __init__(self, difference: Difference) -> None:
        super().__init__("the pasted words differ from the original")
        self.difference = difference


@dataclass(frozen=True, slots=True)
class Source:
    """A public text that can be quoted: an idea with its title, or a comment without one."""

    kind: SourceKind
    id: int
    idea_id: int
    revision: int
    title: str
    text: str
    language: str

    @property
    def passages(self) -> tuple[str, ...]:
        """What can be chosen without marking it: the title (a comment has an empty one), then each sentence."""
        return (self.title, *sentences(self.text))

    def between(self, first: int, last: int) -> str:
        """Return the words from one passage up to another; the title is quoted alone or not at all.

        Raises ``IndexError`` where the text has fewer sentences.
        """
        if last == 0:
            return self.title
        spans, cursor = list[Span](), 0
        for sentence in sentences(self.text):
            spans.append(Span(self.text.index(sentence, cursor), self.text.index(sentence, cursor) + len(sentence)))
            cursor = spans[-1].end
        return self.text[spans[max(first, 1) - 1].start : spans[last - 1].end]

    def place_of(self, pasted: str) -> QuotePlace:
        """Return where pasted words stand in the source; raises ``QuoteDiffers``, about its text."""
        found = locate(self.text, pasted)
        part, original = QuotedPart.TEXT, self.text
        if isinstance(found, Difference) and self.title:
            in_title = locate(self.title, pasted)
            if isinstance(in_title, Span):
                found, part, original = in_title, QuotedPart.TITLE, self.title
        if isinstance(found, Difference):
            raise QuoteDiffers(found)
        digest = words_digest(original[found.start : found.end])
        return QuotePlace(self.kind, self.id, self.revision, part, found.start, found.end, digest)


def source_of(session: Session, kind: SourceKind, source_id: int) -> Source | None:
    """Return a text that everybody may read now; ``None`` for any other."""
    comment = session.get(Comment, source_id) if kind is SourceKind.COMMENT else None
    idea = session.get(Idea, comment.idea_id if comment else source_id) if comment or kind is SourceKind.IDEA else None
    if idea is None or idea.state is not IdeaState.PUBLISHED:
        return None
    if comment is None:
        return Source(kind, idea.id, idea.id, idea.revision, idea.title, idea.text, idea.language)
    if comment.state is not CommentState.PUBLISHED:
        return None
    return Source(kind, comment.id, idea.id, 0, "", comment.text, comment.language)


def quote_source(
    session: Session,
    actor: Actor,
    *,
    statement_id: int,
    kind: SourceKind,
    source_id: int,
    pasted: str,
    now: datetime,
) -> StatementRevision:
    """Add a quote at the end; raises ``QuoteDiffers`` when the words are not in the source.

    Refused are sources that are not public, or not of an idea in the themes of the statement.
    """
    statement, content = _work_on(session, actor, statement_id)
    source = source_of(session, kind, source_id)
    if source is None or not ideas_among(session, [source.idea_id], content.clusters):
        raise Refused(_l("Only public ideas of the themes of this statement and their comments can be quoted."))
    words = "".join(pasted.split())
    if len(words) < SHORTEST or len(pasted) > LONGEST:
        raise Refused(
            lazily(
                _l("A quote has %(shortest)s to %(longest)s characters."), shortest=str(SHORTEST), longest=str(LONGEST)
            )
        )
    place = source.place_of(pasted)
    if place in content.quotes:
        raise Refused(_l("These words are quoted already."))
    if len(content.quotes) >= MOST_QUOTES:
        raise Refused(lazily(_l("A statement has at most %(most)s quotes."), most=str(MOST_QUOTES)))
    return save_content(session, actor, statement, content.with_quotes([*content.quotes, place]), now=now)


def drop_quote(
    session: Session, actor: Actor, *, statement_id: int, place: QuotePlace, now: datetime
) -> StatementRevision:
    """Take a quote out; raises ``Overtaken`` when it is not there any more."""

    def without(quotes: list[QuotePlace], index: int) -> None:
        del quotes[index]

    return _change(session, actor, statement_id, place, without, now)


def raise_quote(
    session: Session, actor: Actor, *, statement_id: int, place: QuotePlace, now: datetime
) -> StatementRevision:
    """Let a quote change places with the one before it; raises ``Overtaken`` when it is not there any more."""

    def upwards(quotes: list[QuotePlace], index: int) -> None:
        if index:
            quotes[index - 1], quotes[index] = quotes[index], quotes[index - 1]

    return _change(session, actor, statement_id, place, upwards, now)


def _change(
    session: Session,
    actor: Actor,
    statement_id: int,
    place: QuotePlace,
    change: Callable[[list[QuotePlace], int], None],
    now: datetime,
) -> StatementRevision:
    statement, content = _work_on(session, actor, statement_id)
    if place not in content.quotes:
        raise Overtaken
    quotes = list(content.quotes)
    change(quotes, quotes.index(place))
    return save_content(session, actor, statement, content.with_quotes(quotes), now=now)


def _work_on(session: Session, actor: Actor, statement_id: int) -> tuple[Statement, Content]:
    statement = lock_statement(session, statement_id)
    require(may_rewrite(actor, statement.process_id, statement.state))
    return statement, working_content(session, statement, latest_revision(session, statement_id))
