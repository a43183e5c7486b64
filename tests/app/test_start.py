"""What must be true before the product starts."""

from pathlib import Path

import pytest
from flask import request

from participation.app import StartRefused, create_app, database_url
from participation.app.start import DEMO_SECRET, check_address, check_frames, check_secret, is_loopback

GOOD = {
    "SECRET_KEY": "s" * 48,
    "DEMO": False,
    "PUBLIC_URL": "https://mitmachen.example.org",
    "TRUSTED_PROXIES": 1,
}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": DEMO_SECRET}, "SECRET_KEY is the demo secret"),
        ({"SECRET_KEY": DEMO_SECRET, "DEMO": True}, None),
        ({}, None),
    ],
)
def test_a_secret_is_needed(changes: dict[str, object], reason: str | None, tmp_path: Path) -> None:
    settings = {**GOOD, **changes}
    if reason is None:
        check_secret(settings)
        return
    with pytest.raises(StartRefused, match=reason):
        check_secret(settings)
    with pytest.raises(StartRefused, match=reason):
        create_app({**settings, "DATA_DIR": tmp_path, "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"TRUSTED_PROXIES": 0}, None),
        ({"DEMO": True}, "known passwords"),
        ({"DEMO": True, "SECRET_KEY": DEMO_SECRET}, "known passwords"),
        ({"SECRET_KEY": DEMO_SECRET}, "known passwords"),
        ({"SECRET_KEY": "s" * 31}, "SECRET_KEY is too short"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is not set"),
        ({"PUBLIC_URL": "mitmachen.example.org"}, "PUBLIC_URL is not set"),
        ({"PUBLIC_URL": "javascript:alert(1)"}, "PUBLIC_URL is not set"),
        ({"TRUSTED_PROXIES": None}, "TRUSTED_PROXIES is not set"),
    ],
)
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "mitmachen.example.org", ""])
def test_beyond_this_machine_more_is_needed(host: str, changes: dict[str, object], reason: str | None) -> None:
    settings = {**GOOD, **changes}
    if reason is None:
        check_address(settings, host)
        return
    with pytest.raises(StartRefused, match=reason) as refused:
        check_address(settings, host)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"])
def test_on_this_machine_the_demo_may_run(host: str) -> None:
    assert is_loopback(host)
    check_address({"SECRET_KEY": DEMO_SECRET, "DEMO": True, "PUBLIC_URL": "", "TRUSTED_PROXIES": None}, host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "localhost.example.org", "127.0.0.1.example.org", "", "x"]
)
def test_other_addresses_can_be_reached(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////x", "sqlite:////x"),
    ],
)
def test_the_driver_of_the_database_is_named(url: str, expected: str) -> None:
    assert database_url(url) == expected


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [
        (None, ("127.0.0.1", "http", "localhost")),
        (0, ("127.0.0.1", "http", "localhost")),
        (1, ("192.0.2.1", "https", "city.example")),
    ],
)
def test_who_sent_a_request_is_believed_from_trusted_proxies_only(
    tmp_path: Path, proxies: int | None, expected: tuple[str, str, str]
) -> None:
    places = {"DATA_DIR": tmp_path, "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite"}
    app = create_app({**GOOD, **places, "TRUSTED_PROXIES": proxies})
    seen: list[tuple[str | None, str, str]] = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme, request.host)))
    # The first address of the list is what the sender claims, the last what the nearest proxy saw.
    forwarded = {
        "X-Forwarded-For": "198.51.100.9, 192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "city.example",
    }
    app.test_client().get("/healthz", headers=forwarded)
    assert seen == [expected]


@pytest.mark.parametrize(
    "sites", ["", " ", "*; script-src *", "a.example.org, b.example.org", "*\r\nX-Other: 1", "ä.example.org"]
)
def test_what_is_said_of_frames_cannot_undo_the_rest(sites: str) -> None:
    with pytest.raises(StartRefused, match="EMBED_ANCESTORS names no sites"):
        check_frames({"EMBED_ANCESTORS": sites})
    for fine in ("*", "'none'", "'self' https://*.example.org"):
        check_frames({"EMBED_ANCESTORS": fine})
