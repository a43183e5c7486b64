"""Every page of the product on a running server: addresses with everything that stands in them, and who sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from participation.accounts.actor import Role
from participation.accounts.service import create_account, sign_in
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.notifications.unsubscribing import unsubscribe_token
from participation.processes.models import RoleGrant
from tests import make
from tests.databases import build_app
from tests.live import Live
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


class EveryPage:
    """The server's database filled with people and a process that has everything; all pages of that.

    Who sees what is asked beside the server, which is quicker than in a browser.
    """

    def __init__(self, live: Live) -> None:
        settings = live.environment
        self.app = build_app(settings["DATABASE_URL"], Path(settings["DATA_DIR"]), SECRET_KEY=settings["SECRET_KEY"])
        self.clients: dict[str, FlaskClient] = {}
        with self.app.app_context(), transaction() as session:
            for name, role in PEOPLE.items():
                self.clients[name] = self._person(session, name, role)
            fill(session)
            values = sorted(walk.values_of(session), key=lambda one: one["slug"] != [BUSY])
            tokens = {endpoint: walk.token_for(session, purpose) for endpoint, purpose in walk.LINKS.items()}
            tokens["notifications.unsubscribe"] = unsubscribe_token(make.account(session, language="de"))
        self.places = list(_places(self.app, values, tokens))

    def _person(self, session: Any, name: str, role: Role | None) -> FlaskClient:
        client = self.app.test_client()
        if name:
            now = clock.now()
            account = create_account(session, email=f"{name}@example.org", language="de", now=now)
            if role:
                session.add(RoleGrant(account_id=account.id, role=role, process_id=None, granted_at=now))
            token = sign_in(session, account_id=account.id, now=now)
            with client.session_transaction() as cookie:
                cookie.update({"_user_id": token, "_fresh": True})
        return client

    def cookies(self, name: str, url: str) -> Any:
        """Return what a browser has to know to be signed in as this person at ``url``."""
        cookie = self.clients[name].get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return [{"name": cookie.key, "value": cookie.value, "url": url}] if cookie else []

    def page(self, name: str, language: str, path: str) -> str | None:
        """Return the text of the page that this person gets; ``None`` where that is no page, or another one."""
        answer = self.clients[name].get(f"/{language}/{path}")
        is_page = answer.mimetype == "text/html" and not 300 <= answer.status_code < 400
        text = answer.get_data(as_text=True) if is_page else None
        answer.close()
        return text if answer.status_code == 200 else None

    def first_visit(self, place: Place) -> tuple[str, str] | None:
        """Return who sees something on this page and where; ``None`` for nobody."""
        order = TEAM if place.paths[0].startswith("desk") else READERS
        return next(((name, path) for path in place.paths for name in order if self.page(name, "en", path)), None)

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.engine.dispose()


def _places(app: Flask, values: list[dict[str, list[Any]]], tokens: dict[str, str]) -> Iterator[Place]:
    for rule in walk.pages(app):
        paths: list[str] = []
        for process in values if rule.arguments - {"language", "token"} else [{}]:
            addresses = walk.addresses(app, rule, [process], tokens)
            paths += islice(addresses, MOST_TRIED if process in values[:1] else 3)
        own = tuple(path.removeprefix(f"/{LANGUAGE}/") for path in paths if path.startswith(f"/{LANGUAGE}/"))
        if own:
            yield Place(rule.endpoint, own, len(walk.QUERIES.get(rule.endpoint, ())))
