"""Every page of the product on a running server: addresses with everything that stands in them, and who sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.accounts.service import create_account
from participation.kit import clock
from participation.notifications.unsubscribing import unsubscribe_token
from participation.processes.models import RoleGrant
from tests import make
from tests.multilingual import addresses as walk
from tests.multilingual.busy import BUSY, fill
from tests.multilingual.pseudo import LANGUAGE

PEOPLE: dict[str, Role | None] = {
    "": None,
    "resident": None,
    "moderator": Role.MODERATOR,
    "staff": Role.STAFF,
    "admin": Role.ADMIN,
}
# Who is most likely to see something, first.
READERS, TEAM = ("", "resident", "admin", "staff", "moderator"), ("admin", "moderator", "staff", "resident")
MOST_TRIED = 100
"""Of the addresses of one page in the busy process, until somebody sees something there."""


@dataclass(frozen=True)
class Place:
    """A page: its endpoint, and addresses below the language, the first of them with each query that changes it."""

    endpoint: str
    paths: tuple[str, ...]
    queries: int

    @property
    def main_paths(self) -> tuple[str, ...]:
        """The first address with all its queries, and some of the others."""
        return self.paths[: 1 + self.queries] + self.paths[1 + self.queries :][:3]


@dataclass(frozen=True)
class Known:
    """What can stand in addresses, process by process, and the tokens of mailed links."""

    values: list[dict[str, list[Any]]]
    tokens: dict[str, str]


def everything(session: Session) -> Known:
    """Fill the database with people and a process that has everything, and return how to find it."""
    for name, role in PEOPLE.items():
        if name:
            now = clock.now()
            account = create_account(session, email=f"{name}@example.org", language="de", now=now)
            if role:
                session.add(RoleGrant(account_id=account.id, role=role, process_id=None, granted_at=now))
    session.flush()
    fill(session)
    values = sorted(walk.values_of(session), key=lambda one: one["slug"] != [BUSY])
    tokens = {endpoint: walk.token_for(session, purpose) for endpoint, purpose in walk.LINKS.items()}
    tokens["notifications.unsubscribe"] = unsubscribe_token(make.account(session, language="de"))
    return Known(values, tokens)


class EveryPage:
    """All pages of a server whose database holds everything; who sees what is asked beside it."""

    def __init__(self, app: Flask, known: Known, cookies: dict[str, dict[str, str]]) -> None:
        self.clients = {name: app.test_client() for name in PEOPLE}
        self.cookies = cookies
        for name, cookie in cookies.items():
            self.clients[name].set_cookie(cookie["name"], cookie["value"])
        self._first: dict[Place, tuple[str, str] | None] = {}
        self.places = list(_places(app, known.values, known.tokens))

    def page(self, name: str, language: str, path: str) -> str | None:
        """Return the text of the page that this person gets; ``None`` where that is no page, or another one."""
        answer = self.clients[name].get(f"/{language}/{path}")
        is_page = answer.mimetype == "text/html" and not 300 <= answer.status_code < 400
        text = answer.get_data(as_text=True) if is_page else None
        answer.close()
        return text if answer.status_code == 200 else None

    def first_visit(self, place: Place) -> tuple[str, str] | None:
        """Return who sees something on this page and where; ``None`` for nobody."""
        if place not in self._first:
            self._first[place] = self._find(place)
        return self._first[place]

    def is_seen(self, endpoint: str) -> bool:
        """Return whether somebody sees something at one of the addresses of this endpoint."""
        return any(self.first_visit(place) for place in self.places if place.endpoint == endpoint)

    def _find(self, place: Place) -> tuple[str, str] | None:
        order = TEAM if place.paths[0].startswith("desk") else READERS
        return next(((name, path) for path in place.paths for name in order if self.page(name, "en", path)), None)


def _places(app: Flask, values: list[dict[str, list[Any]]], tokens: dict[str, str]) -> Iterator[Place]:
    for rule in walk.pages(app):
        paths: list[str] = []
        for process in values if rule.arguments - {"language", "token"} else [{}]:
            addresses = walk.addresses(app, rule, [process], tokens)
            paths += islice(addresses, MOST_TRIED if process in values[:1] else 3)
        own = tuple(path.removeprefix(f"/{LANGUAGE}/") for path in paths if path.startswith(f"/{LANGUAGE}/"))
        if own:
            yield Place(rule.endpoint, own, len(walk.QUERIES.get(rule.endpoint, ())))
