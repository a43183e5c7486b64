"""The pages of the queue as plain forms and links: working through it, several at once, two people, undoing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from participation.accounts.actor import Role
from participation.accounts.models import Account
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import open_case
from participation.comments.models import Comment, CommentState
from participation.comments.service import subject_of
from participation.desk.queries.queue import MOST_SIMILAR
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.moderation.grounds import grounds
from participation.moderation.models import CaseNote, Decision, DecisionKind, TextBlock
from participation.moderation.queue.listing import PAGE
from participation.notices.models import Notice, NoticeReason
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
QUEUE = f"{DESK}/queue"
GROUND = grounds()[0].key


@dataclass(frozen=True, slots=True)
class Scene:
    """An idea and three comments wait, in this order; ``cases`` are what they opened."""

    place: make.Place
    idea: int
    comments: tuple[int, ...]
    cases: tuple[int, ...]

    def case_url(self, number: int) -> str:
        """Return the address of one of the cases."""
        return f"{DESK}/cases/{self.cases[number]}"


@pytest.fixture
def scene(transact: Sessions, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The scene, in an installation where decisions can be undone."""
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    begin = clock.now() - timedelta(days=4)
    with transact() as session:
        place = make.process(session, review_first=True)
        public = make.idea(session, place, title="Benches at the harbour")
        idea = make.idea(session, place, title="The first", state=IdeaState.IN_REVIEW, at=begin)
        comments = tuple(
            make.comment(
                session,
                place,
                public,
                body=f"Comment {number}",
                state=CommentState.IN_REVIEW,
                at=begin + timedelta(hours=20 * number),
            )
            for number in (1, 2, 3)
        )
        session.add(
            TextBlock(title="Insult", ground=GROUND, texts={"en": "It insults people."}, written_at=clock.now())
        )
        cases = tuple(session.scalars(select(Case.id).order_by(Case.due_at)))
    return Scene(place, idea, comments, cases)


@pytest.fixture
def moderator(member: Member, scene: Scene) -> PageClient:
    """One of those who moderate the process."""
    return member(Role.MODERATOR, process_id=scene.place.id, email="one@example.org")


@pytest.fixture
def colleague(member: Member, scene: Scene) -> PageClient:
    """Another one."""
    return member(Role.MODERATOR, process_id=scene.place.id, email="two@example.org")


def rows(page: Page) -> list[int]:
    """Return the cases in the list of a page, in order."""
    return [int(row.get("data-row") or 0) for row in page.select("[data-row]")]


def opened(page: Page) -> int:
    """Return the case that a page shows in full."""
    (panel,) = page.select("[data-case]")
    return int(panel.get("data-case") or 0)


def state_of(who: PageClient, url: str) -> dict[str, Any]:
    """Return what scripts are told about some cases."""
    told: dict[str, Any] = who.get(url).response.get_json()
    return told


def decisions(database: Sessions) -> list[tuple[DecisionKind, bool]]:
    """Return the kind of each decision, in order, and whether it holds."""
    with database() as session:
        taken = session.scalars(select(Decision).order_by(Decision.id))
        return [(one.kind, one.undone_at is None) for one in taken]


def test_the_list_and_the_first_case_in_full(moderator: PageClient, scene: Scene) -> None:
    page = moderator.get(QUEUE)
    assert rows(page) == list(scene.cases)
    assert opened(page) == scene.cases[0]
    assert page.texts(".queue-kinds__link") == ["Everything 4", "To be read 4", "Late 2"]
    assert page.texts(".queue-row__title") == ["The first", "Comment 1", "Comment 2", "Comment 3"]
    assert page.texts(".queue-row__due")[0] == "24 hours late"
    assert opened(moderator.get(f"{QUEUE}?case={scene.cases[2]}")) == scene.cases[2]


