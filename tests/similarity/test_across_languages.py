"""Ideas and searches find each other across languages: nobody is found less for the language they write in."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from participation.kit.places import PACKAGE
from participation.similarity import meant
from participation.similarity.queries import ALIKE, Candidate, candidates
from participation.similarity.snapshot import Entry, Snapshot
from participation.similarity.words import bag_of
from participation.texts import vectors
from participation.texts.vectors import Encoder, encoder, pack, unpack

HERE = Path(__file__).parent
TWINS: list[dict[str, tuple[str, str]]] = yaml.safe_load((HERE / "twins.yaml").read_text(encoding="utf-8"))
SEARCHES: dict[str, Any] = yaml.safe_load((HERE / "searches.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def used() -> Encoder:
    """The encoder as it is where nothing is switched off."""
    before = vectors._shared.choice
    vectors.configure("auto")
    found = encoder()
    vectors.configure(before)
    if found is None:
        pytest.skip("the encoder is not installed")
    return found


def snapshot_of(used: Encoder, ideas: list[tuple[str, str, str]]) -> Snapshot:
    """Return a snapshot of ideas, each with title, text and language, numbered from 1."""
    entries = [Entry(number, 1, bag_of(*idea)) for number, idea in enumerate(ideas, start=1)]
    packed = [pack(used.encode(title, text)) for title, text, _language in ideas]
    made_of = {entry.idea_id: 1 for entry in entries}
    return Snapshot.empty(used.centre).with_entries(entries).with_vectors(made_of, *unpack(packed))


def nearest_to(used: Encoder, snapshot: Snapshot, title: str, text: str, language: str) -> Candidate:
    """Return the idea that is most like a text, however little."""
    bag, vector = bag_of(title, text, language), used.encode(title, text)
    return candidates(snapshot, bag, vector, most=1, at_least=0)[0]


def demo_ideas() -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("title"), str) and "text" in part:
                found.append((part["title"], part["text"], part.get("language") or "de"))
            part = list(part.values())
        if isinstance(part, list):
            for one in part:
                walk(one)

    walk(yaml.safe_load((PACKAGE / "demo/content/ideas.yaml").read_text(encoding="utf-8")))
    return found


def test_an_idea_finds_its_twin_whatever_language_it_is_in(used: Encoder) -> None:
    snapshot = snapshot_of(used, [(*twins["de"], "de") for twins in TWINS])
    first: dict[str, list[int]] = {}
    offered: dict[str, int] = {}
    for language in ("tr", "ar", "uk", "plain"):
        near = [
            candidates(snapshot, bag_of(*twins[language], language), used.encode(*twins[language]), most=1, at_least=0)[
                0
            ]
            for twins in TWINS
        ]
        first[language] = [one.idea_id for one in near]
        offered[language] = sum(one.score >= ALIKE for one in near)
    # Nothing is ever nearer, and nobody's language keeps most of what is alike from being offered.
    assert first == {language: list(range(1, len(TWINS) + 1)) for language in first}
    assert min(offered.values()) >= 4


def test_a_search_finds_by_meaning_across_languages(used: Encoder) -> None:
    snapshot = snapshot_of(used, [(*twins["de"], "de") for twins in TWINS])
    directions = meant.Directions()
    directions.prepare(used)
    for query, expected in (
        ("pazar günü kütüphane", [1]),
        ("كمبيوتر لكبار السن", [4]),
        ("online appointments", [5]),
        ("Katzenfutter", []),
        ("футбол", []),
    ):
        assert [one.idea_id for one in meant.nearest(snapshot, directions.of(used, query))] == expected, query


@pytest.mark.accept
def test_what_searches_find_among_the_demo_ideas(used: Encoder) -> None:
    ideas = demo_ideas()
    snapshot = snapshot_of(used, ideas)
    directions = meant.Directions()
    directions.prepare(used)

    def titles(query: str) -> list[str]:
        near = meant.nearest(snapshot, directions.of(used, query))[: meant.MOST]
        return [ideas[one.idea_id - 1][0].lower() for one in near]

    offered = {query: titles(query) for query, _words in SEARCHES["answered"]}
    hits = [query for query, words in SEARCHES["answered"] if any(words.lower() in one for one in offered[query])]
    first = [query for query, words in SEARCHES["answered"] if words.lower() in (offered[query] or [""])[0]]
    wrong = [query for query in SEARCHES["elsewhere"] if titles(query)]
    print(f"{len(hits)} of {len(offered)} searches answered, {len(first)} by the first idea offered")
    print(f"{len(wrong)} of {len(SEARCHES['elsewhere'])} searches about something else led anywhere")
    assert len(hits) >= 26
    assert len(first) >= 24
    assert wrong == []
