"""What a decision does besides: it settles cases, notices and signals, promises an objection, and keeps everything."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.activity.models import Delivery, RecordedEvent
from participation.cases.models import Case, CaseKind
from participation.cases.service import open_case
from participation.comments.models import Comment, CommentState
from participation.comments.policies import CommentFacts, may_edit_comment
from participation.comments.service import subject_of
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import facts_about
from participation.ideas.revisions import TextChanged
from participation.kit.permissions import Refused
from participation.moderation.models import Automation, DecisionKind, DecisionTime
from participation.moderation.queue.holds import Settled, Taken, hold
from participation.moderation.service import Subject
from participation.notices.models import Notice
from participation.processes.models import Capability, Process, RoleGrant
from participation.processes.queries import process_by_id
from participation.receipts.signing import text_digest
from participation.signals.models import Signal
from tests import make
from tests.conftest import Sessions
from tests.moderation.decided import HOUR, NOW, Scene

ABOUT_AUTHORS = (DecisionKind.WARN, DecisionKind.SUSPEND)


@pytest.fixture
def scene(transact: Sessions) -> Scene:
    return Scene(transact)


def test_a_decision_keeps_what_it_rests_on(scene: Scene) -> None:
    blocks = {"de": "Bitte ohne Namen.", "en": "Without names, please."}
    kept = scene.decision(scene.decide(DecisionKind.HIDE, block_texts=blocks, automation=Automation.SIGNALLED))
    with scene.transact() as session:
        idea = session.get_one(Idea, scene.waiting)
        digest = text_digest(idea.text, title=idea.title)
    assert (kept.ground, kept.reason, kept.block_texts) == ("rule-respect", "It insults a neighbour.", blocks)
    assert (kept.participant_id, kept.decided_by, kept.decided_at) == (scene.author, scene.one.account_id, NOW)
    assert (kept.automation, kept.state_before, kept.published_before) == (Automation.SIGNALLED, "in_review", None)
    assert (kept.waited_seconds, kept.objection_until) == (3 * 3600, NOW + timedelta(days=184))
    assert kept.content_digest == hashlib.sha256(kept.salt + bytes.fromhex(digest)).hexdigest()
    assert len(kept.salt) == 16


def test_no_two_decisions_share_a_digest(scene: Scene) -> None:
    first = scene.decision(scene.decide(DecisionKind.WARN))
    second = scene.decision(scene.decide(DecisionKind.HIDE))
    assert first.content_digest != second.content_digest


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [
        (DecisionKind.HIDE, {"ground": ""}, "Please choose the rule or law"),
        (DecisionKind.HIDE, {"reason": "  "}, "Please give the reason"),
        (DecisionKind.HIDE, {"ground": "rule-of-thumb"}, "This rule or law is not in the list"),
        (DecisionKind.WARN, {"ground": ""}, "Please choose the rule or law"),
        (DecisionKind.SUSPEND, {"lasts_until": None}, "Please say for how long"),
        (DecisionKind.SUSPEND, {"lasts_until": NOW + timedelta(days=91)}, "Please say for how long"),
        (DecisionKind.ASK_CHANGE, {"reason": ""}, "Please give the reason"),
        (DecisionKind.LIFT, {}, "The author may write already"),
        (DecisionKind.KEEP, {}, "This is not public yet"),
    ],
)
def test_what_is_refused(scene: Scene, kind: DecisionKind, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        scene.decide(kind, **given)
    assert reason in str(refused.value.reason)
    assert (scene.cases(scene.waiting), scene.case().held_by) == ({CaseKind.REVIEW: True}, None)


def test_what_was_imported_says_what_it_can(scene: Scene) -> None:
    kept = scene.decision(
        scene.decide(DecisionKind.HIDE, by=SYSTEM, ground="", reason="", automation=Automation.IMPORTED)
    )
    assert (kept.ground, kept.reason, kept.decided_by) == ("", "", None)


def test_nobody_objects_without_an_account(scene: Scene) -> None:
    with scene.transact() as session:
        imported = make.idea(session, scene.place)
    assert scene.decision(scene.decide(DecisionKind.HIDE, imported)).objection_until is None
    with pytest.raises(Refused):
        scene.decide(DecisionKind.WARN, imported)


@pytest.mark.parametrize("kind", [DecisionKind.KEEP, DecisionKind.HIDE, DecisionKind.MOVE, DecisionKind.ELSEWHERE])
def test_what_settles_a_public_contribution(scene: Scene, kind: DecisionKind) -> None:
    notice = scene.notice(scene.public)
    given: dict[DecisionKind, dict[str, Any]] = {
        DecisionKind.MOVE: {"details": {"principles": scene.principles()}},
        DecisionKind.ELSEWHERE: {"details": {"url": "https://www.example.org/answer"}},
    }
    decision = scene.decide(kind, scene.public, **given.get(kind, {}))
    assert scene.cases(scene.public) == {CaseKind.NOTICE: False}
    assert scene.case(scene.public, CaseKind.NOTICE).decision_id == decision
    with scene.transact() as session:
        row = session.get_one(Notice, notice)
        assert (row.decision_id, row.closed_at) == (decision, NOW)
        assert session.scalars(select(Signal.settled_at)).one() == NOW
        closed = session.scalars(select(RecordedEvent).where(RecordedEvent.name == "NoticeClosed")).all()
        assert [event.payload for event in closed] == [{"notice_id": notice, "decision_id": decision}]


@pytest.mark.parametrize("kind", [*ABOUT_AUTHORS, DecisionKind.MOVE])
def test_what_leaves_a_text_waiting(scene: Scene, kind: DecisionKind) -> None:
    scene.notice(scene.waiting)
    case = scene.case()
    more = {"details": {"principles": scene.principles()}, "lasts_until": NOW + timedelta(days=3), "case_id": case.id}
    scene.decide(kind, **more)
    assert scene.cases(scene.waiting) == {CaseKind.REVIEW: True, CaseKind.NOTICE: True}


def test_a_warning_answers_the_case_that_it_was_given_on(scene: Scene) -> None:
    scene.notice(scene.public)
    scene.decide(DecisionKind.WARN, scene.public)
    assert scene.cases(scene.public) == {CaseKind.NOTICE: True}
    scene.decide(DecisionKind.WARN, scene.public, case_id=scene.case(scene.public, CaseKind.NOTICE).id)
    assert scene.cases(scene.public) == {CaseKind.NOTICE: False}


def test_a_withdrawn_comment_can_be_left_as_it_is(scene: Scene) -> None:
    with scene.transact() as session:
        comment = make.comment(session, scene.place, scene.public, state=CommentState.WITHDRAWN)
        about = subject_of(session.get_one(Comment, comment))
        open_case(session, CaseKind.NOTICE, about, due_at=NOW, now=NOW)
    scene.decide(DecisionKind.KEEP, subject=Subject("comment", comment))
    with scene.transact() as session:
        assert session.scalars(select(Case.closed_at).where(Case.kind == CaseKind.NOTICE)).all() == [NOW]


def test_a_colleague_s_case_is_left_alone(scene: Scene) -> None:
    case_id = scene.case().id
    with scene.transact() as session:
        hold(session, scene.two, process_id=scene.place.id, case_id=case_id, now=NOW)
    for named in (None, case_id):
        with pytest.raises(Taken):
            scene.decide(DecisionKind.PUBLISH, case_id=named)
    scene.decide(DecisionKind.PUBLISH, by=scene.two, case_id=case_id)
    with pytest.raises(Settled):
        scene.decide(DecisionKind.HIDE, case_id=case_id)


def test_the_text_that_was_read_counts(scene: Scene) -> None:
    with scene.transact() as session:
        session.get_one(Idea, scene.waiting).revision = 2
        comment = make.comment(session, scene.place, scene.public, state=CommentState.IN_REVIEW)
        digest = text_digest(session.get_one(Comment, comment).text)
    for kind in (DecisionKind.PUBLISH, DecisionKind.HIDE):
        with pytest.raises(TextChanged):
            scene.decide(kind, subject=Subject("idea", scene.waiting, 1))
        with pytest.raises(TextChanged):
            scene.decide(kind, subject=Subject("comment", comment, digest="0" * 64))
    scene.decide(DecisionKind.PUBLISH, subject=Subject("idea", scene.waiting, 2))
    scene.decide(DecisionKind.PUBLISH, subject=Subject("comment", comment, digest=digest))


def test_a_request_gives_the_author_the_next_word(scene: Scene) -> None:
    notice = scene.notice(scene.waiting)
    decision = scene.decide(DecisionKind.ASK_CHANGE, ground="")
    case, until = scene.case(), NOW + timedelta(days=14)
    assert (case.resumes_at, case.due_at, case.place_at, case.decision_id) == (until, until, until, decision)
    assert scene.cases(scene.waiting) == {CaseKind.REVIEW: True, CaseKind.NOTICE: False}
    with scene.transact() as session:
        assert session.get_one(Notice, notice).decision_id == decision
        idea = session.get_one(Idea, scene.waiting)
        assert (idea.state, facts_about(session, Actor(scene.account), idea).is_asked) == (IdeaState.IN_REVIEW, True)
    later = NOW + timedelta(days=5)
    scene.edit(scene.waiting, now=later)
    case = scene.case()
    assert (case.resumes_at, case.decision_id, case.opened_at) == (None, None, later)
    assert case.due_at == case.place_at == later + timedelta(hours=72)
    scene.decide(DecisionKind.PUBLISH, now=later + HOUR)
    assert scene.decision(decision + 1).waited_seconds == 3600


def test_a_public_text_is_looked_at_again(scene: Scene) -> None:
    scene.decide(DecisionKind.ASK_CHANGE, scene.public)
    assert scene.cases(scene.public) == {CaseKind.REVIEW: True}
    with scene.transact() as session:
        assert session.get_one(Idea, scene.public).state is IdeaState.PUBLISHED


def test_who_is_asked_may_change_it_when_the_phase_is_over(scene: Scene, transact: Sessions) -> None:
    with transact() as session:
        over = make.process(session, "over", starts_at=NOW - timedelta(days=9), ends_at=NOW - timedelta(days=2))
        author = make.participant(session, over, account_id=scene.account)
        idea = make.idea(session, over, author=author, state=IdeaState.IN_REVIEW)
        moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=over.id)
    with pytest.raises(Refused):
        scene.edit(idea, process=over.id)
    scene.decide(DecisionKind.ASK_CHANGE, idea, by=moderator)
    scene.edit(idea, process=over.id)
    with pytest.raises(Refused):
        scene.edit(idea, process=over.id, title="Again")


@pytest.mark.parametrize("is_asked", [False, True])
def test_who_is_asked_may_change_a_comment_late(scene: Scene, is_asked: bool) -> None:
    with scene.transact() as session:
        process = process_by_id(session, scene.place.id)
    facts = CommentFacts(CommentState.IN_REVIEW, True, NOW - timedelta(days=3), 0, False, is_asked)
    window = timedelta(minutes=15)
    allowed = may_edit_comment(Actor(7), process, IdeaState.PUBLISHED, facts, window=window, now=NOW)
    assert bool(allowed) is is_asked


def test_time_is_counted_where_the_process_wants_it(scene: Scene) -> None:
    scene.decide(DecisionKind.WARN, opened_at=NOW - timedelta(seconds=40))
    with scene.transact() as session:
        assert session.scalars(select(DecisionTime)).all() == []
        session.get_one(Process, scene.place.id).measures_time = True
    scene.decide(DecisionKind.WARN, opened_at=NOW - timedelta(seconds=40))
    case = scene.case()
    with scene.transact() as session:
        hold(session, scene.one, process_id=scene.place.id, case_id=case.id, now=NOW - timedelta(seconds=60))
    scene.decide(DecisionKind.PUBLISH, case_id=case.id)
    with scene.transact() as session:
        counted = session.execute(select(DecisionTime.kind, DecisionTime.span, DecisionTime.decisions)).all()
    assert set(counted) == {(DecisionKind.WARN, 21, 1), (DecisionKind.PUBLISH, 23, 1)}


@pytest.mark.parametrize("allows", [frozenset(), frozenset(Capability)])
@pytest.mark.parametrize(("starts", "ends"), [(-9, -1), (-1, 9), (1, 9)])
def test_decisions_need_no_phase(
    transact: Sessions, scene: Scene, allows: frozenset[Capability], starts: int, ends: int
) -> None:
    day = timedelta(days=1)
    with transact() as session:
        place = make.process(session, "other", allows=allows, starts_at=NOW + starts * day, ends_at=NOW + ends * day)
        moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)
        idea = make.idea(session, place, author=make.participant(session, place, account_id=scene.account))
    for kind in (DecisionKind.KEEP, DecisionKind.HIDE, DecisionKind.RESTORE, DecisionKind.WARN):
        scene.decide(kind, idea, by=moderator)


def test_nobody_hears_of_it_before_it_is_final(scene: Scene) -> None:
    scene.decide(DecisionKind.PUBLISH)
    with scene.transact() as session:
        event = session.scalars(select(RecordedEvent).where(RecordedEvent.name == "Decided")).one()
        assert {delivery.available_at for delivery in session.scalars(_deliveries(event.id))} == {NOW}


def _deliveries(event_id: int) -> Any:
    return select(Delivery).where(Delivery.event_id == event_id)


@pytest.mark.parametrize("kind", [DecisionKind.PUBLISH, DecisionKind.HIDE, DecisionKind.ASK_CHANGE])
def test_nobody_decides_about_the_own_contribution(scene: Scene, kind: DecisionKind) -> None:
    with scene.transact() as session:
        own = make.participant(session, scene.place, account_id=scene.one.account_id)
        idea = make.idea(session, scene.place, author=own, state=IdeaState.IN_REVIEW)
    with pytest.raises(Refused) as refusal:
        scene.decide(kind, idea)
    assert "colleague decides about it" in str(refusal.value.reason)
    with scene.transact() as session:
        # Where there is nobody else the work goes on.
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.account_id != scene.one.account_id)):
            grant.ended_at = NOW
    assert scene.decision(scene.decide(kind, idea)).kind is kind