def test_one_case_after_the_other(moderator: PageClient, database: Sessions, scene: Scene) -> None:
    page = moderator.get(scene.case_url(0))
    answer = moderator.submit(page, ".case__do > .post-button", press="publish", status=303)
    assert answer.location == scene.case_url(1)
    page = moderator.follow(answer)
    assert page.one("[data-undo-text]") == "Published: Idea The first"
    (block,) = page.select("#do-h [name=block]")
    hide: dict[str, Any] = {"block": [block.get("value")], "ground": GROUND}
    answer = moderator.submit(page, "#do-h form", press="hide", status=303, **hide)
    page = moderator.follow(answer)
    page = moderator.follow(
        moderator.submit(page, "#do-c form", press="ask_change", reason="Please say where.", status=303)
    )
    assert opened(page) == scene.cases[3]
    answer = moderator.submit(page, ".case__do > .post-button", press="publish", status=303)
    assert answer.location == QUEUE
    assert "Nothing waits for a decision." in moderator.follow(answer).text
    kinds = [DecisionKind.PUBLISH, DecisionKind.HIDE, DecisionKind.ASK_CHANGE, DecisionKind.PUBLISH]
    assert decisions(database) == [(kind, True) for kind in kinds]


def test_from_the_queue_back_to_the_queue_with_its_filter(moderator: PageClient, scene: Scene) -> None:
    page = moderator.get(f"{QUEUE}?subject=comment&language=de&q=comment")
    assert rows(page) == list(scene.cases[1:])
    answer = moderator.submit(page, ".case__do > .post-button", press="publish", forge={"back": "queue"}, status=303)
    assert answer.location == f"{QUEUE}?subject=comment&language=de&q=comment&case={scene.cases[2]}"
    page = moderator.follow(answer)
    assert (rows(page), opened(page)) == (list(scene.cases[2:]), scene.cases[2])
    assert moderator.get(f"{QUEUE}?subject=addendum").one(".empty-state__title") == "Nothing of that kind waits."
    assert moderator.get(f"{QUEUE}?subject=poem", status=400).h1


def test_two_people_and_one_case(
    moderator: PageClient, colleague: PageClient, database: Sessions, scene: Scene
) -> None:
    page = moderator.get(scene.case_url(0))
    before = colleague.get(scene.case_url(0))
    moderator.submit(page, "[data-plain-only]", status=303)
    held = "one@example.org is working on it at the moment."
    page = colleague.get(scene.case_url(0))
    assert page.one("[data-taken]") == held
    assert page.select("fieldset[data-do][disabled]")
    assert opened(colleague.get(QUEUE)) == scene.cases[1], "the first one that nobody works on"
    assert state_of(colleague, f"{QUEUE}/state?cases={scene.cases[0]},{scene.cases[1]},x,{2**70}") == {
        "cases": [
            {"id": scene.cases[0], "open": True, "held_by": "one@example.org", "sentence": held},
            {"id": scene.cases[1], "open": True, "held_by": "", "sentence": ""},
        ],
        "waiting": 4,
    }
    assert state_of(moderator, f"{QUEUE}/state?cases={scene.cases[0]}")["cases"][0]["held_by"] == ""
    answer = colleague.submit(before, ".case__do > .post-button", press="publish", status=409)
    assert answer.errors == ["A colleague is working on this at the moment."]
    page = colleague.follow(colleague.submit(before, "[data-plain-only]", status=303))
    assert "A colleague is working on this at the moment." in page.text
    assert decisions(database) == []


def test_holding_answers_scripts_in_few_words(moderator: PageClient, colleague: PageClient, scene: Scene) -> None:
    def hold(who: PageClient, way: str) -> Page:
        token = who.get(scene.case_url(0)).select("main [name=csrf_token]")[0].get("value")
        headers = {"Accept": "application/json", "Referer": "http://localhost/"}
        return who.post(f"{scene.case_url(0)}/{way}", {"csrf_token": token}, headers=headers)

    assert (hold(moderator, "hold").status, hold(moderator, "hold").response.json) == (200, {"case": scene.cases[0]})
    refused = hold(colleague, "hold")
    assert (refused.status, refused.response.json) == (409, {"reason": "A colleague is working on this at the moment."})
    hold(moderator, "release")
    assert hold(colleague, "hold").status == 200


