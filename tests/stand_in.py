"""A server that speaks the interfaces of LibreTranslate and DeepL, well or badly, and keeps what it was sent."""

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MARKED = re.compile(r"<(?:span[^>]*|x)>(.*?)</(?:span|x)>")
# Sentences that a reader of the language understands: an answer in the wrong one is not kept.
SAID: Mapping[str, str] = {
    "de": "Das ist die Fassung auf Deutsch, und sie sagt dasselbe wie der Text, der hierher geschickt wurde. ",
    "en": "This is the wording in English, and it says the same as the text that was sent here before. ",
    "tr": "Bu, metnin Türkçe çevirisidir ve buraya gönderilen metinle aynı şeyi söylemektedir. ",
    "ar": "هذه هي صيغة النص باللغة العربية وهي تقول الشيء نفسه الذي يقوله النص الذي أرسل إلى هنا. ",
    "uk": "Це переклад тексту українською мовою, і він говорить те саме, що й текст, який сюди надіслали. ",
    "ru": "Это перевод текста на русский язык, и он говорит то же самое, что и присланный сюда текст. ",
    "pl": "To jest wersja tekstu w języku polskim i mówi ona to samo, co tekst, który tutaj wysłano. ",
    "ro": "Aceasta este versiunea textului în limba română și spune același lucru ca textul trimis aici. ",
    "bg": "Това е преводът на текста на български език и той казва същото като текста, изпратен тук. ",
    "fr": "Voici la version du texte en français, et elle dit la même chose que le texte envoyé ici. ",
}
Answer = Callable[["Handler", list[str], str], None]


