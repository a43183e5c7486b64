"""The inbox: what stands in it for whom, what is new, how often mail comes, and the link that ends mail."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.models import Account, MailRhythm
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.moderation.models import DecisionKind
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.queries import PAGE
from participation.notifications.service import tell
from participation.notifications.tidying import tidy_inboxes
from participation.notifications.unsubscribing import unsubscribe_token
from tests import make
from tests.conftest import Sessions
from tests.notifications.village import Village
from tests.pages import PageClient

HERE = "/en/my/inbox"


@pytest.fixture
def ada(member: Any, village: Village) -> PageClient:
    """Ada, signed in."""
    return member(email="ada@example.org")


def tell_ada(session: Any, village: Village, kind: EntryKind, *subjects: int) -> None:
    """Put entries into Ada's inbox."""
    for subject_id in subjects:
        tell(session, [village.ada], kind, subject_id, process_id=village.place.id, now=clock.now())


HEADLINES = [
    "Your translation into Turkish is shown to readers",
    "1 report of a barrier has to be answered soon",
    "Somebody reported a barrier",
    "1 contribution waits longer than promised",
    "Somebody answered your comment",
    "Somebody commented on your idea",
    "Your idea stands on its own again",
    "Your idea stands together with 2 others that say the same",
    "1 measure should be done soon",
    "1 day that the city promised comes near",
    "1 answer of a department is due",
    "Statement 1 lost a source and has to be signed off anew",
    "Statement 2 waits for somebody to sign it off",
    "Your idea has become part of a statement for the strategy",
    "What the city does about your idea",
    "The city has answered your idea",
    "The moderation team wrote to you",
    "What you reported has been decided about",
    "Your objection has been answered",
    "Your idea has other principles or another field of action now",
]


def test_each_kind_of_news_says_what_happened_and_leads_there(
    app: Flask, transact: Sessions, ada: PageClient, village: Village
) -> None:
    with transact() as session:
        village.tell_one_of_each(session)
    # The comments are in another language: one statement asks for their wordings.
    page = ada.get(HERE, budget=28)
    assert page.texts(".inbox-item__title", seen=True) == HEADLINES
    assert page.texts("a .site-menu__count .number") == [str(len(HEADLINES))]
    for words in (
        "Benches & trees",
        "Half of it (en)",
        "More shade",
        "Fleißige Biene writes:",
        "Hello there",
        "It stays",
    ):
        assert words in page.text or words.replace("&", "&amp;") in page.text
    assert "secret notice" not in page.text
    links = page.links(".inbox-item__title a")
    assert len(links) == len(HEADLINES)
    for link in links.values():
        # What the team is told of leads to its desk.
        ada.get(link, status=403 if "/desk/" in link else 200)


@pytest.mark.parametrize("entries", [1, 3])
def test_the_inbox_takes_the_same_number_of_statements_for_one_entry_and_for_many(
    transact: Sessions, ada: PageClient, village: Village, entries: int
) -> None:
    with transact() as session:
        comments = [
            make.comment(session, village.place, make.idea(session, village.place, author=village.ada_there))
            for _ in range(entries)
        ]
        tell_ada(session, village, EntryKind.COMMENT, *comments)
    assert len(ada.get(HERE, budget=6).texts(".inbox-item__title")) == entries


def test_what_is_not_public_any_more_says_no_words(transact: Sessions, ada: PageClient, village: Village) -> None:
    with transact() as session:
        comment = make.comment(session, village.place, village.idea, body="Foul words")
        decision = village.decision(session, DecisionKind.PUBLISH)
        undone = village.decision(session, undone_at=clock.now())
        answer = make.answer(session, idea_id=village.idea, words="Foul words are no idea")
        tell_ada(session, village, EntryKind.COMMENT, comment)
        tell_ada(session, village, EntryKind.DECISION, decision, undone)
        tell_ada(session, village, EntryKind.ANSWER, answer)
    assert ada.get(HERE).text.count("Foul words") == 2
    with transact() as session:
        session.get_one(Comment, comment).state = CommentState.HIDDEN
        session.get_one(Idea, village.idea).state = IdeaState.HIDDEN
    page = ada.get(HERE)
    assert "Foul words" not in page.text
    assert "Benches" not in page.text
    gone = ["An answer of the city", "A decision about your contribution", "A comment on your idea"]
    assert [title for title in page.texts(".inbox-item__title", seen=True) if title in gone] == gone
    assert page.text.count("This is not there any more.") == 3


