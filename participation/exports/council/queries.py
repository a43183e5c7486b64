"""Reading what the council paper says beyond the rows of an export."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster
from participation.exports.council.document import Amounts, Council, Opinions, Period, Topic, Yardstick
from participation.exports.council.editorial import glossary, limits
from participation.exports.council.naming import Names
from participation.exports.council.opinions import ideas_named, opinions_of
from participation.exports.council.people import who_took_part
from participation.exports.council.summary import Facts, in_brief
from participation.exports.council.tallying import Best, Sums, count_topics
from participation.exports.council.topics import by_district, channels, themes_by_field, themes_by_principle, topics
from participation.exports.council.wording import council_labels
from participation.exports.document import Figures
from participation.insights.counting import count_activity, count_days
from participation.insights.figures import FEWEST_BUSY, Activity, DayCount
from participation.insights.steps import step_over
from participation.kit import clock
from participation.multilingual import gettext as _
from participation.multilingual import in_language, ngettext, pick
from participation.multilingual.moments import percent
from participation.opinions.queries import GroupRunView, latest_run
from participation.principles.queries import districts_of, fields_of, principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.strategy.answering.follow_up import follow_ups
from participation.strategy.assessing.queries import matrix
from participation.strategy.models import Statement, StatementState

COUNCIL_FORMATS = frozenset({"docx", "pdf"})
"""The formats that print it; nobody else has to read it."""
MOST_PERIODS = 40
"""So many columns of a plot over time can still be told apart on paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPlace:
    """What the paper says about the installation: its time zone, where an idea stands, and the path of its logo."""

    timezone: str
    idea_url: Callable[[int], str]
    logo: str = ""


def council_paper(
    session: Session, process: ProcessOutline, figures: Figures, *, language: str, now: datetime, place: PaperPlace
) -> Council:
    """Return the paper's own part in ``language``, as everybody may read it; ``figures`` are the export's totals.

    Memory does not grow with the number of ideas. Needs an application context for the words.
    """
    with in_language(language):
        return _Reading(session, process, figures, language, now, place).council()


class _Reading:
    """Reads the parts of one paper, some of which need what others found."""

    def __init__(
        self,
        session: Session,
        process: ProcessOutline,
        figures: Figures,
        language: str,
        now: datetime,
        place: PaperPlace,
    ) -> None:
        self._session = session
        self._process = process
        self._figures = figures
        self._language = language
        self._now = now
        self._place = place
        self._zone = clock.zone(place.timezone)
        permission = may_see_results(process, now=now)
        self._hidden = "" if permission else str(permission.reason)

    def council(self) -> Council:
        """Return everything."""
        session, process, shows = self._session, self._process, not self._hidden
        sums = count_topics(session, process.id)
        run = latest_run(session, process.id) if shows else None
        named = _named(sums, run) if shows else ()
        names = Names(session, process.id, named, self._place.idea_url, language=self._language)
        days = count_days(session, process.id, votes=sums.all_votes, zone=self._zone)
        people_note, questions, gaps = who_took_part(session, process.id, process.framework_id, self._language)
        principles, fields = self._topics(sums, names)
        opinions = opinions_of(run, names) if shows else None
        checked = matrix(session, process.id, process.framework_id, self._language)
        districts, districts_note = self._districts(sums)
        periods, periods_note = _periods(days)
        facts = self._facts(sums, days, principles, opinions, gaps, checked.tally.conflict)
        return Council(
            logo=self._place.logo,
            summary=in_brief(facts),
            best=names.ranked(sums.total.best.ranked()) if shows else (),
            what_follows=tuple(
                filter(None, (pick(text, self._language) for text in (process.advice, process.next_step)))
            ),
            hidden=self._hidden,
            took_part=_activity(count_activity(session, process.id), sums.all_votes),
            periods=periods,
            periods_note=periods_note,
            channels=channels(sums, shows_results=shows),
            districts=districts,
            districts_note=districts_note,
            questions=questions,
            people_note=people_note,
            gaps=gaps,
            principles=principles,
            fields=fields,
            topics_note=_(
                "Ideas can name up to three principles and count for each of them; they can name one field of action. "
                "Votes are those on ideas on which enough people voted."
            ),
            opinions=opinions,
            contested=names.ranked(sums.contested.ranked()) if shows else (),
            rejected=names.ranked(sums.rejected.ranked()) if shows else (),
            yardsticks=tuple(Yardstick(kind=one.kind.value, title=one.title.text) for one in checked.yardsticks),
            limits=limits(self._figures, sums, has_people=bool(questions)),
            glossary=glossary(),
            labels=council_labels(self._language),
        )

    def _topics(self, sums: Sums, names: Names) -> tuple[tuple[Topic, ...], tuple[Topic, ...]]:
        """Return the results by principle and by field of action."""
        session, process, language, shows = self._session, self._process, self._language, not self._hidden
        return (
            topics(
                principles_of(session, process.framework_id),
                sums.principles,
                themes_by_principle(session, process.id, language),
                names,
                language=language,
                shows_results=shows,
            ),
            topics(
                fields_of(session, process.framework_id),
                sums.fields,
                themes_by_field(session, process.id, language),
                names,
                language=language,
                shows_results=shows,
            ),
        )

    def _districts(self, sums: Sums) -> tuple[tuple[Amounts, ...], str]:
        framework_id = self._process.framework_id
        entries = districts_of(self._session, framework_id)
        return by_district(self._session, framework_id, entries, sums, language=self._language, shows=not self._hidden)

    def _facts(
        self,
        sums: Sums,
        days: Mapping[date, DayCount],
        principles: tuple[Topic, ...],
        opinions: Opinions | None,
        gaps: tuple[str, ...],
        conflicts: int,
    ) -> Facts:
        process_id = self._process.id
        today = self._now.astimezone(self._zone).date()
        return Facts(
            figures=self._figures,
            first=min(days, default=None),
            last=max(days, default=None),
            sums=sums,
            principles=principles,
            opinions=opinions,
            gaps=gaps,
            themes=_themes(self._session, process_id),
            statements=_statements(self._session, process_id),
            conflicts=conflicts,
            follow_up=follow_ups(self._session, [process_id], today=today)[process_id],
            hidden=self._hidden,
        )


