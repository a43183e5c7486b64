"""The results of giving points: the most first, how they are spread, and nothing before its time or about a few."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from participation.browse import priority_results
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.processes.models import Capability
from participation.voting.queries import FEWEST_VOTES
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient
from tests.points import give

Member = Callable[..., PageClient]


def fill(transact: Sessions, *, hides_results: bool = False) -> tuple[Place, list[int]]:
    """Return a process in which five people gave points, and its ideas: two with many, one with few, one hidden."""
    with transact() as session:
        place = make.process(session, hides_results=hides_results)
        ideas = [make.idea(session, place, title=f"Idea {letter}") for letter in "ABCD"]
        for number in range(FEWEST_VOTES):
            give(session, place, {ideas[0]: 1, ideas[1]: 3 if number else 2, ideas[3]: 3})
        give(session, place, {ideas[2]: 3})
        session.get_one(Idea, ideas[3]).state = IdeaState.HIDDEN
    return place, ideas


def test_the_most_points_come_first(client: PageClient, transact: Sessions) -> None:
    place, _ideas = fill(transact)
    page = client.get(place.url("/results/priorities", language="en"), budget=7)
    assert page.texts(".plot-points__title") == ["Idea B", "Idea A"]
    assert page.texts(".plot-points__sum") == ["14 points", "5 points"]
    assert page.texts(".plot-points__words") == [
        "from 5 people – 4 gave 3 points · 1 gave 2 points",
        "from 5 people – 5 gave 1 point",
    ]
    assert [cell.strip() for cell in page.texts("tbody tr:first-child > *")] == ["Idea B", "14", "5", "0", "1", "4"]
    assert [part.get("width") for part in page.select(".plot-points__part")] == ["85.71%", "14.29%", "35.71%"]
    assert "6 people have given points." in page.text
    assert "1 idea got points from fewer than 5 people; its numbers are not shown yet." in page.text
    assert "Idea C" not in page.text
    assert "Idea D" not in page.text


def test_a_page_at_a_time(client: PageClient, transact: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority_results, "PAGE", 1)
    place, _ideas = fill(transact)
    first = client.get(place.url("/results/priorities", language="en"))
    second = client.get(first.select("a[rel=next]")[0].get("href"))
    assert (first.texts(".plot-points__title"), second.texts(".plot-points__title")) == (["Idea B"], ["Idea A"])
    assert second.select("a[rel=next]") == []
    for wrong in ("?after=1", "?after=x-1", "?phase=x", f"?after={'9' * 30}-1"):
        client.get(place.url(f"/results/priorities{wrong}"), status=400)
    client.get(place.url("/results/priorities?phase=999"), status=404)


def test_hidden_until_voting_and_points_have_ended(client: PageClient, transact: Sessions) -> None:
    place, _ideas = fill(transact, hides_results=True)
    page = client.get(place.url("/results/priorities", language="en"))
    assert "Results are shown when voting and giving points have ended" in page.text
    assert page.select(".plot-points, table") == []
    assert [word for word in ("Idea A", "Idea B", "Idea C") if word in page.text] == []
    assert "6 people have given points." in page.text


def test_before_and_without_points(client: PageClient, transact: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        never = make.process(session, "never", allows=frozenset({Capability.VOTE}))
        soon = make.process(session, "soon", allows=frozenset({Capability.VOTE}), ends_at=now + timedelta(days=1))
        make.phase(session, soon, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
        empty = make.process(session, "empty")
    for place, said in (
        (never, "Giving points is not part of this process."),
        (soon, "Giving points will be possible from"),
        (empty, "No idea has got points yet."),
    ):
        assert said in client.get(place.url("/results/priorities", language="en")).text
    client.get("/en/processes/unknown/results/priorities", status=404)


def test_phases_beside_each_other(client: PageClient, transact: Sessions) -> None:
    place, _ideas = fill(transact)
    now = clock.now()
    with transact() as session:
        make.phase(session, place, starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=5))
    page = client.get(place.url("/results/priorities", language="en"))
    assert page.texts(".plot-points__title") == ["Idea B", "Idea A"]
    (earlier,) = [link.get("href") for link in page.select(".tabs a[href*=phase]") if not link.get("aria-current")]
    assert client.get(earlier).texts(".plot-points__title") == []
