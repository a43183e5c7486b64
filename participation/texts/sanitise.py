"""Residents' text cleaned once, at output: escaped, in paragraphs, with links that can be seen as what they are."""

import html
import re
from typing import Any

import nh3
from bleach.linkifier import Linker
from markupsafe import Markup, escape

from participation.texts.redaction import marked
from participation.texts.shape import BLOCK

# bleach's own pattern would link "1.Mai.de"; only full addresses become links here. It is matched against escaped text,
# so of all entities only an ampersand can be part of an address. No user before the host: that only serves to deceive.
_LABEL = r"[^\W_](?:[^\W_]|-)*"
# An address ends where moderators took something out.
_REST = rf"""&amp;|[^\s<>"'()\[\]{{}}&{BLOCK}]"""
_END = rf"""&amp;|[^\s<>"'()\[\]{{}}&.,;:!?{BLOCK}]"""
ADDRESS = re.compile(
    rf"(?<![\w@.])https?://(?>{_LABEL}(?:\.{_LABEL})*)(?::[1-5]?\d{{1,4}})?(?![\w@])(?!:[\w@])"
    rf"(?:[/?#](?:(?:{_REST})*(?:{_END}))?)?",
    re.IGNORECASE,
)
ALLOWED_TAGS = {"p", "br", "a"}
ALLOWED_ATTRIBUTES = {"a": {"href", "rel"}}
SCHEMES = {"http", "https"}
RELATION = "nofollow ugc noopener noreferrer"


def mark_link(attributes: Any, _new: bool = False, /) -> Any:
    """Keep of a link just its address, its text and the relation; nothing of one that the second pass would refuse."""
    link = f'<a href="{escape(html.unescape(attributes[None, "href"]))}"></a>'
    if "href" not in _second_pass(link):
        return None
    return {(None, "href"): attributes[None, "href"], (None, "rel"): RELATION, "_text": attributes["_text"]}


_linker = Linker(callbacks=[mark_link], url_re=ADDRESS, parse_email=False)
# Made once: putting the rules together takes eight times as long as cleaning a comment with them.
_cleaner = nh3.Cleaner(tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, link_rel=None, url_schemes=SCHEMES)


def render(text: str) -> Markup:
    """Return ``text`` as safe HTML: paragraphs, line breaks, marked links, marks where something was taken out.

    Markup that somebody typed is shown as typed. bleach links, nh3 is the second pass that has the last word.
    """
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    markup = "".join(f"<p>{str(escape(part)).replace(chr(10), '<br>')}</p>" for part in paragraphs)
    if "://" in markup:
        markup = _linker.linkify(markup)
    clean = Markup(_second_pass(markup))  # noqa: S704  # the one place where text from outside becomes HTML
    return marked(clean)


def _second_pass(markup: str) -> str:
    return _cleaner.clean(markup)


def single_line(text: str) -> str:
    """Return ``text`` on one line with white space folded; plain text, to be escaped where it is shown."""
    return " ".join(text.split())


def excerpt(text: str, length: int = 200) -> str:
    """Return at most ``length`` characters of ``text`` on one line, cut at a word with an ellipsis."""
    # Of a long text the beginning will do, unless that is mostly white space.
    line = single_line(text[: 2 * length])
    if len(line) <= length:
        line = single_line(text)
    if len(line) <= length:
        return line
    head = line[: length - 1]
    at = head.rfind(" ")
    return (head[:at] if at > length // 2 else head).rstrip(" ,;:.–-") + "…"
