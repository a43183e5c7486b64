"""The page of the opinion groups: the map, what groups share and what divides them, and how far that can be trusted."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.opinion_map import Picture, picture, where
from participation.browse.opinion_shares import (
    HeldIdea,
    IdeaLink,
    Ideas,
    SplitIdea,
    dividing_ideas,
    held_ideas,
    idea_links,
    opposing_ideas,
    shared_ideas,
)
from participation.browse.pages import Stat
from participation.browse.results_shared import GROUPS, ResultsFrame, results_frame
from participation.browse.robustness_words import RobustnessPart, idea_ids_in, robustness_part
from participation.browse.shared import remembered
from participation.browse.translations import shown_here
from participation.ideas.queries import public_titles
from participation.listings.translated import written_idea
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import moment, number
from participation.opinions.queries import GroupRunView, OwnPlace, RunState, latest_run, place_of, run_state
from participation.opinions.results import GroupResult
from participation.opinions.wording import letter_of, name_of
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible
from participation.processes.queries import participant_of
from participation.voting.models import Stance, Vote

SIDES = {Stance.AGREE: 1, Stance.UNSURE: 0, Stance.DISAGREE: -1}
CANDIDATES = 60
"""So many of the ideas that set people apart most are looked up for the map; some may not be public any more."""
TABLE_IDEAS = 25


@dataclass(frozen=True, slots=True)
class NumberedIdea:
    """An idea that is marked on the map, and in which direction."""

    number: int
    idea: IdeaLink
    direction: str


@dataclass(frozen=True, slots=True)
class OwnPart:
    """Where one's own votes are on the map, or why they are not shown and what can be done about it."""

    words: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class MapPart:
    """The map with its words."""

    picture: Picture
    ideas: tuple[NumberedIdea, ...]
    explained: str
    own: OwnPart


@dataclass(frozen=True, slots=True)
class GroupCard:
    """One group: how large it is, what it stands for, and where it takes the other side than most people."""

    number: int
    letter: str
    name: str
    size: str
    is_own: bool
    holds: tuple[HeldIdea, ...]
    opposes: tuple[HeldIdea, ...]


