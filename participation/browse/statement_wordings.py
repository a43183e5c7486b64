"""What residents wrote around a statement, in the reader's language: sources, objections, sentences beside quotes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from participation.browse.translations import label_of
from participation.cases.models import SubjectKind
from participation.listings.quoted import quote_in, written_quote
from participation.listings.statements import StatementView
from participation.listings.translated import ShownWordings, Written, text_in, title_in, written_idea
from participation.strategy.statements.comparing import ShownQuote
from participation.strategy.statements.queries import SourceIdea
from participation.strategy.statements.voices import Objection


@dataclass(frozen=True, slots=True)
class QuoteWording:
    """The whole sentences around quoted words in the reader's language; never the quote itself."""

    text: str
    language: str
    dir: str
    label: str


def written_around(view: StatementView) -> Iterator[Written]:
    """Yield everything residents wrote that the page of a statement shows."""
    yield from (written_idea(one.id, one.language) for one in _sources(view))
    for one in view.objections:
        yield Written(SubjectKind.COMMENT, one.comment_id, one.language)
        yield written_idea(one.idea_id, one.idea_language)
    for quote in view.quotes:
        yield written_quote(quote)


def view_in(view: StatementView, shown: ShownWordings) -> StatementView:
    """Return a statement with sources and objections in the wordings ``shown``; quotes stay what people wrote."""
    rests_on = view.rests_on
    if rests_on is not None:
        clusters = (replace(one, ideas=tuple(_source(idea, shown) for idea in one.ideas)) for one in rests_on.clusters)
        rests_on = replace(rests_on, clusters=tuple(clusters))
    objections = tuple(_objection(one, shown) for one in view.objections)
    return replace(view, rests_on=rests_on, objections=objections)


def quote_wording(quote: ShownQuote, shown: ShownWordings) -> QuoteWording | None:
    """Return the sentences around a quote in the reader's language; ``None`` where they cannot be told apart."""
    found = quote_in(quote, shown)
    if found is None:
        return None
    wording, said = found
    return QuoteWording(said.text, said.language, said.dir, label_of(wording))


def _sources(view: StatementView) -> Iterable[SourceIdea]:
    clusters = view.rests_on.clusters if view.rests_on else ()
    return (idea for cluster in clusters for idea in cluster.ideas)


def _source(idea: SourceIdea, shown: ShownWordings) -> SourceIdea:
    title = title_in(shown, idea.id, idea.title, idea.language)
    return replace(idea, title=title.text, language=title.language, dir=title.dir)


def _objection(one: Objection, shown: ShownWordings) -> Objection:
    title = title_in(shown, one.idea_id, one.idea_title, one.idea_language)
    text = text_in(shown, SubjectKind.COMMENT, one.comment_id, one.text, one.language)
    return replace(one, idea_title=title.text, idea_language=title.language, text=text.text, language=text.language)
