"""The page on which words are chosen from the ideas of a statement's themes and the comments on them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.ideas.search import matching
from participation.kit.permissions import Missing, Permission
from participation.multilingual import Phrase, base_language, direction, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.strategy.behind import ideas_under
from participation.strategy.models import SourceKind, Statement
from participation.strategy.statements.comparing import ShownQuote, shown_quotes
from participation.strategy.statements.content import QuotePlace
from participation.strategy.statements.policies import may_rewrite
from participation.strategy.statements.quotes import Difference, ideas_among
from participation.strategy.statements.quoting import QuoteDiffers, Source
from participation.strategy.statements.revisions import latest_revision, working_content

IDEAS_A_PAGE = 20
MOST_COMMENTS = 50
EXCERPT = 160


@dataclass(frozen=True, slots=True)
class QuotableIdea:
    """An idea of the themes in the list to choose from; ``comments`` counts the public ones."""

    id: int
    title: str
    excerpt: str
    language: str
    comments: int

    @property
    def dir(self) -> str:
        """The direction in which the idea is read."""
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class QuotesPage:
    """The quotes of a statement, and where more can be taken from.

    ``sources`` are the texts of the idea that was chosen, its own first; without one there are ``ideas`` to choose
    from. ``difference`` says where pasted words left the original.
    """

    workplace: Workplace
    id: int
    number: int
    text: Phrase
    quotes: tuple[ShownQuote, ...]
    may_change: Permission
    query: str = ""
    ideas: tuple[QuotableIdea, ...] = ()
    next_before: int | None = None
    chosen: int | None = None
    sources: tuple[Source, ...] = ()
    difference: Difference | None = None


def quotes_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    row: Statement,
    *,
    language: str,
    chosen: int | None = None,
    query: str = "",
    before: int | None = None,
) -> QuotesPage:
    """Return the page; raises ``Missing`` where the chosen idea is not a public one of the themes."""
    content = working_content(session, row, latest_revision(session, row.id))
    if chosen is not None and not ideas_among(session, [chosen], content.clusters):
        raise Missing
    ideas = _ideas(session, content.clusters, query, before, base_language(language)) if chosen is None else []
    return QuotesPage(
        workplace=workplace(actor, process, language),
        id=row.id,
        number=row.position,
        text=phrase(content.text, language),
        quotes=shown_quotes(session, content.quotes),
        may_change=may_rewrite(actor, row.process_id, row.state),
        query=query,
        ideas=tuple(ideas[:IDEAS_A_PAGE]),
        next_before=ideas[IDEAS_A_PAGE - 1].id if len(ideas) > IDEAS_A_PAGE else None,
        chosen=chosen,
        sources=sources_of_idea(session, chosen) if chosen is not None else (),
    )


def sources_of_idea(session: Session, idea_id: int) -> tuple[Source, ...]:
    """Return a public idea and the public comments on it, the most helpful first, as texts that can be quoted."""
    idea = session.get(Idea, idea_id)
    if idea is None or idea.state is not IdeaState.PUBLISHED:
        return ()
    comments = session.scalars(
        select(Comment)
        .where(Comment.idea_id == idea_id, Comment.state == CommentState.PUBLISHED)
        .order_by(Comment.helpful.desc(), Comment.id)
        .limit(MOST_COMMENTS)
    )
    own = Source(SourceKind.IDEA, idea.id, idea.id, idea.revision, idea.title, idea.text, idea.language)
    return (
        own,
        *(Source(SourceKind.COMMENT, row.id, idea.id, 0, "", row.text, row.language) for row in comments),
    )


def found_in(sources: Iterable[Source], pasted: str) -> QuotePlace:
    """Return where pasted words stand in the first of the sources that has them.

    Raises ``QuoteDiffers`` about the one that has the longest beginning of them; without any source, too.
    """
    nearest = Difference("", pasted, "")
    for source in sources:
        try:
            return source.place_of(pasted)
        except QuoteDiffers as problem:
            nearest = max(nearest, problem.difference, key=lambda one: len(one.same))
    raise QuoteDiffers(nearest)


def ticked_words(sources: Iterable[Source], ticked: Iterable[str]) -> str:
    """Return the words from the first to the last passage that was ticked, as ``kind-source-passage``.

    Of several sources the first one counts; what is not there any more gives nothing.
    """
    chosen = set(ticked)
    for source in sources:
        numbers = [at for at in range(len(source.passages)) if f"{source.kind.value}-{source.id}-{at}" in chosen]
        if numbers:
            return source.between(numbers[0], numbers[-1])
    return ""


def _ideas(
    session: Session, cluster_ids: tuple[int, ...], query: str, before: int | None, reader: str
) -> list[QuotableIdea]:
    comments = (
        select(func.count())
        .where(Comment.idea_id == Idea.id, Comment.state == CommentState.PUBLISHED)
        .scalar_subquery()
    )
    statement = select(Idea, comments).where(Idea.id.in_(ideas_under(cluster_ids)))
    if query:
        statement = statement.where(matching(query, reader))
    if before is not None:
        statement = statement.where(Idea.id < before)
    rows = session.execute(statement.order_by(Idea.id.desc()).limit(IDEAS_A_PAGE + 1))
    return [QuotableIdea(idea.id, idea.title, _excerpt(idea.text), idea.language, number) for idea, number in rows]


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= EXCERPT else f"{plain[:EXCERPT].rsplit(' ', 1)[0]} …"
