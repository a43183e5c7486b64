"""Imports with decisions that were taken elsewhere: everything goes through the queue, and the log has all of it."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import Case, SubjectKind
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.moderation.grounds import grounds
from participation.moderation.models import Automation, Decision, DecisionKind
from participation.moderation.queue.listing import queue
from tests import make
from tests.architecture.sources import ROOT
from tests.conftest import Sessions

Command = Callable[..., Result]
KLIMARAT = ROOT.parent / "shared" / "data" / "votes-klimarat" / "comments.csv"
IDEAS = """number,text,moderated
7,Mehr Bänke am See,1
8,Kauft bei uns,-1
9,Ein Café für alle,
10,Weniger Lärm,0
"""
OF_IDEAS = ("--map", "text=text", "--map", "id=number")
DECIDED = ("--map", "decision=moderated", "--decisions", "1=publish,-1=hide,0=wait")


@pytest.fixture
def ideas(tmp_path: Path) -> str:
    """A file with four ideas, two of which were decided about elsewhere."""
    path = tmp_path / "ideas.csv"
    path.write_text(IDEAS, encoding="utf-8")
    return str(path)


def states(session: Session) -> dict[str | None, str]:
    """Return the state of each idea by its number in the file."""
    return {key: state.value for key, state in session.execute(select(Idea.external_id, Idea.state))}


def waiting(session: Session, place: make.Place) -> list[str]:
    """Return what stands in the queue, in order."""
    page = queue(session, Actor(1), process_id=place.id, now=clock.now())
    return [item.text for item in page.items]


def test_decisions_come_along_and_the_rest_waits(
    command: Command, place: make.Place, ideas: str, database: Sessions
) -> None:
    ground = grounds()[0].key
    options = (*OF_IDEAS, *DECIDED, "--ground", ground, "--reason", "Advertising")
    result = command("import", "ideas", place.slug, ideas, *options)
    assert result.stdout.splitlines() == [
        "4 read · 4 added · 0 already there · 0 refused",
        "decisions: 1 published · 1 hidden · 2 waiting",
    ]
    again = command("import", "ideas", place.slug, ideas, *options)
    assert again.stdout.splitlines()[1] == "decisions: 0 published · 0 hidden · 2 waiting"
    with database() as session:
        assert states(session) == {"7": "published", "8": "hidden", "9": "in_review", "10": "in_review"}
        assert waiting(session, place) == ["Ein Café für alle", "Weniger Lärm"]
        kept = session.scalars(select(Decision).order_by(Decision.id)).all()
        assert [(one.kind, one.ground, one.reason, one.automation, one.decided_by) for one in kept] == [
            (DecisionKind.PUBLISH, "", "", Automation.IMPORTED, None),
            (DecisionKind.HIDE, ground, "Advertising", Automation.IMPORTED, None),
        ]
        assert all(len(one.content_digest) == 64 for one in kept)


def test_everything_can_wait_for_moderators_here(
    command: Command, place: make.Place, ideas: str, database: Sessions
) -> None:
    result = command("import", "ideas", place.slug, ideas, *OF_IDEAS, "--waiting")
    assert result.stdout == "4 read · 4 added · 0 already there · 0 refused\n"
    with database() as session:
        assert set(states(session).values()) == {"in_review"}
        assert len(waiting(session, place)) == 4
        (due_at,) = set(session.scalars(select(Case.due_at)))
        assert timedelta(hours=71) < due_at - clock.now() <= timedelta(hours=72)


def test_an_import_that_broke_off_is_taken_up_again(
    command: Command, place: make.Place, ideas: str, transact: Sessions, database: Sessions
) -> None:
    """What came in but was not decided about yet is, and what moderators have decided since stays."""
    command("import", "ideas", place.slug, ideas, *OF_IDEAS, "--waiting")
    with transact() as session:
        hidden = session.scalars(select(Idea.id).where(Idea.external_id == "7")).one()
        session.execute(update(Idea).where(Idea.id == hidden).values(state=IdeaState.HIDDEN))
        session.execute(update(Case).where(Case.subject_id == hidden).values(closed_at=clock.now()))
    result = command("import", "ideas", place.slug, ideas, *OF_IDEAS, *DECIDED)
    assert result.stdout.splitlines() == [
        "4 read · 0 added · 4 already there · 0 refused",
        "decisions: 0 published · 1 hidden · 2 waiting",
    ]
    with database() as session:
        assert states(session) == {"7": "hidden", "8": "hidden", "9": "in_review", "10": "in_review"}


def test_a_dry_run_decides_nothing(command: Command, place: make.Place, ideas: str, database: Sessions) -> None:
    result = command("import", "ideas", place.slug, ideas, *OF_IDEAS, *DECIDED, "--dry-run")
    assert result.stdout == "4 read · 4 could be added · 0 already there · 0 refused\n"
    with database() as session:
        assert states(session) == {}


def test_comments_come_with_decisions_too(
    command: Command, place: make.Place, transact: Sessions, database: Sessions, tmp_path: Path
) -> None:
    with transact() as session:
        make.idea(session, place, external_id="A")
    path = tmp_path / "comments.csv"
    path.write_text(
        "id,parent,idea,text,verdict\n1,,A,Gut,yes\n2,1,A,Kauft mehr,no\n3,1,A,,yes\n4,3,A,Warum?,\n", encoding="utf-8"
    )
    columns = [f"--map={name}={name}" for name in ("id", "parent", "idea", "text")]
    options = (*columns, "--map=decision=verdict", "--decisions", "yes=publish,no=hide")
    result = command("import", "comments", place.slug, str(path), *options)
    assert result.stdout.splitlines() == [
        "4 read · 4 added · 0 already there · 0 refused",
        "decisions: 1 published · 1 hidden · 1 waiting",
    ]
    with database() as session:
        found = dict(session.execute(select(Comment.external_id, Comment.state)).all())
        assert found == {
            "1": CommentState.PUBLISHED,
            "2": CommentState.HIDDEN,
            "3": CommentState.WITHDRAWN,
            "4": CommentState.IN_REVIEW,
        }
        assert waiting(session, place) == ["Warum?"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--map", "decision=moderated"), "a column of decisions and what its cells mean belong together"),
        (("--decisions", "1=publish"), "a column of decisions and what its cells mean belong together"),
        ((*DECIDED, "--waiting"), "either decisions are taken over, or everything waits for moderators"),
        (("--map", "decision=moderated", "--decisions", "1"), "“1” is not CELL=DECISION; decisions are"),
        ((*DECIDED, "--ground", "law-of-the-jungle"), "Invalid value for '--ground': there is no ground “law-of-the"),
    ],
)
def test_what_contradicts_itself_is_one_sentence(
    refused: Callable[..., str], place: make.Place, ideas: str, options: tuple[str, ...], said: str
) -> None:
    assert refused("import", "ideas", place.slug, ideas, *OF_IDEAS, *options).startswith(said)


@pytest.mark.accept
@pytest.mark.skipif(not KLIMARAT.is_file(), reason="the real data is not beside this checkout")
def test_the_moderation_of_a_real_consultation_goes_through_the_queue(
    command: Command, place: make.Place, database: Sessions
) -> None:
    with KLIMARAT.open(encoding="utf-8", newline="") as file:
        moderated = {row["comment-id"]: row["moderated"] for row in csv.DictReader(file)}
    assert Counter(moderated.values()) == {"1": 277, "-1": 245}
    options = (
        *("--map", "text=comment-body", "--map", "id=comment-id", "--map", "author=author-id"),
        *("--map", "decision=moderated", "--decisions", "1=publish,-1=hide"),
    )
    result = command("import", "ideas", place.slug, str(KLIMARAT), *options)
    assert result.stdout.splitlines() == [
        "522 read · 522 added · 0 already there · 0 refused",
        "decisions: 277 published · 245 hidden · 0 waiting",
    ]
    with database() as session:
        assert states(session) == {key: "published" if value == "1" else "hidden" for key, value in moderated.items()}
        log = session.execute(select(Decision.kind, Decision.automation, Decision.undone_at)).all()
        assert Counter(log) == {
            (DecisionKind.PUBLISH, Automation.IMPORTED, None): 277,
            (DecisionKind.HIDE, Automation.IMPORTED, None): 245,
        }
        cases = session.execute(select(Case.subject_kind, Case.closed_at.is_(None), Case.decision_id.is_(None))).all()
        assert Counter(cases) == {(SubjectKind.IDEA, False, False): 522}
        assert waiting(session, place) == []
