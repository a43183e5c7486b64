"""The public log of decisions about contributions as rows of an export: what everybody may know of it, nothing more."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.exports.code_words import CodeWords
from participation.exports.document import DecisionRow
from participation.moderation.models import Automation, Decision, DecisionKind
from participation.moderation.openness.log import LogLine, decision_log


def decision_rows(
    session: Session, process_id: int, said: CodeWords, *, zone: ZoneInfo, settled_before: datetime
) -> Iterator[DecisionRow]:
    """Yield the decisions that cannot be taken back any more, the latest first; days are those of ``zone``."""
    for lines in decision_log(session, process_id, settled_before=settled_before):
        for line in lines:
            yield _row(line, said, zone)


def decisions_in(session: Session, process_id: int, *, now: datetime) -> int:
    """Return how many rows that will be at most."""
    wanted = (Decision.process_id == process_id) & Decision.undone_at.is_(None) & (Decision.decided_at <= now)
    return session.scalar(select(func.count()).where(wanted)) or 0


def _row(line: LogLine, said: CodeWords, zone: ZoneInfo) -> DecisionRow:
    assert isinstance(line.kind, DecisionKind), "those about translations are not asked for"
    is_automatic = line.automation is not Automation.NONE
    return DecisionRow(
        id=str(line.number),
        subject=said.subjects[line.subject],
        subject_code=line.subject.value,
        decision=said.decisions[line.kind],
        decision_code=line.kind.value,
        ground=said.grounds.get(line.ground, line.ground),
        ground_code=line.ground,
        # The day alone: with the minute somebody who was online then could be recognised.
        decided_on=line.decided_at.astimezone(zone).date(),
        automation=said.automations[line.automation] if is_automatic else "",
        automation_code=line.automation.value,
        hours_waited=None if line.waited_seconds is None else round(line.waited_seconds / 3600, 1),
        appeal=_appeal(line, said),
        appeal_code=(line.outcome.value if line.outcome else "open") if line.has_appeal else "",
        digest=line.digest,
    )


def _appeal(line: LogLine, said: CodeWords) -> str:
    if not line.has_appeal:
        return ""
    return said.appeals[line.outcome] if line.outcome else said.appeal_open