def test_the_next_one_is_held(moderator: PageClient, colleague: PageClient, transact: Sessions, scene: Scene) -> None:
    answer = moderator.submit(moderator.get(QUEUE), ".queue__start form", status=303)
    assert answer.location == scene.case_url(0)
    assert "Let others decide" in moderator.follow(answer).text
    answer = colleague.submit(colleague.get(QUEUE), ".queue__start form", status=303)
    assert answer.location == scene.case_url(1)
    page = colleague.get(QUEUE)
    with transact() as session:
        session.execute(update(Case).values(held_by=None, closed_at=clock.now()))
    page = colleague.follow(colleague.submit(page, ".queue__start form", status=303))
    assert "There is nothing left that nobody else works on." in page.text


def test_undoing_goes_back_to_the_case(moderator: PageClient, database: Sessions, scene: Scene) -> None:
    page = moderator.get(scene.case_url(0))
    page = moderator.follow(moderator.submit(page, ".case__do > .post-button", press="publish", status=303))
    answer = moderator.submit(page, ".queue-undo form", status=303)
    assert answer.location == scene.case_url(0)
    page = moderator.follow(answer)
    assert "Taken back: everything stands as before." in page.text
    assert page.select(".queue-undo") == []
    assert decisions(database) == [(DecisionKind.PUBLISH, False)]
    with database() as session:
        assert session.get_one(Idea, scene.idea).state is IdeaState.IN_REVIEW


def test_nobody_undoes_for_others(
    moderator: PageClient, colleague: PageClient, database: Sessions, scene: Scene
) -> None:
    page = moderator.get(scene.case_url(0))
    page = moderator.follow(moderator.submit(page, ".case__do > .post-button", press="publish", status=303))
    (form,) = page.select(".queue-undo form")
    token = colleague.get(scene.case_url(1)).select("main [name=csrf_token]")[0].get("value")
    referer = {"Referer": "http://localhost/"}
    answer = colleague.post(form.get("action") or "", {"csrf_token": token}, headers=referer, status=303)
    assert "Only whoever took a decision can take it back." in colleague.follow(answer).text
    together = {"csrf_token": token, "decision": "1"}
    colleague.post(f"{QUEUE}/undo", together, headers=referer, status=404)
    assert decisions(database) == [(DecisionKind.PUBLISH, True)]


def test_several_at_once_say_what_became_of_each(
    moderator: PageClient, colleague: PageClient, database: Sessions, scene: Scene
) -> None:
    page = moderator.get(QUEUE)
    colleague.submit(colleague.get(scene.case_url(1)), "[data-plain-only]", status=303)
    boxes = [box.get("value") for box in page.select("[name=cases]")]
    done = moderator.submit(page, "queue-bulk", press="publish", forge={"cases": boxes[:3]}, status=200)
    assert done.one("#results-title") == "2 done, 1 not done"
    assert done.texts(".queue-results__entry") == [
        "Comment 1: A colleague is working on this at the moment.",
        "The first: Published",
        "Comment 2: Published",
    ]
    assert rows(done) == [scene.cases[1], scene.cases[3]]
    undone = moderator.submit(done, ".queue-results form", status=200)
    assert undone.texts(".queue-results__entry") == ["Comment 2: taken back", "The first: taken back"]
    assert rows(undone) == list(scene.cases)
    assert decisions(database) == [(DecisionKind.PUBLISH, False)] * 2


