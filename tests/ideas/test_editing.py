"""Changing an idea: what is kept, what is refused, and that nobody ever votes on words they did not see."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import Actor, Role
from participation.activity.models import LogEntry
from participation.ideas.editing import edit_idea
from participation.ideas.models import Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.queries import principle_ids_of
from participation.ideas.revisions import TextChanged, says_the_same, text_seen
from participation.ideas.service import IdeaDraft
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Missing, Refused
from participation.processes.queries import process_by_slug
from participation.receipts.models import Receipt
from participation.voting.models import Stance, Vote
from participation.voting.service import cast_vote
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
RESIDENT = "resident-everywhere@example.org"
OLD = ("An old title of it", "What somebody wrote at first, long enough.")
NEW = IdeaDraft("A new title of it", "What the same person wrote later, and more of it.", "de")


def own_idea(transact: Sessions, place: Place, *, state: IdeaState = IdeaState.PUBLISHED) -> tuple[int, Actor]:
    """Return an idea and its author."""
    with transact() as session:
        account = make.account(session, RESIDENT)
        author = make.participant(session, place, account_id=account)
        return make.idea(session, place, author=author, title=OLD[0], body=OLD[1], state=state), Actor(account)


def edit(
    transact: Sessions, place: Place, idea: int, actor: Actor, *, draft: IdeaDraft = NEW, revision: int = 1
) -> IdeaState:
    """Change the idea and return where it stands then."""
    with transact() as session:
        process = process_by_slug(session, place.slug)
        return edit_idea(
            session,
            actor,
            process=process,
            idea_id=idea,
            draft=draft,
            revision=revision,
            opened_at=None,
            now=clock.now(),
        ).state


def revisions(database: Sessions, idea: int) -> list[tuple[int, str, str, Replacement, bool]]:
    """Return what is kept of earlier revisions."""
    with database() as session:
        rows = session.scalars(select(IdeaRevision).where(IdeaRevision.idea_id == idea).order_by(IdeaRevision.revision))
        return [(row.revision, row.title, row.text, row.replaced_by, row.closed_at is None) for row in rows]


def test_an_edit_keeps_what_was_public(transact: Sessions, database: Sessions, place: Place) -> None:
    idea, author = own_idea(transact, place)
    assert edit(transact, place, idea, author) is IdeaState.PUBLISHED
    assert revisions(database, idea) == [(1, *OLD, Replacement.EDIT, True)]
    with database() as session:
        row = session.get_one(Idea, idea)
        assert (row.title, row.text, row.revision, row.frozen_at) == (NEW.title, NEW.text, 2, None)
        assert row.revised_at is not None
        assert session.scalars(select(LogEntry.action)).all() == ["IdeaEdited"]
        assert session.scalars(select(Receipt.revision).where(Receipt.subject_id == idea)).all() == [2]
        assert text_seen(session, row, 1).text == OLD[1]
        assert not says_the_same(session, row, 1)


def test_what_was_never_public_is_not_kept(transact: Sessions, database: Sessions, place: Place) -> None:
    idea, author = own_idea(transact, place, state=IdeaState.IN_REVIEW)
    assert edit(transact, place, idea, author) is IdeaState.IN_REVIEW
    assert revisions(database, idea) == []
    with database() as session:
        assert session.get_one(Idea, idea).revision == 2


def test_with_review_first_a_changed_text_waits_again(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
    idea, author = own_idea(transact, place)
    same = IdeaDraft(*OLD, "de", field_id=None)
    assert edit(transact, place, idea, author, draft=same) is IdeaState.PUBLISHED, "tags need no review"
    assert edit(transact, place, idea, author) is IdeaState.IN_REVIEW


def test_sending_the_same_again_changes_nothing(transact: Sessions, database: Sessions, place: Place) -> None:
    idea, author = own_idea(transact, place)
    edit(transact, place, idea, author)
    edit(transact, place, idea, author)
    with database() as session:
        assert session.get_one(Idea, idea).revision == 2


def test_tags_change_without_a_new_revision(transact: Sessions, database: Sessions, place: Place) -> None:
    idea, author = own_idea(transact, place)
    with database() as session:
        ids = make.principle_ids(session, place, ["climate", "access"])
    edit(transact, place, idea, author, draft=IdeaDraft(*OLD, "de", principle_ids=tuple(ids)))
    with database() as session:
        assert principle_ids_of(session, [idea])[idea] == sorted(ids)
        assert session.get_one(Idea, idea).revision == 1


def test_who_and_what_is_refused(transact: Sessions, database: Sessions, place: Place) -> None:
    idea, author = own_idea(transact, place)
    with transact() as session:
        other = Actor(make.account(session), grants=frozenset({(Role.MODERATOR, place.id), (Role.ADMIN, None)}))
        elsewhere = make.process(session, "other")
    with pytest.raises(Refused):
        edit(transact, place, idea, other)
    with pytest.raises(Missing):
        edit(transact, elsewhere, idea, author)
    edit(transact, place, idea, author)
    with pytest.raises(TextChanged):
        edit(transact, place, idea, author, draft=IdeaDraft("Third title of it", NEW.text, "de"), revision=1)
    with transact() as session:
        voter = Actor(make.account(session))
        cast_vote(session, voter, slug=place.slug, idea_id=idea, stance=Stance.AGREE, revision=2, now=clock.now())
    with pytest.raises(Refused):
        edit(transact, place, idea, author, draft=IdeaDraft("Third title of it", NEW.text, "de"), revision=2)


def test_the_authors_own_vote_freezes_nothing(transact: Sessions, database: Sessions, place: Place) -> None:
    idea, author = own_idea(transact, place)
    with transact() as session:
        cast_vote(session, author, slug=place.slug, idea_id=idea, stance=Stance.AGREE, revision=1, now=clock.now())
    edit(transact, place, idea, author)
    with database() as session:
        assert session.scalars(select(Vote.stance)).all() == [Stance.AGREE]


def race(app: Flask, place: Place, idea: int, author: Actor, voter: Actor, revision: int) -> list[str]:
    """Edit and vote at the same moment; return who got through."""
    barrier, done = threading.Barrier(2), list[str]()

    def run(name: str, act: Callable[..., object]) -> None:
        try:
            with app.app_context():
                barrier.wait(30)
                with transaction() as session:
                    act(session)
            done.append(name)
        except Refused:
            pass

    def vote(session: object) -> None:
        cast_vote(
            session,
            voter,
            slug=place.slug,
            idea_id=idea,
            stance=Stance.AGREE,
            revision=revision,
            now=clock.now(),
        )

    def change(session: object) -> None:
        process = process_by_slug(session, place.slug)
        draft = IdeaDraft(NEW.title, f"{NEW.text} {revision}", "de")
        edit_idea(
            session,
            author,
            process=process,
            idea_id=idea,
            draft=draft,
            revision=revision,
            opened_at=None,
            now=clock.now(),
        )

    threads = [threading.Thread(target=run, args=pair) for pair in (("vote", vote), ("edit", change))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done


def test_edit_and_vote_at_once_never_both(app: Flask, transact: Sessions, database: Sessions, place: Place) -> None:
    """Whoever comes second is refused: the voter because the text is another, the author because somebody voted."""
    idea, author = own_idea(transact, place)
    with transact() as session:
        voters = [Actor(make.account(session)) for _ in range(12)]
    for voter in voters:
        with database() as session:
            row = session.get_one(Idea, idea)
            revision, frozen = row.revision, row.frozen_at is not None
        if frozen:
            with transact() as session:
                session.get_one(Idea, idea).frozen_at = None
        assert len(race(app, place, idea, author, voter, revision)) == 1
    with database() as session:
        seen = session.scalars(select(Vote.revision)).all()
        row = session.get_one(Idea, idea)
        assert session.scalar(select(func.count()).select_from(IdeaRevision)) == row.revision - 1
        assert len(seen) + row.revision - 1 == len(voters)


def test_the_pages(member: Member, client: PageClient, transact: Sessions, place: Place) -> None:
    idea, _author = own_idea(transact, place)
    url = place.url(f"/ideas/{idea}", language="en")
    resident = member()
    page = resident.get(url)
    assert page.links()["Change the text"] == f"{url}/edit"
    form = resident.get(f"{url}/edit")
    older = resident.get(f"{url}/edit")
    answer = resident.submit(form, "edit-form", title=NEW.title, text=NEW.text, status=303)
    assert answer.location == url
    assert resident.get(url).h1 == NEW.title
    # The form opened before: both texts are there, and nothing typed is lost.
    refused = resident.submit(older, "edit-form", title="Third title of it", status=409)
    assert NEW.text in refused.one("#stands-there + p + p + div")
    assert refused.select("[name=title]")[0].get("value") == "Third title of it"
    resident.submit(refused, "edit-form", status=303)
    assert resident.get(url).h1 == "Third title of it"
    bad = resident.submit(resident.get(f"{url}/edit"), "edit-form", title="no", status=422)
    assert len(bad.errors) == 1
    assert client.get(f"{url}/edit", status=302).location.startswith("/en/sign-in")
    member(email="somebody@example.org").get(f"{url}/edit", status=404)


def test_review_is_announced_beforehand(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
    idea, _author = own_idea(transact, place)
    resident = member()
    form = resident.get(place.url(f"/ideas/{idea}/edit", language="en"))
    assert "not public until a moderator has read it" in form.one("main")
    resident.submit(form, "edit-form", text=NEW.text, status=303)
    assert "In review" in resident.get(place.url(f"/ideas/{idea}", language="en")).one("article")


def test_moderators_publish_what_they_read(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
    idea, author = own_idea(transact, place, state=IdeaState.IN_REVIEW)
    moderator = member(Role.MODERATOR, process_id=place.id)
    queue = moderator.get("/en/desk/processes/digital/queue")
    edit(transact, place, idea, author)
    answer = moderator.submit(queue, ".case__do > .post-button", press="publish", status=409)
    assert NEW.text in answer.one("article")
    with database() as session:
        assert session.get_one(Idea, idea).state is IdeaState.IN_REVIEW
    moderator.submit(answer, "main form", decision="publish", status=303)
    with database() as session:
        assert session.get_one(Idea, idea).state is IdeaState.PUBLISHED
