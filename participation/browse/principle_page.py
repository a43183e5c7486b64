"""The page of one principle within a process: its ideas and figures, where it has any, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.filters import address
from participation.browse.leitbild import grid_around
from participation.browse.pages import Stat, wording
from participation.browse.shared import holds_until, remembered
from participation.browse.surroundings import draw_around, entries_around, names_around, turn_now
from participation.kit.permissions import found
from participation.listings.ideas import IdeaCard, IdeaFilter, Order, Round, Sort, idea_list
from participation.listings.leitbild import Became, Participation, became_of, districts_under, participation_under
from participation.listings.names import Entry
from participation.listings.statements import StatementLine
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.multilingual.moments import number
from participation.principles.queries import EntryView, principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.strategy.answering.answers import OUTCOMES

IDEAS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """Something with a number and an address; ``share`` is the number in percent of the largest beside it."""

    label: str
    count: int
    url: str
    share: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The principle before or after this one, or a place without ideas and where to propose the first."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the ideas of a principle are, where there are none, and how many name no place."""

    places: tuple[Counted, ...]
    missing: tuple[Neighbour, ...]
    unnamed: int


@dataclass(frozen=True, slots=True)
class BecamePart:
    """What became of the ideas: themes, statements, answers by outcome, and how many ideas are answered."""

    themes: tuple[Counted, ...]
    statements: tuple[StatementLine, ...]
    outcomes: tuple[Counted, ...]
    answered: int
    answered_url: str


@dataclass(frozen=True, slots=True)
class PrinciplePage:
    """Everything the page shows; ``results_reason`` says why there are no votes among the figures."""

    title: str
    pictogram: str
    explanation: str
    question: str
    process_title: str
    process_url: str
    map_url: str
    about_url: str
    propose_url: str
    propose_closed: str
    figures: tuple[Stat, ...]
    results_reason: str
    results_url: str
    idea_count: int
    ideas: tuple[IdeaCard, ...]
    ideas_url: str
    feed_url: str
    fields: Spread
    districts: Spread
    became: BecamePart
    previous: Neighbour | None
    next: Neighbour | None


def principle_page(
    session: Session, actor: Actor, process: ProcessOutline, key: str, *, propose_closed: str, now: datetime
) -> PrinciplePage:
    """Return the page of a principle; raises ``Missing`` for one that the process does not go by."""
    principles = _principles(session, process)
    place = next((place for place, one in enumerate(principles) if one.key == key), None)
    principle = principles[found(place)]
    around = _Surroundings(process, principle, may_propose=not propose_closed)
    results = may_see_results(process, now=now)
    took_part = _took_part(session, process, principle, shows_results=bool(results))
    grid = grid_around(process)
    fields = {field: count for (principle_id, field), count in grid.cells.items() if principle_id == principle.id}
    entries = entries_around(process)
    count = grid.row(principle.id)
    return PrinciplePage(
        title=pick(principle.title, g.language),
        pictogram=principle.pictogram,
        explanation=pick(principle.explanation, g.language),
        question=pick(principle.question or {}, g.language),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        map_url=url_for("leitbild.overview", slug=process.slug),
        about_url=around.about_url,
        propose_url=around.propose_url(),
        propose_closed=propose_closed,
        figures=_figures(count, took_part),
        results_reason="" if results else str(results.reason),
        results_url=address(url_for("results.ideas", slug=process.slug), {"principle": principle.key})
        if results and count
        else "",
        idea_count=count,
        ideas=_first_ideas(session, actor, process, principle, now),
        ideas_url=around.ideas_url(),
        feed_url=address(url_for("feeds.ideas", slug=process.slug), {"principle": principle.key}),
        fields=around.spread("field", entries.fields, fields),
        districts=around.spread("district", entries.districts, _districts(session, process, principle)),
        became=_became(session, process, principle, around),
        previous=_neighbour(process, principles[place - 1]) if place else None,
        next=_neighbour(process, principles[place + 1]) if place is not None and place + 1 < len(principles) else None,
    )


