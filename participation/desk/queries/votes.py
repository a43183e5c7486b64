"""What staff see of the voting: runs of the opinion groups, bursts of votes, and people who vote nearly the same."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.opinions.queries import RunState, RunSummary, latest_run, recent_runs, run_state
from participation.opinions.results import Alike, Burst, Suspicion
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.workplace import Workplace, workplace


@dataclass(frozen=True, slots=True)
class BurstRow:
    """An hour with far more votes than usual."""

    begins_at: datetime
    votes: int
    people: int
    usual: float
    times: float
    late: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """One finished run; ``groups`` is ``None`` while results are hidden, for they say how people voted."""

    number: int
    finished_at: datetime
    seconds: float
    votes: int
    people: int
    groups: int | None
    method: str
    matrix_sha256: str


@dataclass(frozen=True, slots=True)
class VotesPage:
    """The page; ``results_reason`` says why results are hidden. Without a run there is nothing to say about votes."""

    workplace: Workplace
    state: RunState
    results_reason: str
    has_run: bool
    fewest: int
    stable: bool | None
    bursts: tuple[BurstRow, ...]
    alike: tuple[Alike, ...]
    new_accounts: int
    new_account_votes: int
    runs: tuple[RunRow, ...]

    @property
    def is_busy(self) -> bool:
        """Whether a run waits or works, so that the page will soon say something else."""
        return self.state.waiting or self.state.working


def votes_page(session: Session, actor: Actor, process: ProcessOutline, *, language: str, now: datetime) -> VotesPage:
    """Return what staff see of the voting in a process: numbers and times, never who."""
    permission = may_see_results(process, now=now)
    run = latest_run(session, process.id)
    staff = run.robustness.staff if run else Suspicion((), (), 0, 0)
    return VotesPage(
        workplace=workplace(actor, process, language),
        state=run_state(session, process.id),
        results_reason="" if permission else str(permission.reason),
        has_run=run is not None,
        fewest=run.summary.min_votes if run else 0,
        stable=run.robustness.stable if run and permission and len(run.result.groups) > 1 else None,
        bursts=tuple(_burst(burst) for burst in staff.bursts),
        alike=staff.alike,
        new_accounts=staff.new_accounts,
        new_account_votes=staff.new_account_votes,
        runs=tuple(_row(summary, shows_groups=bool(permission)) for summary in recent_runs(session, process.id)),
    )


def _burst(burst: Burst) -> BurstRow:
    return BurstRow(
        begins_at=datetime.fromisoformat(burst.begins_at),
        votes=burst.votes,
        people=burst.people,
        usual=burst.usual,
        times=burst.times,
        late=burst.late,
    )


def _row(run: RunSummary, *, shows_groups: bool) -> RunRow:
    return RunRow(
        number=run.number,
        finished_at=run.finished_at,
        seconds=(run.finished_at - run.started_at).total_seconds(),
        votes=run.votes,
        people=run.people,
        groups=run.groups if shows_groups else None,
        method=run.method,
        matrix_sha256=run.matrix_sha256,
    )
