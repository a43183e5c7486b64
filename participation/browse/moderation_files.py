"""The public log of decisions and the figures of the moderation as files for everybody to count in."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from participation.moderation.grounds import ground_by_key
from participation.moderation.models import AppealOutcome
from participation.moderation.openness.figures import MonthFigures, first_moment, months_until, promises
from participation.moderation.openness.log import LogLine, whole_log
from participation.moderation.openness.month_counts import ALL_MONTHS, figures_by_month
from participation.processes.outline import ProcessOutline

COLUMNS = (
    "number",
    "day",
    "contribution",
    "decision",
    "translation_into",
    "ground",
    "ground_cite",
    "automation",
    "hours_waited",
    "objection",
    "sha256",
)
OPEN, NONE = "open", ""


def log_csv(session: Session, process: ProcessOutline, *, zone: ZoneInfo, settled_before: datetime) -> Iterator[str]:
    """Yield the whole log as CSV (RFC 4180), the latest decision first; days are those of ``zone``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for lines in whole_log(session, process.id, settled_before=settled_before):
        writer.writerows(_entry(line, zone) for line in lines)
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def log_json(
    session: Session, process: ProcessOutline, *, zone: ZoneInfo, settled_before: datetime, now: datetime
) -> Iterator[str]:
    """Yield figures and the whole log as one JSON document; days and months are those of ``zone``."""
    first = first_moment(session, process.id)
    begins = months_until(now, zone, first=first, most=ALL_MONTHS)
    months = figures_by_month(session, process.id, begins, settled_before=settled_before, now=now)
    head = {
        "process": process.slug,
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "promises": [
            {
                "kind": one.kind.value,
                "waiting": one.waiting,
                "overdue": one.overdue,
                "in_time": one.in_time,
                "late": one.late,
            }
            for one in promises(session, process.id, months, now=now)
        ],
        "months": [_month(one) for one in months],
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "decisions": ['
    between = "\n  "
    for lines in whole_log(session, process.id, settled_before=settled_before):
        yield between + ",\n  ".join(json.dumps(_entry(line, zone), ensure_ascii=False) for line in lines)
        between = ",\n  "
    yield "\n ]\n}\n"


def _entry(line: LogLine, zone: ZoneInfo) -> Mapping[str, Any]:
    ground = ground_by_key(line.ground)
    waited = None if line.waited_seconds is None else round(line.waited_seconds / 3600, 1)
    return {
        "number": line.number,
        # The day alone: with the minute somebody who was online then could be recognised.
        "day": line.decided_at.astimezone(zone).date().isoformat(),
        "contribution": line.subject.value,
        "decision": line.kind.value,
        # Decisions about translations have numbers of their own.
        "translation_into": line.language,
        "ground": line.ground,
        "ground_cite": ground.cite if ground else "",
        "automation": line.automation.value,
        "hours_waited": waited,
        "objection": _objection(line.outcome) if line.has_appeal else NONE,
        "sha256": line.digest,
    }


def _month(month: MonthFigures) -> Mapping[str, Any]:
    return {
        "month": f"{month.month:%Y-%m}",
        "decisions": [
            {"decision": kind.value, "ground": ground, "number": number}
            for (kind, ground), number in sorted(
                month.decisions.items(), key=lambda pair: (pair[0][0].value, pair[0][1])
            )
        ],
        "translations": {decision.value: number for decision, number in month.rewordings.items()},
        "published_by_themselves": month.by_clock,
        "median_hours_waited": None if month.median_seconds is None else round(month.median_seconds / 3600, 1),
        "notices": month.notices,
        "objections": {_objection(outcome): number for outcome, number in month.appeals.items()},
        "answered_in_time": month.in_time,
        "answered_late": month.late,
    }


def _objection(outcome: AppealOutcome | None) -> str:
    return OPEN if outcome is None else outcome.value
