"""What people of the demo suggest as wordings of other people's ideas: some are shown, some wait in the queue."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.demo.accounts import MODERATOR
from participation.ideas.models import Idea
from participation.processes.queries import grants_of
from participation.wordings.suggesting.deciding import accept_wording
from participation.wordings.suggesting.service import Suggested, suggest_wording

CONTENT = Path(__file__).parent / "content" / "suggestions.yaml"
READ_AFTER = timedelta(hours=5)


def suggest(session: Session, people: dict[str, int], *, now: datetime) -> None:
    """Suggest the wordings of the demo and accept some; ``people`` has the accounts by their addresses."""
    moderator = Actor(people[MODERATOR.email], "", grants_of(session, people[MODERATOR.email]))
    for slug, suggestions in yaml.safe_load(CONTENT.read_text(encoding="utf-8")).items():
        for number, entry in enumerate(suggestions):
            made_at = now - timedelta(hours=entry["hours_ago"])
            wording = _suggest(session, people, slug, entry, key=f"demo-wording-{slug}-{number}", now=made_at)
            if entry.get("accepted"):
                accept_wording(session, moderator, wording_id=wording, now=made_at + READ_AFTER)
    session.flush()


def _suggest(
    session: Session, people: dict[str, int], slug: str, entry: dict[str, Any], *, key: str, now: datetime
) -> int:
    idea = session.scalars(select(Idea).where(Idea.submission_key == f"demo-{entry['idea']}")).one()
    said = Suggested(entry["language"], entry["title"].strip(), entry["text"].strip(), idea.revision)
    return suggest_wording(
        session,
        Actor(people[_address(entry["by"])]),
        slug=slug,
        kind=SubjectKind.IDEA,
        number=idea.id,
        suggested=said,
        submission_key=key,
        now=now,
    ).id


def _address(by: str | int) -> str:
    return by if isinstance(by, str) else f"resident{by + 1:02}@example.org"
