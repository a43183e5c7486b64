"""What a service made of the demo's ideas in other languages, while it was set up, and what it failed at."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.ideas.models import Idea
from participation.processes.models import Process
from participation.wordings.models import Errand, ErrandState
from participation.wordings.service import keep_machine_wording

CONTENT = Path(__file__).parent / "content" / "translations.yaml"
FAILED = ("human-on-the-phone", "fr", "terms")
"""One of them was answered badly, so that the desk has something to look at."""


def translate(session: Session, *, now: datetime) -> None:
    """Show the demo's ideas in other languages, and keep which service made that."""
    for slug, about in yaml.safe_load(CONTENT.read_text(encoding="utf-8")).items():
        process = session.scalars(select(Process).where(Process.slug == slug)).one()
        process.translator = about["service"]
        made_at = now - timedelta(hours=about["hours_ago"])
        keys = {f"demo-{key}": key for key in about["ideas"]}
        ideas = session.scalars(select(Idea).where(Idea.submission_key.in_(keys)).order_by(Idea.id)).all()
        for idea in ideas:
            key = keys[str(idea.submission_key)]
            for language, wording in about["ideas"][key].items():
                _keep(session, idea, language, wording, about["service"], now=made_at)
            if key == FAILED[0]:
                session.add(_failed(idea, now=made_at))
    session.flush()


def _keep(session: Session, idea: Idea, language: str, wording: dict[str, Any], service: str, *, now: datetime) -> None:
    keep_machine_wording(
        session,
        process_id=idea.process_id,
        idea_id=idea.id,
        subject=(SubjectKind.IDEA, idea.id),
        revision=idea.revision,
        source_language=idea.language,
        language=language,
        title=wording["title"].strip(),
        text=wording["text"].strip(),
        provider=service,
        now=now,
    )


def _failed(idea: Idea, *, now: datetime) -> Errand:
    _key, language, problem = FAILED
    return Errand(
        process_id=idea.process_id,
        idea_id=idea.id,
        subject_kind=SubjectKind.IDEA,
        subject_id=idea.id,
        revision=idea.revision,
        language=language,
        state=ErrandState.FAILED,
        attempts=3,
        problem=problem,
        next_at=now,
        asked_at=now,
        ended_at=now,
    )
