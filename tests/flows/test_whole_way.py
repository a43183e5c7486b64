"""The whole way once, over HTTP, on both databases: propose, vote, comment, moderate, cluster, statement, export."""

import csv
import io
import json
import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import Role
from participation.activity.worker import work_once
from participation.comments.models import Comment
from participation.curation.models import Cluster
from participation.handlers import JOBS
from participation.ideas.models import Idea, IdeaState
from participation.strategy.models import Statement
from participation.voting.queries import VoteFigures, distinct_people, tallies, tally_breaks
from tests import make
from tests.accounts.people import joined, letters
from tests.conftest import NewClient, Sessions
from tests.make import Place
from tests.pages import Page, PageClient

TITLES = ("Lamps with sockets in every library", "One app for every bus and bicycle", "Buy my wonderful product now")


def propose(client: PageClient, place: Place, title: str) -> str:
    """Propose an idea and return its address."""
    form = client.get(place.url("/ideas/new"))
    body = f"{title}: it costs little and helps many people in the evening."
    answer = client.submit(form, "idea-form", title=title, text=body, principles=["not-sure"])
    assert answer.status == 303
    return str(answer.location)


def desk(place: Place, rest: str) -> str:
    """Return the address of a work place."""
    return f"/de/desk/processes/{place.slug}{rest}"


def form_to(page: Page, action: str) -> str:
    """Return a selector for the first form that goes to ``action``."""
    return f'form[action$="{action}"]'


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


def test_the_whole_way(
    app: Flask,
    client: PageClient,
    new_client: NewClient,
    member: Callable[..., PageClient],
    transact: Sessions,
    database: Sessions,
) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
    people = [joined(app, new_client(), f"person{number}@example.org") for number in range(4)]
    moderator = member(Role.MODERATOR, process_id=place.id)
    staff = member(Role.STAFF, process_id=place.id)

    # Three ideas come in; nobody else sees them before a moderator did.
    ideas = [propose(person, place, title) for person, title in zip(people, TITLES, strict=False)]
    assert client.get(place.url("/ideas")).texts(".idea-card__title") == []
    queue = moderator.get(desk(place, "/queue"))
    assert [title for title in TITLES if title in queue.one("main")] == list(TITLES)
    with database() as session:
        climate = str(make.principle_ids(session, place, ["climate"])[0])
    ids = [int(address.rpartition("/")[2]) for address in ideas]
    for idea in ids[:2]:
        page = moderator.get(desk(place, "/queue"))
        decided = moderator.submit(
            page, f"#idea-{idea} .desk-item__actions > form", press="publish", principles=[climate]
        )
        assert decided.status == 303
    page = moderator.get(desk(place, "/queue"))
    hidden = moderator.submit(
        page, f"#idea-{ids[2]} .desk-hide form", press="hide", reason="Advertising is not an idea."
    )
    assert hidden.status == 303
    with database() as session:
        assert dict(session.execute(select(Idea.id, Idea.state)).all()) == {
            ids[0]: IdeaState.PUBLISHED,
            ids[1]: IdeaState.PUBLISHED,
            ids[2]: IdeaState.HIDDEN,
        }
    told = {str(letter["To"]): letter.get_content() for letter in letters(app)}
    assert set(told) == {f"person{number}@example.org" for number in range(3)}
    assert "Advertising is not an idea." in told["person2@example.org"]
    client.get(ideas[2], status=404)

    # People vote and talk.
    for person, stances in zip(
        people, (("agree", "agree"), ("agree", "disagree"), ("unsure", None), ("disagree", "agree")), strict=True
    ):
        for address, stance in zip(ideas, stances, strict=False):
            if stance:
                assert person.submit(person.get(address), ".vote-buttons form", press=stance).status == 303
    assert people[1].submit(people[1].get(ideas[0]), "comment-form", text="Please with warm light.").status == 303
    queue = moderator.get(desk(place, "/queue"))
    with database() as session:
        comment = session.scalars(select(Comment.id)).one()
    assert "Please with warm light." not in client.get(ideas[0]).text
    assert moderator.submit(queue, f"#comment-{comment} .post-button", press="publish").status == 303
    assert "Please with warm light." in client.get(ideas[0]).text

    # Moderators file both ideas, write a statement and publish it.
    new_cluster = moderator.get(desk(place, "/clusters/new"))
    assert moderator.submit(new_cluster, ".desk-form", title_de="Unterwegs", title_en="On the way").status == 303
    with database() as session:
        cluster = session.scalars(select(Cluster.id)).one()
    board = moderator.get(desk(place, "/board"))
    filed = moderator.submit(
        board, "file-ideas", forge={"ideas": [str(idea) for idea in ids[:2]], "into": [str(cluster)]}
    )
    assert filed.status == 303
    form = moderator.get(desk(place, f"/statements/new?cluster={cluster}"))
    written = moderator.submit(
        form,
        "statement-form",
        text_de="Die Stadt denkt an den Abend.",
        text_en="The city thinks of the evening.",
        clusters=[str(cluster)],
    )
    assert written.status == 303
    with database() as session:
        statement = session.scalars(select(Statement.id)).one()
    client.get(place.url(f"/statements/{statement}"), status=404)
    page = moderator.get(desk(place, f"/statements/{statement}"))
    assert moderator.submit(page, form_to(page, "/publish")).status == 303

    # Everybody reads the same figures, and the files say the same.
    expected = {ids[0]: VoteFigures(agree=2, disagree=1, unsure=1), ids[1]: VoteFigures(agree=2, disagree=1)}
    together = VoteFigures(agree=3, disagree=2, unsure=1)
    with database() as session:
        assert tallies(session, ids[:2]) == expected
        assert distinct_people(session, ids[:2]) == together
        assert tally_breaks(session, place.id) == []
        assert session.scalar(select(func.count()).select_from(Comment)) == 1
    for address, figures in zip(ideas, expected.values(), strict=False):
        numbers = client.get(address).texts(".stance-bar__figures .number")
        assert [int(number) for number in numbers] == [figures.agree, figures.unsure, figures.disagree]
    shown = client.get(place.url(f"/statements/{statement}", language="en")).one("main")
    assert "The city thinks of the evening." in shown
    assert "3 people agree with at least one of the ideas, 2 people disagree" in shown
    text = download(staff, app, place, "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.split("\n")[0] else ","))
    for title, figures in zip(TITLES, expected.values(), strict=False):
        row = next(row for row in rows if title in row)
        cells = [cell for cell in row if cell.isdigit()]
        assert {str(figures.agree), str(figures.disagree)} <= set(cells)
    assert [row for row in rows if TITLES[2] in row] == []
    data = json.loads(download(staff, app, place, "json"))
    assert "The city thinks of the evening." in json.dumps(data, ensure_ascii=False)
    assert TITLES[2] not in json.dumps(data)
    moderator.get(desk(place, "/exports"), status=403)
