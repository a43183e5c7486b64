"""An idea as it stands in a list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.ideas.models import IdeaSource
from participation.listings.ideas.rows import IdeaRow
from participation.listings.names import Names, PrincipleLink
from participation.listings.translated import ORIGINALS, ShownWordings, Written, text_in, title_in
from participation.texts import excerpt
from participation.voting.queries import VoteFigures
from participation.wordings.queries import ShownWording


@dataclass(frozen=True, slots=True)
class IdeaCard:
    """One idea as it stands in a list; ``why`` says why it stands just there, where somebody asked.

    ``written_in`` names the language of an original that is not the reader's, ``translated`` says how a text got there.
    """

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
    written_in: str = ""
    translated: str = ""


def _originals(_session: Session, _written: Iterable[Written]) -> ShownWordings:
    return ORIGINALS


def _nothing(_about: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a list says things; the caller knows the reader's language.

    ``shown`` finds the wordings that stand in the place of originals, ``written_in`` names the language of an original
    unless it is the reader's, and ``translated`` says how a text came into the reader's language.
    """

    day: Callable[[datetime], str]
    imported: str
    elsewhere: str = ""
    shown: Callable[[Session, Iterable[Written]], ShownWordings] = _originals
    written_in: Callable[[str], str] = _nothing
    translated: Callable[[ShownWording | None], str] = _nothing


def card_of(
    row: IdeaRow,
    *,
    hidden: bool,
    names: Names,
    wording: Wording,
    list_url: str,
    why: str = "",
    shown: ShownWordings = ORIGINALS,
) -> IdeaCard:
    """Return the card of an idea; with ``hidden`` results the figures are not even in it."""
    votes = VoteFigures() if hidden else row.figures
    title = title_in(shown, row.id, row.title, row.language)
    text = text_in(shown, SubjectKind.IDEA, row.id, row.text, row.language)
    return IdeaCard(
        id=row.id,
        url=f"{list_url}/{row.id}",
        title=title.text,
        excerpt=excerpt(text.text),
        language=text.language,
        dir=text.dir,
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
        written_in=wording.written_in(text.language),
        translated=wording.translated(shown.get((SubjectKind.IDEA, row.id))),
    )


def figures_shown(cards: Iterable[IdeaCard]) -> dict[int, VoteFigures]:
    """Return the figures that cards show, by idea; nothing for those that hide them."""
    return {card.id: VoteFigures(card.agree, card.disagree, card.unsure) for card in cards if not card.results_hidden}