class _Surroundings:
    """Addresses around one principle of a process."""

    def __init__(self, process: ProcessOutline, principle: EntryView, *, may_propose: bool) -> None:
        self._ideas_url = url_for("browse.ideas", slug=process.slug)
        self._key = principle.key
        self._may_propose = may_propose
        self.about_url = url_for("leitbild.guiding_principle", principle_key=principle.key)

    def ideas_url(self, **more: str) -> str:
        """Return the address of the principle's ideas, filtered further."""
        return address(self._ideas_url, {"principle": self._key, **more})

    def propose_url(self, **more: str) -> str:
        """Return where to propose under this principle; nowhere while that is closed."""
        return address(f"{self._ideas_url}/new", {"principle": self._key, **more}) if self._may_propose else ""

    def spread(self, name: str, entries: tuple[Entry, ...], counts: Mapping[int | None, int]) -> Spread:
        """Return where the ideas are among ``entries``, the places with most ideas first."""
        most = max((counts.get(entry.id, 0) for entry in entries), default=0)
        places = [
            Counted(
                pick(entry.title, g.language), count, self.ideas_url(**{name: entry.key}), round(100 * count / most)
            )
            for entry in entries
            if (count := counts.get(entry.id, 0))
        ]
        missing = [
            Neighbour(pick(entry.title, g.language), self.propose_url(**{name: entry.key}))
            for entry in entries
            if not counts.get(entry.id)
        ]
        return Spread(tuple(sorted(places, key=lambda place: -place.count)), tuple(missing), counts.get(None, 0))


def _principles(session: Session, process: ProcessOutline) -> tuple[EntryView, ...]:
    return remembered(("principles", process.framework_id), lambda: principles_of(session, process.framework_id))


def _took_part(
    session: Session, process: ProcessOutline, principle: EntryView, *, shows_results: bool
) -> Participation:
    return remembered(
        ("took part", process.slug, process.version, principle.id, shows_results),
        lambda: participation_under(session, process.id, principle.id, shows_results=shows_results),
    )


def _districts(session: Session, process: ProcessOutline, principle: EntryView) -> dict[int | None, int]:
    return remembered(
        ("districts", process.slug, process.version, principle.id),
        lambda: districts_under(session, process.id, principle.id),
    )


def _figures(ideas: int, took_part: Participation) -> tuple[Stat, ...]:
    people = _("who proposed or commented") if took_part.votes is None else _("who proposed, commented or voted")
    figures = (
        Stat(_("Ideas"), number(ideas)),
        Stat(_("Comments"), number(took_part.comments)),
        Stat(_("People taking part"), number(took_part.people), people),
    )
    return figures if took_part.votes is None else (*figures, Stat(_("Votes"), number(took_part.votes)))


def _first_ideas(
    session: Session, actor: Actor, process: ProcessOutline, principle: EntryView, now: datetime
) -> tuple[IdeaCard, ...]:
    turn = turn_now(now)
    holds_until(turn.ends_at)
    return idea_list(
        session,
        actor,
        process,
        wanted=IdeaFilter(principle_id=principle.id),
        cursor=None,
        order=Order(Sort.ROTATION, Round(draw_around(process), turn.start)),
        names=names_around(process),
        wording=wording(),
        list_url=url_for("browse.ideas", slug=process.slug),
        now=now,
        size=IDEAS_SHOWN,
        with_count=False,
    ).cards


def _became(session: Session, process: ProcessOutline, principle: EntryView, around: _Surroundings) -> BecamePart:
    statements_url = url_for("browse.statements", slug=process.slug)
    became: Became = remembered(
        ("became", process.slug, process.version, principle.id, g.language),
        lambda: became_of(session, process.id, principle.id, g.language, statements_url=statements_url),
    )
    most = max((theme.ideas for theme in became.themes), default=0)
    return BecamePart(
        themes=tuple(
            Counted(
                pick(theme.title, g.language),
                theme.ideas,
                around.ideas_url(cluster=str(theme.id)),
                round(100 * theme.ideas / most),
            )
            for theme in became.themes
        ),
        statements=became.statements,
        outcomes=tuple(
            Counted(str(label), became.outcomes[outcome], "")
            for outcome, label in OUTCOMES.items()
            if outcome in became.outcomes
        ),
        answered=became.answered,
        answered_url=around.ideas_url(answered="yes"),
    )


def _neighbour(process: ProcessOutline, principle: EntryView) -> Neighbour:
    return Neighbour(
        pick(principle.title, g.language), url_for("leitbild.principle", slug=process.slug, principle_key=principle.key)
    )
