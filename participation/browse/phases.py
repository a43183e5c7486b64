"""Phases as the timeline shows them: when, what, and how long still."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import day
from participation.processes.models import PhaseKind
from participation.processes.outline import PhaseOutline, ProcessOutline


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """One step of the timeline."""

    title: str
    kind_label: str
    dates: str
    state: str
    remaining: str
    description: str
    note: str


def kind_label(kind: PhaseKind) -> str:
    """Return what a kind of phase is called."""
    labels = {
        PhaseKind.INFORM: _("Inform"),
        PhaseKind.PROPOSE: _("Propose"),
        PhaseKind.DISCUSS: _("Discuss"),
        PhaseKind.VOTE: _("Vote"),
        PhaseKind.EVALUATE: _("Evaluate"),
        PhaseKind.RESULTS: _("Results"),
    }
    return labels[kind]


def timeline(process: ProcessOutline, language: str, now: datetime) -> tuple[PhaseStep, ...]:
    """Return all phases of a process as steps."""
    followers: list[PhaseOutline | None] = [*process.phases[1:], None]
    council = pick(process.next_step, language)
    return tuple(
        _step(phase, language, now, _what_follows(follower, language, council))
        for phase, follower in zip(process.phases, followers, strict=True)
    )


def remaining_time(end: datetime, now: datetime) -> str:
    """Return how long it is until ``end``, in whole days, hours or minutes."""
    left = end - now
    if left >= timedelta(days=2):
        return ngettext("%(num)s more day", "%(num)s more days", left.days)
    if left >= timedelta(hours=2):
        return ngettext("%(num)s more hour", "%(num)s more hours", int(left.total_seconds() // 3600))
    return ngettext("%(num)s more minute", "%(num)s more minutes", max(1, int(left.total_seconds() // 60)))


def _what_follows(follower: PhaseOutline | None, language: str, council: str) -> str:
    """Return what every phase has to say: the result is advice, and what comes next."""
    if follower is None:
        return _("The result is advice to the council. Next: %(step)s", step=council)
    return _("The result is advice to the council. Next: %(step)s", step=pick(follower.title, language))


def _step(phase: PhaseOutline, language: str, now: datetime, note: str) -> PhaseStep:
    current = phase.covers(now)
    title, kind = pick(phase.title, language), kind_label(phase.kind)
    last_day = day(phase.ends_at - timedelta(seconds=1))
    return PhaseStep(
        title=title,
        kind_label="" if kind == title else kind,
        dates=_("%(start)s to %(end)s", start=day(phase.starts_at), end=last_day),
        state="current" if current else "past" if phase.ends_at <= now else "future",
        remaining=remaining_time(phase.ends_at, now) if current else "",
        description=pick(phase.description, language),
        note=note,
    )
