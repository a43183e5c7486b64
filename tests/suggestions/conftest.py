"""What the tests of suggestions share: memories of their own, and the encoder where a test wants it."""

from collections.abc import Iterator

import pytest

from participation.suggestions.ground import grounds
from participation.texts import vectors


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Databases of tests are alike: nothing is carried over from one to the next."""
    grounds.forget()
    yield
    grounds.forget()


@pytest.fixture
def meaning() -> Iterator[vectors.Encoder]:
    """The encoder, switched on for one test; skipped where the extra is not installed."""
    vectors.configure("auto")
    encoder = vectors.encoder()
    if encoder is None:
        vectors.configure("off")
        pytest.skip("the extra “analysis” is not installed")
    yield encoder
    vectors.configure("off")
