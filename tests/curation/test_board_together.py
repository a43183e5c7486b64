"""Two moderators at one board: conflicts with both sides shown, undoing, and what is told about colleagues."""

from typing import Any

from participation.curation.models import Cluster
from tests import make
from tests.conftest import Sessions
from tests.curation.board_pages import BOARD, DESK, filed, mains, send
from tests.make.places import Place
from tests.pages import PageClient


def test_a_colleague_filed_an_idea_meanwhile(
    place: Place, moderator: PageClient, colleague: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two = make.idea(session, place), make.idea(session, place)
        mine, theirs = make.cluster(session, place, title="Mine"), make.cluster(session, place, title="Theirs")
    page = moderator.get(BOARD)
    send(colleague, colleague.get(BOARD), [one], cluster=theirs)
    answer = send(moderator, page, [one, two], cluster=mine, status=409)
    assert mains(database) == {one: theirs}
    assert answer.texts(".board-clash__side dd") == ["in no theme", "Theirs (en)"]
    # Leaving the box empty keeps what the colleague did; the others come along.
    moderator.submit(answer, "main form", status=303)
    assert mains(database) == {one: theirs, two: mine}
    moderator.submit(answer, "main form", ideas=[one, two], status=303)
    assert mains(database) == {one: mine, two: mine} or filed(database) >= {(mine, one)}


def test_different_ideas_never_collide(
    place: Place, moderator: PageClient, colleague: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two = make.idea(session, place), make.idea(session, place)
        left, right = make.cluster(session, place), make.cluster(session, place, title="Other")
    page = moderator.get(BOARD)
    send(colleague, colleague.get(BOARD), [one], cluster=left)
    send(moderator, page, [two], cluster=right)
    assert mains(database) == {one: left, two: right}


def test_a_colleague_renamed_a_theme_meanwhile(
    place: Place, moderator: PageClient, colleague: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        cluster = make.cluster(session, place)
    url = f"{DESK}/clusters/{cluster}/edit"
    page = moderator.get(url)
    colleague.submit(colleague.get(url), title_en="Theirs", status=303)
    answer = moderator.submit(page, title_en="Mine", status=409)
    assert answer.texts(".board-clash__side dd")[:2] == ["Theirs", "Mine"]
    moderator.submit(answer, status=303)
    with database() as session:
        assert session.get_one(Cluster, cluster).title["en"] == "Mine"


def test_any_step_can_be_undone(
    place: Place, moderator: PageClient, colleague: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two = make.idea(session, place), make.idea(session, place)
        left, right = make.cluster(session, place), make.cluster(session, place, title="Other")
    send(moderator, moderator.get(BOARD), [one, two], cluster=left)
    page = moderator.get(BOARD)
    assert page.one(".board-undo__what") == "2 ideas filed under “Theme (en)”"
    # What somebody else did is not offered on the board, but in the history.
    assert colleague.get(BOARD).select(".board-undo__what") == []
    history = colleague.get(f"{BOARD}/changes")
    assert history.texts(".board-step__sentence")[0].endswith("2 ideas filed under “Theme (en)”")
    send(colleague, colleague.get(BOARD), [f"{one}.{left}"], cluster=right)
    answer = moderator.submit(page, "#board-undo form", status=409)
    assert mains(database) == {one: right, two: left}
    assert answer.texts(".board-clash__side dd") == ["Theme (en)", "Other (en)"]
    moderator.submit(answer, "main form", status=303)
    assert mains(database) == {one: right}
    again = moderator.submit(page, "#board-undo form", status=409)
    assert "This step was undone already." in again.text
    moderator.get(f"{BOARD}/changes?before=x", status=400)


def test_what_colleagues_do_is_told(
    place: Place, moderator: PageClient, colleague: PageClient, transact: Sessions
) -> None:
    with transact() as session:
        idea, cluster = make.idea(session, place), make.cluster(session, place)
    page = moderator.get(BOARD)
    (root,) = page.select("#board")
    state, since = root.get("data-state"), int(root.get("data-version"))
    quiet: Any = moderator.get(f"{state}?since={since}").response.json
    assert quiet == {"version": since, "all": True, "changes": []}
    send(colleague, colleague.get(BOARD), [idea], cluster=cluster)
    told: Any = moderator.get(f"{state}?since={since}").response.json
    assert (told["version"], told["unfiled"], told["clusters"]) == (
        since + 1,
        0,
        [{"id": cluster, "ideas": 1, "main": 1}],
    )
    (change,) = told["changes"]
    assert (change["mine"], change["ideas"], change["clusters"]) == (False, [idea], [cluster])
    for query in ("", "?since=x", "?since=-1"):
        moderator.get(f"{state}{query}", status=400)
