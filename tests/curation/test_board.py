"""The board as a page: filing by plain form, searching, themes, conflicts, undoing and the history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from participation.curation.board.queries import COLUMN_SHOWS, UNFILED_PAGE
from participation.curation.models import Cluster
from participation.ideas.models import IdeaState
from participation.kit import clock
from tests import make
from tests.conftest import Sessions
from tests.curation.board_pages import BOARD, DESK, FORM, filed, mains, send
from tests.make.places import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]


def test_ideas_are_filed_and_taken_out(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two, three = (make.idea(session, place) for _ in range(3))
        make.idea(session, place, state=IdeaState.IN_REVIEW)
        left, right = make.cluster(session, place), make.cluster(session, place, title="Other")
    page = moderator.get(BOARD)
    assert "0 % of the ideas are filed" in page.text
    assert page.links()["3 not filed yet"] == f"{BOARD}#unfiled"
    page = moderator.follow(send(moderator, page, [one, two], cluster=left))
    assert "2 ideas are filed under “Theme (en)”." in page.text
    assert page.one(".board-coverage__line").startswith("66 % of the ideas are filed 2 of 3 published ideas")
    # The button of a column wins over the list; filing twice is harmless.
    send(moderator, page, [three], into=right)
    answer = moderator.follow(send(moderator, page, [three], into=right))
    assert "Nothing to change: the board says so already." in answer.text
    assert filed(database) == {(left, one), (left, two), (right, three)}
    page = moderator.get(BOARD)
    assert "Every published idea is filed." in page.text
    answer = send(moderator, page, [f"{one}.{left}", f"{three}.{right}", two], out=1)
    assert "2 ideas are taken out." in moderator.follow(answer).text
    assert filed(database) == {(left, two)}


def test_an_idea_moves_touches_and_gets_another_main_theme(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two = make.idea(session, place), make.idea(session, place)
        left, right = make.cluster(session, place, ideas=[one, two]), make.cluster(session, place, title="Other")
    page = moderator.get(f"{DESK}/clusters/{left}")
    answer = send(moderator, page, [f"{one}.{left}"], cluster=right)
    assert answer.location == f"{DESK}/clusters/{left}"
    assert mains(database) == {one: right, two: left}
    page = moderator.follow(answer)
    send(moderator, page, [f"{two}.{left}"], cluster=right, placing="also")
    assert filed(database) == {(right, one), (left, two), (right, two)}
    page = moderator.get(BOARD)
    assert page.texts(f"#cluster-{right} .board-card--touches .board-card__title") == page.texts(
        f"#cluster-{left} .board-card__title"
    )
    page = moderator.get(f"{DESK}/clusters/{right}")
    moderator.submit(page, f"main-{two}", status=303)
    assert (mains(database), len(filed(database))) == ({one: right, two: right}, 3)
    # Taken out of its main theme it still touches the other, and has none.
    send(moderator, moderator.get(BOARD), [f"{two}.{right}"], out=1)
    page = moderator.get(f"{BOARD}?rest=without_main")
    assert page.one(".board-rest .board-card__also") == "Touches: Theme (en)"
    assert moderator.get(f"{BOARD}?rest=nowhere").texts(".board-rest .board-card") == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"cluster": True}, "Please choose at least one idea."),
        ({"ideas": True}, "Please choose a theme."),
    ],
)
def test_nothing_chosen_is_lost(
    place: Place,
    moderator: PageClient,
    transact: Sessions,
    database: Sessions,
    fields: dict[str, bool],
    error: str,
) -> None:
    with transact() as session:
        idea, cluster = make.idea(session, place), make.cluster(session, place)
    chosen = [idea] if "ideas" in fields else []
    page = moderator.get(BOARD)
    answer = send(moderator, page, chosen, cluster=cluster if "cluster" in fields else 0, status=422)
    assert answer.errors == [error]
    assert len(answer.select("[name=ideas][checked]")) == len(chosen)
    assert filed(database) == set()


@pytest.mark.parametrize("value", ["x", "\x00", "9" * 30, "²", "-1", "1.x", "1.2.3"])
def test_what_is_no_idea_cannot_be_filed(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions, value: str
) -> None:
    with transact() as session:
        make.idea(session, place)
        cluster = make.cluster(session, place)
    page = moderator.get(BOARD)
    send(moderator, page, [value], cluster=cluster, status=422)
    send(moderator, page, [], take=f"{value}.{cluster}", status=422)
    assert filed(database) == set()


def test_ideas_of_another_process_cannot_be_filed_here(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        other = make.process(session, "other")
        make.idea(session, place)
        foreign, cluster = make.idea(session, other), make.cluster(session, place)
        foreign_cluster = make.cluster(session, other)
    page = moderator.get(BOARD)
    send(moderator, page, [foreign], cluster=cluster, status=404)
    send(moderator, page, [foreign], cluster=foreign_cluster, status=422)
    send(moderator, page, [], take=f"{foreign}.{foreign_cluster}", status=422)
    for action in ("edit", "split", "merge", "remove", ""):
        moderator.get(f"{DESK}/clusters/{foreign_cluster}/{action}".rstrip("/"), status=404)
    for action in ("label", "notes"):
        send_to = {"action": f"{DESK}/clusters/{foreign_cluster}/{action}"}
        form = page.form(FORM)
        form.set("action", send_to["action"])
        moderator.submit(page, FORM, forge={"label": "x", "text": "x"}, status=404)
    assert filed(database) == set()


def test_the_unfiled_are_searched_and_paged(place: Place, moderator: PageClient, transact: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        for number in range(UNFILED_PAGE + 2):
            # Several of the same moment: the id decides.
            at = moment + timedelta(minutes=number // 5)
            make.idea(session, place, title=f"Idea {number:02}", at=at, language="en")
        make.idea(
            session,
            place,
            title="Öffnungszeiten 100 %",
            principles=["access"],
            at=moment - timedelta(days=1),
            language="de",
        )
        (access,) = make.principle_ids(session, place, ["access"])
    first = moderator.get(BOARD)
    second = moderator.get(first.links()["Show more: Not filed yet"])
    assert second.links()["From the beginning"] == BOARD
    titles = [*first.texts(".board-rest .board-card__title"), *second.texts(".board-rest .board-card__title")]
    assert titles == [*(f"Idea {number:02}" for number in reversed(range(UNFILED_PAGE + 2))), "Öffnungszeiten 100 %"]

    def found(query: str) -> list[str]:
        return moderator.get(f"{BOARD}?{query}").texts(".board-rest .board-card__title")

    assert found("q=öffnungszeit") == found("q=ÖFFNUNGSZEITEN 100") == found(f"principle={access}") == titles[-1:]
    assert found("language=de") == titles[-1:]
    assert found("q=nowhere") == found("theme=1") == []
    assert found("principle=not-sure&q=Idea 03") == ["Idea 03"]
    assert found("principle=x&language=x&rest=x&theme=x") == titles[:UNFILED_PAGE]
    assert found("before=x") == found("only=x&after=x") == titles[:UNFILED_PAGE]


def test_a_column_shows_the_newest_and_more_on_demand(place: Place, moderator: PageClient, transact: Sessions) -> None:
    with transact() as session:
        ideas = [make.idea(session, place) for _ in range(COLUMN_SHOWS + 2)]
        cluster = make.cluster(session, place, ideas=ideas)
        empty = make.cluster(session, place, title="Empty")
    page = moderator.get(BOARD)

    def shown(on: Page) -> list[int]:
        return [int(card.get("data-idea")) for card in on.select(f"#cluster-{cluster} [data-card]")]

    assert shown(page) == ideas[: -COLUMN_SHOWS - 1 : -1]
    assert page.one(f"#cluster-{cluster} .board-column__count", seen=True) == "12"
    more = moderator.get(page.links()["Show more: Theme (en)"])
    assert shown(more) == ideas[1::-1]
    assert more.select(f"#cluster-{empty}") == []
    assert moderator.get(f"{BOARD}?only=0").select(".board-column") == []


def test_a_theme_is_made_renamed_and_removed(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    page = moderator.get(f"{DESK}/clusters/new")
    answer = moderator.submit(page, title_en="  ", description_de="Worum es geht", status=422)
    assert answer.errors == ["Name (German): Please write this in at least one language."]
    assert answer.one("[name=description_de]") == "Worum es geht"
    answer = moderator.submit(answer, title_de="Verkehr", title_en="Traffic", status=303)
    with database() as session:
        (cluster,) = session.scalars(select(Cluster)).all()
    assert answer.location == f"{BOARD}#cluster-{cluster.id}"
    moderator.submit(moderator.get(f"{DESK}/clusters/{cluster.id}/edit"), title_en="", description_de="", status=303)
    with database() as session:
        renamed = session.get_one(Cluster, cluster.id)
        assert (renamed.title, renamed.description) == ({"de": "Verkehr"}, {})
    send(moderator, moderator.get(BOARD), [idea], cluster=cluster.id)
    moderator.submit(moderator.get(f"{DESK}/clusters/{cluster.id}/remove"), press="Remove", status=303)
    assert filed(database) == set()
    assert moderator.get(BOARD).select(".board-column") == []
    moderator.get(f"{DESK}/clusters/{cluster.id}", status=404)


def test_a_theme_is_made_of_the_chosen_ideas(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two = make.idea(session, place), make.idea(session, place)
        old = make.cluster(session, place, ideas=[one])
    board = moderator.get(BOARD)
    page = moderator.submit(
        board, FORM, press="New theme from them", forge={"ideas": [f"{one}.{old}", two]}, status=200
    )
    assert len(page.select("[name=ideas][checked]")) == 2
    moderator.submit(page, title_en="Fresh", status=303)
    (fresh,) = {cluster for cluster, _idea in filed(database)} - {old}
    assert mains(database) == {one: fresh, two: fresh}


def test_a_theme_is_split_and_merged_again(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, two = make.idea(session, place), make.idea(session, place)
        old = make.cluster(session, place, ideas=[one, two])
        make.cluster(session, place, title="Last")
    url = f"{DESK}/clusters/{old}/split"
    answer = moderator.submit(moderator.get(url), title_en="Half", status=422)
    assert answer.errors == ["Ideas: Please choose at least one idea."]
    page = moderator.submit(moderator.get(f"{DESK}/clusters/{old}"), FORM, press="Split them off", status=200)
    answer = moderator.submit(page, title_en="Half", ideas=[f"{two}.{old}"], status=303)
    half = mains(database)[two]
    assert (answer.location, mains(database)) == (f"{DESK}/clusters/{half}", {one: old, two: half})
    assert moderator.get(BOARD).texts(".board-column__title") == ["Theme (en)", "Half", "Last (en)"]
    answer = moderator.submit(moderator.get(f"{DESK}/clusters/{half}/merge"), into=old, status=303)
    assert "“Half” is now part of “Theme (en)”." in moderator.follow(answer).text
    assert mains(database) == {one: old, two: old}
    moderator.get(f"{DESK}/clusters/{half}", status=404)


def test_a_theme_that_a_statement_rests_on_is_not_merged_away(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        used = make.cluster(session, place, ideas=[idea])
        other = make.cluster(session, place, title="Other")
    page = moderator.get(f"{DESK}/clusters/{used}/merge")
    with transact() as session:
        make.statement(session, place, [used], published=False)
    assert moderator.submit(page, into=other, status=409).select("form .field") == []
    assert mains(database) == {idea: used}


def test_themes_are_put_in_order_by_buttons(place: Place, moderator: PageClient, transact: Sessions) -> None:
    with transact() as session:
        for title in ("A", "B", "C"):
            cluster = make.cluster(session, place, title=title)
    page = moderator.get(f"{DESK}/clusters/order")
    answer = moderator.submit(page, press="to the front: C (en)", status=303)
    assert answer.location == f"{DESK}/clusters/order#cluster-{cluster}"
    page = moderator.follow(answer)
    assert page.texts(".board-order__name bdi") == ["C (en)", "A (en)", "B (en)"]
    moderator.submit(page, press="one back: C (en)", status=303)
    assert moderator.get(BOARD).texts(".board-column__title") == ["A (en)", "C (en)", "B (en)"]
    moderator.submit(page, forge={"later": "x"}, status=400)
    moderator.submit(page, forge={"later": "999"}, status=404)


def test_a_theme_has_a_label_and_notes_that_are_never_public(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        cluster = make.cluster(session, place, ideas=[make.idea(session, place)])
        make.statement(session, place, [cluster])
    url = f"{DESK}/clusters/{cluster}"
    moderator.submit(moderator.get(url), f'form[action="{url}/label"]', label="for the council", status=303)
    answer = moderator.submit(moderator.get(url), f'form[action="{url}/label"]', forge={"label": "x" * 41}, status=422)
    assert answer.one("title").startswith("Label of “Theme (en)”")
    moderator.submit(moderator.get(url), f'form[action="{url}/notes"]', text="ask the office", status=303)
    moderator.submit(moderator.get(url), f'form[action="{url}/notes"]', text=" ", status=422)
    page = moderator.get(BOARD)
    assert page.one(f"#cluster-{cluster} .board-column__facts") == "for the council1 note"
    moderator.submit(moderator.get(url), f'form[action^="{url}/notes/"]', press=None, status=303)
    assert moderator.get(url).select(".board-notes__entry") == []
    for public in ("/en/processes/digital/statements", "/en/processes/digital"):
        assert "for the council" not in moderator.get(public).text


def test_a_script_gets_nothing_but_the_columns_that_changed(
    place: Place, moderator: PageClient, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        left, right = make.cluster(session, place, ideas=[idea]), make.cluster(session, place, title="Other")
        make.cluster(session, place, title="Third")
    page = moderator.get(BOARD)
    answer = send(moderator, page, [f"{idea}.{left}"], into=right, parts=1, query="q=word&evil=1")
    assert answer.location == f"{BOARD}?q=word&only={left},{right}"
    assert len(moderator.follow(answer).select(".board-column")) == 2


def test_all_the_themes_of_one_idea_are_set_at_once(
    place: Place, moderator: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        one = make.cluster(session, place, ideas=[idea])
        two, three = make.cluster(session, place), make.cluster(session, place)
    form = f'form[action$="/ideas/{idea}/clusters"]'
    answer = moderator.submit(
        moderator.get(f"{DESK}/ideas/{idea}"), form, clusters=[two, three], main_theme=three, status=303
    )
    assert (filed(database), mains(database)) == ({(two, idea), (three, idea)}, {idea: three})
    page = moderator.follow(answer)
    assert [box.get("value") for box in page.select("[name=clusters][checked]")] == [str(two), str(three)]
    moderator.submit(page, form, forge={"clusters": "999"}, status=422)
    assert filed(database) == {(two, idea), (three, idea)}
    moderator.submit(page, form, clusters=None, main_theme=0, status=303)
    assert (one, filed(database)) == (one, set())
