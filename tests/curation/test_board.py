"""Making themes and filing ideas on the board."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.curation.models import Cluster, Filing
from participation.curation.queries import COLUMN_SHOWS, UNFILED_PAGE
from participation.ideas.models import IdeaState
from participation.kit import clock
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
BOARD = f"{DESK}/board"


def filed(database: Sessions) -> set[tuple[int, int]]:
    """Return the current pairs of cluster and idea."""
    with database() as session:
        rows = session.scalars(select(Filing).where(Filing.ended_at.is_(None)))
        return {(row.cluster_id, row.idea_id) for row in rows}


def test_ideas_are_filed_and_taken_out(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        one, two, three = (make.idea(session, place) for _ in range(3))
        make.idea(session, place, state=IdeaState.IN_REVIEW)
        left, right = make.cluster(session, place), make.cluster(session, place, title="Other")
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(BOARD)
    assert "0 % of the ideas are filed" in page.text
    answer = moderator.submit(page, "file-ideas", ideas=[one, two], cluster=left, status=303)
    page = moderator.follow(answer)
    assert "2 ideas are filed under “Theme (en)”." in page.text
    assert "67 % of the ideas are filed" in page.text
    # The button of a column wins over the list; filing twice is harmless.
    for _ in range(2):
        moderator.submit(page, "file-ideas", ideas=[three], forge={"into": right}, status=303)
    assert filed(database) == {(left, one), (left, two), (right, three)}
    page = moderator.get(BOARD)
    assert "Every published idea is filed." in page.text
    moderator.submit(page, f"#cluster-{left} form", press="out_of", ideas=[one], status=303)
    assert filed(database) == {(left, two), (right, three)}


def test_ideas_move_from_one_theme_to_another(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        one, two = make.idea(session, place), make.idea(session, place)
        left, right = make.cluster(session, place, ideas=[one, two]), make.cluster(session, place, title="Other")
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/clusters/{left}")
    answer = moderator.submit(page, ideas=[one], cluster=right, status=303)
    assert answer.location == f"{DESK}/clusters/{left}"
    assert filed(database) == {(left, two), (right, one)}
    moderator.submit(moderator.follow(answer), ideas=[two], cluster=0, status=303)
    assert filed(database) == {(right, one)}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"cluster": True}, "Please choose at least one idea."),
        ({"ideas": True}, "Please choose a theme."),
    ],
)
def test_nothing_chosen_is_lost(
    member: Member, transact: Sessions, database: Sessions, fields: dict[str, bool], error: str
) -> None:
    with transact() as session:
        place = make.process(session)
        idea, cluster = make.idea(session, place), make.cluster(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    chosen: dict[str, Any] = {
        "ideas": [idea] if "ideas" in fields else None,
        "cluster": cluster if "cluster" in fields else 0,
    }
    answer = moderator.submit(moderator.get(BOARD), "file-ideas", **chosen, status=422)
    assert answer.errors == [error]
    assert len(answer.select("[name=ideas][checked]")) == len(chosen["ideas"] or [])
    assert filed(database) == set()


@pytest.mark.parametrize("value", ["x", "\x00", "9" * 30, "²", "-1"])
def test_what_is_no_idea_cannot_be_filed(member: Member, transact: Sessions, database: Sessions, value: str) -> None:
    with transact() as session:
        place = make.process(session)
        make.idea(session, place)
        cluster = make.cluster(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    moderator.submit(moderator.get(BOARD), "file-ideas", cluster=cluster, forge={"ideas": value}, status=422)
    assert filed(database) == set()


def test_ideas_of_another_process_cannot_be_filed_here(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        make.idea(session, place)
        foreign, cluster = make.idea(session, other), make.cluster(session, place)
        foreign_cluster = make.cluster(session, other)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(BOARD)
    moderator.submit(page, "file-ideas", cluster=cluster, forge={"ideas": foreign}, status=403)
    moderator.submit(page, "file-ideas", forge={"ideas": foreign, "cluster": foreign_cluster}, status=422)
    for action in ("edit", "remove", ""):
        moderator.get(f"{DESK}/clusters/{foreign_cluster}/{action}".rstrip("/"), status=404)
    assert filed(database) == set()


def test_the_unfiled_are_searched_and_paged(member: Member, transact: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        place = make.process(session)
        for number in range(UNFILED_PAGE + 2):
            # Several of the same moment: the id decides.
            make.idea(session, place, title=f"Idea {number:02}", at=moment + timedelta(minutes=number // 5))
        make.idea(session, place, title="Öffnungszeiten 100 %", principles=["access"], at=moment - timedelta(days=1))
        (access,) = make.principle_ids(session, place, ["access"])
    moderator = member(Role.MODERATOR, process_id=place.id)
    first = moderator.get(BOARD)
    second = moderator.get(first.links()["Next"])
    titles = [*first.texts(".desk-unfiled .desk-card__title"), *second.texts(".desk-unfiled .desk-card__title")]
    assert titles == [*(f"Idea {number:02}" for number in reversed(range(UNFILED_PAGE + 2))), "Öffnungszeiten 100 %"]

    def found(query: str) -> list[str]:
        return moderator.get(f"{BOARD}?{query}").texts(".desk-unfiled .desk-card__title")

    assert found("q=öffnung") == found("q=ÖFFNUNGSZEITEN 100") == found(f"principle={access}") == titles[-1:]
    assert found("q=%25") == titles[-1:]
    assert found("q=_") == found("q=nowhere") == found("q=%00") == []
    assert found("principle=not-sure&q=Idea 03") == ["Idea 03"]
    assert found("principle=x") == titles[:UNFILED_PAGE]
    assert found("before=x") == titles[:UNFILED_PAGE]


def test_a_column_shows_the_newest_and_says_how_many(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(COLUMN_SHOWS + 2)]
        cluster = make.cluster(session, place, ideas=ideas)
        make.cluster(session, place, title="Empty")
    page = member(Role.MODERATOR, process_id=place.id).get(BOARD)
    shown = [int(box.get("value")) for box in page.select(f"#cluster-{cluster} [name=ideas]")]
    assert shown == ideas[: -COLUMN_SHOWS - 1 : -1]
    assert page.one(f"#cluster-{cluster} .desk-theme__count") == "12"


def test_a_theme_is_made_renamed_and_removed(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/clusters/new")
    answer = moderator.submit(page, title_en="  ", description_de="Worum es geht", status=422)
    assert answer.errors == ["Name (Deutsch): Please write this in at least one language."]
    assert answer.one("[name=description_de]") == "Worum es geht"
    answer = moderator.submit(answer, title_de="Verkehr", title_en="Traffic", status=303)
    with database() as session:
        (cluster,) = session.scalars(select(Cluster)).all()
    assert answer.location == f"{BOARD}#cluster-{cluster.id}"
    moderator.submit(moderator.get(f"{DESK}/clusters/{cluster.id}/edit"), title_en="", description_de="", status=303)
    with database() as session:
        renamed = session.get_one(Cluster, cluster.id)
        assert (renamed.title, renamed.description) == ({"de": "Verkehr"}, {})
    moderator.submit(moderator.get(BOARD), "file-ideas", ideas=[idea], cluster=cluster.id, status=303)
    moderator.submit(moderator.get(f"{DESK}/clusters/{cluster.id}/remove"), press="Remove", status=303)
    assert filed(database) == set()
    assert moderator.get(BOARD).select(".desk-theme") == []
    moderator.get(f"{DESK}/clusters/{cluster.id}", status=404)


def test_all_the_themes_of_one_idea_are_set_at_once(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        one = make.cluster(session, place, ideas=[idea])
        two, three = make.cluster(session, place), make.cluster(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    form = f'form[action$="/ideas/{idea}/clusters"]'
    answer = moderator.submit(moderator.get(f"{DESK}/ideas/{idea}"), form, clusters=[two, three], status=303)
    assert filed(database) == {(two, idea), (three, idea)}
    page = moderator.follow(answer)
    assert [box.get("value") for box in page.select("[name=clusters][checked]")] == [str(two), str(three)]
    moderator.submit(page, form, forge={"clusters": "999"}, status=422)
    assert filed(database) == {(two, idea), (three, idea)}
    moderator.submit(page, form, clusters=None, status=303)
    assert (one, filed(database)) == (one, set())
