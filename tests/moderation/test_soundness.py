"""What ``check`` finds when cases do not fit what they are about; deciding and undoing leave nothing to find."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from participation.cases.models import Case, CaseKind
from participation.moderation.models import DecisionKind
from participation.moderation.soundness import case_breaks, forgotten
from participation.moderation.undoing import undo_decision
from participation.signals.service import look_at
from tests.conftest import Sessions
from tests.moderation.decided import NOW, Scene

Findings = Callable[[], tuple[list[int], list[str]]]


@pytest.fixture
def scene(app: Flask, transact: Sessions) -> Iterator[Scene]:
    app.config["UNDO_SECONDS"] = 120
    yield Scene(transact)
    app.config["UNDO_SECONDS"] = 0


@pytest.fixture
def findings(scene: Scene, database: Sessions) -> Findings:
    def found() -> tuple[list[int], list[str]]:
        with database() as session:
            return case_breaks(session, scene.place.id), forgotten(session, scene.place.id)

    return found


@pytest.mark.parametrize("kind", [DecisionKind.PUBLISH, DecisionKind.HIDE, DecisionKind.ASK_CHANGE])
def test_deciding_and_undoing_leave_nothing_to_find(scene: Scene, findings: Findings, kind: DecisionKind) -> None:
    scene.notice(scene.waiting)
    assert findings() == ([], [])
    decision_id = scene.decide(kind)
    assert findings() == ([], [])
    with scene.transact() as session:
        undo_decision(session, scene.one, decision_id=decision_id, now=NOW + timedelta(seconds=9))
    assert findings() == ([], [])


def test_what_does_not_fit_is_named(scene: Scene, findings: Findings) -> None:
    notice = scene.notice(scene.public)
    noticed, review = scene.case(scene.public, CaseKind.NOTICE).id, scene.case().id
    with scene.transact() as session:
        look_at(session, review, now=NOW)
    assert findings() == ([], [])
    with scene.transact() as session:
        session.execute(update(Case).where(Case.id == noticed).values(notices=2))
        session.execute(update(Case).where(Case.id == review).values(signals=3))
    assert findings() == ([review, noticed], [])
    with scene.transact() as session:
        session.execute(update(Case).values(closed_at=NOW))
    assert findings() == ([], [f"idea {scene.waiting}", f"notice {notice}"])
