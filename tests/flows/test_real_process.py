"""A real conversation with real votes: imported, browsed, filed, exported and opened again with equal figures."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Role
from participation.curation.board.clusters import create_cluster
from participation.curation.board.filing import file_idea
from participation.exports.files import write_strategy_input
from participation.ideas.models import Idea, IdeaState
from participation.intake.votes import VoteImport, import_statements, import_votes
from participation.kit import clock
from participation.strategy.statements.service import StatementDraft, sign_off, submit_statement, write_statement
from participation.voting.queries import FEWEST_VOTES
from tests import make
from tests.architecture.sources import ROOT
from tests.pages import PageClient

POLIS = ROOT.parent / "shared" / "data" / "votes-klimarat"
FILED = 25
WORDS = {"de": "Strom vom Dach", "en": "Power from the roof"}

pytestmark = [
    pytest.mark.accept,
    pytest.mark.skipif(not POLIS.is_dir(), reason="the real data is not beside this checkout"),
]
Sessions = Callable[[], AbstractContextManager[Session]]
Figures = tuple[int, int, int]


def last_votes() -> dict[str, dict[str, str]]:
    """Return, read from the file itself, how each person voted on each statement in the end."""
    votes: dict[str, dict[str, str]] = {}
    with (POLIS / "votes.csv").open(encoding="utf-8", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: int(row["timestamp"])):
            votes.setdefault(row["comment-id"], {})[row["voter-id"]] = row["vote"]
    return votes


def figures_of(votes: dict[str, str]) -> Figures:
    """Return how many agree, are unsure, disagree."""
    counted = Counter(votes.values())
    return counted["1"], counted["0"], counted["-1"]


def test_a_real_process_comes_out_as_it_went_in(
    app: Flask,
    transact: Sessions,
    database: Sessions,
    client: PageClient,
    member: Callable[..., PageClient],
    tmp_path: Path,
) -> None:
    with transact() as session:
        place = make.process(session, "climate")
    with app.app_context():
        order = VoteImport(place.id, POLIS)
        import_statements(SYSTEM, order, now=clock.now())
        import_votes(SYSTEM, order, now=clock.now())
    votes = last_votes()
    with database() as session:
        rows = session.execute(select(Idea.external_id, Idea.id, Idea.title, Idea.state)).all()
    published = {row.external_id: row.id for row in rows if row.state is IdeaState.PUBLISHED}
    # People say the same thing twice: what was hidden once may well stand elsewhere in public.
    said = {row.title for row in rows if row.state is IdeaState.PUBLISHED}
    hidden = {row.title for row in rows if row.state is IdeaState.HIDDEN} - said
    assert len(hidden) > 100
    filed = dict(sorted(published.items(), key=lambda item: item[1])[:FILED])
    with transact() as session:
        cluster = create_cluster(session, SYSTEM, process_id=place.id, title=WORDS, description=WORDS, now=clock.now())
        for idea_id in filed.values():
            file_idea(session, SYSTEM, idea_id=idea_id, cluster_id=cluster.id, now=clock.now())
        writer, draft = make.team_member(session, place, "writer"), StatementDraft(WORDS, WORDS, [cluster.id])
        statement = write_statement(session, writer, process_id=place.id, draft=draft, now=clock.now())
        submit_statement(session, writer, statement_id=statement.id, now=clock.now())
        sign_off(session, make.team_member(session, place, "signer"), statement_id=statement.id, now=clock.now())
        statement_id = statement.id

    browsed = browse_all(client, place.url("/ideas"))
    assert sorted(browsed) == sorted(published.values()), "the pages of the list show every idea exactly once"
    key, idea_id = next(iter(filed.items()))
    page = client.get(place.url(f"/ideas/{idea_id}"))
    assert tuple(int(text) for text in page.texts(".columns__side .stance-bar__figure .number")) == figures_of(
        votes[key]
    )
    assert WORDS["de"] in page.text
    people = {person for key in filed for person in votes.get(key, {})}
    assert f"{len(people):,}".replace(",", ".") in client.get(place.url(f"/statements/{statement_id}")).text
    assert member(Role.STAFF, process_id=place.id).get(f"/de/desk/processes/{place.slug}/exports").h1

    check_files(app, place, tmp_path, votes=votes, published=published, filed=set(filed), hidden=hidden)


def check_files(
    app: Flask,
    place: make.Place,
    folder: Path,
    *,
    votes: dict[str, dict[str, str]],
    published: dict[str, int],
    filed: set[str],
    hidden: set[str],
) -> None:
    """Write two files and compare what is in them with the figures of the source."""
    files = {name: folder / f"climate.{name}" for name in ("json", "xlsx")}
    with app.app_context():
        for name, path in files.items():
            write_strategy_input(
                SYSTEM, process_id=place.id, file_format=name, language="en", path=path, now=clock.now()
            )
    data = json.loads(files["json"].read_text(encoding="utf-8"))
    exported = {idea["external_id"]: idea for idea in data["ideas"]}
    assert set(exported) == set(published)
    counted = {key: figures_of(votes.get(key, {})) for key in published}
    assert {key: votes_in(idea) for key, idea in exported.items()} == {
        key: figures if sum(figures) >= FEWEST_VOTES else None for key, figures in counted.items()
    }
    assert {key for key, idea in exported.items() if idea["cluster_ids"]} == filed
    assert data["statements"][0]["people"]["people"] == len({person for key in filed for person in votes.get(key, {})})

    workbook = openpyxl.load_workbook(files["xlsx"], read_only=True)
    cells = (cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row)
    texts = {str(cell) for cell in cells if cell is not None}
    assert set(published) <= texts
    assert not hidden & texts, "a statement that was moderated out is in the workbook"


def browse_all(client: PageClient, address: str) -> list[int]:
    """Return the ids of all ideas in the order of the list, page by page."""
    found: list[int] = []
    while address:
        page = client.get(address)
        found += [int(link.get("href").rsplit("/", 1)[1]) for link in page.select(".idea-card__link")]
        following = page.select("a[rel=next]")
        address = following[0].get("href") if following else ""
    return found


def votes_in(idea: dict[str, dict[str, int] | None]) -> Figures | None:
    """Return the figures of an exported idea; those of a few people are left out."""
    votes = idea["votes"]
    return (votes["agree"], votes["unsure"], votes["disagree"]) if votes else None
