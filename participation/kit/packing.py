"""Pages on their way out: small ones for everybody without a secret in them, and each says what it weighs."""

import gzip
from collections.abc import Callable

import brotli
from flask import Flask, Response, current_app, g, request

QUALITY = 5
"""Of Brotli: a long list in about a millisecond; more would take ten times as long for a twentieth of the bytes."""
GZIP_LEVEL = 5
LEAST = 1000
"""Bytes; less than that fits into the first packets anyway."""
TEXTS = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")
WEIGHT = "<data class=page-weight></data>"
"""Stands in a page where its weight is to be told; nothing that people write can be markup, and so look like it."""
Written = Callable[[int], str]


def init_packing(app: Flask, written: Written) -> None:
    """Pack the answers of ``app``, and let pages say their weight as ``written`` puts a number of bytes.

    What holds a token of somebody's session is sent as it is: whoever can watch the sizes of packed pages and put words
    of their own into them could guess the token (BREACH).
    """
    app.extensions["page_weight"] = written

    @app.after_request
    def pack_answer(response: Response) -> Response:
        if response.direct_passthrough or response.is_streamed or response.content_encoding:
            return response
        if response.status_code == 304 or not (response.mimetype or "").startswith(TEXTS):
            return response
        encoding = _encoding() if _is_without_secret() else None
        body = response.get_data()
        if WEIGHT.encode() in body:
            body = weighed(body, is_packed=encoding is not None)
            response.set_data(body)
        if len(body) >= LEAST:
            response.vary.add("Accept-Encoding")
            if encoding:
                response.set_data(packed(body) if encoding == "br" else gzip.compress(body, GZIP_LEVEL, mtime=0))
                response.content_encoding = encoding
        return response


def weighed(body: bytes, *, is_packed: bool) -> bytes:
    """Return a page with its weight in it: what is sent of it, packed or as it is, without the header lines."""
    written: Written = current_app.extensions["page_weight"]
    size = len(packed(body)) if is_packed else len(body)
    return body.replace(WEIGHT.encode(), written(size).encode())


def packed(body: bytes) -> bytes:
    """Return ``body`` as it is kept and sent."""
    return bytes(brotli.compress(body, quality=QUALITY))


def unpacked(body: bytes) -> bytes:
    """Return what ``packed`` was given."""
    return bytes(brotli.decompress(body))


def answer_packed(body: bytes, mimetype: str) -> Response:
    """Return the answer with a ``packed`` body, as it is where the browser can read that."""
    if _encoding() != "br":
        return Response(unpacked(body), mimetype=mimetype)
    response = Response(body, mimetype=mimetype)
    response.content_encoding = "br"
    return response


def _encoding() -> str | None:
    # A star is what programs send that say they take anything, and cannot always.
    accepted = {name.lower() for name, quality in request.accept_encodings if quality > 0}
    return next((name for name in ("br", "gzip") if name in accepted), None)


def _is_without_secret() -> bool:
    return not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]) and "csrf_token" not in g
