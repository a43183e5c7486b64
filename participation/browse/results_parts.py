"""Parts that several pages of results share: the figures of the worker, bars by place, intervals of agreement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.guard import current_actor
from participation.browse.pages import Stat, wording
from participation.browse.shared import remembered
from participation.browse.surroundings import entries_around, names_around
from participation.insights.figures import Amount, Figures, Verdicts, says_something
from participation.insights.plots import Interval, interval, percent, wilson
from participation.insights.queries import SnapshotView, latest_figures
from participation.listings.ideas import Cursor, IdeaCard, IdeaFilter, IdeaList, Order, Sort, idea_list
from participation.listings.names import Entry
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import moment, number
from participation.multilingual.moments import percent as in_percent
from participation.processes.outline import ProcessOutline
from participation.voting.queries import VoteFigures

EVERY_IDEA = IdeaFilter()


@dataclass(frozen=True, slots=True)
class Bar:
    """A number drawn as a bar; ``reference`` is the place of what it is held against, if anything.

    ``kind`` is "agree", "unsure" or "disagree" where the bar stands for a stance.
    """

    shown: str
    share: float
    reference: float | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BarRow:
    """A line of bars; a series that has nothing to say about it is ``None``."""

    label: str
    url: str
    pictogram: str
    bars: tuple[Bar | None, ...]


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """An idea with the share that agrees; without ``interval`` the note says why there is none."""

    label: str
    url: str
    lang: str
    dir: str
    note: str
    interval: Interval | None
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """The figures that the worker took, and when; without any, ``note`` says what is going on."""

    figures: Figures | None
    note: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A table of bars with what it says."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[BarRow, ...]


@dataclass(frozen=True, slots=True)
class Intervals:
    """Ideas with their agreement, and where there are more of them."""

    title: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[IntervalRow, ...]
    more_url: str
    ends: tuple[str, str, str]


def taken(session: Session, process: ProcessOutline) -> Taken:
    """Return the latest figures of a process, looked up once every few seconds."""
    view: SnapshotView | None = remembered(
        ("figures", process.slug, process.version), lambda: latest_figures(session, process.id)
    )
    if view is None:
        return Taken(None, _("The figures are being worked out. Please come back in a few minutes."))
    return Taken(view.figures, _("Figures as of %(moment)s.", moment=moment(view.taken_at)))


def amount_rows(
    entries: Sequence[Entry],
    amounts: Mapping[int | None, Amount],
    unnamed: str,
    *,
    url: Callable[[Entry], str],
    shows_votes: bool,
    expected: Mapping[int, float] | None = None,
) -> tuple[BarRow, ...]:
    """Return ideas, comments and (where results may be seen) votes of each entry, in the order of the framework.

    ``expected`` has a number of ideas for each entry to hold its ideas against. ``unnamed`` is the label of those that
    name no entry; they come last.
    """
    names = ("ideas", "comments", "votes") if shows_votes else ("ideas", "comments")
    tops = {name: max((getattr(amount, name) for amount in amounts.values()), default=0) for name in names}
    tops["ideas"] = max(tops["ideas"], *(expected or {}).values(), 0)

    def row(label: str, key: int | None, address: str, pictogram: str = "") -> BarRow:
        amount = amounts.get(key, Amount())
        fair = (expected or {}).get(key or 0)
        place = None if fair is None else percent(fair, tops["ideas"])
        bars = (
            Bar(
                number(getattr(amount, name)),
                percent(getattr(amount, name), tops[name]),
                place if name == "ideas" else None,
            )
            for name in names
        )
        return BarRow(label, address, pictogram, tuple(bars))

    rows = [row(pick(entry.title, g.language), entry.id, url(entry), entry.pictogram) for entry in entries]
    return (*rows, row(unnamed, None, "")) if None in amounts else tuple(rows)


def amount_heads(first: str, *, shows_votes: bool) -> tuple[str, ...]:
    """Return the heads of the columns of ``amount_rows``."""
    return (first, _("Ideas"), _("Comments"), *([_("Votes")] if shows_votes else []))


def listed(
    session: Session,
    process: ProcessOutline,
    sort: Sort,
    *,
    size: int,
    now: datetime,
    wanted: IdeaFilter = EVERY_IDEA,
    cursor: Cursor | None = None,
) -> IdeaList:
    """Return ideas in the order of ``sort``; raises ``HiddenResults`` where results may not be seen."""
    return idea_list(
        session,
        current_actor(),
        process,
        wanted=wanted,
        cursor=cursor,
        order=Order(sort),
        names=names_around(process),
        wording=wording(),
        list_url=url_for("browse.ideas", slug=process.slug),
        now=now,
        size=size,
        with_count=False,
    )


def interval_rows(cards: Sequence[IdeaCard]) -> tuple[IntervalRow, ...]:
    """Return the agreement with each idea; nothing is drawn where only a few people took a side."""
    return tuple(_interval_row(card) for card in cards)


def interval_heads() -> tuple[str, ...]:
    """Return the heads of the columns of ``interval_rows``."""
    return _("Idea"), _("Agree"), _("Votes")


def verdict_rows(verdicts: Verdicts) -> tuple[BarRow, ...]:
    """Return on how many ideas a majority agrees or disagrees beyond chance, and on how many that is open."""
    counts = (
        (_("A majority agrees"), "agree", verdicts.agreed),
        (_("Open: it could be either"), "unsure", verdicts.undecided),
        (_("A majority disagrees"), "disagree", verdicts.rejected),
        (_("Too few votes so far"), "", verdicts.too_few),
    )
    total = sum(count for _label, _stance, count in counts)
    shown = partial(percent, whole=total)
    return tuple(
        BarRow(label, "", stance, (Bar(number(count), shown(count), kind=stance),)) for label, stance, count in counts
    )


def totals(figures: Figures) -> tuple[Stat, ...]:
    voters = figures.activity.voters
    voted = ngettext("%(num)s of them voted", "%(num)s of them voted", voters) if voters else ""
    return (
        Stat(_("Ideas"), number(figures.total.ideas)),
        Stat(_("Comments"), number(figures.total.comments)),
        Stat(_("Votes"), number(figures.total.votes)),
        Stat(_("People taking part"), number(figures.people), voted),
    )


def verdict(figures: Figures) -> str:
    """Return what votes say over all ideas, in one sentence."""
    verdicts = figures.verdicts
    judged = verdicts.agreed + verdicts.rejected + verdicts.undecided
    if not judged:
        return _("There are too few votes so far to say anything about how ideas are received.")
    return ngettext(
        "On %(agreed)s of %(num)s idea a majority agrees, on %(rejected)s a majority disagrees.",
        "On %(agreed)s of %(num)s ideas a majority agrees, on %(rejected)s a majority disagrees.",
        judged,
        agreed=number(verdicts.agreed),
        rejected=number(verdicts.rejected),
    )


def verdicts(figures: Figures) -> Bars:
    caption = _(
        "A majority counts when it is clear: with a confidence of 95 percent, more than half of those who took a side."
    )
    return Bars(caption, (_("How ideas are received"), _("Ideas")), verdict_rows(figures.verdicts))


def intervals(title: str, cards: Sequence[IdeaCard], more_url: str = "") -> Intervals:
    caption = _(
        "The dot is the share that agrees among those who took a side; the line reaches as far as chance may go, "
        "with a confidence of 95 percent."
    )
    return Intervals(title, caption, interval_heads(), interval_rows(cards), more_url, _ends())


def by_principle(process: ProcessOutline, figures: Figures, *, shows_votes: bool) -> Bars:
    return Bars(
        _("Ideas can name up to three principles and count for each of them."),
        amount_heads(_("Guiding principle"), shows_votes=shows_votes),
        amount_rows(
            entries_around(process).principles,
            figures.principles,
            _("Not sure"),
            url=lambda entry: url_for("leitbild.principle", slug=process.slug, principle_key=entry.key),
            shows_votes=shows_votes,
        ),
    )


def _ends() -> tuple[str, str, str]:
    return in_percent(0), in_percent(0.5), in_percent(1)


def _interval_row(card: IdeaCard) -> IntervalRow:
    votes = VoteFigures(card.agree, card.disagree, card.unsure)
    sides, enough = votes.agree + votes.disagree, says_something(votes)
    low, high = wilson(card.agree, sides)
    note = (
        _(
            "between %(low)s and %(high)s; %(unsure)s",
            low=in_percent(low),
            high=in_percent(high),
            unsure=ngettext("%(num)s is unsure", "%(num)s are unsure", card.unsure),
        )
        if enough
        else _("Too few votes so far")
    )
    return IntervalRow(
        label=card.title,
        url=card.url,
        lang=card.language,
        dir=card.dir,
        note=note,
        interval=interval(card.agree, sides) if enough else None,
        cells=(in_percent(card.agree / sides) if enough else "–", number(votes.people)),
    )
