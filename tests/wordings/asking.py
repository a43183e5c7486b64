"""What tests of errands share: texts, how they become public and hidden, and what became of them."""

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.cases.models import SubjectKind
from participation.ideas.models import IdeaState
from participation.ideas.service import hide_idea, publish_idea
from participation.kit import clock
from participation.wordings.models import Errand, ErrandState, Origin, Wording, WordingState
from participation.wordings.providers.provider import Provider
from participation.wordings.providers.registry import configured
from tests import make
from tests.conftest import Sessions

TITLE, BODY = "Mehr Bäume am Markt", "Am Markt fehlt im Sommer Schatten für alle, die dort warten."
SECRET = "Geheimnis"


def new_idea(transact: Sessions, place: make.Place, *, title: str = TITLE, body: str = BODY) -> int:
    """Publish an idea as moderators do."""
    with transact() as session:
        idea_id = make.idea(session, place, title=title, body=body, state=IdeaState.IN_REVIEW)
        publish_idea(session, SYSTEM, idea_id=idea_id, now=clock.now())
        return idea_id


def hide(transact: Sessions, idea_id: int) -> None:
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=idea_id, now=clock.now())


def shown(session: Session) -> list[tuple[SubjectKind, int, str, str]]:
    rows = session.scalars(
        select(Wording).where(Wording.state == WordingState.SHOWN).order_by(Wording.subject_kind, Wording.id)
    )
    return [(row.subject_kind, row.subject_id, row.language, row.provider) for row in rows]


def states(session: Session) -> dict[str, ErrandState]:
    return dict(session.execute(select(Errand.language, Errand.state).order_by(Errand.id)).all())


def provider_of(app: Flask) -> Provider:
    return configured(app.config["TRANSLATORS"])["libretranslate"]


def human_wording(machine: Wording, language: str) -> dict[str, Any]:
    return {
        "process_id": machine.process_id,
        "idea_id": machine.idea_id,
        "subject_kind": machine.subject_kind,
        "subject_id": machine.subject_id,
        "revision": machine.revision,
        "source_language": machine.source_language,
        "language": language,
        "origin": Origin.HUMAN,
        "provider": "",
        "state": WordingState.SHOWN,
        "title": "Ağaçlar",
        "text": "Gölge lazım",
        "made_at": clock.now(),
    }
