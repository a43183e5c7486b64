"""Letters at once: what they say about each kind of news, to whom, and how they can be stopped."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accounts.models import Account, MailRhythm
from participation.activity.worker import work_once
from participation.comments.events import CommentPublished
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.moderation.grounds import grounds
from participation.moderation.models import Automation, DecisionKind
from participation.notifications import letters, telling
from participation.notifications.events import EntryAdded
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.service import tell
from participation.notifications.unsubscribing import account_of_token
from tests import make
from tests.conftest import Sessions
from tests.mailbox import spooled
from tests.notifications.village import Village

GROUND = grounds()[0]
REASON = 'Please leave out "names" & addresses'


def mailed(app: Flask, transact: Sessions, village: Village, kind: EntryKind, subject_id: int) -> list[EmailMessage]:
    """Tell Ada of something and return the letters that follow."""
    with transact() as session:
        tell(session, [village.ada], kind, subject_id, process_id=village.place.id, now=clock.now())
    with app.app_context():
        work_once({})
    return spooled(app)


@pytest.mark.parametrize(
    ("values", "subject", "words", "page"),
    [
        (
            {"kind": DecisionKind.PUBLISH},
            "Your idea is published: Benches & trees",
            ["Everybody can read it now."],
            "/ideas/{idea}",
        ),
        (
            {"ground": GROUND.key, "objection_until": datetime(2027, 5, 3, 12, tzinfo=clock.now().tzinfo)},
            "Your idea is hidden",
            [
                f"It rests on: {GROUND.title['en']} ({GROUND.cite})",
                REASON,
                "No program took part",
                "object until 3 May 2027",
                "It is about what you",
            ],
            "/my/decisions/{decision}",
        ),
        (
            {"kind": DecisionKind.SUSPEND, "lasts_until": datetime(2027, 5, 3, 12, tzinfo=clock.now().tzinfo)},
            "You cannot write in this process for a while, because of your idea: Benches & trees",
            ["It lasts until 3 May 2027", "You can still read everything and vote."],
            "/my/decisions/{decision}",
        ),
        (
            {"block_texts": {"en": "Saved words", "de": "Textbaustein"}, "objection_until": clock.now()},
            "Your idea is hidden",
            ["Saved words"],
            "/my/decisions/{decision}",
        ),
        (
            {"automation": Automation.SIGNALLED, "objection_until": clock.now()},
            "Your idea is hidden",
            ["A program had pointed moderators to the text."],
            "/my/decisions/{decision}",
        ),
        (
            {"kind": DecisionKind.MOVE, "objection_until": datetime(2027, 5, 3, 12, tzinfo=clock.now().tzinfo)},
            "Your idea has other principles or another field of action now: Benches & trees",
            ["object until 3 May 2027"],
            "/my/decisions/{decision}",
        ),
    ],
    ids=["published", "hidden", "suspended", "text block", "signalled", "moved"],
)
def test_a_decision_is_told_with_its_reasons(
    app: Flask, transact: Sessions, village: Village, values: dict[str, Any], subject: str, words: list[str], page: str
) -> None:
    with transact() as session:
        if values.get("kind", DecisionKind.HIDE) is DecisionKind.HIDE:
            session.get_one(Idea, village.idea).state = IdeaState.HIDDEN
        decision = village.decision(session, **{"reason": REASON, **values})
    (letter,) = mailed(app, transact, village, EntryKind.DECISION, decision)
    text = letter.get_content()
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", subject)
    for part in (*words, "Process digital (en)", page.format(idea=village.idea, decision=decision)):
        assert part in text, text
    assert ("Benches" in text) is ("Benches" in subject)
    assert "moderator@" not in text


def test_reactions_are_mailed_with_their_words_as_long_as_they_are_public(
    app: Flask, transact: Sessions, village: Village
) -> None:
    with transact() as session:
        comment = make.comment(session, village.place, village.idea, body="More & more trees", author=village.ben_there)
    (letter,) = mailed(app, transact, village, EntryKind.COMMENT, comment)
    text = letter.get_content()
    assert letter["Subject"] == "Somebody commented on your idea: Benches & trees"
    assert "Fleißige Biene writes:\n\nMore & more trees" in text
    assert f"https://take-part.example.org/en/processes/digital/ideas/{village.idea}/comments/{comment}" in text


@pytest.mark.parametrize("kind", [EntryKind.COMMENT, EntryKind.REPLY])
def test_nothing_is_mailed_about_what_is_hidden_by_then(
    app: Flask, transact: Sessions, village: Village, kind: EntryKind
) -> None:
    with transact() as session:
        comment = make.comment(session, village.place, village.idea, state=CommentState.HIDDEN)
        other = make.comment(session, village.place, make.idea(session, village.place, state=IdeaState.HIDDEN))
    assert mailed(app, transact, village, kind, comment) == []
    assert mailed(app, transact, village, kind, other) == []
    with transact() as session:
        session.get_one(Comment, comment).state = CommentState.PUBLISHED
        entry = session.scalars(select(InboxEntry.id).order_by(InboxEntry.id)).first()
    with app.app_context():
        letters.mail_entry(EntryAdded(entry or 0))
    assert len(spooled(app)) == 1


def test_a_lively_discussion_makes_one_letter_until_its_reader_looks(
    app: Flask, transact: Sessions, village: Village
) -> None:
    with transact() as session:
        comments = make.comments(session, village.place, village.idea, 4)
        elsewhere = make.comment(session, village.place, make.idea(session, village.place, author=village.ada_there))
    for comment in comments[:3]:
        mailed(app, transact, village, EntryKind.COMMENT, comment)
    assert len(spooled(app)) == 1
    assert len(mailed(app, transact, village, EntryKind.COMMENT, elsewhere)) == 2
    with transact() as session:
        session.query(InboxEntry).update({"read_at": clock.now()})
    assert len(mailed(app, transact, village, EntryKind.COMMENT, comments[3])) == 3


@pytest.mark.parametrize("rhythm", [MailRhythm.DAILY, MailRhythm.WEEKLY, MailRhythm.NEVER])
def test_other_rhythms_get_no_letter_at_once(
    app: Flask, transact: Sessions, village: Village, rhythm: MailRhythm
) -> None:
    with transact() as session:
        session.get_one(Account, village.ada).mail_rhythm = rhythm
        comment = make.comment(session, village.place, village.idea)
    assert mailed(app, transact, village, EntryKind.COMMENT, comment) == []


def test_what_was_read_meanwhile_is_not_mailed_and_a_repetition_is_the_same_message(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        read, new = (make.comment(session, village.place, village.idea) for _ in range(2))
        for comment in (read, new):
            tell(session, [village.ada], EntryKind.COMMENT, comment, process_id=village.place.id, now=clock.now())
        entries = session.scalars(select(InboxEntry).order_by(InboxEntry.id)).all()
        entries[0].read_at = clock.now()
        ids = [entry.id for entry in entries]
    with app.app_context():
        letters.mail_entry(EntryAdded(ids[0]))
        assert spooled(app) == []
        letters.mail_entry(EntryAdded(ids[1]))
        first = spooled(app)
        with database() as session:
            assert session.get_one(InboxEntry, ids[1]).mailed_at is not None
        letters.mail_entry(EntryAdded(ids[1]))
        assert [letter["Message-ID"] for letter in spooled(app)] == [letter["Message-ID"] for letter in first]
        # The worker died right after the server took it.
        with transact() as session:
            session.query(InboxEntry).update({"mailed_at": None})
        letters.mail_entry(EntryAdded(ids[1]))
    assert [letter["Message-ID"] for letter in spooled(app)] == [letter["Message-ID"] for letter in first]


def test_every_letter_can_be_stopped_with_one_click(app: Flask, transact: Sessions, village: Village) -> None:
    with transact() as session:
        comment = make.comment(session, village.place, village.idea)
    (letter,) = mailed(app, transact, village, EntryKind.COMMENT, comment)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<https://take-part\.example\.org/en/unsubscribe/(\S+)>", letter["List-Unsubscribe"])
    assert address
    with app.app_context():
        assert account_of_token(address[1]) == village.ada
        assert account_of_token(address[1] + "x") is None
    text = letter.get_content()
    assert letter["List-Unsubscribe"].strip("<>") in text
    assert "https://take-part.example.org/en/my/notifications" in text


def test_reactions_wait_until_moderators_cannot_take_back_any_more(
    app: Flask, transact: Sessions, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    with transact() as session:
        comment = make.comment(session, village.place, village.idea)
    with app.app_context():
        telling.of_comment(CommentPublished(comment))
        work_once({})
    assert spooled(app) == []
    with time_machine.travel(clock.now() + timedelta(seconds=121)), app.app_context():
        work_once({})
    assert len(spooled(app)) == 1
