"""What everybody may know of the moderation: page, figures, log and files; and what stands nowhere in them."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.moderation.appeals.service import answer_appeal, submit_appeal
from participation.moderation.models import Appeal, AppealOutcome, Automation, Decision, DecisionKind, MonthCount
from participation.moderation.openness import log as public_log
from participation.moderation.openness.figures import MonthFigures, Promise, month_figures, months_until, promises
from participation.moderation.openness.log import PAGE, log_lines
from participation.moderation.openness.month_counts import count_months, figures_by_month
from participation.moderation.service import Subject, decide
from participation.moderation.subjects import salted
from participation.moderation.undoing import undo_decision
from participation.notices.models import Notice, NoticeReason
from participation.notices.service import NoticeText, give_notice
from participation.processes.models import Phase, ProcessState
from participation.processes.queries import process_by_id
from participation.receipts.signing import text_digest
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
PAGE_OF = "/en/processes/digital/moderation"
TITLE, TEXT, FACTS = "Verborgener Titel", "Verborgener Text", "Weil es jemanden angreift"
NOTICE, CONTACT, OBJECTION, ANSWER = "Gemeldeter Wortlaut", "informant@example.org", "Mein Einspruch", "Unsere Antwort"
PSEUDONYM, DECIDER, ANSWERER = "Stille Weide", "decider@example.org", "answerer@example.org"
SECRETS = (TITLE, TEXT, FACTS, NOTICE, CONTACT, OBJECTION, ANSWER, PSEUDONYM, DECIDER, ANSWERER)
BERLIN = clock.zone("Europe/Berlin")
ENTRY = ".moderation-log__entry"


@dataclass(frozen=True, slots=True)
class Scene:
    """A process in which one idea was pointed at, hidden, objected to and restored, and another one published."""

    place: Place
    hidden: int
    appealed: int
    published: int
    imported: int


@pytest.fixture
def scene(transact: Sessions) -> Scene:
    """Things happened yesterday, so that nothing can be taken back any more."""
    now = clock.now() - timedelta(days=1)
    with transact() as session:
        place = make.process(session, review_first=True)
        author = make.account(session, "author@example.org")
        participant = make.participant(session, place, account_id=author, pseudonym=PSEUDONYM)
        decider = _moderator(session, place, DECIDER)
        ideas = [
            make.idea(session, place, author=participant, title=TITLE, body=TEXT, at=now - timedelta(hours=5))
            for _number in range(2)
        ]
        _notice(session, place, ideas[0], now)
        hidden, appealed = (_decided(session, decider, idea, DecisionKind.HIDE, now=now) for idea in ideas)
        appeal = submit_appeal(
            session,
            make.actor(session, author),
            decision_id=appealed,
            text=OBJECTION,
            language="de",
            answer_within=timedelta(days=14),
            now=now,
        )
        waiting = make.idea(session, place, state=IdeaState.IN_REVIEW, at=now - timedelta(hours=3))
        published = _decided(session, decider, waiting, DecisionKind.PUBLISH, now=now)
        other = _moderator(session, place, ANSWERER)
        answer_appeal(session, other, appeal_id=appeal.id, outcome=AppealOutcome.CHANGED, answer=ANSWER, now=now)
        comment = make.comment(session, place, waiting)
        imported = decide(
            session,
            SYSTEM,
            subject=Subject("comment", comment),
            kind=DecisionKind.HIDE,
            automation=Automation.IMPORTED,
            now=now,
        ).id
    return Scene(place, hidden, appealed, published, imported)


def _moderator(session: Session, place: Place, email: str) -> Actor:
    return make.actor(session, make.account(session, email), role=Role.MODERATOR, process_id=place.id)


def _decided(session: Session, actor: Actor, idea: int, kind: DecisionKind, *, now: datetime) -> int:
    subject = Subject("idea", idea)
    return decide(session, actor, subject=subject, kind=kind, ground="rule-respect", reason=FACTS, now=now).id


def _notice(session: Session, place: Place, idea: int, now: datetime) -> None:
    give_notice(
        session,
        ANONYMOUS,
        process=process_by_id(session, place.id),
        kind=SubjectKind.IDEA,
        subject_id=idea,
        said=NoticeText(NoticeReason.INSULT, NOTICE, "de", CONTACT),
        code="a code",
        submission_key=None,
        answered_within=timedelta(days=7),
        now=now - timedelta(hours=2),
    )


def _entries(client: PageClient) -> dict[int, dict[str, str]]:
    """Return the log as a file, by the numbers of its decisions."""
    rows = csv.DictReader(io.StringIO(client.get(f"{PAGE_OF}.csv").text))
    return {int(row["number"]): row for row in rows}


def test_the_log_says_what_was_decided(client: PageClient, database: Sessions, scene: Scene) -> None:
    day = (clock.now() - timedelta(days=1)).astimezone(BERLIN).date().isoformat()
    entries = _entries(client)
    with database() as session:
        decisions = session.scalars(select(Decision).order_by(Decision.decided_at.desc(), Decision.id.desc())).all()
        assert list(entries) == [decision.id for decision in decisions]
        assert [entry["sha256"] for entry in entries.values()] == [one.content_digest for one in decisions]
        appealed = session.get_one(Decision, scene.appealed)
        assert entries[scene.appealed]["sha256"] == salted(appealed.salt, text_digest(TEXT, title=TITLE))
    common = {"day": day, "contribution": "idea", "ground": "rule-respect", "automation": "none", "objection": ""}
    for number, expected in {
        scene.hidden: {**common, "decision": "hide", "hours_waited": "2.0"},
        scene.appealed: {**common, "decision": "hide", "hours_waited": "", "objection": "changed"},
        scene.published: {**common, "decision": "publish", "hours_waited": "3.0"},
        scene.imported: {
            **common,
            "contribution": "comment",
            "decision": "hide",
            "automation": "imported",
            "ground": "",
        },
    }.items():
        assert {name: entries[number][name] for name in expected} == expected
    assert entries[scene.hidden]["ground_cite"] != ""
    page = client.get(PAGE_OF)
    (row,) = [row for row in page.texts(ENTRY) if entries[scene.appealed]["sha256"][:16] in row]
    assert row.startswith("Hidden Idea Rule 1:")
    assert "The decision was changed" in row


def test_neither_texts_nor_names_stand_anywhere_in_it(client: PageClient, database: Sessions, scene: Scene) -> None:
    with database() as session:
        assert FACTS in session.scalars(select(Decision.reason)).all()
        assert session.scalars(select(Appeal.text)).all() == [OBJECTION]
        assert session.scalars(select(Notice.contact)).all() == [CONTACT]
    for ending in ("", ".csv", ".json", f"?before={scene.imported}"):
        answer = client.get(f"{PAGE_OF}{ending}")
        assert [secret for secret in SECRETS if secret in answer.text or secret in str(answer.headers)] == []


def test_the_figures_per_month(client: PageClient, scene: Scene) -> None:
    document = json.loads(client.get(f"{PAGE_OF}.json").text)
    assert [set(entry) for entry in document["decisions"]] == [set(_entries(client)[scene.hidden])] * 5
    month = next(one for one in reversed(document["months"]) if one["decisions"])
    assert {(entry["decision"], entry["ground"]): entry["number"] for entry in month["decisions"]} == {
        ("hide", ""): 1,
        ("hide", "rule-respect"): 2,
        ("publish", "rule-respect"): 1,
        ("restore", ""): 1,
    }
    assert sum(one["notices"] for one in document["months"]) == 1
    assert month["objections"] == {"changed": 1}
    assert month["median_hours_waited"] == 2.5
    kinds = {entry["kind"]: entry for entry in document["promises"]}
    assert kinds["notice"] == {"kind": "notice", "waiting": 0, "overdue": 0, "in_time": 1, "late": 0}
    assert (kinds["review"]["in_time"], kinds["appeal"]["in_time"]) == (1, 1)
    page = client.get(PAGE_OF)
    assert page.texts(".stats dd.stat__value") == ["0", "0", "100%", "0"]
    assert page.texts(".plot-bars tbody .number") == ["2", "1"]


def test_what_may_still_be_taken_back_does_not_appear(
    app: Flask, client: PageClient, transact: Sessions, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    with transact() as session:
        decider = make.actor(session, make.account(session, DECIDER))
        idea = make.idea(session, scene.place)
        fresh, undone = (
            _decided(session, decider, number, DecisionKind.HIDE, now=clock.now())
            for number in (idea, make.idea(session, scene.place))
        )
        undo_decision(session, decider, decision_id=undone, now=clock.now())
    assert not {fresh, undone} & set(_entries(client))
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        assert {fresh, undone} & set(_entries(client)) == {fresh}
        document = json.loads(client.get(f"{PAGE_OF}.json").text)
        assert sum(entry["number"] for one in document["months"] for entry in one["decisions"]) == 6


def test_the_rules_of_each_phase_are_published(client: PageClient, transact: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        place = make.process(session, review_first=True)
        make.phase(session, place, starts_at=now + timedelta(days=11), ends_at=now + timedelta(days=12))
        make.phase(
            session, place, starts_at=now + timedelta(days=13), ends_at=now + timedelta(days=14), allows=frozenset()
        )
        first = session.scalars(select(Phase).order_by(Phase.starts_at)).first()
        assert first is not None
        first.review_rules, first.review_hours = {"de": "Nur zum Hafen.", "en": "About the harbour only."}, 20
    page = client.get(PAGE_OF, budget=5)
    before, after = page.texts(".moderation-rules__phase")
    assert "Moderators read every contribution before it is published." in before
    assert "20 hours" in before
    assert "everybody can see how much is late" in before
    assert "About the harbour only." in before
    assert "moderators read them afterwards" in after
    assert "3 days" in after
    assert "Nothing has been decided yet." in page.one("main")
    with transact() as session:
        session.execute(update(Phase).values(publishes_itself=True))
    assert "It is published by itself" in client.get(PAGE_OF).texts(".moderation-rules__phase")[0]


def test_nobody_sees_the_page_of_a_draft(client: PageClient, member: Member, transact: Sessions) -> None:
    with transact() as session:
        make.process(session, state=ProcessState.DRAFT)
    for ending in ("", ".csv", ".json"):
        client.get(f"{PAGE_OF}{ending}", status=404)
    member(Role.STAFF).get(PAGE_OF)
    client.get("/en/processes/nowhere/moderation", status=404)


@pytest.mark.parametrize("number", [1, 3, PAGE + 1])
def test_the_page_asks_as_often_for_many_as_for_one(client: PageClient, transact: Sessions, number: int) -> None:
    with transact() as session:
        place = make.process(session)
        decider = _moderator(session, place, DECIDER)
        ideas = [make.idea(session, place) for _number in range(number)]
        last = [_decided(session, decider, idea, DecisionKind.HIDE, now=clock.now()) for idea in ideas][-1]
    page = client.get(PAGE_OF, budget=12)
    assert len(page.select(ENTRY)) == min(number, PAGE)
    if number > PAGE:
        page = client.get(page.links()["Next"].partition("#")[0], budget=5)
        assert len(page.select(ENTRY)) == 1
        assert page.select(".stats") == []
    assert client.get(f"{PAGE_OF}?before={last}", budget=5).status == 200
    client.get(f"{PAGE_OF}?before={last + 1000}", status=404)
    client.get(f"{PAGE_OF}?before=x", status=400)


def test_months_begin_at_midnight_in_the_city() -> None:
    now = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert months_until(now, BERLIN, first=None) == [datetime(2026, 4, 1, tzinfo=BERLIN)]
    first = datetime(2025, 12, 31, 22, 59, tzinfo=UTC)
    months = months_until(now, BERLIN, first=first)
    assert [f"{month:%Y-%m-%d %H:%M %z}" for month in months] == [
        "2025-12-01 00:00 +0100",
        "2026-01-01 00:00 +0100",
        "2026-02-01 00:00 +0100",
        "2026-03-01 00:00 +0100",
        "2026-04-01 00:00 +0200",
    ]
    assert len(months_until(now, BERLIN, first=datetime(2020, 1, 1, tzinfo=UTC))) == 12


def test_medians_and_kept_promises_are_counted_right(transact: Sessions) -> None:
    now, chance = clock.now(), Random(2)
    months = months_until(now, BERLIN, first=now - timedelta(days=100))
    waited: dict[int, list[int]] = {}
    kept = {"in_time": 0, "late": 0, "waiting": 0, "overdue": 0}
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        for number in range(300):
            opened = now - timedelta(days=chance.uniform(0, 99))
            due, took = opened + timedelta(hours=72), timedelta(hours=chance.expovariate(1 / 48))
            closed = None if chance.random() < 0.1 or opened + took > now else opened + took
            session.add(_case(place, idea + number, opened, due, closed))
            if closed is None:
                kept["waiting"] += 1
                kept["overdue"] += due < now
            kept["late"] += (closed or now) > due
            kept["in_time"] += closed is not None and closed <= due
            if closed is not None:
                session.add(_decision(place, idea, closed, int(took.total_seconds())))
                begun = max(index for index, begins in enumerate(months) if begins <= closed)
                waited.setdefault(begun, []).append(int(took.total_seconds()))
        session.flush()
        figures = month_figures(session, place.id, months, settled_before=now, now=now)
        assert {place_: one.median_seconds for place_, one in enumerate(figures) if one.whole} == {
            begun: round(median(values)) for begun, values in waited.items()
        }
        assert sum(one.in_time for one in figures) == kept["in_time"]
        assert sum(one.late for one in figures) == kept["late"]
        reading = promises(session, place.id, figures, now=now)[0]
        assert reading == Promise(CaseKind.REVIEW, **kept)


def test_months_that_are_over_are_counted_at_night(app: Flask, transact: Sessions) -> None:
    now = clock.now()
    months = months_until(now, BERLIN, first=now - timedelta(days=100))
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        for number, begins in enumerate(months):
            session.add_all(_decision(place, idea, begins, 60 * number) for _decision_number in range(number + 1))
            session.add(_case(place, idea + number, begins, begins + timedelta(days=3), None))
        _notice(session, place, idea, now)

    def figures() -> tuple[MonthFigures, ...]:
        with transact() as session:
            return figures_by_month(session, place.id, months, settled_before=now, now=now)

    def count() -> None:
        with app.app_context():
            count_months(lambda: None)

    counted = figures()
    count()
    with transact() as session:
        assert sorted(session.scalars(select(MonthCount.begins_at))) == months[:-1]
        # What is over is not counted again by a page, but in the next night.
        session.add(_decision(place, idea, months[1], 60))
    assert figures() == counted
    count()
    assert [one.whole for one in figures()] == [1, 3, *range(3, len(months) + 1)]
    with transact() as session:
        # Where a month was not counted yet, the page counts.
        session.execute(delete(MonthCount).where(MonthCount.begins_at == months[1]))
    assert [one.whole for one in figures()] == [1, 3, *range(3, len(months) + 1)]


def _case(place: Place, idea: int, opened: datetime, due: datetime, closed: datetime | None) -> Case:
    return Case(
        process_id=place.id,
        kind=CaseKind.REVIEW,
        subject_kind=SubjectKind.IDEA,
        subject_id=idea,
        idea_id=idea,
        language="de",
        opened_at=opened,
        due_at=due,
        place_at=due,
        closed_at=closed,
    )


def _decision(place: Place, idea: int, at: datetime, waited: int) -> Decision:
    return Decision(
        process_id=place.id, idea_id=idea, kind=DecisionKind.PUBLISH, reason="", waited_seconds=waited, decided_at=at
    )


def test_pages_of_the_log_follow_each_other(database: Sessions, scene: Scene) -> None:
    with database() as session:
        lines = log_lines(session, scene.place.id, settled_before=clock.now(), most=2)
        assert [line.number for line in lines] == sorted((line.number for line in lines), reverse=True)
        rest = log_lines(session, scene.place.id, settled_before=clock.now(), before=lines[-1].key)
        assert not {line.number for line in lines} & {line.number for line in rest}
        assert len(lines) + len(rest) == 5


def test_the_files_are_sent_in_parts(
    app: Flask, client: PageClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [client.get(f"{PAGE_OF}{ending}").text for ending in (".csv", ".json")]
    monkeypatch.setattr(public_log, "AT_ONCE", 2)
    for text, ending, parts in zip(whole, (".csv", ".json"), (3, 5), strict=True):
        answer = app.test_client().get(f"{PAGE_OF}{ending}")
        sent = [part.decode() for part in answer.iter_encoded()]
        assert len([part for part in sent if part]) == parts
        assert _undated("".join(sent)) == _undated(text)


def _undated(text: str) -> list[str]:
    return [line for line in text.splitlines() if "made_at" not in line]
