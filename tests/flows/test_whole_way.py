"""The whole way once, over HTTP, on both databases: propose, vote, comment, moderate, cluster, statement, export."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import Role
from participation.activity.worker import work_once
from participation.comments.models import Comment
from participation.curation.models import Cluster
from participation.handlers import JOBS
from participation.ideas.models import Idea, IdeaState
from participation.moderation.grounds import grounds
from participation.strategy.behind import people_behind
from participation.strategy.models import Statement
from participation.voting.queries import VoteFigures, tallies, tally_breaks
from tests import make, recount
from tests.accounts.people import joined, letters
from tests.conftest import NewClient, Sessions
from tests.make import Place
from tests.pages import PageClient
from tests.proposing import walking

TITLES = ("Lamps with sockets in every library", "One app for every bus and bicycle", "Buy my wonderful product now")
SENTENCE = "The city thinks of the evening."
STANCES = (("agree", "agree"), ("agree", "disagree"), ("unsure", None), ("disagree", "agree"), ("agree", None))
FIGURES = (VoteFigures(agree=3, disagree=1, unsure=1), VoteFigures(agree=2, disagree=1))


def propose(client: PageClient, place: Place, title: str) -> str:
    """Propose an idea and return its address."""
    return walking.propose(client, place, title, f"{title}: it costs little and helps many people in the evening.")


def desk(place: Place, rest: str) -> str:
    """Return the address of a work place."""
    return f"/de/desk/processes/{place.slug}{rest}"


def download(client: PageClient, app: Flask, place: Place, file_format: str) -> bytes:
    """Ask for an export, let the worker write it, and return the file."""
    overview = client.get(desk(place, "/exports"))
    client.submit(overview, "main form[action$='/exports']", format=file_format, language="en")
    with app.app_context():
        work_once(JOBS)
    overview = client.get(desk(place, "/exports"))
    ready = [
        form.get("action")
        for form in overview.select("main form")
        if re.search(r"/exports/[\w-]{20,}$", form.get("action"))
    ]
    answer = client.submit(overview, f'form[action="{ready[0]}"]')
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    content = answer.data
    answer.response.close()
    return content


@dataclass(frozen=True)
class Cast:
    """Who walks, and where; ``ideas`` are the addresses in the order of ``TITLES``."""

    place: Place
    people: list[PageClient]
    moderator: PageClient
    staff: PageClient
    anybody: PageClient
    ideas: list[str]

    @property
    def ids(self) -> list[int]:
        """The ids of the ideas."""
        return [int(address.rpartition("/")[2]) for address in self.ideas]


@pytest.fixture
def cast(
    app: Flask,
    client: PageClient,
    new_client: NewClient,
    member: Callable[..., PageClient],
    transact: Sessions,
) -> Cast:
    """Five residents, three of whom proposed an idea; nobody has read them yet."""
    with transact() as session:
        place = make.process(session, review_first=True)
    people = [joined(app, new_client(), f"person{number}@example.org") for number in range(5)]
    return Cast(
        place,
        people,
        member(Role.MODERATOR, process_id=place.id),
        member(Role.STAFF, process_id=place.id),
        client,
        [propose(person, place, title) for person, title in zip(people, TITLES, strict=False)],
    )


def moderate(app: Flask, cast: Cast, database: Sessions) -> None:
    """Publish the first two ideas, hide the third, and look at what the authors are told."""
    place, moderator, ids = cast.place, cast.moderator, cast.ids
    assert cast.anybody.get(place.url("/ideas")).texts(".idea-card__title") == []
    queue = moderator.get(desk(place, "/queue"))
    assert [title for title in TITLES if title in queue.one("main")] == list(TITLES)
    with database() as session:
        climate = str(make.principle_ids(session, place, ["climate"])[0])
    cases = queue.links(".queue-row__link")
    for title in TITLES[:2]:
        moderator.submit(moderator.get(cases[title]), "#do-m form", principles=[climate], status=303)
        moderator.submit(moderator.get(cases[title]), ".case__do > .post-button", press="publish", status=303)
    why = {"reason": "Advertising is not an idea.", "ground": grounds()[0].key}
    moderator.submit(moderator.get(cases[TITLES[2]]), "#do-h form", press="hide", status=303, **why)
    with database() as session:
        states = dict(session.execute(select(Idea.id, Idea.state)).all())
    expected = (IdeaState.PUBLISHED, IdeaState.PUBLISHED, IdeaState.HIDDEN)
    assert states == dict(zip(ids, expected, strict=True))
    told = {str(letter["To"]): letter.get_content() for letter in letters(app)}
    assert set(told) == {f"person{number}@example.org" for number in range(3)}
    assert why["reason"] in told["person2@example.org"]
    cast.anybody.get(cast.ideas[2], status=404)


def vote_and_talk(cast: Cast, database: Sessions) -> None:
    """Let people vote as ``STANCES`` says; one comments, and a moderator publishes that."""
    for person, stances in zip(cast.people, STANCES, strict=True):
        for address, stance in zip(cast.ideas, stances, strict=False):
            if stance:
                assert person.submit(person.get(address), ".vote-buttons form", press=stance).status == 303
    author, first = cast.people[1], cast.ideas[0]
    words = "Please with warm light."
    assert author.submit(author.get(first), "comment-form", text=words).status == 303
    assert words not in cast.anybody.get(first).text
    queue = cast.moderator.get(desk(cast.place, "/queue"))
    assert cast.moderator.submit(queue, ".case__do > .post-button", press="publish").status == 303
    assert words in cast.anybody.get(first).text


def write_statement(cast: Cast, database: Sessions) -> int:
    """File the published ideas, write a statement on them, publish it and return its id."""
    place, moderator = cast.place, cast.moderator
    new_cluster = moderator.get(desk(place, "/clusters/new"))
    assert moderator.submit(new_cluster, ".desk-form", title_de="Unterwegs", title_en="On the way").status == 303
    with database() as session:
        cluster = str(session.scalars(select(Cluster.id)).one())
    filing = {"ideas": [str(idea) for idea in cast.ids[:2]], "into": [cluster]}
    assert moderator.submit(moderator.get(desk(place, "/board")), "board-form", forge=filing).status == 303
    form = moderator.get(desk(place, f"/statements/new?cluster={cluster}"))
    texts = {"text_de": "Die Stadt denkt an den Abend.", "text_en": SENTENCE}
    assert moderator.submit(form, "statement-form", **texts, clusters=[cluster]).status == 303
    with database() as session:
        statement = session.scalars(select(Statement.id)).one()
    cast.anybody.get(place.url(f"/statements/{statement}"), status=404)
    draft = moderator.get(desk(place, f"/statements/{statement}"))
    assert moderator.submit(draft, 'form[action$="/submit"]').status == 303
    sign_off = cast.staff.get(desk(place, f"/statements/{statement}/sign-off"))
    assert cast.staff.submit(sign_off, "sign-off-form").status == 303
    return statement


def read_pages(cast: Cast, statement: int) -> None:
    """Look at the figures that everybody reads."""
    for address, figures in zip(cast.ideas, FIGURES, strict=False):
        numbers = cast.anybody.get(address).texts(".stance-bar__figures .number")
        assert [int(number) for number in numbers] == [figures.agree, figures.unsure, figures.disagree]
    shown = cast.anybody.get(cast.place.url(f"/statements/{statement}", language="en")).one("main")
    assert SENTENCE in shown
    assert "4 people agree with at least one of the ideas, 2 people disagree" in shown


def read_files(app: Flask, cast: Cast) -> None:
    """Look at the figures in the files, and that nothing hidden is in them."""
    text = download(cast.staff, app, cast.place, "csv").decode("utf-8-sig")
    rows = {row["Idea: Title"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert set(rows) == set(TITLES[:2])
    told = [[rows[title][f"Idea: {stance}"] for stance in ("Agree", "Disagree")] for title in TITLES[:2]]
    # Fewer than five people voted on the second one.
    assert told == [[str(FIGURES[0].agree), str(FIGURES[0].disagree)], ["hidden", "hidden"]]
    data = json.dumps(json.loads(download(cast.staff, app, cast.place, "json")), ensure_ascii=False)
    assert SENTENCE in data
    assert TITLES[2] not in data
    cast.moderator.get(desk(cast.place, "/exports"), status=403)


def test_the_whole_way(app: Flask, cast: Cast, database: Sessions) -> None:
    moderate(app, cast, database)
    vote_and_talk(cast, database)
    statement = write_statement(cast, database)
    ids = cast.ids[:2]
    with database() as session:
        assert tallies(session, ids) == dict(zip(ids, FIGURES, strict=True))
        behind = people_behind(session, [statement])[statement]
        assert (behind.agree, behind.disagree, behind.unsure) == (4, 2, 1)
        assert behind == recount.people(session, ids)
        assert tally_breaks(session, cast.place.id) == []
        assert session.scalar(select(func.count()).select_from(Comment)) == 1
    read_pages(cast, statement)
    read_files(app, cast)
