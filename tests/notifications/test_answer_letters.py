"""Letters about the city's answers: to the author of an idea, and to everybody a statement goes back to, once each."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from participation.activity.models import Delivery, DeliveryState, LogEntry, RecordedEvent
from participation.activity.worker import work_once
from participation.kit import clock
from participation.notifications import letters, spreading
from participation.strategy.answering.events import IdeaAnswered, MeasureReported, StatementAnswered
from participation.strategy.events import StatementSigned
from participation.strategy.models import AnswerOutcome
from tests import make
from tests.conftest import Sessions
from tests.mailbox import spooled

TITLE = "Benches & <b>trees</b>"


def by_recipient(app: Flask, about: str = "The city has answered") -> list[EmailMessage]:
    """Return the messages in the spool folder whose subjects begin so, by recipient."""
    letters_found = (letter for letter in spooled(app) if str(letter["Subject"]).startswith(about))
    return sorted(letters_found, key=lambda letter: str(letter["To"]))


@pytest.fixture(autouse=True)
def known_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links in letters lead to a known place, whatever the environment says."""
    monkeypatch.setitem(app.config, "BASE_URL", "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("language", "subject", "outcome", "words"),
    [
        ("en", f"The city has answered your idea: {TITLE}", "Yes, in part", "Half of it (en)"),
        ("de", None, None, "Half of it (de)"),
    ],
)
def test_the_author_of_an_idea_reads_the_answer_in_their_language(
    app: Flask, transact: Sessions, language: str, subject: str | None, outcome: str | None, words: str
) -> None:
    with transact() as session:
        place = make.process(session)
        account = make.account(session, "author@example.org", language=language)
        author = make.participant(session, place, account_id=account)
        idea = make.idea(session, place, author=author, title=TITLE)
        make.answer(session, idea_id=idea, outcome=AnswerOutcome.PARTLY, words="Half of it", department="Parks & paths")
    with app.app_context():
        # One delivery puts it into the inbox, the other one mails it.
        assert work_once({}) == 2
        assert work_once({}) == 0
    (letter,) = by_recipient(app, "")
    text = letter.get_content()
    assert (letter["To"], letter["Content-Language"]) == ("author@example.org", language)
    for part in (words, "Parks & paths", f"http://127.0.0.1:8000{place.url(f'/ideas/{idea}', language=language)}"):
        assert part in text
    if subject and outcome:
        assert letter["Subject"] == subject
        assert outcome in text


def test_an_author_without_an_account_and_an_answer_that_is_gone_are_no_error(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        make.answer(session, idea_id=make.idea(session, place))
    with app.app_context():
        assert work_once({}) == 1
        spreading.of_answer(IdeaAnswered(10**6))
        spreading.of_answer(StatementAnswered(10**6))
        spreading.of_step(MeasureReported(10**6))
        spreading.of_statement(StatementSigned(10**6, 1))
    assert spooled(app) == []


def test_each_author_behind_a_statement_gets_one_letter(
    app: Flask, transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "WINDOW", 2)
    with transact() as session:
        place = make.process(session)
        people = [
            make.participant(session, place, account_id=make.account(session, f"{number}@example.org", language="en"))
            for number in range(5)
        ]
        ideas = [make.idea(session, place, author=person) for person in (*people, people[0])]
        ideas.append(make.idea(session, place))
        clusters = [make.cluster(session, place, ideas=some) for some in (ideas, ideas[:2])]
        make.idea(session, place, author=make.participant(session, place, account_id=make.account(session)))
        statement = make.statement(session, place, clusters, words="Trees everywhere")
        make.answer(session, statement_id=statement, words="Step by step")
    with app.app_context():
        work_once({})
    found = by_recipient(app)
    assert [letter["To"] for letter in found] == [f"{number}@example.org" for number in range(5)]
    for letter in found:
        text = letter.get_content()
        assert letter["Subject"] == "The city has answered a statement that rests on your idea"
        assert "Trees everywhere (en)" in text
        assert "Step by step (en)" in text
        assert f"http://127.0.0.1:8000{place.url(f'/statements/{statement}', language='en')}" in text
    with database() as session:
        assert set(session.scalars(select(Delivery.state))) == {DeliveryState.DONE}
        steps = session.scalars(select(RecordedEvent.payload).where(RecordedEvent.name == "PeopleToTell")).all()
        assert steps
        assert {step["after"] % spreading.WINDOW for step in steps} == {0}, "no step names somebody behind an idea"
        assert session.scalars(select(LogEntry.action).where(LogEntry.action.contains("ToTell"))).all() == []


def test_one_letter_that_cannot_be_sent_holds_up_no_other(
    app: Flask, transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        place = make.process(session)
        people = [make.account(session, f"{name}@example.org", language="en") for name in ("bad", "good")]
        authors = [make.participant(session, place, account_id=person) for person in people]
        ideas = [make.idea(session, place, author=author) for author in authors]
        statement = make.statement(session, place, [make.cluster(session, place, ideas=ideas)])
        make.answer(session, statement_id=statement)

    def refuse_one(letter: object, settings: object, send: Callable[..., None] = letters.send) -> None:
        if getattr(letter, "to", "") == "bad@example.org":
            raise OSError("no such mailbox")
        send(letter, settings)

    monkeypatch.setattr(letters, "send", refuse_one)
    with app.app_context():
        work_once({})
    assert [letter["To"] for letter in by_recipient(app)] == ["good@example.org"]
    with database() as session:
        waiting = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.WAITING)).all()
        assert [(one.attempts, one.available_at > clock.now()) for one in waiting] == [(1, True)] * 2
