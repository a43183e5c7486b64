"""How opinion groups voted on single ideas, in bars and in words; what is too little to publish is said to be so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from participation.ideas.queries import TitleView
from participation.listings.translated import ShownWordings, title_in
from participation.multilingual import gettext as _
from participation.multilingual.moments import number
from participation.opinions.results import Against, GroupResult, Held, IdeaFigures, Share
from participation.opinions.wording import letter_of, name_of, share_words
from participation.voting.models import Stance

Ideas = Mapping[int, "IdeaLink"]
SAYS_NOTHING = 75
"""That at most so many percent agree is true of nearly everything."""


@dataclass(frozen=True, slots=True)
class IdeaLink:
    """An idea that everybody may see."""

    title: str
    url: str
    language: str
    dir: str


@dataclass(frozen=True, slots=True)
class StanceRow:
    """One bar: how a group voted on an idea, in percent of its votes.

    ``words`` says the strongest side, ``more`` the others. With ``too_few`` nothing is drawn; where only one side may
    be told, the ``rest`` of the bar stays empty; where only a limit may be told, it reaches up to ``most``.
    """

    number: int
    letter: str
    name: str
    agree: float
    unsure: float
    disagree: float
    rest: float
    most: float
    words: str
    more: str
    too_few: bool


@dataclass(frozen=True, slots=True)
class SplitIdea:
    """An idea with a bar per group."""

    idea: IdeaLink
    agrees: bool
    rows: tuple[StanceRow, ...]


@dataclass(frozen=True, slots=True)
class HeldIdea:
    """An idea that a group holds: on which side it is, how many of it, and how many elsewhere."""

    idea: IdeaLink
    agrees: bool
    here: str
    elsewhere: str
    here_percent: int
    elsewhere_percent: int | None


def idea_links(slug: str, titles: Mapping[int, TitleView], shown: ShownWordings) -> dict[int, IdeaLink]:
    """Return public ideas as links, by their names in the wordings ``shown``."""
    base = url_for("browse.ideas", slug=slug)
    named = {idea_id: title_in(shown, idea_id, one.title, one.language) for idea_id, one in titles.items()}
    return {
        idea_id: IdeaLink(title.text, f"{base}/{idea_id}", title.language, title.dir)
        for idea_id, title in named.items()
    }


def shared_ideas(result: GroupResult, ideas: Ideas) -> tuple[SplitIdea, ...]:
    """Return the ideas on which all groups take the same side, as far as they are in ``ideas``."""
    return tuple(
        SplitIdea(ideas[one.idea_id], one.agrees, _rows(result, one.idea_id, one.shares, agrees=one.agrees))
        for one in result.consensus
        if one.idea_id in ideas
    )


def dividing_ideas(result: GroupResult, ideas: Ideas) -> tuple[SplitIdea, ...]:
    """Return the ideas on which groups differ most, as far as they are in ``ideas``."""
    return tuple(
        SplitIdea(ideas[one.idea_id], True, _rows(result, one.idea_id, one.shares, agrees=True))
        for one in result.divisive
        if one.idea_id in ideas
    )


def held_ideas(held: Iterable[Held], ideas: Ideas) -> tuple[HeldIdea, ...]:
    """Return the ideas that stand for a group, each against all other people."""
    return tuple(
        _held(ideas[one.idea_id], one.share, one.elsewhere, agrees=one.agrees) for one in held if one.idea_id in ideas
    )


def opposing_ideas(against: Iterable[Against], ideas: Ideas) -> tuple[HeldIdea, ...]:
    """Return the ideas on which a group takes the other side than most, each against everybody who voted on it."""
    return tuple(
        _held(ideas[one.idea_id], one.share, one.overall, agrees=one.agrees) for one in against if one.idea_id in ideas
    )


def _held(idea: IdeaLink, share: Share, other: Share | None, *, agrees: bool) -> HeldIdea:
    return HeldIdea(
        idea=idea,
        agrees=agrees,
        here=share_words(share, agrees=agrees),
        elsewhere=share_words(other, agrees=agrees) if other else "",
        here_percent=share.percent,
        elsewhere_percent=other.percent if other else None,
    )


def _rows(result: GroupResult, idea_id: int, shares: Sequence[Share | None], *, agrees: bool) -> tuple[StanceRow, ...]:
    figures = result.ideas.figures_of(idea_id)
    return tuple(_row(group, figures, share, agrees=agrees) for group, share in enumerate(shares))


def _row(group: int, figures: IdeaFigures | None, share: Share | None, *, agrees: bool) -> StanceRow:
    counts = (figures.agree[group], figures.unsure[group], figures.disagree[group]) if figures else ()
    known = [count for count in counts if count is not None]
    if len(known) == len(Stance) and any(known):
        return _whole(group, *known)
    if share is None or (share.at_most and share.percent >= SAYS_NOTHING):
        return _bar(group, words=_("not shown"), too_few=True)
    words = share_words(share, agrees=agrees)
    if share.at_most:
        return _bar(group, most=share.percent, words=words)
    if agrees:
        return _bar(group, agree=share.percent, rest=100 - share.percent, words=words)
    return _bar(group, rest=100 - share.percent, disagree=share.percent, words=words)


def _whole(group: int, agree: int, unsure: int, disagree: int) -> StanceRow:
    votes = agree + unsure + disagree
    said = {
        "agree": _("%(share)s %% agree", share=number(round(100 * agree / votes))),
        "unsure": _("%(share)s %% unsure", share=number(round(100 * unsure / votes))),
        "disagree": _("%(share)s %% disagree", share=number(round(100 * disagree / votes))),
    }
    strongest = max((agree, "agree"), (disagree, "disagree"), (unsure, "unsure"), key=lambda side: side[0])[1]
    return _bar(
        group,
        agree=100 * agree / votes,
        unsure=100 * unsure / votes,
        disagree=100 * disagree / votes,
        words=said.pop(strongest),
        more="".join(f", {words}" for words in said.values()),
    )


def _bar(
    group: int,
    *,
    agree: float = 0,
    unsure: float = 0,
    disagree: float = 0,
    rest: float = 0,
    most: float = 0,
    words: str,
    more: str = "",
    too_few: bool = False,
) -> StanceRow:
    return StanceRow(
        number=group + 1,
        letter=letter_of(group),
        name=name_of(group),
        agree=round(agree, 2),
        unsure=round(unsure, 2),
        disagree=round(disagree, 2),
        rest=rest,
        most=most,
        words=words,
        more=more,
        too_few=too_few,
    )
