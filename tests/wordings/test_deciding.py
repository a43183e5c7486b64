"""What moderators' decisions about wordings rest on, and what follows when the text itself changes or goes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.activity.worker import work_once
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.changes import withdraw_comment
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.service import hide_idea, put_back_idea
from participation.ideas.withdrawal import withdraw_idea
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.moderation.queue.holds import Taken, hold
from participation.moderation.rewording.service import accept, refuse
from participation.moderation.service import redact
from participation.notifications.models import InboxEntry
from participation.processes.queries import process_by_slug
from participation.wordings.models import Wording, WordingState
from participation.wordings.queries import shown_in
from participation.wordings.suggesting.deciding import (
    Corrected,
    accept_wording,
    correct_wording,
    take_down_wording,
    undo_wording,
)
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]


class Scene:
    """Ada's idea with a comment of hers and an addendum, and Ben's suggestion for each."""

    def __init__(self, transact: Sessions, place: Place) -> None:
        self.place = place
        with transact() as session:
            self.ada = make.account(session, "ada@example.org", language="en")
            self.ben = make.account(session, "ben@example.org", language="en")
            there, ben = (make.participant(session, place, account_id=one) for one in (self.ada, self.ben))
            self.idea = make.idea(session, place, author=there, title="Bänke", body="Frau Muster soll sitzen können.")
            self.comment = make.comment(session, place, self.idea, author=there, body="Ich auch.")
            added = Addendum(process_id=place.id, idea_id=self.idea, text="Und zwar bald.", language="de")
            added.state, added.submitted_at, added.published_at = IdeaState.PUBLISHED, clock.now(), clock.now()
            session.add(added)
            session.flush()
            self.addendum = added.id
            waiting: dict[str, Any] = {"state": WordingState.WAITING, "author": ben}
            self.of_idea = make.wording(session, self.idea, **waiting)
            self.of_comment = make.wording(session, self.comment, kind=SubjectKind.COMMENT, **waiting)
            self.of_addendum = make.wording(session, self.addendum, kind=SubjectKind.ADDENDUM, **waiting)
            moderator = make.account(session, "moderator@example.org")
            self.moderator = make.actor(session, moderator, role=Role.MODERATOR, process_id=place.id)


@pytest.fixture
def scene(transact: Sessions, place: Place) -> Scene:
    """Three texts and a suggestion for each."""
    return Scene(transact, place)


def work(app: Flask) -> None:
    """Let the worker do what waits."""
    with app.app_context():
        while work_once({}):
            pass


def standing(database: Sessions) -> dict[SubjectKind, tuple[WordingState, bool]]:
    """Return where the wording of each text stands, and whether its case is open."""
    with database() as session:
        rows = session.execute(
            select(Wording.subject_kind, Wording.state, Case.closed_at.is_(None)).join(
                Case, (Case.about_id == Wording.id) & (Case.kind == CaseKind.WORDING)
            )
        )
        return {kind: (state, is_open) for kind, state, is_open in rows}


WAITS, LAPSED = (WordingState.WAITING, True), (WordingState.REPLACED, False)


def test_a_withdrawn_idea_takes_all_suggestions_below_along(
    app: Flask, scene: Scene, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        withdraw_comment(session, Actor(scene.ada), slug="digital", comment_id=scene.comment, now=clock.now())
    work(app)
    kinds = SubjectKind.IDEA, SubjectKind.COMMENT, SubjectKind.ADDENDUM
    assert standing(database) == dict(zip(kinds, (WAITS, LAPSED, WAITS), strict=True))
    with transact() as session:
        withdraw_idea(
            session,
            Actor(scene.ada),
            process=process_by_slug(session, "digital"),
            idea_id=scene.idea,
            reason=None,
            now=clock.now(),
        )
    work(app)
    assert standing(database) == {SubjectKind.IDEA: LAPSED, SubjectKind.ADDENDUM: LAPSED}, "that of the comment is gone"
    with database() as session:
        told = session.execute(select(InboxEntry.account_id, InboxEntry.subject_id).order_by(InboxEntry.subject_id))
        expected = [scene.of_idea, scene.of_comment, scene.of_addendum]
        assert [tuple(row) for row in told] == [(scene.ben, number) for number in expected]


def test_what_is_hidden_may_come_back_and_its_suggestions_wait(
    app: Flask, scene: Scene, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=scene.idea, now=clock.now())
    work(app)
    assert set(standing(database).values()) == {WAITS}
    common: dict[str, Any] = {"process_id": scene.place.id, "now": clock.now()}
    for wording in (scene.of_idea, scene.of_comment, scene.of_addendum):
        with pytest.raises(Refused), transact() as session:
            accept(session, scene.moderator, wording_id=wording, **common)
    with transact() as session:
        before: dict[str, Any] = {"state": IdeaState.PUBLISHED, "published_at": clock.now()}
        put_back_idea(session, SYSTEM, idea_id=scene.idea, **before, now=clock.now())
        accept(session, scene.moderator, wording_id=scene.of_comment, **common)
    assert standing(database)[SubjectKind.COMMENT] == (WordingState.SHOWN, False)


def test_hidden_texts_are_shown_in_no_language(scene: Scene, transact: Sessions) -> None:
    subjects = {(SubjectKind.IDEA, scene.idea): 1, (SubjectKind.COMMENT, scene.comment): 1}
    subjects[SubjectKind.ADDENDUM, scene.addendum] = 1
    with transact() as session:
        for wording in (scene.of_idea, scene.of_comment, scene.of_addendum):
            accept(session, scene.moderator, process_id=scene.place.id, wording_id=wording, now=clock.now())
        assert set(shown_in(session, subjects, "tr")) == set(subjects)
        hide_idea(session, SYSTEM, idea_id=scene.idea, now=clock.now())
        assert shown_in(session, subjects, "tr") == {}


def test_what_was_taken_out_of_a_text_goes_from_every_wording(
    app: Flask, scene: Scene, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        accept(session, scene.moderator, process_id=scene.place.id, wording_id=scene.of_idea, now=clock.now())
        make.wording(session, scene.idea, language="ar", provider="libretranslate")
        make.wording(session, scene.idea, language="en", body="Mrs Muster", state=WordingState.REFUSED)
        make.wording(session, scene.idea, language="uk", body="Пані Мустер", state=WordingState.WAITING)
    with transact() as session:
        redact(
            session,
            scene.moderator,
            idea_id=scene.idea,
            passages=["Frau Muster"],
            reason="A name",
            ground="rule-privacy",
            now=clock.now(),
        )
    work(app)
    with database() as session:
        left = session.execute(select(Wording.language, Wording.text, Wording.state).order_by(Wording.id)).all()
        assert [tuple(row) for row in left] == [
            ("tr", "Ich auch. [tr]", WordingState.WAITING),
            ("tr", "Und zwar bald. [tr]", WordingState.WAITING),
            ("uk", "", WordingState.REPLACED),
        ]
        assert session.get_one(Idea, scene.idea).revision == 2


def test_two_moderators_and_own_matters(scene: Scene, transact: Sessions, place: Place) -> None:
    common: dict[str, Any] = {"process_id": place.id, "wording_id": scene.of_idea, "now": clock.now()}
    with transact() as session:
        other = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)
        case = session.scalars(select(Case.id).where(Case.about_id == scene.of_idea)).one()
        hold(session, other, process_id=place.id, case_id=case, now=clock.now())
    with pytest.raises(Taken), transact() as session:
        accept(session, scene.moderator, **common)
    with pytest.raises(Missing), transact() as session:
        refuse(session, SYSTEM, **{**common, "process_id": place.id + 1}, reason="No", block_texts={})
    with transact() as session:
        maker = make.actor(session, scene.ben, role=Role.MODERATOR, process_id=place.id)
    with pytest.raises(Refused) as refused, transact() as session:
        accept(session, maker, **{**common, "wording_id": scene.of_comment})
    assert "colleague decides" in str(refused.value.reason)
    with transact() as session:
        accept(session, other, **common)
    with pytest.raises(Refused), transact() as session:
        accept(session, other, **common)


def test_a_text_is_locked_before_its_cases(scene: Scene, transact: Sessions) -> None:
    read: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        read.append(" ".join(statement.split()))

    common: dict[str, Any] = {"process_id": scene.place.id, "now": clock.now()}
    with transact() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            accept(session, scene.moderator, wording_id=scene.of_comment, **common)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    # Whoever deletes the comment locks it first and closes its cases then: the other way round both wait for ever.
    begun = [place for place, one in enumerate(read) if "FROM comment WHERE comment.id =" in one]
    cases = [place for place, one in enumerate(read) if f"FROM {Case.__tablename__} " in one]
    assert begun[0] < cases[0]


def test_a_correction_takes_the_place_and_a_wording_that_is_down_stays_down(scene: Scene, transact: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        accept(session, scene.moderator, process_id=scene.place.id, wording_id=scene.of_idea, now=now)
        better = correct_wording(
            session, scene.moderator, wording_id=scene.of_idea, corrected=Corrected("Banklar", "Daha iyi"), now=now
        )
        states = [session.get_one(Wording, number).state for number in (scene.of_idea, better.id)]
        assert states == [WordingState.REPLACED, WordingState.SHOWN]
        for number, corrected in ((better.id, Corrected("Banklar", "Daha iyi")), (scene.of_idea, Corrected("A", "B"))):
            with pytest.raises(Refused):
                correct_wording(session, scene.moderator, wording_id=number, corrected=corrected, now=now)
        with pytest.raises(Refused):
            take_down_wording(session, scene.moderator, wording_id=better.id, reason=" ", now=now)
        take_down_wording(session, scene.moderator, wording_id=better.id, reason="Wrong", now=now)
        with pytest.raises(Refused):
            take_down_wording(session, scene.moderator, wording_id=better.id, reason="Wrong", now=now)
        session.execute(update(Idea).where(Idea.id == scene.idea).values(revision=2))
        with pytest.raises(Refused):
            correct_wording(session, scene.moderator, wording_id=better.id, corrected=Corrected("C", "D"), now=now)


def test_taking_a_decision_back_shows_nothing_that_was_taken_down_before(scene: Scene, transact: Sessions) -> None:
    def accept_and_undo(session: Session) -> list[int]:
        common: dict[str, Any] = {"wording_id": scene.of_idea, "now": clock.now()}
        accept_wording(session, scene.moderator, **common)
        undo_wording(session, scene.moderator, window=timedelta(minutes=2), **common)
        return [one.id for one in shown_in(session, {(SubjectKind.IDEA, scene.idea): 1}, "tr").values()]

    with transact() as session:
        make.wording(session, scene.idea, body="eski")
        wrong = make.wording(session, scene.idea, body="yanlış")
        take_down_wording(session, scene.moderator, wording_id=wrong, reason="Wrong", now=clock.now())
        assert accept_and_undo(session) == []
        later = make.wording(session, scene.idea, body="yeni")
        assert accept_and_undo(session) == [later]


def test_a_report_of_a_translation_reaches_moderators(
    client: PageClient, member: Member, scene: Scene, place: Place, database: Sessions
) -> None:
    page = client.get(f"/en/processes/digital/ideas/{scene.idea}/notice?reason=translation")
    assert [box.get("value") for box in page.select("[name=reason][checked]")] == ["translation"]
    client.submit(page, "notice-form", text="The Turkish text says the opposite.", status=303)
    queue = member(Role.MODERATOR, process_id=place.id).get("/en/desk/processes/digital/queue?kind=notice")
    assert "A translation of it is wrong" in queue.one(".case__why--notice")
    assert queue.links(".case__why--notice a")["Look at the translations, correct them or take them down"].endswith(
        f"/ideas/{scene.idea}#wordings"
    )
