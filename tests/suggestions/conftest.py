"""What the tests of suggestions share: memories of their own."""

from collections.abc import Iterator

import pytest

from participation.suggestions.ground import grounds


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Databases of tests are alike: nothing is carried over from one to the next."""
    grounds.forget()
    yield
    grounds.forget()
