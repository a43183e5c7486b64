"""Computing the newest run again and holding it against what was stored."""

from sqlalchemy.orm import Session

from participation.suggestions.material import read_material
from participation.suggestions.method import METHOD, can_compute, compute, parameters
from participation.suggestions.outcome import digest, plain
from participation.suggestions.queries import latest_run


def suggestion_breaks(session: Session, process_id: int) -> list[str]:
    """Return what is wrong with the newest run of a process, in words for the operator; nothing if it is as it was.

    It can only be computed again while ideas, filings and clusters are what they were then.
    """
    run = latest_run(session, process_id)
    if run is None or run.method != METHOD or not can_compute():
        return []
    material = read_material(session, process_id)
    if material.sha256 != run.data_sha256:
        return []
    if digest(plain(compute(session, process_id, material))) == run.result_sha256:
        return []
    why = "" if run.parameters == parameters() else " (it was computed by other versions of libraries or elsewhere)"
    return [f"suggestions, run {run.number}, differ from what the same ideas and filings give{why}"]