def _named(sums: Sums, run: GroupRunView | None) -> set[int]:
    """Return the ideas that the paper names anywhere."""
    lists: list[Best] = [
        sums.total.best,
        sums.contested,
        sums.rejected,
        *(topic.best for part in (sums.principles, sums.fields) for topic in part.values()),
    ]
    ids = {idea_id for best in lists for idea_id, _votes in best.ranked()}
    return ids | ideas_named(run) if run else ids


def _periods(days: Mapping[date, DayCount]) -> tuple[tuple[Period, ...], str]:
    """Return what happened in each stretch of the process, and what one stretch is."""
    if not days:
        return (), ""
    first, last = min(days), max(days)
    step = step_over(first, last, MOST_PERIODS)
    begins = step.begins(first, last)
    sums = step.sums(begins, days)
    return tuple(
        Period(
            starts_on=begin,
            name=step.name(begin),
            label=step.short(begin),
            ideas=sums[begin].ideas,
            comments=sums[begin].comments,
            votes=sums[begin].votes,
            people=sums[begin].people,
        )
        for begin in begins
    ), step.each


def _activity(activity: Activity, votes: int) -> tuple[str, ...]:
    if activity.voters < FEWEST_BUSY:
        # Of a few it would say how much each of them did.
        return ()
    voters = ngettext("%(num)s of them voted", "%(num)s of them voted", activity.voters)
    half = ngettext(
        "Half of those who voted did so on %(num)s idea or more.",
        "Half of those who voted did so on %(num)s ideas or more.",
        activity.median,
    )
    said = (f"{voters}.", half)
    if not activity.busiest or not votes:
        return said
    share = percent(activity.busiest_votes / votes)
    return (*said, _("The most active tenth gave %(share)s of all votes.", share=share))


def _themes(session: Session, process_id: int) -> int:
    wanted = select(func.count()).where(Cluster.process_id == process_id, Cluster.removed_at.is_(None))
    return session.scalar(wanted.select_from(Cluster)) or 0


def _statements(session: Session, process_id: int) -> int:
    wanted = select(func.count()).where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
    return session.scalar(wanted.select_from(Statement)) or 0