@dataclass(frozen=True, slots=True)
class FoundGroups:
    """What a run with at least two groups says."""

    summary: str
    figures: tuple[Stat, ...]
    map: MapPart
    shared: tuple[SplitIdea, ...]
    dividing: tuple[SplitIdea, ...]
    groups: tuple[GroupCard, ...]
    robustness: RobustnessPart
    table: tuple[tuple[object, ...], ...]
    unnamed: int


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The page; without ``found`` the sentence ``nothing`` says why. ``news`` is what goes on right now."""

    frame: ResultsFrame
    news: str
    is_failing: bool
    facts: tuple[tuple[str, str], ...]
    sha256: str
    nothing_title: str
    nothing: str
    found: FoundGroups | None
    figures_url: str
    vote_url: str


def groups_page(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> GroupsPage:
    """Return the page of the opinion groups as ``actor`` finds it; nothing of it while results are hidden."""
    lead = _("People who voted alike stand close together. What do groups share, and where do they part?")
    frame = results_frame(process, GROUPS, now, lead=lead)
    state = run_state(session, process.id)
    run = None if frame.hidden else kept_run(session, process.id)
    found = run.result if run and len(run.result.groups) > 1 else None
    title, nothing = ("", "") if frame.hidden or found else _nothing(run)
    return GroupsPage(
        frame=frame,
        news="" if frame.hidden else _news(state, has_run=run is not None),
        is_failing=state.failed_at is not None,
        facts=_facts(run) if run else (),
        sha256=run.summary.matrix_sha256 if run else "",
        nothing_title=title,
        nothing=nothing,
        found=_found(session, actor, process, run, now=now) if run and found else None,
        figures_url=url_for("results.groups_file", slug=process.slug),
        vote_url=_vote_url(process, now),
    )


def kept_run(session: Session, process_id: int) -> GroupRunView | None:
    """Return the last run of a process, read once every few seconds: its result is large."""
    return remembered(("group run", process_id), lambda: latest_run(session, process_id))


def _found(session: Session, actor: Actor, process: ProcessOutline, run: GroupRunView, *, now: datetime) -> FoundGroups:
    result = run.result
    votes = _own_votes(session, actor, process.id)
    own = place_of(run, votes) if votes else None
    # What was hidden or withdrawn since the run is not among them.
    titles = public_titles(session, process.id, _named(run))
    shown = shown_here(session, (written_idea(idea_id, one.language) for idea_id, one in titles.items()))
    ideas = idea_links(process.slug, titles, shown)
    marked = ideas.keys() & set(_telling(result))
    drawn = picture(result, marked, own if own and own.group is not None else None)
    shared, dividing = shared_ideas(result, ideas), dividing_ideas(result, ideas)
    return FoundGroups(
        summary=_summary(result),
        figures=_figures(result),
        map=_map_part(result, drawn, ideas, _own_part(actor, process, own, now)),
        shared=shared,
        dividing=dividing,
        groups=tuple(
            GroupCard(
                number=group.number + 1,
                letter=letter_of(group.number),
                name=name_of(group.number),
                size=ngettext("%(num)s person", "%(num)s people", group.size),
                is_own=own is not None and own.group == group.number,
                holds=held_ideas(group.representative, ideas),
                opposes=opposing_ideas(group.against_majority, ideas),
            )
            for group in result.groups
        ),
        robustness=robustness_part(run.robustness, result, ideas),
        table=tuple(_table(result, ideas)),
        unnamed=len(result.consensus) + len(result.divisive) - len(shared) - len(dividing),
    )


def _named(run: GroupRunView) -> set[int]:
    """Return the ideas that the page may name."""
    result = run.result
    named = {shared.idea_id for shared in result.consensus} | {dividing.idea_id for dividing in result.divisive}
    for group in result.groups:
        named |= {held.idea_id for held in group.representative}
        named |= {against.idea_id for against in group.against_majority}
    return named | idea_ids_in(run.robustness) | set(_telling(result)) | set(_most_counted(result))


def _telling(result: GroupResult) -> list[int]:
    """Return the ideas that set people apart most; where few voted, even the direction would tell too much."""
    table = result.ideas
    order = sorted(range(len(table.ids)), key=lambda place: -(table.x[place] ** 2 + table.y[place] ** 2))
    return [table.ids[place] for place in order if _told(result, place)][:CANDIDATES]


def _most_counted(result: GroupResult) -> list[int]:
    """Return the ideas with the most votes that are told, most first."""
    told = {idea_id: _told(result, place) for place, idea_id in enumerate(result.ideas.ids)}
    order = sorted(told, key=lambda idea_id: (-told[idea_id], idea_id))
    return [idea_id for idea_id in order[:TABLE_IDEAS] if told[idea_id]]


def _told(result: GroupResult, place: int) -> int:
    """Return how many votes on the idea at this place of the table are told by group."""
    table = result.ideas
    return sum(count or 0 for side in (table.agree, table.unsure, table.disagree) for count in side[place])


def _table(result: GroupResult, ideas: Ideas) -> list[tuple[object, ...]]:
    """Return the counts of the ideas with the most votes, a row for each idea and group."""
    rows: list[tuple[object, ...]] = []
    for idea_id in _most_counted(result):
        figures = result.ideas.figures_of(idea_id)
        if idea_id not in ideas or figures is None:
            continue
        title, sides = ideas[idea_id].title, (figures.agree, figures.unsure, figures.disagree)
        for group in result.groups:
            # One link is enough for all rows of an idea.
            head = title if group.number else {"text": title, "url": ideas[idea_id].url}
            rows.append((head, name_of(group.number), *(_count(side[group.number]) for side in sides)))
    return rows


def _count(count: int | None) -> str:
    return _("not shown") if count is None else number(count)


def _map_part(result: GroupResult, drawn: Picture, ideas: Ideas, own: OwnPart) -> MapPart:
    return MapPart(
        picture=drawn,
        ideas=tuple(
            NumberedIdea(place, ideas[idea_id], _direction(result, idea_id))
            for place, idea_id in enumerate(drawn.idea_ids, start=1)
        ),
        explained=_(
            "The map shows %(share)s %% of what people differ in; the rest does not fit on paper.",
            share=number(round(100 * sum(result.map.explained))),
        ),
        own=own,
    )


def _direction(result: GroupResult, idea_id: int) -> str:
    figures = result.ideas.figures_of(idea_id)
    return where(figures.x, figures.y) if figures else ""


def _own_part(actor: Actor, process: ProcessOutline, own: OwnPlace | None, now: datetime) -> OwnPart:
    """Return where one's own votes are on the map, or what is missing, with a link to it."""
    if not actor.is_signed_in:
        here = url_for("results.groups", slug=process.slug)
        words = _("If you have voted, sign in to see where your own votes are on the map.")
        return OwnPart(words, url_for("accounts.sign_in", next=here), _("Sign in"))
    if own is not None and own.group is not None:
        words = _(
            "Your votes are closest to group %(letter)s. This is worked out only while you look; it is not stored.",
            letter=letter_of(own.group),
        )
        return OwnPart(words)
    if not is_possible(process, Capability.VOTE, now=now):
        return OwnPart(_("You have voted on too few ideas to have a place on the map."))
    missing = own.needed - own.votes if own else 0
    words = (
        ngettext(
            "Vote on %(num)s more idea to see where your own votes are on the map.",
            "Vote on %(num)s more ideas to see where your own votes are on the map.",
            missing,
        )
        if missing > 0
        else _("Vote on a few ideas to see where your own votes are on the map.")
    )
    return OwnPart(words, url_for("voting.row", slug=process.slug), _("Vote in a row"))


