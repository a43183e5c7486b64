"""The name by which somebody is known in one process."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from participation.processes.models import Participant
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
URL = "/en/processes/digital/my-name"


def names(database: Sessions) -> set[str]:
    """Return all pseudonyms."""
    with database() as session:
        return set(session.scalars(select(Participant.pseudonym)))


def test_a_name_is_chosen_and_changed(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.process(session)
    visitor = member()
    page = visitor.follow(visitor.submit(visitor.get(URL, budget=8), pseudonym=" Lila Wolke "))
    assert page.select("[name=pseudonym]")[0].get("value") == "Lila Wolke"
    visitor.submit(page, status=303, pseudonym="Ада")
    assert names(database) == {"Ада"}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "Please write something here."),
        ("x", "Please write at least 2 characters."),
        ("x" * 41, "This is too long: 41 characters of at most 40."),
        ("a\x00b", "This contains characters that cannot be shown. Please type them anew."),
        ("Taken", "Somebody in this process already has this name. Please choose another one."),
    ],
)
def test_names_that_cannot_be_taken(
    member: Member, transact: Sessions, database: Sessions, name: str, error: str
) -> None:
    with transact() as session:
        place = make.process(session)
        make.participant(session, place, pseudonym="Taken")
        other = make.process(session, "elsewhere")
        make.participant(session, other, pseudonym="Free here")
    visitor = member()
    answer = visitor.submit(visitor.get(URL), status=422, pseudonym=name)
    assert answer.errors == [f"Your name in this process: {error}"]
    assert names(database) == {"Taken", "Free here"}
    visitor.submit(answer, status=303, pseudonym="Free here")


def test_visitors_are_asked_to_sign_in(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        make.process(session)
    assert (client.get(URL, status=302).location or "").startswith("/en/sign-in")
