"""The queue: its order, its pages, its filters, what it says about each case, and what it counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, Actor
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.comments.models import CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Missing
from participation.moderation.models import Appeal, CaseNote, Decision, DecisionKind, Message
from participation.moderation.queue.filters import Assigned, QueueFilter, UnknownFilter, queue_filter
from participation.moderation.queue.items import AppealSeen, MessageSeen, NoteSeen, NoticeSeen, OtherCase, case_items
from participation.moderation.queue.keys import QueuePlace, decode_place, encode_place
from participation.moderation.queue.listing import (
    PAGE,
    QueueCounts,
    backlogs,
    cases_about,
    cases_of_group,
    group_of,
    queue,
)
from participation.notices.models import Notice, NoticeReason
from participation.signals.models import Signal, SignalKind
from tests import make
from tests.conftest import Sessions
from tests.revisions import addendum

NOW = clock.now().replace(microsecond=0)
SOMEBODY = Actor(1)


def case_of(session: Session, kind: SubjectKind, subject_id: int, **changes: object) -> int:
    """Return the open case about a contribution, changed as a test wants it."""
    case_id = cases_about(session, kind=kind, subject_id=subject_id, now=NOW + timedelta(days=30))[0]
    if changes:
        session.execute(update(Case).where(Case.id == case_id).values(changes))
    return case_id


def waiting_idea(session: Session, place: make.Place, *, hours: float = 1, **options: Any) -> int:
    """Return the case of an idea that has waited for so long; ``options`` as for ``make.idea``."""
    at = NOW - timedelta(hours=hours)
    idea_id = make.idea(session, place, state=IdeaState.IN_REVIEW, at=at, **options)
    return case_of(session, SubjectKind.IDEA, idea_id)


def test_urgent_comes_first_then_the_oldest_promise_and_what_is_alike_stands_together(
    transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        waiting_idea(session, other, hours=9)
        late, later, alike, latest, urgent = (waiting_idea(session, place, hours=hours) for hours in (5, 4, 1, 2, 0.5))
        for gone in ({"closed_at": NOW}, {"resumes_at": NOW + timedelta(seconds=1)}):
            case_id = waiting_idea(session, place, hours=6)
            session.execute(update(Case).where(Case.id == case_id).values(gone))
        back = waiting_idea(session, place, hours=3)
        session.execute(update(Case).where(Case.id == back).values(resumes_at=NOW))
        session.execute(update(Case).where(Case.id == urgent).values(urgent=True))
        first = session.get_one(Case, late)
        session.execute(update(Case).where(Case.id == alike).values(group_id=first.group_id, place_at=first.place_at))
    with database() as session:
        page = queue(session, SOMEBODY, process_id=place.id, now=NOW)
        together = cases_of_group(session, process_id=place.id, group_id=page.groups[1].id, now=NOW)
    assert [item.case_id for item in page.items] == [urgent, late, alike, later, back, latest]
    assert [(len(group.items), group.size) for group in page.groups] == [(1, 1), (2, 2), (1, 1), (1, 1), (1, 1)]
    assert together == (late, alike)


@pytest.mark.parametrize("urgent", [0, 5, PAGE, PAGE + 5])
def test_pages_follow_each_other_without_gap(transact: Sessions, database: Sessions, urgent: int) -> None:
    with transact() as session:
        place = make.process(session)
        public = make.idea(session, place)
        for number in range(PAGE):
            # Several with the same promise, whatever they are.
            at = NOW - timedelta(hours=number // 3)
            make.idea(session, place, state=IdeaState.IN_REVIEW, at=at)
            make.comment(session, place, public, state=CommentState.IN_REVIEW, at=at)
        addendum(session, place, public, state=IdeaState.IN_REVIEW, at=NOW)
        session.execute(update(Case).where(Case.id % 2 == 0).values(group_id=1, place_at=NOW - timedelta(hours=2)))
        session.execute(update(Case).where(Case.id <= urgent).values(urgent=True))
    seen: list[int] = []
    after: QueuePlace | None = None
    with database() as session:
        for _ in range(3):
            page = queue(session, SOMEBODY, process_id=place.id, now=NOW, after=after)
            seen += [item.case_id for item in page.items]
            after = decode_place(encode_place(page.next_after))
    assert (after, len(seen), len(set(seen))) == (None, 2 * PAGE + 1, 2 * PAGE + 1)
    with database() as session:
        rows = {case.id: case for case in session.query(Case)}
    keys = [(not rows[id_].urgent, rows[id_].place_at, rows[id_].group_id, rows[id_].due_at, id_) for id_ in seen]
    assert keys == sorted(keys)


@pytest.mark.parametrize("made_up", [None, "", "x", "1", "2-1-1-1-1", "0-1-1-1", "0-1-1-1-²", "0-1-1-1-1\0", "0" * 99])
def test_places_that_are_none_mean_the_beginning(made_up: str | None) -> None:
    assert decode_place(made_up) is None


@pytest.mark.parametrize("urgent", [True, False])
def test_a_place_survives_the_journey(urgent: bool) -> None:
    place = QueuePlace(urgent, clock.now(), 7, clock.now() + timedelta(days=1), 8)
    assert decode_place(encode_place(place)) == place


@pytest.fixture
def mixed(transact: Sessions) -> tuple[make.Place, dict[str, int]]:
    """A queue in which each filter finds something else."""
    with transact() as session:
        place = make.process(session)
        account = make.account(session, "one@example.org")
        assert account == SOMEBODY.account_id
        public = make.idea(session, place, title="Mehr Bäume", principles=["climate"])
        idea = make.idea(
            session,
            place,
            state=IdeaState.IN_REVIEW,
            title="Ärger im Café",
            body="100% zu laut",
            at=NOW - timedelta(hours=80),
        )
        author = make.participant(session, place, pseudonym="Rote Ulme")
        comment = make.comment(
            session, place, public, author=author, state=CommentState.IN_REVIEW, body="Das ÜBERZEUGT mich", at=NOW
        )
        below = addendum(session, place, public, body="Noch eine_Sache", state=IdeaState.IN_REVIEW, at=NOW)
        cases = {
            "idea": case_of(session, SubjectKind.IDEA, idea, assigned_to=account),
            "comment": case_of(session, SubjectKind.COMMENT, comment, urgent=True, language="en"),
            "addendum": case_of(session, SubjectKind.ADDENDUM, below),
        }
        subject = CaseSubject(place.id, SubjectKind.IDEA, public, public, "de")
        cases["notice"] = open_case(session, CaseKind.NOTICE, subject, due_at=NOW + timedelta(days=9), now=NOW).id
        for number, settled_at in ((idea, NOW), (public, None)):
            session.add(
                Signal(
                    process_id=place.id,
                    subject_kind=SubjectKind.IDEA,
                    subject_id=number,
                    kind=SignalKind.LINKS,
                    found_at=NOW,
                    settled_at=settled_at,
                )
            )
    return place, cases


CLIMATE = -1
"""Stands for the id of a principle that only the test knows."""
FILTERS: tuple[tuple[QueueFilter, list[str]], ...] = (
    (QueueFilter(), ["comment", "idea", "addendum", "notice"]),
    (QueueFilter(kind=CaseKind.NOTICE), ["notice"]),
    (QueueFilter(subject=SubjectKind.IDEA), ["idea", "notice"]),
    (QueueFilter(language="en"), ["comment"]),
    (QueueFilter(principle_id=CLIMATE), ["comment", "addendum", "notice"]),
    (QueueFilter(signal=SignalKind.LINKS), ["notice"]),
    (QueueFilter(assigned=Assigned.ME), ["idea"]),
    (QueueFilter(assigned=Assigned.NOBODY), ["comment", "addendum", "notice"]),
    (QueueFilter(overdue=True), ["idea"]),
    (QueueFilter(urgent=True), ["comment"]),
    (QueueFilter(urgent=True, overdue=True), []),
    (QueueFilter(words="ärger"), ["idea"]),
    (QueueFilter(words="CAFÉ laut"), ["idea"]),
    (QueueFilter(words="café leise"), []),
    (QueueFilter(words="überzeugt"), ["comment"]),
    (QueueFilter(words="rote ulme"), ["comment"]),
    (QueueFilter(words="bäume"), ["comment", "addendum", "notice"]),
    (QueueFilter(words="0%"), ["idea"]),
    (QueueFilter(words="e_S"), ["addendum"]),
    (QueueFilter(words="m_hr"), []),
)


def test_each_filter_finds_what_it_says(mixed: tuple[make.Place, Mapping[str, int]], database: Sessions) -> None:
    place, cases = mixed
    names = {case_id: name for name, case_id in cases.items()}
    with database() as session:
        (climate,) = make.principle_ids(session, place, ["climate"])
        for asked, expected in FILTERS:
            wanted = replace(asked, principle_id=asked.principle_id and climate)
            page = queue(session, SOMEBODY, process_id=place.id, now=NOW, wanted=wanted)
            assert [names[item.case_id] for item in page.items] == expected, wanted
            assert (page.found, page.counts.whole) == (len(expected), 4), wanted
            assert queue_filter(wanted.query(), principle_ids={climate}) == wanted


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "poem"},
        {"subject": "vote"},
        {"language": "tlh"},
        {"principle": "4"},
        {"principle": "²"},
        {"principle": "9" * 5000},
        {"signal": "blink"},
        {"assigned": "you"},
        {"overdue": "yes"},
        {"urgent": "0"},
    ],
)
def test_unknown_filters_are_refused(asked: Mapping[str, str]) -> None:
    with pytest.raises(UnknownFilter):
        queue_filter(asked, principle_ids={3})


def test_words_to_search_for_are_cleaned() -> None:
    assert queue_filter({"q": " a\n  b\t" + "c" * 500}, principle_ids=()).words == "a b " + "c" * 196


def test_counts_tell_kinds_apart(mixed: tuple[make.Place, Mapping[str, int]], database: Sessions) -> None:
    place, _cases = mixed
    with database() as session:
        counts = queue(session, SOMEBODY, process_id=place.id, now=NOW).counts
        assert counts == QueueCounts(
            ideas=1,
            comments=1,
            addenda=1,
            notices=1,
            overdue=1,
            urgent=1,
            mine=1,
            oldest=NOW - timedelta(hours=80),
            languages=("de", "en"),
        )
        assert backlogs(session, [place.id, 999], now=NOW)[999] == QueueCounts()
        assert backlogs(session, [place.id], now=NOW)[place.id].whole == 4


def test_a_case_says_everything_about_its_contribution(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        one, colleague = make.account(session, "one@example.org"), make.account(session, "two@example.org")
        idea = make.idea(session, place, title="Mehr Bäume", language="de")
        root = make.comment(session, place, idea, body="Warum?")
        author = make.participant(session, place, pseudonym="Rote Ulme")
        comment = make.comment(
            session, place, idea, author=author, parent_id=root, state=CommentState.IN_REVIEW, body="Darum.", at=NOW
        )
        case_id = case_of(
            session,
            SubjectKind.COMMENT,
            comment,
            assigned_to=one,
            held_by=colleague,
            held_until=NOW + timedelta(minutes=1),
            escalated_at=NOW,
        )
        about = {"process_id": place.id, "subject_kind": SubjectKind.COMMENT, "subject_id": comment}
        notice = Notice(
            **about,
            reason=NoticeReason.SPAM,
            text="Again and again",
            language="en",
            code_hash=b"1" * 32,
            text_digest="",
            submitted_at=NOW,
        )
        note = CaseNote(**about, text="Ask Ms. Example", written_by=colleague, written_at=NOW)
        signal = Signal(**about, kind=SignalKind.RATE, details={"texts": 9}, found_at=NOW)
        session.add_all([notice, note, signal])
        subject = CaseSubject(place.id, SubjectKind.COMMENT, comment, idea, "de")
        pointed_at = open_case(session, CaseKind.NOTICE, subject, due_at=NOW, now=NOW).id
        expected = (
            (NoticeSeen(notice.id, NoticeReason.SPAM, "Again and again", "en", NOW),),
            (NoteSeen(note.id, "Ask Ms. Example", "two@example.org", NOW),),
            (OtherCase(pointed_at, CaseKind.NOTICE),),
        )
    with database() as session:
        item = case_items(session, Actor(one), case_ids=[case_id], now=NOW)[0]
        later = case_items(session, Actor(one), case_ids=[case_id], now=NOW + timedelta(minutes=1))[0]
        own = case_items(session, Actor(colleague), case_ids=[case_id], now=NOW)[0]
        with pytest.raises(Missing):
            group_of(session, place.id + 1, case_id)
        assert case_items(session, Actor(one), case_ids=[], now=NOW) == ()
    assert (item.notices, item.notes, item.also) == expected
    assert [(seen.kind, seen.details) for seen in item.signals] == [(SignalKind.RATE, {"texts": 9})]
    assert (item.title, item.text, item.answers, item.pseudonym) == ("Mehr Bäume", "Darum.", "Warum?", "Rote Ulme")
    assert (item.state, item.is_public, item.was_public, item.is_open) == ("in_review", False, False, True)
    assert (item.assigned_to, item.is_mine, item.is_escalated) == ("one@example.org", True, True)
    assert (item.held_by, item.is_held_by_me, later.held_by) == ("two@example.org", False, "")
    assert (own.held_by, own.is_held_by_me, own.is_mine) == ("", True, False)
    assert item.token == f"{case_id}-{item.read}"
    assert len(item.read) == 64


def test_a_case_of_an_appeal_or_a_message_says_what_was_written(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        one = make.account(session)
        author = make.participant(session, place)
        idea = make.idea(session, place, author=author, state=IdeaState.HIDDEN)
        decision = Decision(
            process_id=place.id, idea_id=idea, kind=DecisionKind.HIDE, reason="Why", decided_by=one, decided_at=NOW
        )
        session.add(decision)
        session.flush()
        appeal = Appeal(
            process_id=place.id,
            decision_id=decision.id,
            participant_id=author,
            text="I object",
            language="en",
            submitted_at=NOW,
            due_at=NOW,
        )
        messages = [
            Message(
                process_id=place.id,
                participant_id=author,
                subject_kind=SubjectKind.IDEA,
                subject_id=idea,
                from_team=from_team,
                text=text,
                language="en",
                written_at=NOW,
            )
            for from_team, text in ((True, "Where is it?"), (False, "There"), (False, "Behind it"), (True, "Thanks"))
        ]
        session.add_all([appeal, *messages])
        session.flush()
        subject = CaseSubject(place.id, SubjectKind.IDEA, idea, idea, "de")
        open_case(session, CaseKind.APPEAL, subject, due_at=NOW, now=NOW, about_id=decision.id)
        about = messages[0].id
        open_case(session, CaseKind.MESSAGE, subject, due_at=NOW + timedelta(hours=1), now=NOW, about_id=about)
        expected = (
            AppealSeen(appeal.id, "I object", "en", NOW, decision.id, DecisionKind.HIDE, decided_by_me=True),
            MessageSeen(messages[2].id, "Behind it", "en", NOW),
        )
    with database() as session:
        items = queue(session, Actor(one), process_id=place.id, now=NOW).items
        (stranger, _message) = queue(session, ANONYMOUS, process_id=place.id, now=NOW).items
    assert [(item.kind, item.appeal, item.message) for item in items] == [
        (CaseKind.APPEAL, expected[0], None),
        (CaseKind.MESSAGE, None, expected[1]),
    ]
    assert stranger.appeal
    assert not stranger.appeal.decided_by_me


def test_a_case_whose_contribution_was_taken_back_is_still_there(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        case_id = waiting_idea(session, place)
        session.execute(update(Idea).values(state=IdeaState.WITHDRAWN))
        session.execute(update(Case).values(closed_at=NOW))
    with database() as session:
        item = case_items(session, SOMEBODY, case_ids=[case_id], now=NOW)[0]
    assert (item.state, item.is_open, item.is_overdue) == ("withdrawn", False, False)
