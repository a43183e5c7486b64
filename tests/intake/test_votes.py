"""Importing a Polis conversation: statements, votes, tallies, repeating."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.intake import votes as module
from participation.intake.report import ImportReport, RowProblem
from participation.intake.rows import ImportProblem
from participation.intake.votes import VoteImport, import_statements, import_votes
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.processes.models import Participant
from participation.voting.models import Stance, Vote
from participation.voting.queries import VoteFigures, tallies, tally_breaks

Write = Callable[..., Path]
Look = Callable[[], AbstractContextManager[Session]]
COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1651071094558,x,0,5,0,0,1,"Weniger Lärm, bitte. Vor allem nachts in der Innenstadt."
1651071094559,x,1,6,0,0,0,Mehr Bäume
1651071094560,x,2,5,0,0,-1,Unfreundliches
soon,x,3,5,0,0,0,Ohne Zeit
1651071094560,x,4,5,0,0,0,
"""
HEAD = "timestamp,datetime,comment-id,voter-id,vote\n"
# Not in order of time: person 5 agreed last, person 6 at the same moment disagreed first and then passed.
VOTES = f"""{HEAD}1651071095002,x,0,5,1
1651071095001,x,0,5,-1
1651071095003,x,0,6,-1
1651071095003,x,0,6,0
1651071095004,x,1,7,-1
1651071095005,x,2,7,1
1651071095006,x,99,7,1
1651071095006,x,1,7,2
never,x,1,7,1
1651071095006,x,1,,1
"""


@pytest.fixture
def folder(write: Write) -> Path:
    write(VOTES, "polis/votes.csv")
    return write(COMMENTS, "polis/comments.csv").parent


@pytest.fixture
def run(app: Flask, process_id: int, folder: Path) -> Callable[..., tuple[ImportReport, ImportReport]]:
    """Import the folder into the process, statements first."""

    def start(*, actor: Actor = SYSTEM, dry_run: bool = False) -> tuple[ImportReport, ImportReport]:
        order = VoteImport(process_id, folder, dry_run)
        with app.app_context():
            statements = import_statements(actor, order, now=clock.now())
            return statements, import_votes(actor, order, now=clock.now())

    return start


Run = Callable[..., tuple[ImportReport, ImportReport]]