def _vote_url(process: ProcessOutline, now: datetime) -> str:
    """Return where one can vote, once that has ended where one can read."""
    return url_for(
        "voting.row" if is_possible(process, Capability.VOTE, now=now) else "browse.ideas", slug=process.slug
    )


def _own_votes(session: Session, actor: Actor, process_id: int) -> dict[int, int]:
    participant = participant_of(session, process_id=process_id, account_id=actor.account_id)
    if participant is None:
        return {}
    rows = session.execute(select(Vote.idea_id, Vote.stance).where(Vote.participant_id == participant.id))
    return {idea_id: SIDES[stance] for idea_id, stance in rows}


def _summary(result: GroupResult) -> str:
    return ngettext(
        "%(all)s people form %(num)s group that votes differently.",
        "%(all)s people form %(num)s groups that vote differently.",
        len(result.groups),
        all=number(result.people),
    )


def _figures(result: GroupResult) -> tuple[Stat, ...]:
    return (
        Stat(_("Opinion groups"), number(len(result.groups))),
        Stat(_("People in them"), number(result.people)),
        Stat(_("Ideas all groups share"), number(len(result.consensus))),
        Stat(_("Ideas that divide them"), number(len(result.divisive))),
    )


def _facts(run: GroupRunView) -> tuple[tuple[str, str], ...]:
    summary = run.summary
    return (
        (_("Worked out"), moment(summary.finished_at)),
        (
            _("Based on"),
            _(
                "%(votes)s votes of %(people)s people on %(ideas)s ideas",
                votes=number(summary.votes),
                people=number(summary.people),
                ideas=number(summary.ideas),
            ),
        ),
        (
            _("Not grouped"),
            ngettext(
                "%(num)s person who voted on fewer than %(fewest)s ideas",
                "%(num)s people who voted on fewer than %(fewest)s ideas",
                run.result.too_few_votes,
                fewest=number(min(summary.min_votes, summary.ideas)),
            ),
        ),
        (_("Run"), _("%(number)s, method %(method)s", number=number(summary.number), method=summary.method)),
    )


def _nothing(run: GroupRunView | None) -> tuple[str, str]:
    """Return why there are no groups to show: a title and a sentence."""
    if run is None:
        return _("No groups yet"), _(
            "Opinion groups appear once enough people have voted on enough ideas. Votes are being recorded."
        )
    return _("No groups that differ"), _(
        "In the votes so far no groups can be told apart that have 10 people or more each. "
        "Either people largely agree, or there are too few votes yet."
    )


def _news(state: RunState, *, has_run: bool) -> str:
    if state.failed_at is not None:
        when = moment(state.failed_at)
        if has_run:
            return _(
                "The last attempt at %(moment)s failed. You see the result before it; all votes are recorded.",
                moment=when,
            )
        return _("The last attempt at %(moment)s failed and will be repeated; all votes are recorded.", moment=when)
    if state.working:
        return _("A new result is being worked out right now.")
    if state.waiting:
        return _("There are new votes; a new result will be worked out soon.")
    return ""
