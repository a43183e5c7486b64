"""Residents' text cleaned once, at output: escaped, in paragraphs, with links that can be seen as what they are."""

import re
from typing import Any

import nh3
from bleach.linkifier import Linker
from markupsafe import Markup, escape

# bleach's own pattern would link "1.Mai.de"; only full addresses become links here.
ADDRESS = re.compile(r"""(?<![\w@.])https?://[^\s<>"'()\[\]{}]+[^\s<>"'()\[\]{}.,;:!?]""", re.IGNORECASE)
ALLOWED_TAGS = {"p", "br", "a"}
ALLOWED_ATTRIBUTES = {"a": {"href", "rel"}}
SCHEMES = {"http", "https"}
RELATION = "nofollow ugc noopener noreferrer"


def _mark(attributes: Any, _new: bool = False, /) -> Any:
    """Keep of a link just its address, its text and the relation that says whose it is."""
    return {(None, "href"): attributes[None, "href"], (None, "rel"): RELATION, "_text": attributes["_text"]}


_linker = Linker(callbacks=[_mark], url_re=ADDRESS, parse_email=False)


def render(text: str) -> Markup:
    """Return ``text`` as safe HTML: paragraphs, line breaks and marked links, nothing else.

    Markup that somebody typed is shown as typed. bleach links, nh3 is the second pass that has the last word.
    """
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    html = "".join(f"<p>{str(escape(part)).replace(chr(10), '<br>')}</p>" for part in paragraphs)
    if "://" in html:
        html = _linker.linkify(html)
    clean = nh3.clean(html, tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, link_rel=None, url_schemes=SCHEMES)
    return Markup(clean)  # noqa: S704  # the one place where text from outside becomes HTML


def single_line(text: str) -> str:
    """Return ``text`` on one line with white space folded; plain text, to be escaped where it is shown."""
    return " ".join(text.split())


def excerpt(text: str, length: int = 200) -> str:
    """Return at most ``length`` characters of ``text`` on one line, cut at a word with an ellipsis."""
    line = single_line(text)
    if len(line) <= length:
        return line
    head = line[: length - 1]
    at = head.rfind(" ")
    return (head[:at] if at > length // 2 else head).rstrip(" ,;:.–-") + "…"
