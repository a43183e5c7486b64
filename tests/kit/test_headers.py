"""Security and cache headers: on every answer, whatever its status."""

import pytest

from participation.kit.headers import HEADERS
from tests import make
from tests.conftest import NewServer, Sessions
from tests.pages import PageClient

ANSWERS = [
    ("GET", "/", 302),
    ("GET", "/de/", 200),
    ("GET", "/de/nothing", 404),
    ("GET", "/de/account", 302),
    ("POST", "/de/sign-in", 400),
    ("POST", "/de/", 405),
    ("GET", "/healthz", 200),
]


@pytest.mark.parametrize(("method", "address", "status"), ANSWERS)
def test_every_answer_carries_them(client: PageClient, method: str, address: str, status: int) -> None:
    page = client.open(method, address, status=status)
    assert {name: page.headers.get(name) for name in HEADERS} == HEADERS
    assert "Strict-Transport-Security" not in page.headers


def test_personal_pages_are_stored_nowhere(client: PageClient, member: object) -> None:
    assert client.get("/de/sign-in").headers["Cache-Control"] == "private, no-cache"
    signed_in = member()
    for address in ("/de/", "/de/account", "/de/processes"):
        assert signed_in.get(address).headers["Cache-Control"] == "private, no-store"
    assert signed_in.get("/de/nothing", status=404).headers["Cache-Control"] == "private, no-store"
    assert client.post("/de/sign-in").headers["Cache-Control"] == "private, no-store"


def test_https_is_asked_for_where_the_public_address_has_it(
    new_server: NewServer, transact: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        make.process(session)
    monkeypatch.setenv("PUBLIC_URL", "https://mitmachen.example.org")
    page = PageClient(new_server()).get("/de/sign-in")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = page.headers["Set-Cookie"]
    assert [part.strip() for part in cookie.split(";")[1:] if "Expires" not in part] == [
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    ]
