"""The parts of the method: what texts are told apart by, what filings teach, reasons, fresh clusters, outliers."""

import numpy as np
import pytest

from participation.suggestions.confidence import chances_of, is_rough, sharpness_of
from participation.suggestions.features import Array, Counts, Vocabulary, features_of, grams
from participation.suggestions.fresh import fresh_clusters, misfits, telling_words
from participation.suggestions.learning import learn, trust_in_sizes
from participation.suggestions.outliers import outliers
from participation.suggestions.reasons import nearest_filed, shared_with
from participation.suggestions.space import MOST_IN_BASIS, Whole, basis_of, find_space
from participation.suggestions.titles import do_titles_help

TEXTS = ("Bänke im Park", "Mehr Bänke am Fluss", "Bäume im Park", "Busse am Abend", "Mehr Busse nachts", "Bus und Bahn")


def rows(*numbers: int) -> Whole:
    return np.array(numbers, dtype=np.int64)


def planted(groups: int = 3, each: int = 40) -> tuple[Array, Whole]:
    """Return places around so many middles, and to which group each belongs."""
    chance = np.random.default_rng(4)
    belongs = np.repeat(np.arange(groups), each)
    places = 2.0 * np.eye(groups, 12)[belongs] + 0.4 * chance.standard_normal((groups * each, 12))
    return (places / np.linalg.norm(places, axis=1, keepdims=True)).astype(np.float32), belongs


def test_runs_of_letters_end_with_their_word() -> None:
    assert grams(["rad", "an"]) == {" rad": 1, "rad ": 1, " an ": 1}


def test_a_text_is_told_apart_by_stems_and_letters() -> None:
    found = features_of([("Bänke", "Die Bänke im Park. Bank!", "de")])
    assert found.stems == Counts(("bank", "park"), (5, 1))
    assert found.shown == ("Bänke", "Park")
    assert found.grams.times[found.grams.terms.index("park")] == 1


def test_weights_have_length_one_and_leave_out_what_is_unknown() -> None:
    texts = [features_of([("", text, "de")]).stems for text in TEXTS]
    known = Vocabulary.of(texts[:3])
    matrix = known.weights(texts).toarray()
    assert np.allclose(np.linalg.norm(matrix[:3], axis=1), 1)
    assert not matrix[4].any()
    assert set(Vocabulary.of(texts, fewest=2).columns) < set(Vocabulary.of(texts).columns)


def test_later_ideas_are_placed_where_they_would_have_been() -> None:
    texts = [features_of([("", text, "de")]) for text in TEXTS]
    space = find_space(texts, None, None)
    places = space.place(texts, None)
    assert np.allclose(np.linalg.norm(places, axis=1), 1, atol=1e-5)
    assert np.array_equal(places[[4]], space.place([texts[4]], None))
    assert int(np.argsort(-(places @ places[0]))[1]) in {1, 2}
    assert space.knows(texts[0])
    assert not space.knows(features_of([("", "xyzzy", "de")]))


def test_a_new_idea_seldom_changes_the_basis() -> None:
    many = np.arange(1, 2 * MOST_IN_BASIS + 1)
    before, after = basis_of(many), basis_of(np.append(many, 9_999_999))
    assert len(before) == len(after) == MOST_IN_BASIS
    assert len(np.setdiff1d(before, after)) <= 1
    assert basis_of(rows(5, 7)).tolist() == [0, 1]


@pytest.mark.parametrize("with_meaning", [True, False])
def test_one_filing_each_is_enough_for_clear_groups(with_meaning: bool) -> None:
    places, belongs = planted()
    learnt = learn(places, rows(0, 40, 80), rows(0, 1, 2), 3, with_meaning=with_meaning)
    assert np.allclose(learnt.chances.sum(axis=1), 1, atol=1e-4)
    assert (np.delete(learnt.chances.argmax(axis=1) == belongs, [0, 40, 80])).mean() > 0.95


def test_one_cluster_alone_is_not_sure_of_everything() -> None:
    places, belongs = planted()
    chances = learn(places, rows(0, 1, 2), rows(0, 0, 0), 1, with_meaning=True).chances[:, 0]
    assert chances[belongs == 0].mean() > 0.9
    assert chances[belongs != 0].mean() < 0.1


def test_sizes_are_trusted_with_time_and_words_later() -> None:
    assert trust_in_sizes(3, with_meaning=True) == trust_in_sizes(20, with_meaning=False) == 0.5
    assert trust_in_sizes(3, with_meaning=False) < 0.03


def test_confidence_follows_held_out_filings() -> None:
    scores = np.array([[3, 0], [3, 0], [0, 3], [0, 3]] * 30, dtype=np.float32)
    right, wrong = np.array([0, 0, 1, 1] * 30), np.array([0, 1, 1, 0] * 30)
    assert sharpness_of(scores, right) > 1 > sharpness_of(scores, wrong)
    assert chances_of(np.zeros((1, 4), dtype=np.float32)).tolist() == [[0.25] * 4]
    assert is_rough(39, 2)
    assert not is_rough(40, 2)


def test_reasons_are_the_nearest_of_the_cluster() -> None:
    places = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2], [0, 1]], dtype=np.float32)
    found = nearest_filed(places, rows(0), rows(1), rows(1, 2, 3), rows(1, 1, 0))
    assert found == {0: [1, 2]}
    assert nearest_filed(places, rows(0), rows(2), rows(1), rows(1)) == {}


def test_shared_words_are_the_telling_ones() -> None:
    own, other = (features_of([("", text, "de")]) for text in ("Die Parkbank am Fluss", "Eine Parkbank beim Fluss"))
    weights = {"parkbank": 2.0, "fluss": 1.0}
    assert shared_with(own, [other], lambda stem: weights.get(stem, 0.0)) == ("Parkbank", "Fluss")
    assert shared_with(own, [other], lambda _stem: 0.0) == shared_with(own, [], lambda _stem: 1.0) == ()


def test_what_fits_nowhere_becomes_a_fresh_cluster() -> None:
    places, belongs = planted()
    filed = np.flatnonzero(belongs < 2)[::2]
    learnt = learn(places, filed, belongs[filed], 2, with_meaning=True)
    unfiled = np.setdiff1d(np.arange(len(places)), filed)
    groups = fresh_clusters(places, misfits(learnt.fit, unfiled, filed))
    assert set(np.flatnonzero(belongs == 2)) <= set(groups[0])
    assert fresh_clusters(places, rows(0, 1)) == []


def test_a_fresh_cluster_is_named_by_what_tells_it_apart() -> None:
    group = [features_of([("", text, "de")]) for text in TEXTS[3:]]
    assert telling_words(group, lambda stem: 0.9 if stem == "abend" else 0.0) == ("Busse",)


def test_what_was_filed_wrongly_is_out_of_place() -> None:
    places, belongs = planted()
    clusters = belongs.copy()
    clusters[[3, 50]] = 2, 0
    learnt = learn(places, np.arange(len(places)), clusters, 3, with_meaning=True)
    assert {(row, better) for row, better, _sure in outliers(learnt, np.arange(len(places)), clusters)} == {
        (3, 0),
        (50, 1),
    }


def test_titles_count_as_long_as_they_point_the_right_way() -> None:
    places, belongs = planted()
    middles = np.array([places[belongs == one].mean(axis=0) for one in range(3)])
    filed = np.arange(0, 120, 10)
    assert do_titles_help(middles, places, filed, belongs[filed])
    assert not do_titles_help(middles[[1, 2, 0]], places, filed, belongs[filed])
    assert do_titles_help(middles[[1, 2, 0]], places, rows(), rows())
