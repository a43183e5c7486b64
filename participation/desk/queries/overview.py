"""The first page of the desk: where something waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accessibility.policies import may_handle_barriers
from participation.accessibility.queries import BarrierCounts, barrier_counts
from participation.accounts.actor import Actor
from participation.curation.queries import Coverage, coverages
from participation.moderation.queue.listing import QueueCounts, backlogs
from participation.multilingual import pick
from participation.processes.policies import may_create_process
from participation.processes.queries import all_processes
from participation.processes.workplace import Workplace, workplace
from participation.strategy.answering.desk_pages import city_day
from participation.strategy.answering.follow_up import FollowUp, follow_ups
from participation.strategy.statements.queries import StatementCount, statement_counts


@dataclass(frozen=True, slots=True)
class ProcessAtDesk:
    """One process with what waits there."""

    workplace: Workplace
    phase: str
    phase_ends: datetime | None
    backlog: QueueCounts
    coverage: Coverage
    statements: StatementCount
    follow_up: FollowUp


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The processes in which somebody works; those with the longest queue first.

    ``barriers`` are the figures of reports of barriers, for those who answer them.
    """

    processes: tuple[ProcessAtDesk, ...]
    may_create: bool
    barriers: BarrierCounts | None


def overview_page(session: Session, actor: Actor, *, language: str, now: datetime) -> OverviewPage:
    """Return the processes at whose desk ``actor`` works; the number of queries does not depend on theirs."""
    own = [process for process in all_processes(session, with_drafts=True) if actor.has_desk(process.id)]
    ids = [process.id for process in own]
    waiting, covered, written = backlogs(session, ids, now=now), coverages(session, ids), statement_counts(session, ids)
    followed = follow_ups(session, ids, today=city_day())
    entries = []
    for process in own:
        phase = process.phase_at(now)
        entries.append(
            ProcessAtDesk(
                workplace=workplace(actor, process, language),
                phase=pick(phase.title, language) if phase else "",
                phase_ends=phase.ends_at if phase else None,
                backlog=waiting[process.id],
                coverage=covered[process.id],
                statements=written[process.id],
                follow_up=followed[process.id],
            )
        )
    entries.sort(key=lambda entry: -entry.backlog.whole)
    barriers = barrier_counts(session, now=now) if may_handle_barriers(actor) else None
    return OverviewPage(tuple(entries), bool(may_create_process(actor)), barriers)
