"""Providers ask as their interfaces want it, and whatever a server does ends soon and says what was wrong."""

import time
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

import pytest

from participation.wordings.masking import Word
from participation.wordings.providers.asking import wait_in
from participation.wordings.providers.deepl import DeepL
from participation.wordings.providers.libretranslate import LibreTranslate
from participation.wordings.providers.provider import Provider, ProviderFailed, Settings
from participation.wordings.providers.registry import configured, title_of
from tests.stand_in import StandIn, raw, saying, settings, status

TERMS = (Word(("Leitsatz", "Leitsätze"), "ilke"),)
QUICK = {"step_seconds": 0.15, "seconds": 0.3}


def libretranslate(server: StandIn, **values: Any) -> Provider:
    return configured(settings(server, **values))["libretranslate"]


def failure(provider: Provider) -> ProviderFailed:
    with pytest.raises(ProviderFailed) as caught:
        provider.translate(["Mehr Bäume", "Bitte"], "de", "tr", terms=())
    return caught.value


def test_texts_go_to_libretranslate_as_a_list_and_nothing_else_does(server: StandIn) -> None:
    server.knows = {("tr", "Mehr Bäume"): "Daha fazla ağaç", ("tr", "a < b & c"): "a < b & d"}
    found = libretranslate(server).translate(["Mehr Bäume", "a < b & c"], "de", "tr", terms=TERMS)
    assert found == ["Daha fazla ağaç", "a < b & d"]
    [received] = server.received
    assert received.path == "/translate"
    assert received.body == {
        "q": ["Mehr Bäume", "a < b & c"],
        "source": "de",
        "target": "tr",
        "format": "text",
        "api_key": "secret-key",
    }
    assert {name.lower() for name in received.headers} == {
        "accept",
        "accept-encoding",
        "content-length",
        "content-type",
        "host",
    }


def test_words_of_the_framework_are_marked_and_come_back_as_agreed(server: StandIn) -> None:
    found = libretranslate(server, key="").translate(["Leitsatz 2 gilt: a < b", "Nur so"], "de", "tr", terms=TERMS)
    [received] = server.received
    assert received.body == {
        "q": ['<span translate="no">Ilke</span> 2 gilt: a &lt; b', "Nur so"],
        "source": "de",
        "target": "tr",
        "format": "html",
    }
    assert found[0].startswith("Ilke ")
    assert "<" not in "".join(found)


def test_deepl_is_asked_with_its_key_in_the_header_and_its_names_of_languages(server: StandIn) -> None:
    provider = DeepL(Settings("deepl", server.url, "key:fx", "DeepL SE", 0, 5, 5))
    server.knows = {("en", "Mehr Bäume"): "More trees"}
    assert provider.translate(["Mehr Bäume"], "de", "en", terms=TERMS) == ["More trees"]
    provider.translate(["Der Leitsatz & mehr"], "de", "tr", terms=TERMS)
    plain, marked = server.received
    assert (plain.path, plain.headers["Authorization"]) == ("/v2/translate", "DeepL-Auth-Key key:fx")
    usual = {"source_lang": "DE", "preserve_formatting": True}
    assert plain.body == {"text": ["Mehr Bäume"], "target_lang": "EN-GB", **usual}
    assert marked.body == {
        "text": ["Der <x>ilke</x> &amp; mehr"],
        "target_lang": "TR",
        "tag_handling": "xml",
        "tag_handling_version": "v2",
        "ignore_tags": ["x"],
        **usual,
    }
    server.next = ["other", raw(b'{"translations": [{"text": 1}]}'), raw(b'{"translations": [{"text": "x"}]}')]
    assert [failure(provider).problem for _ in range(3)] == ["answer"] * 3


