"""Reports of barriers in the demo, one answered, one put off, one waiting; and the statement, confirmed by an admin."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from participation.accessibility.codes import barrier_code
from participation.accessibility.product import first_facts
from participation.accessibility.service import (
    BarrierText,
    answer_barrier,
    publish_facts,
    put_off_barrier,
    report_barrier,
)
from participation.accounts.actor import ANONYMOUS, Actor, Role

BARRIERS = Path(__file__).parent / "content" / "barriers.yaml"
ANSWER_WITHIN, LONGEST = timedelta(days=14), timedelta(days=42)
CONFIRMED_DAYS_AGO, PREPARED_DAYS_AGO = 10, 60


def report_barriers(session: Session, *, staff_id: int, admin_id: int, now: datetime) -> None:
    """Let people report barriers and staff answer, and let an admin confirm the accessibility statement."""
    staff = Actor(staff_id, grants=frozenset({(Role.STAFF, None)}))
    entries: list[dict[str, Any]] = yaml.safe_load(BARRIERS.read_text(encoding="utf-8"))
    for number, entry in enumerate(entries, start=1):
        _report(session, staff, entry, number, now)
    confirmed = now - timedelta(days=CONFIRMED_DAYS_AGO)
    prepared = now - timedelta(days=PREPARED_DAYS_AGO)
    facts = replace(first_facts(), prepared_on=prepared.date(), reviewed_on=confirmed.date())
    admin = Actor(admin_id, grants=frozenset({(Role.ADMIN, None)}))
    publish_facts(session, admin, facts=facts, now=confirmed)


def _report(session: Session, staff: Actor, entry: dict[str, Any], number: int, now: datetime) -> None:
    came = now - timedelta(days=entry["days_ago"])
    said = BarrierText(entry["page"], entry["text"].strip(), entry["uses"], entry["wants"], entry["language"])
    # Nobody is told the code, so nobody needs to look one up.
    key = f"demo-barrier-{number}"
    code, due_at = barrier_code("demo", key), came + ANSWER_WITHIN
    report = report_barrier(session, ANONYMOUS, said=said, code=code, submission_key=key, due_at=due_at, now=came)
    about: dict[str, Any] = {"report_id": report.id, "language": entry["language"]}
    if "reason" in entry:
        until = now + timedelta(days=entry["until_in_days"])
        moment = now - timedelta(days=entry["put_off_days_ago"])
        reason, latest = entry["reason"].strip(), came + LONGEST
        put_off_barrier(session, staff, text=reason, until=until, latest=latest, now=moment, **about)
    if "answer" in entry:
        moment, is_removed = now - timedelta(days=entry["answered_days_ago"]), entry["is_removed"]
        answer_barrier(session, staff, text=entry["answer"].strip(), is_removed=is_removed, now=moment, **about)