def test_hiding_several_needs_words_and_loses_none(moderator: PageClient, database: Sessions, scene: Scene) -> None:
    page = moderator.get(QUEUE)
    boxes = [box.get("value") for box in page.select("[name=cases]")]
    hide: dict[str, Any] = {"press": "Hide all of them", "reason": "Both insult people."}
    answer = moderator.submit(page, "queue-bulk", forge={"cases": boxes[1:3]}, status=422, **hide)
    assert answer.one("#queue-bulk [data-told]") == "Please choose the rule or law that this rests on."
    assert answer.one("#bulk-reason") == "Both insult people."
    assert [box.get("value") for box in answer.select("[name=cases][checked]")] == boxes[1:3]
    again = {"cases": boxes[1:3], "ground": GROUND}
    done = moderator.submit(answer, "queue-bulk", press="Hide all of them", forge=again, status=200)
    assert done.one("#results-title") == "2 done"
    with database() as session:
        hidden = session.scalars(select(Comment.id).where(Comment.state == CommentState.HIDDEN)).all()
    assert sorted(hidden) == list(scene.comments[:2])
    none = moderator.submit(done, "queue-bulk", press="publish", status=422)
    assert none.one("#queue-bulk [data-told]") == "Please choose what you want to decide about."


def test_what_says_nearly_the_same_is_folded_and_decided_together(
    moderator: PageClient, transact: Sessions, database: Sessions, scene: Scene
) -> None:
    with transact() as session:
        head = session.get_one(Case, scene.cases[1])
        session.execute(
            update(Case).where(Case.id.in_(scene.cases[2:])).values(group_id=head.group_id, place_at=head.place_at)
        )
    page = moderator.get(QUEUE)
    assert page.one(".queue-group__label") == "3 cases say nearly the same"
    assert len(page.select(".queue-group details [data-row]")) == 2
    page = moderator.get(f"{QUEUE}?case={scene.cases[2]}")
    assert page.select(".queue-group details[open]"), "where the open case is among them"
    done = moderator.submit(page, ".case-all", press="publish", status=200)
    assert done.one("#results-title") == "3 done"
    assert (rows(done), opened(done)) == ([scene.cases[0]], scene.cases[0])
    assert decisions(database) == [(DecisionKind.PUBLISH, True)] * 3


@pytest.mark.parametrize("with_the_box", [True, False])
def test_nothing_is_decided_that_joined_a_group_unseen(
    moderator: PageClient, transact: Sessions, database: Sessions, scene: Scene, with_the_box: bool
) -> None:
    with transact() as session:
        head = session.get_one(Case, scene.cases[1])
        together = {"group_id": head.group_id, "place_at": head.place_at}
        session.execute(update(Case).where(Case.id.in_(scene.cases[1:3])).values(together))
    page = moderator.get(f"{QUEUE}?case={scene.cases[1]}")
    with transact() as session:
        session.execute(update(Case).where(Case.id == scene.cases[3]).values(together))
    if with_the_box:
        group = page.select("[name=groups][form]")[0].get("value")
        done = moderator.submit(page, "queue-bulk", press="publish", forge={"groups": group}, status=200)
    else:
        done = moderator.submit(page, ".case-all", press="publish", status=200)
    assert done.one("#results-title") == "2 done"
    with database() as session:
        left = session.scalars(select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.id)).all()
    assert left == [scene.cases[0], scene.cases[3]]


def test_of_a_long_group_only_what_is_in_sight_is_offered(
    moderator: PageClient, transact: Sessions, database: Sessions, scene: Scene
) -> None:
    with transact() as session:
        head = session.get_one(Case, scene.cases[0])
        for number in range(PAGE + 5):
            make.idea(session, scene.place, title=f"More {number}", state=IdeaState.IN_REVIEW)
        session.execute(update(Case).values(group_id=head.group_id, place_at=head.place_at))
        whole = session.scalar(select(func.count()).select_from(Case)) or 0
    page = moderator.get(f"{QUEUE}?case={head.id}")
    assert page.one(".queue-group__label") == f"{PAGE} cases say nearly the same"
    assert f"{whole - PAGE} more say nearly the same" in page.texts(".queue-group .muted")
    assert len(page.select("#case-similar ~ .case__list li")) == MOST_SIMILAR
    done = moderator.submit(page, ".case-all", press="publish", status=200)
    assert done.one("#results-title") == f"{MOST_SIMILAR + 1} done"
    assert len(decisions(database)) == MOST_SIMILAR + 1


