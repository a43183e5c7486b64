"""The page where figures are checked: the very files and the very program on it, own votes, and what stays hidden."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from participation.kit import clock
from participation.kit.db import db
from participation.processes.models import Participant, Phase, Process
from participation.receipts.models import ReceiptKind
from participation.receipts.service import issue_receipt
from participation.tallies.files import LOG
from participation.tallies.models import Release
from participation.voting.models import Stance, Vote
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient
from tests.tallies.conftest import Electorate, Releasing, cast

Member = Callable[..., PageClient]
CHECK = "/results/check"
VOTER = "voter@example.org"


@pytest.fixture
def voter(transact: Sessions, electorate: Electorate, member: Member) -> PageClient:
    """A visitor who has voted on all ideas."""
    visitor = member(email=VOTER)
    with transact() as session:
        account = make.account(session, VOTER)
        session.execute(
            update(Participant).where(Participant.id == electorate.people[0]).values(account_id=account, pseudonym="Me")
        )
    return visitor


def run(folder: Path, text: str, *arguments: str) -> tuple[int, str]:
    """Run a program as it stands on a page."""
    (folder / "program.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-I", "program.py", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def fetched(visitor: PageClient, address: str) -> bytes:
    """Return the content of a file."""
    answer = visitor.get(address)
    content = answer.data
    answer.response.close()
    return content


def program_on(page: Page, name: str) -> str:
    """Return the text of a program exactly as it stands on the page."""
    return "".join(page.select(f"#{name}")[0].itertext())


def test_the_program_and_the_files_of_the_page(
    client: PageClient, electorate: Electorate, release: Releasing, tmp_path: Path
) -> None:
    place = electorate.place
    assert "Nothing has been released yet." in client.get(place.url(CHECK, language="en")).one("main")
    made = release()
    assert made is not None
    page = client.get(place.url(CHECK, language="en"), budget=4)
    assert page.texts(".vote-release code") == [made.release.root, made.release.file_sha256]
    files = page.links(".vote-release a")
    assert len(files) == 3
    command = page.one(".check-steps code").split()
    for name, url in zip(command[2:], list(files.values())[1:], strict=True):
        answer = client.get(url)
        assert answer.headers["Content-Disposition"].endswith(f"filename={name}")
        (tmp_path / name).write_bytes(answer.data)
        answer.response.close()
    text = program_on(page, "check-tally")
    assert len(text.splitlines()) <= 30
    assert run(tmp_path, text, *command[2:]) == (0, "All right: 63 votes.\n")
    assert client.get(place.url(f"{CHECK}/check-tally.py")).text == text
    rows = fetched(client, next(iter(files.values()))).decode().splitlines()
    assert [row.split(",")[0] for row in rows] == ["idea", *map(str, electorate.ideas[:5])]
    assert json.loads(client.get(place.url(f"{CHECK}/roots.json")).text)[0]["root"] == made.release.root


def test_own_votes(
    client: PageClient, voter: PageClient, electorate: Electorate, release: Releasing, tmp_path: Path
) -> None:
    place = electorate.place
    assert voter.get(place.url(f"{CHECK}/own", language="en")).texts(".own-votes .badge") == ["In the next release"] * 6
    made = release()
    assert made is not None
    page = voter.get(place.url(f"{CHECK}/own", language="en"), budget=9)
    assert page.one("#root") == made.release.root
    assert page.texts(".own-votes .badge") == ["In the log"] * 6
    leaves = page.texts(".own-votes__leaf")
    # The latest vote is on the idea that too few voted on.
    assert [leaf in made.lines for leaf in leaves] == [False, True, True, True, True, True]
    for idea in electorate.ideas:
        (tmp_path / "proof.json").write_bytes(voter.get(place.url(f"{CHECK}/own/{idea}")).data)
        status, said = run(tmp_path, program_on(page, "check-vote"), "proof.json", made.release.root)
        assert (status, said.split(" ")[0] in leaves) == (0, True)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert voter.get(place.url(f"{CHECK}/check-vote.py")).text == program_on(page, "check-vote")


def test_own_votes_are_nobody_elses(
    client: PageClient, voter: PageClient, member: Member, electorate: Electorate, release: Releasing
) -> None:
    release()
    place = electorate.place
    own, proof = place.url(f"{CHECK}/own", language="en"), place.url(f"{CHECK}/own/{electorate.ideas[0]}")
    stranger = member(email="stranger@example.org")
    assert stranger.get(own).texts(".own-votes__leaf") == []
    stranger.get(proof, status=404)
    voter.get(proof)
    for address in (own, proof):
        assert client.get(address, status=None).status == 302
    voter.get(f"{own}?before=x", status=400)
    voter.get(f"{own}?before=1")
    voter.get(place.url(f"{CHECK}/own/999"), status=404)


def test_while_results_are_hidden_roots_are_public_and_files_are_not(
    client: PageClient, voter: PageClient, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    place = electorate.place
    with transact() as session:
        session.execute(update(Process).values(hides_results=True))
    made = release()
    assert made is not None
    addresses = [place.url(f"{CHECK}/releases/1/{rest}") for rest in ("figures.csv", "figures.json", "vote-log")]
    page = client.get(place.url(CHECK, language="en"))
    assert made.release.root in page.texts(".vote-release code")
    assert page.links(".vote-release a") == {}
    for address in addresses:
        for visitor in (client, voter):
            answer = visitor.get(address, status=403)
            assert "agree," not in answer.text
    # The own path works meanwhile.
    assert voter.get(place.url(f"{CHECK}/own", language="en")).texts(".own-votes .badge") == ["In the log"] * 6
    with transact() as session:
        session.execute(update(Phase).values(ends_at=clock.now() - timedelta(seconds=1)))
        session.execute(update(Process).values(version=Process.version + 1))
    assert all(fetched(client, address) for address in addresses)


def test_files_that_are_not_there(
    client: PageClient, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    place = electorate.place
    made = release()
    assert made is not None
    made.paths[LOG].unlink()
    client.get(place.url(f"{CHECK}/releases/1/vote-log"), status=404)
    client.get(place.url(f"{CHECK}/releases/2/vote-log"), status=404)
    client.get(place.url(f"{CHECK}/releases/1/figures.pdf"), status=404)
    assert len(client.get(place.url(CHECK)).links(".vote-release a")) == 2


def test_a_receipt_says_whether_the_vote_is_in_the_log(
    app: Flask, client: PageClient, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    person, idea = electorate.people[0], electorate.ideas[0]
    with transact() as session:
        vote = session.execute(
            select(Vote.id, Vote.stance).where(Vote.participant_id == person, Vote.idea_id == idea)
        ).one()
        receipt = issue_receipt(
            session, kind=ReceiptKind.VOTE, subject_id=vote.id, revision=1, digest="", now=clock.now()
        )
        address = f"/en/receipts/{receipt.code}"
    inside, outside = "This vote is in the published vote log.", "This vote is not in the published vote log yet"
    assert "published vote log" not in client.get(address).one("main")
    made = release()
    assert made is not None
    before = client.get(address).one("main")
    assert inside in before
    with transact() as session:
        cast(session, idea, person, next(other for other in Stance if other is not vote.stance))
    # Nothing gives away that it was changed, and nothing where it stands.
    assert client.get(address).one("main") == before
    leaves = {line.rpartition(",")[2] for line in made.lines}
    assert not any(leaf in before for leaf in leaves)
    with transact() as session:
        cast(session, idea, person, None)
        newcomer = make.vote(session, electorate.place, idea, Stance.AGREE)
        number = session.scalars(select(Vote.id).where(Vote.participant_id == newcomer)).one()
        receipt = issue_receipt(
            session, kind=ReceiptKind.VOTE, subject_id=number, revision=1, digest="", now=clock.now()
        )
        later = f"/en/receipts/{receipt.code}"
    assert "published vote log" not in client.get(address).one("main")
    assert outside in client.get(later).one("main")


def test_the_cost_of_the_page_does_not_grow_with_releases(
    app: Flask, client: PageClient, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    for number in range(1, 8):
        with transact() as session:
            for person in electorate.people[:10]:
                current = session.scalar(
                    select(Vote.stance).where(Vote.participant_id == person, Vote.idea_id == electorate.ideas[0])
                )
                cast(session, electorate.ideas[0], person, Stance.AGREE if current is None else None)
        assert release() is not None
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Release)) == number
    page = client.get(electorate.place.url(CHECK, language="en"), budget=4)
    assert len(page.select(".vote-release")) == 7
    assert page.one(".disclosure summary") == "1 older release"