def test_entries_are_marked_as_read_one_by_one_and_all_that_were_seen(
    transact: Sessions, database: Sessions, ada: PageClient, member: Any, village: Village
) -> None:
    with transact() as session:
        ideas = [make.idea(session, village.place, author=village.ada_there) for _ in range(3)]
        tell_ada(session, village, EntryKind.COMMENT, *(make.comment(session, village.place, idea) for idea in ideas))
    page = ada.get(HERE)
    one = ada.submit(page, 1)
    assert one.location == HERE
    assert ada.get(HERE).texts(".badge--accent") == ["New", "New"]
    seen = ada.get(HERE)
    with transact() as session:
        tell_ada(session, village, EntryKind.DECISION, village.decision(session))
    ada.submit(seen, 0)
    page = ada.get(HERE)
    assert page.texts(".badge--accent") == ["New"]
    assert page.texts("a .site-menu__count .number") == ["1"]
    ben = member(email="ben@example.org")
    with database() as session:
        entries = " ".join(map(str, session.scalars(select(InboxEntry.id))))
    ben_page = ben.get(HERE)
    assert ben_page.texts(".inbox-item__title") == []
    token = ben_page.select("[name=csrf_token]")[0].get("value")
    ben.post("/en/my/inbox/read", data={"entries": entries, "csrf_token": token}, status=303)
    ben.post("/en/my/inbox/read", data={"entries": "1;2", "csrf_token": token}, status=400)
    ben.post("/en/my/inbox/read", data={"through": "x", "csrf_token": token}, status=400)
    with database() as session:
        assert session.get_one(Account, village.ada).unread == 1


def test_a_long_inbox_has_pages(transact: Sessions, ada: PageClient, village: Village) -> None:
    with transact() as session:
        decisions = [village.decision(session, reason=f"Reason {number}.") for number in range(PAGE + 2)]
        tell_ada(session, village, EntryKind.DECISION, *decisions)
    page = ada.get(HERE)
    assert len(page.texts(".inbox-item__title")) == PAGE
    last = ada.get(page.links("a[rel=next]")["Next"])
    assert [words for words in ("Reason 0.", "Reason 1.") if words in last.text] == ["Reason 0.", "Reason 1."]
    assert len(last.texts(".inbox-item__title")) == 2
    ada.get(f"{HERE}?before=x", status=400)


def test_everybody_chooses_how_often_mail_comes(database: Sessions, ada: PageClient, village: Village) -> None:
    page = ada.get("/en/my/notifications")
    assert "ada@example.org" in page.text
    assert ada.submit(page, "main form", forge={"rhythm": "hourly"}, status=422).texts(".field__error")
    ada.submit(page, "main form", rhythm="weekly")
    with database() as session:
        assert session.get_one(Account, village.ada).mail_rhythm is MailRhythm.WEEKLY
        assert session.get_one(Account, village.ben).mail_rhythm is MailRhythm.AT_ONCE


def test_mail_ends_by_a_post_from_a_mail_program_and_not_by_looking(
    app: Flask, database: Sessions, client: PageClient, village: Village
) -> None:
    with app.app_context():
        address = f"/de/unsubscribe/{unsubscribe_token(village.ada)}"
    page = client.get(address)
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"

    def rhythm() -> MailRhythm:
        with database() as session:
            return session.get_one(Account, village.ada).mail_rhythm

    assert rhythm() is MailRhythm.AT_ONCE
    # As RFC 8058 has it: no cookie, no token of the page, no redirect.
    mail_program = app.test_client(use_cookies=False)
    answer = mail_program.post(address, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    assert rhythm() is MailRhythm.NEVER
    client.post(f"{address}x", status=400)
    assert client.get(f"{address}x", status=404).h1


def test_the_form_behind_the_link_does_the_same(
    app: Flask, database: Sessions, client: PageClient, village: Village
) -> None:
    with app.app_context():
        page = client.get(f"/en/unsubscribe/{unsubscribe_token(village.ben)}")
    assert client.submit(page, "main form", status=200).h1 == "You get no more mail"
    with database() as session:
        assert session.get_one(Account, village.ben).mail_rhythm is MailRhythm.NEVER


def test_what_was_read_long_ago_goes(app: Flask, transact: Sessions, database: Sessions, village: Village) -> None:
    with transact() as session:
        tell_ada(session, village, EntryKind.DECISION, *(village.decision(session) for _ in range(3)))
        entries = session.scalars(select(InboxEntry).order_by(InboxEntry.id)).all()
        entries[0].read_at, entries[1].read_at = clock.now() - timedelta(days=366), clock.now()
        kept = [entries[1].id, entries[2].id]
    with app.app_context():
        tidy_inboxes(lambda: None)
    with database() as session:
        assert session.scalars(select(InboxEntry.id).order_by(InboxEntry.id)).all() == kept