def test_the_key_says_which_address_of_deepl_is_asked() -> None:
    made = [
        DeepL(Settings("deepl", url, key, "", 0, 1, 1)) for url, key in (("", "a:fx"), ("", "a"), ("http://x", "a"))
    ]
    assert [one.settings.url for one in made] == ["https://api-free.deepl.com", "https://api.deepl.com", "http://x"]
    assert (title_of("deepl"), title_of("gone")) == ("DeepL", "gone")
    assert configured({}) == {}


@pytest.mark.parametrize(
    ("way", "problem", "of_texts"),
    [
        ("slow", "time", False),
        ("drip", "time", False),
        ("drip headers", "time", False),
        ("half", "answer", False),
        ("huge", "answer", False),
        ("busy", "too_many", False),
        ("fault", "server", False),
        ("key", "forbidden", False),
        ("quota", "quota", False),
        ("no", "refused", True),
        ("redirect", "answer", False),
        ("page", "answer", False),
        ("broken", "answer", False),
        ("bytes", "answer", False),
        ("packed", "answer", False),
        ("deep", "answer", False),
        ("string", "answer", False),
        ("other", "answer", False),
        ("numbers", "answer", False),
        ("fewer", "answer", False),
        ("more", "answer", False),
    ],
)
def test_every_bad_answer_ends_soon_and_has_a_name(server: StandIn, way: str, problem: str, of_texts: bool) -> None:
    server.next = [way]
    limits = QUICK if problem == "time" else {}
    begun = time.monotonic()
    caught = failure(libretranslate(server, **limits))
    assert (caught.problem, caught.is_of_texts) == (problem, of_texts)
    assert time.monotonic() - begun < 2
    # A redirect is not followed.
    assert [one.path for one in server.received] == ["/translate"]
    # Neither the key nor a word of the text is in what may end up in a log.
    assert caught.args == (problem,)
    assert caught.__cause__ is None
    assert caught.__suppress_context__ or caught.__context__ is None


def test_a_server_that_is_not_there_and_an_address_that_is_none(server: StandIn) -> None:
    gone = Settings("libretranslate", "http://127.0.0.1:9", "", "", 0, 0.5, 0.5)
    assert failure(LibreTranslate(gone)).problem == "unreachable"
    for url in ("nonsense", "http://", "https:///x", "http://127.0.0.1:port", server.url.replace("http", "ftp")):
        broken = Settings("libretranslate", url, "", "", 0, 0.5, 0.5)
        assert failure(LibreTranslate(broken)).problem == "unreachable"
    assert server.received == []


def test_a_connection_that_came_too_late_is_not_used(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = HTTPConnection.connect

    def slowly(connection: HTTPConnection) -> None:
        time.sleep(0.1)
        connect(connection)

    monkeypatch.setattr(HTTPConnection, "connect", slowly)
    server.next = ["drip"]
    assert failure(libretranslate(server, step_seconds=5, seconds=0.05)).problem == "time"
    assert server.received == []


def test_a_break_is_as_long_as_the_server_asks_but_never_over_a_day(server: StandIn) -> None:
    server.next = [status(429, Retry_After="90"), status(429), status(529, Retry_After="9" * 30)]
    waits = [failure(libretranslate(server)).wait for _ in range(3)]
    assert waits == [timedelta(seconds=90), None, timedelta(days=1)]
    assert wait_in("Wed, 21 Oct 2015 07:28:00 GMT") == timedelta(0)
    assert wait_in("Fri, 31 Dec 9999 23:59:59 GMT") == timedelta(days=1)
    senseless = ("", "soon", "-5", "1.5", f"Wed, 21 Oct 2015 07:28:00 +{'9' * 20}", None)
    assert [wait_in(text) for text in senseless] == [None] * len(senseless)


def test_a_path_in_front_of_the_interface_is_kept(server: StandIn) -> None:
    server.next = [saying(lambda said, _text: said)]
    libretranslate(server, url=f"{server.url}/in/front/").translate(["Mehr Bäume"], "de", "tr", terms=())
    assert server.received[0].path == "/in/front/translate"
