"""Which ideas are near each other, on the command line: right after an import, the same every time."""

import json
from collections.abc import Callable

from participation.ideas.models import Idea, IdeaState
from participation.similarity.queries import ALIKE
from tests import make
from tests.conftest import Sessions
from tests.make import Place

TEXTS = ("benches in parks", "benches in the park", "buses at night", "a bus at night", "trees")


def test_each_visible_idea_with_its_nearest(done: Callable[..., str], transact: Sessions, place: Place) -> None:
    with transact() as session:
        ideas = [make.idea(session, place, title=text, body=text) for text in TEXTS]
        session.get_one(Idea, ideas[0]).external_id = "ext-1"
        make.idea(session, place, title=TEXTS[0], state=IdeaState.HIDDEN)
    arguments = ("similar", place.slug, "--json", "--words-only", "--limit", "2")
    output = done(*arguments)
    assert done(*arguments) == output
    report = json.loads(output)
    assert [one["idea"] for one in report["ideas"]] == ideas
    first, second = report["ideas"][:2]
    assert (first["external_id"], [one["idea"] for one in first["nearest"]][:1]) == ("ext-1", [ideas[1]])
    assert (second["nearest"][0]["external_id"], second["nearest"][0]["alike"]) == ("ext-1", True)
    assert "benches" in second["nearest"][0]["words"]
    assert {len(one["nearest"]) for one in report["ideas"]} == {2}
    for one in report["ideas"]:
        near = [(-other["nearness"], -other["score"], other["idea"]) for other in one["nearest"]]
        assert near == sorted(near)
        assert [other["alike"] for other in one["nearest"]] == [other["score"] >= ALIKE for other in one["nearest"]]
    assert len(json.loads(done(*arguments, "--all"))["ideas"]) == 6
    assert "5 ideas; compared by stems" in done("similar", place.slug, "--words-only")


def test_a_process_without_visible_ideas(done: Callable[..., str], transact: Sessions, place: Place) -> None:
    with transact() as session:
        make.idea(session, place, title=TEXTS[0], state=IdeaState.HIDDEN)
    assert json.loads(done("similar", place.slug, "--json", "--words-only"))["ideas"] == []
    (alone,) = json.loads(done("similar", place.slug, "--json", "--words-only", "--all"))["ideas"]
    assert alone["nearest"] == []
