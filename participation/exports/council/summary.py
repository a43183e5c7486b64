"""The paper in brief: one sentence for each thing a council should know first, made from figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from participation.exports.council.document import Opinions, Topic
from participation.exports.council.tallying import Sums
from participation.exports.council.topics import in_verdicts
from participation.exports.document import Figures
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import calendar_day, number, percent
from participation.strategy.answering.follow_up import FollowUp

NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the sentences are made of; ``first`` and ``last`` are the days between which anything happened."""

    figures: Figures
    first: date | None
    last: date | None
    sums: Sums
    principles: Sequence[Topic]
    opinions: Opinions | None
    gaps: Sequence[str]
    themes: int
    statements: int
    conflicts: int
    follow_up: FollowUp
    hidden: str


def in_brief(facts: Facts) -> tuple[str, ...]:
    """Return the sentences, the most general one first."""
    return tuple(_sentences(facts))


def _sentences(facts: Facts) -> Iterator[str]:
    yield _who(facts)
    yield from _about(facts.principles)
    if facts.hidden:
        yield facts.hidden
    elif facts.sums.total.judged:
        yield in_verdicts(facts.sums.total)
    if facts.opinions and facts.opinions.groups:
        yield facts.opinions.summary
    yield from _work(facts)
    yield from _afterwards(facts.follow_up)
    if facts.gaps:
        yield _("Not everybody was reached; the chapter on how people took part says who is missing.")


def _who(facts: Facts) -> str:
    figures = facts.figures
    said = _(
        "%(people)s, %(ideas)s, %(comments)s, %(votes)s.",
        people=ngettext(
            "%(shown)s person took part",
            "%(shown)s people took part",
            figures.participants,
            shown=number(figures.participants),
        ),
        ideas=ngettext("%(shown)s idea", "%(shown)s ideas", figures.ideas, shown=number(figures.ideas)),
        comments=ngettext("%(shown)s comment", "%(shown)s comments", figures.comments, shown=number(figures.comments)),
        votes=ngettext("%(shown)s vote", "%(shown)s votes", figures.votes, shown=number(figures.votes)),
    )
    if facts.first is None or facts.last is None:
        return said
    if facts.first == facts.last:
        return f"{_('On %(day)s:', day=calendar_day(facts.first))} {said}"
    when = _("From %(first)s to %(last)s:", first=calendar_day(facts.first), last=calendar_day(facts.last))
    return f"{when} {said}"


def _about(principles: Sequence[Topic]) -> Iterator[str]:
    most = sorted((topic for topic in principles if topic.ideas), key=lambda topic: -topic.ideas)[:NAMED]
    if most:
        yield _(
            "Most ideas are about: %(topics)s.",
            topics="; ".join(f"{topic.title} ({number(topic.ideas)})" for topic in most),
        )


def _work(facts: Facts) -> Iterator[str]:
    if facts.themes:
        yield _(
            "Moderators sorted %(ideas)s into %(themes)s.",
            ideas=ngettext(
                "%(shown)s idea", "%(shown)s ideas", facts.figures.filed_ideas, shown=number(facts.figures.filed_ideas)
            ),
            themes=ngettext("%(shown)s theme", "%(shown)s themes", facts.themes, shown=number(facts.themes)),
        )
    if facts.statements:
        yield _(
            "%(statements)s for the strategy; %(share)s of all ideas are behind them.",
            statements=ngettext(
                "%(shown)s statement was drawn up",
                "%(shown)s statements were drawn up",
                facts.statements,
                shown=number(facts.statements),
            ),
            share=percent(facts.figures.coverage),
        )
    if facts.conflicts:
        yield ngettext(
            "%(num)s time a statement is in conflict with a criterion or value.",
            "%(num)s times a statement is in conflict with a criterion or value.",
            facts.conflicts,
        )


def _afterwards(follow_up: FollowUp) -> Iterator[str]:
    if follow_up.answered or follow_up.measures:
        measures = sum(follow_up.measures.values())
        yield _(
            "The city has given %(answers)s and begun %(measures)s.",
            answers=ngettext(
                "%(shown)s answer", "%(shown)s answers", follow_up.answered, shown=number(follow_up.answered)
            ),
            measures=ngettext("%(shown)s measure", "%(shown)s measures", measures, shown=number(measures)),
        )
    if follow_up.overdue:
        yield ngettext(
            "%(num)s answer or measure is overdue.", "%(num)s answers or measures are overdue.", follow_up.overdue
        )
