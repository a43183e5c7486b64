"""Fixtures of the board's pages."""

from collections.abc import Callable

import pytest

from participation.accounts.actor import Role
from tests.make.places import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]


@pytest.fixture
def moderator(member: Member, place: Place) -> PageClient:
    return member(Role.MODERATOR, process_id=place.id)


@pytest.fixture
def colleague(member: Member, place: Place) -> PageClient:
    return member(Role.MODERATOR, process_id=place.id, email="colleague@example.org")
