"""Pages on their way out: packed for whoever can read that, never with a secret in them, and with their weight."""

import gzip
import re

import brotli
from flask import Flask

from participation.kit.packing import LEAST, WEIGHT
from tests.conftest import NewServer
from tests.make import Place
from tests.pages import PageClient

SAID = re.compile(r'site-footer__weight"[^>]*>[^<\d]*([\d.,]+)')


def test_a_page_is_packed_for_whoever_can_read_that(client: PageClient, place: Place) -> None:
    plain = client.flask.get(place.url())
    packed = client.flask.get(place.url(), headers={"Accept-Encoding": "gzip, br"})
    zipped = client.flask.get(place.url(), headers={"Accept-Encoding": "gzip, br;q=0"})
    star = client.flask.get(place.url(), headers={"Accept-Encoding": "*"})
    assert [one.headers.get("Content-Encoding") for one in (plain, packed, zipped, star)] == [None, "br", "gzip", None]
    texts = [plain.data, brotli.decompress(packed.data), gzip.decompress(zipped.data), star.data]
    assert len({SAID.sub("", text.decode()) for text in texts}) == 1
    assert all("Accept-Encoding" in one.headers["Vary"].split(", ") for one in (plain, packed, zipped))
    assert WEIGHT.encode() not in plain.data


def test_the_weight_is_what_is_sent(client: PageClient, place: Place) -> None:
    for encoding in ("br", "identity"):
        answer = client.flask.get(place.url(language="en"), headers={"Accept-Encoding": encoding})
        text = (brotli.decompress(answer.data) if encoding == "br" else answer.data).decode()
        said = SAID.search(text)
        assert said
        assert abs(float(said[1]) * 1000 - len(answer.data)) <= max(0.02 * len(answer.data), 100)


def test_what_is_kept_is_packed_once(new_server: NewServer, place: Place) -> None:
    visitor = PageClient(new_server(PAGE_CACHE_SECONDS=10))
    first, second = (visitor.flask.get(place.url(), headers={"Accept-Encoding": "br"}) for _ in range(2))
    plain = visitor.flask.get(place.url())
    assert first.data == second.data
    assert brotli.decompress(first.data) == plain.data
    assert first.headers["ETag"] == plain.headers["ETag"]
    assert set(plain.headers["Vary"].split(", ")) == {"Cookie", "Accept-Encoding"}
    same = visitor.flask.get(place.url(), headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


def test_what_holds_a_token_is_sent_as_it_is(client: PageClient, member: object, place: Place) -> None:
    form = client.flask.get("/en/sign-in", headers={"Accept-Encoding": "br"})
    assert b"csrf_token" in form.data
    own = member().flask.get(place.url(), headers={"Accept-Encoding": "br"})  # type: ignore[operator]  # a factory
    assert [one.headers.get("Content-Encoding") for one in (form, own)] == [None, None]


def test_little_and_other_answers_stay_as_they_are(app: Flask, client: PageClient) -> None:
    small = client.flask.get("/robots.txt", headers={"Accept-Encoding": "br"})
    assert len(small.data) < LEAST
    sheet = client.flask.get(app.config["ASSETS_URL"] + "/favicon.svg", headers={"Accept-Encoding": "identity"})
    assert (small.headers.get("Content-Encoding"), sheet.headers.get("Content-Encoding")) == (None, None)
    sheet.close()
