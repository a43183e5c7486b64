"""What the tests of similar ideas share: a fresh memory, and the encoder switched on where a test wants it."""

from collections.abc import Iterator

import pytest

from participation.similarity.memory import memories
from participation.texts import vectors


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Databases of tests are alike: nothing is carried over from one to the next."""
    memories.forget()
    yield
    memories.forget()


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
