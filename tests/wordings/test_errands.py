"""Texts get into other languages while they are public, and only then; nothing else ever leaves."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import SYSTEM, Role
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentState
from participation.comments.service import hide_comment
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.redaction import redact_idea
from participation.ideas.service import put_back_idea
from participation.kit import clock
from participation.kit.db import transaction
from participation.processes.models import Participant, Process, ProcessState
from participation.wordings.errands import look_at_idea
from participation.wordings.jobs import ask_providers, queue_missing, queue_wordings
from participation.wordings.models import Errand, ErrandState, Origin, ProviderHealth, Wording, WordingState
from participation.wordings.queries import shown_in
from participation.wordings.sending import claim, keep, send
from participation.wordings.service import choose_provider, keep_machine_wording
from participation.wordings.suggesting.deciding import take_down_wording
from tests import make
from tests.conftest import Sessions
from tests.stand_in import StandIn, saying
from tests.wordings.asking import BODY, SECRET, TITLE, hide, human_wording, new_idea, provider_of, shown, states
from tests.wordings.conftest import Work


def test_what_becomes_public_is_translated_once_and_nothing_about_people_leaves(
    transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    server.knows = {("tr", TITLE): "Pazarda daha fazla ağaç", ("en", TITLE): "More trees at the market"}
    idea_id = new_idea(transact, translated)
    with transact() as session:
        make.idea(session, translated, title=f"{SECRET} 1", state=IdeaState.IN_REVIEW)
        make.idea(session, translated, title=f"{SECRET} 2", state=IdeaState.HIDDEN)
        make.comment(session, translated, idea_id, body=f"{SECRET} 3", state=CommentState.IN_REVIEW)
        pseudonyms = session.scalars(select(Participant.pseudonym)).all()
        queue_wordings(session, translated.id)
    work()
    with database() as session:
        idea = (SubjectKind.IDEA, idea_id)
        assert sorted(shown(session)) == [(*idea, "en", "libretranslate"), (*idea, "tr", "libretranslate")]
        assert set(states(session).values()) == {ErrandState.DONE}
        read = shown_in(session, {idea: 1}, "tr")[idea]
        assert (read.title, read.source_language, read.is_machine) == ("Pazarda daha fazla ağaç", "de", True)
        assert shown_in(session, {idea: 2}, "tr") == {}
        assert shown_in(session, {idea: 1}, "de-simple") == {}
        health = session.get_one(ProviderHealth, "libretranslate")
        assert (health.failures, health.characters) == (0, 2 * (len(TITLE) + len(BODY)))
    # Both languages, each text once, and nothing else.
    assert sorted((one.target, *one.texts) for one in server.received) == [("en", TITLE, BODY), ("tr", TITLE, BODY)]
    assert not any(name in server.words() for name in (SECRET, *pseudonyms))
    work()
    assert len(server.received) == 2


def test_a_process_without_a_provider_sends_nothing(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    with transact() as session:
        session.execute(update(Process).values(translator=""))
        other = make.process(session, "other")
    new_idea(transact, translated)
    new_idea(transact, other)
    with transact() as session:
        queue_wordings(session, translated.id)
    work()
    with app.app_context():
        ask_providers(lambda: None)
        queue_missing(lambda: None)
    work()
    with database() as session:
        assert states(session) == {}
    # Chosen, but not set up on this server any more; or not for the public yet.
    with transact() as session:
        session.execute(update(Process).where(Process.id == other.id).values(translator="deepl"))
        draft = {"translator": "libretranslate", "state": ProcessState.DRAFT}
        session.execute(update(Process).where(Process.id == translated.id).values(draft))
        queue_wordings(session, translated.id)
        queue_wordings(session, other.id)
    work()
    assert server.received == []


@pytest.mark.parametrize("end", ["hidden", "switched off"])
@pytest.mark.parametrize("moment", ["before claim", "before send", "before keep"])
def test_what_may_not_leave_any_more_does_not_and_is_not_kept(
    app: Flask,
    transact: Sessions,
    database: Sessions,
    translated: make.Place,
    server: StandIn,
    work: Work,
    moment: str,
    end: str,
) -> None:
    def stop() -> None:
        if end == "hidden":
            hide(transact, idea_id)
            return
        with transact() as session:
            choose_provider(session, SYSTEM, process_id=translated.id, provider="", offered=(), now=clock.now())

    idea_id = new_idea(transact, translated, title=SECRET)
    with transact() as session:
        session.execute(update(Process).values(translator=""))
    work()
    with transact() as session:
        session.execute(update(Process).values(translator="libretranslate"))
        queue_wordings(session, translated.id)
    # Asked for, but not done yet.
    app.config["TRANSLATORS"], own = {}, app.config["TRANSLATORS"]
    work()
    app.config["TRANSLATORS"] = own
    if moment == "before claim":
        stop()
    with app.app_context():
        with transaction() as session:
            claimed = claim(session, provider_of(app), zone="UTC", now=clock.now())
        assert bool(claimed and claimed.errand_ids) is (moment != "before claim")
        if claimed and claimed.errand_ids:
            if moment == "before send":
                stop()
            outcome = send(claimed, provider_of(app))
            if moment == "before keep":
                stop()
            with transaction() as session:
                keep(session, claimed, outcome, now=clock.now())
    assert [one.texts[0] for one in server.received] == ([SECRET] if moment == "before keep" else [])
    work()
    with database() as session:
        assert session.scalars(select(Wording.id)).all() == []
        assert set(states(session).values()) == {ErrandState.VOID}
    assert len(server.received) == (1 if moment == "before keep" else 0)


def test_wordings_go_with_their_originals_and_come_back_with_them(
    transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    idea_id = new_idea(transact, translated)
    with transact() as session:
        comment_id = make.comment(session, translated, idea_id, body="Das finde ich auch so.")
        queue_wordings(session, translated.id)
    work()
    idea, comment = (SubjectKind.IDEA, idea_id), (SubjectKind.COMMENT, comment_id)
    both = {idea: 1, comment: 1}
    with database() as session:
        assert set(shown_in(session, both, "en")) == {idea, comment}
    with transact() as session:
        machine = session.scalars(select(Wording).where(Wording.language == "tr", Wording.title != "")).one()
        human = Wording(**human_wording(machine, "tr"))
        session.execute(update(Wording).where(Wording.language == "tr").values(state=WordingState.REPLACED))
        session.add(human)
    hide(transact, idea_id)
    # At once, before the worker hears of it.
    with database() as session:
        assert shown_in(session, both, "en") == shown_in(session, both, "tr") == {}
    work()
    with database() as session:
        assert [row.origin for row in session.scalars(select(Wording))] == [Origin.HUMAN]
    with transact() as session:
        moment = clock.now()
        put_back_idea(session, SYSTEM, idea_id=idea_id, state=IdeaState.PUBLISHED, published_at=moment, now=moment)
    work()
    with database() as session:
        assert {one.origin for one in shown_in(session, both, "en").values()} == {Origin.MACHINE}
        assert shown_in(session, {idea: 1}, "tr")[idea].origin is Origin.HUMAN
    with transact() as session:
        hide_comment(session, SYSTEM, comment_id=comment_id, now=clock.now())
    with database() as session:
        assert set(shown_in(session, both, "en")) == {idea}
    work()
    with database() as session:
        assert session.scalars(select(Wording.id).where(Wording.subject_kind == SubjectKind.COMMENT)).all() == []


def test_what_was_taken_out_is_in_no_wording_and_the_new_text_gets_its_own(
    transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    idea_id = new_idea(transact, translated, body=f"{BODY} Frag {SECRET}.")
    with transact() as session:
        addendum = Addendum(
            process_id=translated.id,
            idea_id=idea_id,
            state=IdeaState.PUBLISHED,
            text=f"Noch etwas von {SECRET}.",
            language="de",
            submitted_at=clock.now(),
            published_at=clock.now(),
        )
        session.add(addendum)
        session.flush()
        addendum_id = addendum.id
        queue_wordings(session, translated.id)
    server.next = [saying(lambda said, text: f"{said} {SECRET}" if SECRET in text else said)] * 4
    work()
    with database() as session:
        machine = session.scalars(select(Wording).where(Wording.language == "tr", Wording.title != "")).one()
        assert SECRET in machine.text
    with transact() as session:
        session.execute(update(Wording).where(Wording.id == machine.id).values(origin=Origin.HUMAN, provider=""))
        redact_idea(session, SYSTEM, idea_id=idea_id, passages=[SECRET], reason="name", now=clock.now())
    with database() as session:
        subjects = {(SubjectKind.IDEA, idea_id): 1, (SubjectKind.ADDENDUM, addendum_id): 1}
        assert shown_in(session, subjects, "tr") == {}
    server.received.clear()
    work()
    assert len(server.received) >= 2
    assert SECRET not in server.words()
    with database() as session:
        kept = session.scalars(select(Wording)).all()
        assert {(row.subject_kind, row.revision, row.state) for row in kept} == {
            (SubjectKind.IDEA, 2, WordingState.SHOWN),
            (SubjectKind.ADDENDUM, 2, WordingState.SHOWN),
        }
        assert not any(SECRET in row.text for row in kept)


def test_deleted_comments_take_the_wordings_of_people_along(
    transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work, app: Flask
) -> None:
    idea_id = new_idea(transact, translated)
    with transact() as session:
        comment_id = make.comment(session, translated, idea_id, body="Das finde ich auch so.")
        queue_wordings(session, translated.id)
    work()
    with transact() as session:
        own = Wording.subject_kind == SubjectKind.COMMENT
        session.execute(update(Wording).where(own, Wording.language == "tr").values(origin=Origin.HUMAN, provider=""))
        # What a missed delivery would leave behind.
        session.execute(update(Comment).values(state=CommentState.WITHDRAWN, text=""))
    with app.app_context():
        queue_missing(lambda: None)
    with database() as session:
        assert session.scalars(select(Wording.subject_id).where(own)).all() == []
        assert len(shown(session)) == 2
    assert comment_id


def test_people_come_before_machines_and_what_moderators_took_down_is_not_made_again(
    transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    idea_id = new_idea(transact, translated)
    work()
    subject = (SubjectKind.IDEA, idea_id)
    with transact() as session:
        turkish = session.scalars(select(Wording).where(Wording.language == "tr")).one()
        human = human_wording(turkish, "tr")
        turkish.state = WordingState.REPLACED
        session.flush()
        session.add(Wording(**human))
        session.flush()
        machine = {name: human[name] for name in ("process_id", "idea_id", "revision", "source_language", "language")}
        kept = keep_machine_wording(
            session, **machine, subject=subject, title="x", text="y", provider="libretranslate", now=clock.now()
        )
        assert kept is None
        english = session.scalars(select(Wording).where(Wording.language == "en")).one()
        english.state = WordingState.REFUSED
        session.execute(update(Errand).values(state=ErrandState.VOID))
        queue_wordings(session, translated.id)
    server.received.clear()
    work()
    assert server.received == []
    with database() as session:
        assert shown_in(session, {subject: 1}, "tr")[subject].origin is Origin.HUMAN
        assert shown_in(session, {subject: 1}, "en") == {}


def test_switching_off_deletes_what_machines_made_and_on_again_asks_for_it(
    transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    idea_id = new_idea(transact, translated)
    with transact() as session:
        make.idea(session, translated, language="en", title="In English", body="This is how it should be.")
    work()
    with transact() as session:
        session.execute(update(Wording).where(Wording.language == "tr").values(origin=Origin.HUMAN, provider=""))
        assert choose_provider(session, SYSTEM, process_id=translated.id, provider="", offered=(), now=clock.now())
    work()
    with database() as session:
        assert shown(session) == [(SubjectKind.IDEA, idea_id, "tr", "")]
        assert set(states(session).values()) == {ErrandState.VOID}
    with transact() as session:
        choose_provider(
            session,
            SYSTEM,
            process_id=translated.id,
            provider="libretranslate",
            offered=["libretranslate"],
            now=clock.now(),
        )
    server.received.clear()
    work()
    assert sorted((one.body["source"], one.target) for one in server.received) == [
        ("de", "en"),
        ("en", "de"),
        ("en", "tr"),
    ]
    with database() as session:
        assert len(shown(session)) == 4


def test_what_moderators_took_down_is_not_made_again_for_that_revision(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    app.config["LANGUAGES"] = ("de", "tr")
    idea_id = new_idea(transact, translated)
    work()
    with transact() as session:
        moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=translated.id)
        [wrong] = session.scalars(select(Wording.id))
        take_down_wording(session, moderator, wording_id=wrong, reason="Wrong", now=clock.now())
    hide(transact, idea_id)
    work()
    moment = clock.now()
    with transact() as session:
        put_back_idea(session, SYSTEM, idea_id=idea_id, state=IdeaState.PUBLISHED, published_at=moment, now=moment)
    work()
    for provider in ("", "libretranslate"):
        with transact() as session:
            common = {"offered": ["libretranslate"], "now": clock.now()}
            choose_provider(session, SYSTEM, process_id=translated.id, provider=provider, **common)
        work()
    assert len(server.received) == 1
    with database() as session:
        # The words went when the service was switched off, as everything that it had made.
        rows = session.execute(select(Wording.id, Wording.state, Wording.title, Wording.text)).all()
        assert rows == [(wrong, WordingState.REFUSED, "", "")]
    with transact() as session:
        edit = update(Idea).where(Idea.id == idea_id).values(revision=2, text=f"{BODY} Bald.")
        session.execute(edit)
        look_at_idea(session, idea_id, languages=("de", "tr"), now=clock.now())
        queue_wordings(session, translated.id)
    work()
    with database() as session:
        assert session.execute(select(Wording.revision, Wording.state)).all() == [(2, WordingState.SHOWN)]


def test_another_service_is_asked_for_what_the_first_one_could_not_do(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    app.config["LANGUAGES"] = ("de", "tr")
    app.config["TRANSLATORS"] |= {"deepl": app.config["TRANSLATORS"]["libretranslate"]}
    begun = clock.now()
    with time_machine.travel(begun, tick=False) as traveller:
        new_idea(transact, translated)
        server.next = ["no"]
        work()
        # So long that an errand as old as that would be given up with its next failure.
        traveller.shift(timedelta(days=15))
        with transact() as session:
            common = {"offered": ["deepl"], "now": clock.now()}
            choose_provider(session, SYSTEM, process_id=translated.id, provider="deepl", **common)
        server.next = ["fault"]
        work()
        with database() as session:
            assert states(session) == {"tr": ErrandState.WAITING}
        traveller.shift(60)
        with app.app_context():
            ask_providers(lambda: None)
        work()
    assert [one.path for one in server.received] == ["/translate", "/v2/translate", "/v2/translate"]
    with database() as session:
        assert [row[3] for row in shown(session)] == ["deepl"]
