"""An idea as it stands in a list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from participation.ideas.models import IdeaSource
from participation.listings.ideas.rows import IdeaRow
from participation.listings.names import Names, PrincipleLink
from participation.multilingual import direction
from participation.texts import excerpt
from participation.voting.queries import VoteFigures


@dataclass(frozen=True, slots=True)
class IdeaCard:
    """One idea as it stands in a list; ``why`` says why it stands just there, where somebody asked."""

    id: int
    url: str
    title: str
    excerpt: str
    language: str
    dir: str
    pseudonym: str
    published: str
    principles: tuple[PrincipleLink, ...]
    district: str
    field: str
    agree: int
    unsure: int
    disagree: int
    results_hidden: bool
    comment_count: int
    state_label: str
    source_label: str
    too_few: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a list says things; the caller knows the reader's language."""

    day: Callable[[datetime], str]
    imported: str
    elsewhere: str = ""


def card_of(row: IdeaRow, *, hidden: bool, names: Names, wording: Wording, list_url: str, why: str = "") -> IdeaCard:
    """Return the card of an idea; with ``hidden`` results the figures are not even in it."""
    votes = VoteFigures() if hidden else row.figures
    return IdeaCard(
        id=row.id,
        url=f"{list_url}/{row.id}",
        title=row.title,
        excerpt=excerpt(row.text),
        language=row.language,
        dir=direction(row.language),
        pseudonym=row.pseudonym,
        published=wording.day(row.published_at) if row.published_at else "",
        principles=tuple(names.principles[key] for key in row.principle_ids if key in names.principles),
        district=names.districts.get(row.district_id or 0, ""),
        field=names.fields.get(row.field_id or 0, ""),
        agree=votes.agree,
        unsure=votes.unsure,
        disagree=votes.disagree,
        results_hidden=hidden,
        comment_count=row.comments,
        state_label=wording.elsewhere if row.pointer else "",
        source_label=wording.imported if row.source is IdeaSource.IMPORTED else "",
        why=why,
    )


def figures_shown(cards: Iterable[IdeaCard]) -> dict[int, VoteFigures]:
    """Return the figures that cards show, by idea; nothing for those that hide them."""
    return {card.id: VoteFigures(card.agree, card.disagree, card.unsure) for card in cards if not card.results_hidden}
