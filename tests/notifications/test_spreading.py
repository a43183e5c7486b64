"""Who hears of the city's answers, measures and statements: along the provenance, each once, in windows."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.activity.worker import work_once
from participation.curation.board.filing import unfile_idea
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.notifications import spreading
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.service import unread_breaks
from participation.processes.models import Participant
from participation.strategy.models import MeasureState
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.mailbox import spooled

MORE = 30


def people(session: Session, place: make.Place, *names: str) -> dict[str, int]:
    """Return participants with accounts, by name."""
    return {
        name: make.participant(session, place, account_id=make.account(session, f"{name}@example.org", language="en"))
        for name in names
    }


def test_everybody_along_the_provenance_is_told_once(
    app: Flask, transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "WINDOW", 2)
    with transact() as session:
        place = make.process(session)
        who = people(session, place, "author", "agrees", "both", "disagrees", "unsure", "elsewhere", "left", "hidden")
        first = make.idea(session, place, author=who["author"])
        second = make.idea(session, place, author=who["both"])
        gone = make.idea(session, place, author=who["hidden"])
        apart = make.idea(session, place, author=who["elsewhere"])
        left = make.idea(session, place, author=who["left"])
        for idea, name, stance in (
            (first, "agrees", Stance.AGREE),
            (second, "agrees", Stance.AGREE),
            (first, "both", Stance.AGREE),
            (first, "disagrees", Stance.DISAGREE),
            (second, "unsure", Stance.UNSURE),
            (apart, "elsewhere", Stance.AGREE),
        ):
            make.vote(session, place, idea, stance, by=who[name])
        for _ in range(MORE):
            # People who came with a file have no account, and nobody to tell.
            make.vote(session, place, first, Stance.AGREE)
        clusters = [make.cluster(session, place, ideas=some) for some in ([first, second, gone, left], [first])]
        session.get_one(Idea, gone).state = IdeaState.HIDDEN
        statement = make.statement(session, place, clusters)
        unfile_idea(session, SYSTEM, idea_id=left, cluster_id=clusters[0], now=clock.now())
        bundle = make.bundle(session, [second, apart])
        answers = {
            "statement": make.answer(session, statement_id=statement),
            "idea": make.answer(session, idea_id=first),
            "bundle": make.answer(session, bundle_id=bundle),
        }
        measure = make.measure(session, answers["idea"])
    with app.app_context():
        work_once({})
        with transact() as session:
            last = make.step(session, measure, MeasureState.DONE)
        work_once({})
    with database() as session:
        accounts = _accounts(session, who)

        def readers(kind: EntryKind, subject_id: int) -> list[str]:
            rows = session.scalars(
                select(InboxEntry.account_id).where(InboxEntry.kind == kind, InboxEntry.subject_id == subject_id)
            ).all()
            assert len(set(rows)) == len(rows)
            return sorted(name for name, account_id in accounts.items() if account_id in rows)

        behind_statement = ["agrees", "author", "both"]
        assert readers(EntryKind.STATEMENT, statement) == behind_statement
        assert readers(EntryKind.ANSWER, answers["statement"]) == behind_statement
        assert readers(EntryKind.ANSWER, answers["idea"]) == behind_statement
        assert readers(EntryKind.ANSWER, answers["bundle"]) == ["agrees", "both", "elsewhere"]
        assert readers(EntryKind.MEASURE, last) == behind_statement
        assert unread_breaks(session) == []


def _accounts(session: Session, who: dict[str, int]) -> dict[str, int]:
    return {name: session.get_one(Participant, number).account_id or 0 for name, number in who.items()}


@pytest.mark.parametrize("about", ["idea", "bundle", "statement"])
def test_letters_say_what_one_has_to_do_with_it(app: Flask, transact: Sessions, about: str) -> None:
    with transact() as session:
        place = make.process(session)
        who = people(session, place, "author", "supporter")
        ideas = [make.idea(session, place, author=who["author"], title="Benches"), make.idea(session, place)]
        make.vote(session, place, ideas[0], Stance.AGREE, by=who["supporter"])
        subject = {
            "idea": lambda: ideas[0],
            "bundle": lambda: make.bundle(session, ideas),
            "statement": lambda: make.statement(session, place, [make.cluster(session, place, ideas=ideas)]),
        }[about]()
        answer = make.answer(session, **{f"{about}_id": subject}, words="We do it")
        make.measure(session, answer, title="Ten benches")
    with app.app_context():
        work_once({})
    subjects: dict[str, list[str]] = {"author@example.org": [], "supporter@example.org": []}
    for letter in spooled(app):
        # Those who write statements hear of them, too.
        subjects.setdefault(str(letter["To"]), []).append(str(letter["Subject"]).strip())
        if "does about" in str(letter["Subject"]):
            assert "Ten benches (en)" in letter.get_content()
            assert "#measure-" in letter.get_content()
    expected = {
        "idea": (
            ["The city has answered your idea: Benches", "What the city does about your idea: Benches"],
            [
                "The city has answered an idea you agreed with: Benches",
                "What the city does about what you agreed with: Benches",
            ],
        ),
        "bundle": (
            [
                "The city has answered your idea and others that say the same: Benches",
                "What the city does about your idea: Benches",
            ],
            [
                "The city has answered ideas you agreed with: Benches",
                "What the city does about what you agreed with: Benches",
            ],
        ),
        "statement": (
            [
                "The city has answered a statement that rests on your idea",
                "What the city does about a statement that rests on your idea",
                "Your idea has become part of a statement for the strategy",
            ],
            [
                "The city has answered a statement that rests on what you agreed with",
                "What the city does about a statement that rests on what you agreed with",
                "What you agreed with has become part of a statement for the strategy",
            ],
        ),
    }[about]
    bundled = ["Your idea stands together with 1 other that says the same: Benches"] if about == "bundle" else []
    assert sorted(subjects["author@example.org"]) == sorted([*expected[0], *bundled])
    assert sorted(subjects["supporter@example.org"]) == expected[1]


def test_what_is_not_public_any_more_is_told_to_nobody(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        who = people(session, place, "supporter")
        idea = make.idea(session, place, title="Secret by now")
        make.vote(session, place, idea, Stance.AGREE, by=who["supporter"])
        make.answer(session, idea_id=idea, words="Secret answer")
    with transact() as session:
        session.get_one(Idea, idea).state = IdeaState.HIDDEN
    with app.app_context():
        work_once({})
    assert spooled(app) == []
    with database() as session:
        assert session.scalars(select(InboxEntry.id)).all() == []