@dataclass(frozen=True, slots=True)
class Received:
    """One request: where it went, with which headers, and what was in it."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        """The texts that were sent."""
        found: list[str] = self.body.get("q") or self.body["text"]
        return found

    @property
    def target(self) -> str:
        """The language that was asked for."""
        found: str = self.body.get("target") or self.body["target_lang"]
        return found.lower()[:2]


@dataclass
class StandIn:
    """The running server: ``url``, what it ``received``, the wordings it ``knows``, and how it answers ``next``.

    ``knows`` maps (language, text) to a wording; everything else becomes sentences of about the same length.
    ``next`` holds names of ways to answer badly, or functions; when it is empty, answers are good.
    """

    url: str = ""
    received: list[Received] = field(default_factory=list)
    knows: dict[tuple[str, str], str] = field(default_factory=dict)
    next: list[str | Answer] = field(default_factory=list)
    before: Callable[[], None] | None = None
    released: threading.Event = field(default_factory=threading.Event)

    def words(self) -> str:
        """Everything that was ever sent here, in one string."""
        return json.dumps([(one.path, one.body) for one in self.received], ensure_ascii=False)

    def wording(self, target: str, text: str) -> str:
        """Return what a good answer says to ``text``: marked words come back as they are."""
        plain = MARKED.sub(r"\1", text)
        if (target, plain) in self.knows:
            return self.knows[target, plain]
        kept = " ".join(match.group() for match in MARKED.finditer(text))
        said = SAID[target] * (len(text) // len(SAID[target]) + 1)
        return f"{kept} {said if len(text) > 60 else said[: max(len(text), 12)]}".strip()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    stand_in: StandIn

    def do_POST(self) -> None:
        """Keep the request and answer it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        received = Received(self.path, dict(self.headers), body)
        self.stand_in.received.append(received)
        if self.stand_in.before:
            self.stand_in.before()
        way = self.stand_in.next.pop(0) if self.stand_in.next else good
        answer = WAYS[way] if isinstance(way, str) else way
        # Whoever asked may have gone.
        with suppress(OSError):
            answer(self, received.texts, received.target)

    def do_GET(self) -> None:
        """Keep that somebody followed a redirect."""
        self.stand_in.received.append(Received(self.path, dict(self.headers), {"q": [], "target": "xx"}))
        self.say(200, {})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def say(self, status: int, content: Any, **headers: str) -> None:
        """Send JSON."""
        self.send(status, json.dumps(content).encode(), **headers)

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Send a body; underscores in the names of headers stand for hyphens."""
        self.send_response(status)
        for name, value in {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def wordings(self, texts: list[str]) -> Any:
        """Return wordings in the form in which the interface that was asked gives them."""
        if self.path == "/v2/translate":
            return {"translations": [{"detected_source_language": "DE", "text": text} for text in texts]}
        return {"translatedText": texts}


def good(handler: Handler, texts: list[str], target: str) -> None:
    """Answer as the real one would."""
    handler.say(200, handler.wordings([handler.stand_in.wording(target, text) for text in texts]))


def saying(change: Callable[[str, str], str]) -> Answer:
    """Return an answer in which each wording was changed; the function gets the good wording and the text."""

    def answer(handler: Handler, texts: list[str], target: str) -> None:
        handler.say(200, handler.wordings([change(handler.stand_in.wording(target, text), text) for text in texts]))

    return answer


def status(code: int, **headers: str) -> Answer:
    """Return an answer of nothing but a status and headers."""
    return lambda handler, _texts, _target: handler.say(code, {"error": "no"}, **headers)


def raw(body: bytes, *, code: int = 200, **headers: str) -> Answer:
    """Return an answer of these very bytes."""
    return lambda handler, _texts, _target: handler.send(code, body, **headers)


def _slow(handler: Handler, _texts: list[str], _target: str) -> None:
    handler.stand_in.released.wait(10)


def _drip(handler: Handler, _texts: list[str], _target: str) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not handler.stand_in.released.wait(0.02):
        handler.wfile.write(b" ")


def _drip_headers(handler: Handler, _texts: list[str], _target: str) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.stand_in.released.wait(0.02):
        handler.wfile.write(b"x")


def _half(handler: Handler, _texts: list[str], _target: str) -> None:
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"translatedText": ["Ha')
    handler.close_connection = True


def _huge(handler: Handler, _texts: list[str], _target: str) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n")
    while not handler.stand_in.released.is_set():
        handler.wfile.write(b"x" * 65536)


WAYS: Mapping[str, Answer] = {
    "slow": _slow,
    "drip": _drip,
    "drip headers": _drip_headers,
    "half": _half,
    "huge": _huge,
    "busy": status(429, Retry_After="120"),
    "fault": status(500),
    "key": status(403),
    "quota": status(456),
    "no": status(400),
    "redirect": status(307, Location="/elsewhere"),
    "page": raw(b"<html>Welcome</html>", Content_Type="text/html"),
    "broken": raw(b'{"translatedText": ["a", '),
    "bytes": raw(b'{"translatedText": ["\xff\xfe"]}'),
    "packed": raw(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"),
    "deep": raw(b"[" * 200_000),
    "string": raw(b'"translatedText"'),
    "other": raw(b'{"translatedText": "one text"}'),
    "numbers": raw(b'{"translatedText": [1, 2]}'),
    "fewer": lambda handler, texts, target: good(handler, texts[1:], target),
    "more": lambda handler, texts, target: good(handler, [*texts, "and one"], target),
}


class Server(ThreadingHTTPServer):
    """A server that does not mind when whoever asked has gone."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Run the server on a free port of this machine for the time of the block."""
    own = StandIn()
    server = Server(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"stand_in": own}))
    own.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield own
    finally:
        own.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def settings(server: StandIn, **values: object) -> dict[str, dict[str, object]]:
    """Return the setting ``TRANSLATORS`` with the server as LibreTranslate."""
    usual = {
        "key": "secret-key",
        "operator": "Stadt Dortmund",
        "monthly_characters": 0,
        "step_seconds": 5,
        "seconds": 5,
    }
    return {"libretranslate": {"url": server.url, **usual, **values}}