def figures(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.read, report.added, report.changed, report.present, report.refused


def stances(session: Session) -> dict[tuple[str | None, str | None], Stance]:
    rows = session.execute(
        select(Idea.external_id, Participant.external_key, Vote.stance)
        .join(Vote, Vote.idea_id == Idea.id)
        .join(Participant, Participant.id == Vote.participant_id)
    )
    return {(idea, person): stance for idea, person, stance in rows}


def test_statements_become_ideas(run: Run, database: Look) -> None:
    statements, _ = run()
    assert figures(statements) == (5, 3, 0, 0, 2)
    assert statements.problems == [
        RowProblem(5, "the timestamp “soon” is not a number of milliseconds"),
        RowProblem(6, "has neither a title nor a text"),
    ]
    with database() as session:
        ideas = session.scalars(select(Idea).order_by(Idea.external_id)).all()
        assert [(idea.external_id, idea.title, idea.state) for idea in ideas] == [
            ("0", "Weniger Lärm, bitte", IdeaState.PUBLISHED),
            ("1", "Mehr Bäume", IdeaState.PUBLISHED),
            ("2", "Unfreundliches", IdeaState.HIDDEN),
        ]
        assert ideas[0].text == "Weniger Lärm, bitte. Vor allem nachts in der Innenstadt."
        assert (ideas[0].source, ideas[0].language) == (IdeaSource.IMPORTED, "de")
        assert ideas[0].submitted_at == datetime(2022, 4, 27, 14, 51, 34, 558000, tzinfo=UTC)


def test_the_last_vote_of_a_person_counts(run: Run, database: Look, process_id: int) -> None:
    _, votes = run()
    assert figures(votes) == (10, 4, 1, 1, 4)
    assert votes.problems == [
        RowProblem(9, "the vote “2” is none of 1, 0 and -1"),
        RowProblem(10, "the timestamp “never” is not a number of milliseconds"),
        RowProblem(11, "does not say which idea or whose vote"),
        RowProblem(8, "there is no idea “99” in the process"),
    ]
    with database() as session:
        assert stances(session) == {
            ("0", "5"): Stance.AGREE,
            ("0", "6"): Stance.UNSURE,
            ("1", "7"): Stance.DISAGREE,
            ("2", "7"): Stance.AGREE,
        }
        ids = {idea.external_id: idea.id for idea in session.scalars(select(Idea))}
        assert tallies(session, ids.values()) == {
            ids["0"]: VoteFigures(1, 0, 1),
            ids["1"]: VoteFigures(0, 1, 0),
            ids["2"]: VoteFigures(1, 0, 0),
        }
        assert tally_breaks(session, process_id) == []
        # Who wrote a statement and who voted under the same number is one person.
        assert set(session.scalars(select(Participant.external_key))) == {"5", "6", "7"}


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_batches_and_repeating_change_nothing(
    run: Run, database: Look, process_id: int, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(module, "VOTE_BATCH", batch)
    monkeypatch.setattr(module, "IDEA_BATCH", batch)
    run()
    with database() as session:
        before = stances(session)
    statements, votes = run()
    assert (statements.added, statements.present) == (0, 3)
    assert (votes.added, votes.refused) == (0, 4)
    with database() as session:
        assert (stances(session), tally_breaks(session, process_id)) == (before, [])
    assert before[("0", "6")] is Stance.UNSURE


def test_a_newer_export_brings_votes_up_to_date(run: Run, database: Look, process_id: int, write: Write) -> None:
    run()
    write(f"{HEAD}1651071099000,x,0,5,-1\n1651071000000,x,1,7,1\n1651071099000,x,1,8,1\n", "polis/votes.csv")
    _, votes = run()
    assert figures(votes) == (3, 1, 1, 1, 0)
    with database() as session:
        found = stances(session)
        assert tally_breaks(session, process_id) == []
        # From the first thing on that is known of them, whatever was read first.
        joined = dict(session.execute(select(Participant.external_key, Participant.joined_at)).all())
        milliseconds = {"5": 1651071094558, "6": 1651071094559, "7": 1651071000000, "8": 1651071099000}
        assert joined == {key: datetime.fromtimestamp(at / 1000, UTC) for key, at in milliseconds.items()}
    assert [found[pair] for pair in (("0", "5"), ("1", "7"), ("1", "8"))] == [
        Stance.DISAGREE,
        Stance.DISAGREE,
        Stance.AGREE,
    ]


def test_a_dry_run_writes_nothing(run: Run, database: Look) -> None:
    statements, votes = run(dry_run=True)
    assert (figures(statements), figures(votes)) == ((5, 3, 0, 0, 2), (10, 7, 0, 0, 3))
    with database() as session:
        assert session.scalars(select(Idea)).all() == []
        assert session.scalars(select(Participant)).all() == []


def test_only_admins_and_staff_may_import(run: Run, process_id: int) -> None:
    with pytest.raises(Refused):
        run(actor=Actor(1, grants=frozenset({(Role.MODERATOR, None)})))
    statements, votes = run(actor=Actor(1, grants=frozenset({(Role.ADMIN, process_id)})))
    assert (statements.added, votes.added) == (3, 4)


def test_another_conversation_is_refused(run: Run, database: Look, write: Write) -> None:
    run()
    with database() as session:
        before = stances(session)
    write(COMMENTS.replace("Mehr Bäume", "Something else"), "polis/comments.csv")
    with pytest.raises(ImportProblem, match="the process has another text under the id 1; a process takes one"):
        run()
    with database() as session:
        assert (stances(session), len(before)) == (before, 4)


def test_a_folder_without_its_files_is_refused(run: Run, folder: Path, write: Write) -> None:
    write("a,b\n1,2\n", "polis/comments.csv")
    with pytest.raises(ImportProblem, match="there is no column “comment-id”"):
        run()
    (folder / "votes.csv").unlink()
    with pytest.raises(ImportProblem, match=r"polis has no file votes\.csv"):
        run()
