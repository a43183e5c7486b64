"""Computing a kept run again and holding it against what was stored: for whoever wants to check opinion groups."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.opinions.archive import kept_matrix, matrix_folder, matrix_path
from participation.opinions.grouping import METHOD, MIN_VOTES, Grouping, find_groups
from participation.opinions.matrix import VoteMatrix
from participation.opinions.models import GroupRun
from participation.opinions.outcome import outcome
from participation.opinions.results import GroupResult, Robustness
from participation.opinions.robustness import BY_VOTES, VERSION, reasons_of, variants_by_votes
from participation.opinions.runs import last_run, parameters


@dataclass(frozen=True, slots=True)
class Verified:
    """Which run was checked and what does not fit, in words for the operator; no ``breaks``: it is as it was."""

    number: int
    matrix_sha256: str
    breaks: tuple[str, ...]


def verify_latest(session: Session, process_id: int) -> Verified | None:
    """Compute the last run of a process again from the kept votes; ``None`` where there is no run."""
    run = last_run(session, process_id)
    if run is None:
        return None
    name = f"opinion groups, run {run.number}"

    def verified(*breaks: str) -> Verified:
        return Verified(run.number, run.matrix_sha256, breaks)

    path = matrix_path(matrix_folder(), process_id, run.matrix_sha256)
    try:
        votes = kept_matrix(path)
    except OSError as problem:
        return verified(f"{name}: the votes it was made of are gone ({path.name}: {problem.strerror})")
    except ValueError as problem:
        return verified(f"{name}: {problem}")
    if votes.digest() != run.matrix_sha256:
        return verified(f"{name}: the kept votes ({path.name}) do not have the published hash")
    if run.method != METHOD:
        return verified(f"{name}: made by {run.method}, which this version ({METHOD}) cannot repeat")
    if (len(votes.sides), *votes.shape) != (run.votes, run.people, run.ideas):
        return verified(f"{name}: other numbers of votes, people or ideas are stored than were computed")
    min_votes = int(run.parameters.get("min_votes", MIN_VOTES))
    grouping = find_groups(votes, min_votes=min_votes)
    again, stored = outcome(votes, grouping), GroupResult.from_json(run.result)
    parts = [] if again == stored and len(again.groups) == run.groups else _differing(stored, again, run.groups)
    if not _is_robustness_right(run, votes, grouping, min_votes):
        parts.append("checks without some of the votes")
    return verified(*(f"{name}: {part} differ from what the kept votes give{_why(run.parameters)}" for part in parts))


def _is_robustness_right(run: GroupRun, votes: VoteMatrix, grouping: Grouping, min_votes: int) -> bool:
    """Return whether the checks are those of the kept votes; times are not kept, so bursts and new accounts are not."""
    stored = Robustness.from_json(run.robustness)
    if stored.stable != all(variant.stable for variant in stored.variants):
        return False
    if stored.reasons != reasons_of(stored.variants):
        return False
    if run.parameters.get("robustness") != VERSION:
        return True
    by_votes = tuple(variant for variant in stored.variants if variant.code in BY_VOTES)
    return by_votes == variants_by_votes(votes, grouping, min_votes=min_votes)


def _differing(stored: GroupResult, again: GroupResult, groups: int) -> list[str]:
    named = {"groups": "groups", "consensus": "shared ideas", "divisive": "dividing ideas", "map": "places on the map"}
    found = [words for field, words in named.items() if getattr(stored, field) != getattr(again, field)]
    if len(again.groups) != groups and "groups" not in found:
        found.append("groups")
    return found or ["figures"]


def _why(stored: dict[str, object]) -> str:
    return "" if stored == parameters() else " (it was computed by other versions of libraries or on another machine)"
