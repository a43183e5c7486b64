"""What the tests of similar ideas share: a fresh memory."""

from collections.abc import Iterator

import pytest

from participation.similarity.memory import memories


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Databases of tests are alike: nothing is carried over from one to the next."""
    memories.forget()
    yield
    memories.forget()