def test_a_case_is_assigned_and_noted(
    moderator: PageClient, colleague: PageClient, database: Sessions, scene: Scene
) -> None:
    page = moderator.get(scene.case_url(0))
    page = moderator.follow(moderator.submit(page, ".case__beside > form[action$='/assign']", status=303))
    assert "assigned to me" in page.text
    assert "one@example.org" in colleague.get(QUEUE).one(f"#case-{scene.cases[0]}")
    answer = moderator.submit(page, "form[action$='/notes']", text="x" * 2001, status=422)
    assert answer.errors == ["Note: This is too long: 2001 characters of at most 2000."]
    answer = moderator.submit(answer, text="Please read this with me.", status=303)
    page = colleague.get(answer.location or "")
    assert page.select("#case-notes ~ .case__list li")
    assert "Please read this with me." in page.text
    moderator.submit(moderator.get(scene.case_url(0)), ".case__beside > form[action$='/assign']", status=303)
    with database() as session:
        assert session.get_one(Case, scene.cases[0]).assigned_to is None
        author = session.scalars(select(Account.email).join(CaseNote, CaseNote.written_by == Account.id)).one()
    assert author == "one@example.org"


def test_cases_of_other_processes_are_not_here(member: Member, transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        other = make.process(session, "elsewhere")
    stranger = member(Role.MODERATOR, process_id=other.id, email="stranger@example.org")
    stranger.get(scene.case_url(0), status=403)
    here = f"/en/desk/processes/elsewhere/cases/{scene.cases[0]}"
    stranger.get(here, status=404)
    token = stranger.get("/en/desk/processes/elsewhere/statements").select("[name=csrf_token]")[0].get("value")
    referer = {"Referer": "http://localhost/"}
    for way, fields in (("hold", {}), ("release", {}), ("assign", {"to": "me"}), ("notes", {"text": "Mine now."})):
        stranger.post(f"{here}/{way}", {"csrf_token": token, **fields}, headers=referer, status=404)
    assert state_of(stranger, f"/en/desk/processes/elsewhere/queue/state?cases={scene.cases[0]}")["cases"] == []


def test_a_threat_to_life_names_the_police(moderator: PageClient, transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        session.add(
            Notice(
                process_id=scene.place.id,
                subject_kind=SubjectKind.COMMENT,
                subject_id=scene.comments[2],
                reason=NoticeReason.THREAT_TO_LIFE,
                text="Please look at once.",
                language="en",
                code_hash=b"x" * 32,
                text_digest="",
                submitted_at=clock.now(),
            )
        )
        subject = subject_of(session.get_one(Comment, scene.comments[2]))
        urgent = open_case(session, CaseKind.NOTICE, subject, due_at=clock.now(), now=clock.now(), urgent=True).id
    page = moderator.get(QUEUE)
    assert (rows(page)[0], opened(page)) == (urgent, urgent)
    assert page.one(".case .alert--error").endswith("Call the police if that can be true: 110.")


def test_a_warning_leaves_the_text_to_be_read(moderator: PageClient, transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        author = make.participant(session, scene.place, account_id=make.account(session))
        session.get_one(Comment, scene.comments[0]).participant_id = author
    page = moderator.get(scene.case_url(1))
    answer = moderator.submit(page, "#do-w form", ground=GROUND, reason="Please stay calm.", status=303)
    assert answer.location == scene.case_url(1)
    assert "Please stay calm." in moderator.follow(answer).one("#case-decisions ~ .case__list")
