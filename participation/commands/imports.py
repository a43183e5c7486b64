"""What imports need from packages that stand beside theirs: decisions that come along are taken by moderation."""

from collections.abc import Callable
from functools import partial

import click

from participation.accounts.actor import SYSTEM
from participation.intake.deciding import VerdictOrder, VerdictReport
from participation.intake.report import Progress
from participation.intake.verdicts import Verdict
from participation.moderation.grounds import ground_by_key, grounds
from participation.moderation.imported import decide_imported
from participation.moderation.models import DecisionKind

KINDS = {Verdict.PUBLISH: DecisionKind.PUBLISH, Verdict.HIDE: DecisionKind.HIDE}


def carry_out(order: VerdictOrder, progress: Progress) -> VerdictReport:
    """Take the decisions of ``order`` about whatever still waits, and return what became of it."""
    wanted = {key: KINDS[verdict] for key, verdict in order.verdicts.items() if verdict in KINDS}
    results = decide_imported(
        SYSTEM,
        process_id=order.process_id,
        kind=order.kind,
        decisions=wanted,
        ground=order.ground,
        reason=order.reason,
        progress=lambda done: progress(done / len(wanted), done),
    )
    made = [result.kind for result in results.values()]
    return VerdictReport(
        published=made.count(DecisionKind.PUBLISH),
        hidden=made.count(DecisionKind.HIDE),
        waiting=len(order.verdicts) - len(wanted),
        problems=[(key, str(result.problem)) for key, result in results.items() if result.problem],
    )


def deciding(command: click.Command) -> Callable[..., None]:
    """Return what ``command`` does, with moderation at hand where its contributions come with decisions."""
    assert command.callback, "every import does something"
    for option in command.params:
        if option.name == "ground":
            option.callback = check_ground
            return partial(command.callback, carry_out=carry_out)
    return command.callback


def check_ground(_context: click.Context, _option: click.Parameter, key: str) -> str:
    """Return the key of a ground; raises ``BadParameter`` for one that is in no catalogue."""
    if key and ground_by_key(key) is None:
        raise click.BadParameter(f"there is no ground “{key}”; known are {', '.join(one.key for one in grounds())}")
    return key
