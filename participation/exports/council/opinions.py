"""The opinion groups in words: what they share, what divides them, and where one of them differs from most."""

from collections.abc import Iterable, Iterator, Sequence

from participation.exports.council.document import NamedIdea, OpinionGroup, Opinions
from participation.exports.council.naming import Names
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import day, number
from participation.opinions.queries import GroupRunView
from participation.opinions.results import Against, GroupResult, Held, IdeaFigures, Share
from participation.opinions.wording import name_of, robustness_words, share_words
from participation.voting.models import Stance

MOST = 5
"""How many ideas are named for each group, and as dividing."""
SAYS_NOTHING = 75
"""That at most so many percent agree is true of nearly everything."""


def ideas_named(run: GroupRunView) -> set[int]:
    """Return the ideas that the words may name."""
    result = run.result
    named = {one.idea_id for one in result.consensus} | {one.idea_id for one in result.divisive[:MOST]}
    for group in result.groups:
        named |= {one.idea_id for one in group.representative[:MOST]}
        named |= {one.idea_id for one in group.against_majority[:MOST]}
    return named


def opinions_of(run: GroupRunView | None, names: Names) -> Opinions:
    """Return what a run found, or why there is nothing to say."""
    if run is None:
        return Opinions(
            summary=_("Opinion groups appear once enough people have voted on enough ideas; so far there are none.")
        )
    result = run.result
    if len(result.groups) < 2:
        return Opinions(
            summary=_(
                "In the votes no groups can be told apart that have 10 people or more each. Either people largely "
                "agree, or there are too few votes."
            ),
            basis=_basis(run),
        )
    return Opinions(
        summary=_summary(result),
        basis=_basis(run),
        robustness=robustness_words(run.robustness),
        groups=tuple(
            OpinionGroup(
                name=name_of(group.number),
                size=ngettext("%(num)s person", "%(num)s people", group.size),
                holds=tuple(_held(group.representative[:MOST], names)),
                differs=tuple(_against(group.against_majority[:MOST], names)),
            )
            for group in result.groups
        ),
        shared=tuple(
            idea
            for one in result.consensus
            for idea in names.of(one.idea_id, by_group=_by_group(result, one.idea_id, one.shares, agrees=one.agrees))
        ),
        dividing=tuple(
            idea
            for one in result.divisive[:MOST]
            for idea in names.of(one.idea_id, by_group=_by_group(result, one.idea_id, one.shares, agrees=True))
        ),
    )


def _summary(result: GroupResult) -> str:
    groups = ngettext(
        "%(all)s people form %(num)s group that votes differently.",
        "%(all)s people form %(num)s groups that vote differently.",
        len(result.groups),
        all=number(result.people),
    )
    shared = ngettext(
        "All of them are of one mind about %(num)s idea.",
        "All of them are of one mind about %(num)s ideas.",
        len(result.consensus),
    )
    return f"{groups} {shared}"


def _basis(run: GroupRunView) -> str:
    summary = run.summary
    return _(
        "Worked out on %(day)s from %(votes)s votes of %(people)s people on %(ideas)s ideas. Groups are made by the "
        "votes alone; nobody is asked who they are, and nothing is told about fewer than ten people.",
        day=day(summary.finished_at),
        votes=number(summary.votes),
        people=number(summary.people),
        ideas=number(summary.ideas),
    )


def _held(held: Iterable[Held], names: Names) -> Iterator[NamedIdea]:
    for one in held:
        yield from names.of(one.idea_id, _beside(one.share, one.elsewhere, _("all others: %(words)s"), one.agrees))


def _against(against: Iterable[Against], names: Names) -> Iterator[NamedIdea]:
    for one in against:
        yield from names.of(one.idea_id, _beside(one.share, one.overall, _("everybody: %(words)s"), one.agrees))


def _beside(here: Share, there: Share | None, other: str, agrees: bool) -> str:
    words = _("in this group %(words)s", words=share_words(here, agrees=agrees))
    return f"{words}; {other % {'words': share_words(there, agrees=agrees)}}" if there else words


def _by_group(result: GroupResult, idea_id: int, shares: Sequence[Share | None], *, agrees: bool) -> tuple[str, ...]:
    figures = result.ideas.figures_of(idea_id)
    return tuple(_stance(group, figures, share, agrees=agrees) for group, share in enumerate(shares))


def _stance(group: int, figures: IdeaFigures | None, share: Share | None, *, agrees: bool) -> str:
    counts = (figures.agree[group], figures.unsure[group], figures.disagree[group]) if figures else ()
    known: list[int] = [count for count in counts if count is not None]
    if len(known) == len(Stance) and any(known):
        side = known[0] if agrees else known[-1]
        return share_words(Share(round(100 * side / sum(known)), exact=True), agrees=agrees)
    if share is None or (share.at_most and share.percent >= SAYS_NOTHING):
        return _("not shown")
    return share_words(share, agrees=agrees)
