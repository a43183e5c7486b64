"""People at the door: what they do before they have an account, and the mail they get."""

import email
import re
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from participation.activity.worker import work_once
from participation.handlers import JOBS
from tests.pages import Page, PageClient

PASSWORD = "seven quiet bicycles"
ADDRESS = "person@example.org"


def sign_up(client: PageClient, address: str = ADDRESS, password: str = PASSWORD, **fields: Any) -> Page:
    """Return the answer to the filled-in form."""
    form = client.get("/de/sign-up")
    values = {"email": address, "password": password, "agrees": True, **fields}
    return client.submit(form, "sign_up-form", **values)


def sign_in(
    client: PageClient, address: str = ADDRESS, password: str = PASSWORD, *, where: str = "/de/sign-in"
) -> Page:
    """Return the answer to the filled-in form."""
    return client.submit(client.get(where), "sign_in-form", email=address, password=password)


def letters(app: Flask) -> list[Any]:
    """Let the worker write the letters that wait, take all out of the spool and return them, by recipient."""
    with app.app_context():
        work_once(JOBS)
    found = []
    for path in Path(app.config["MAIL_SPOOL"]).glob("*.eml"):
        found.append(email.message_from_bytes(path.read_bytes(), policy=default))
        path.unlink()
    return sorted(found, key=lambda letter: str(letter["To"]))


def link_in(letter: Any) -> str:
    """Return the path of the one-time link in a letter."""
    links = [link for link in re.findall(r"https?://\S+", letter.get_content()) if "/account/" in link]
    assert len(links) == 1, links
    return urlsplit(links[0]).path


def link_for(app: Flask, address: str = ADDRESS) -> str:
    """Return the path of the link in the only letter that waits for this address."""
    found = [letter for letter in letters(app) if letter["To"] == address]
    assert len(found) == 1
    return link_in(found[0])


def joined(app: Flask, client: PageClient, address: str = ADDRESS, password: str = PASSWORD) -> PageClient:
    """Sign up, confirm, and return the client, now signed in."""
    sign_up(client, address, password)
    page = client.get(link_for(app, address))
    assert client.submit(page, "confirm-form", password=password).status == 303
    return client


def is_signed_in(client: PageClient) -> bool:
    """Return whether the account page opens."""
    return client.get("/de/account", status=None).status == 200
