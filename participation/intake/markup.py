"""Texts that come as HTML, as plain text: paragraphs, lists and links survive, everything else is left out."""

import re
from html.parser import HTMLParser

# Only a text that begins with an element is HTML: "<3" and "a < b" are not, and stay as they were typed.
BEGINS_WITH_ELEMENT = re.compile(
    r"\s*<(p|div|ul|ol|li|h[1-6]|br|span|strong|em|b|i|u|a|blockquote|section|article|table)(\s[^<>]*)?/?>",
    re.IGNORECASE,
)
BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "blockquote", "section", "article", "table", "tr", *(f"h{n}" for n in range(1, 7))}
)
UNSEEN = frozenset({"script", "style", "template", "head", "title"})
# No element begins here. The parser would look for its end through all that follows, each time anew.
STRAY = re.compile(r"<(?=[^<>]*(?:<|\Z))")
LONGEST = 300_000
"""Characters; longer ones are no texts that people wrote, and hold the parser up."""
MANY_LINES = re.compile(r"\n{3,}")
SPACES = re.compile(r"[ \t\r\n\f\v]+")


def plain_text(text: str) -> str:
    """Return ``text`` without markup where it is HTML, and as it is otherwise."""
    if len(text) > LONGEST or not BEGINS_WITH_ELEMENT.match(text):
        return text
    reader = _Reader()
    reader.feed(STRAY.sub("&lt;", text))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects what people see; addresses of links stand behind their words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unseen = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._parts.append("\n- ")
        elif tag in BLOCKS:
            self._parts.append("\n\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in BLOCKS:
            self._parts.append("\n\n")
        elif tag == "a" and self._links:
            address, begin = self._links.pop()
            words = "".join(self._parts[begin:])
            if address.lower().startswith(("http://", "https://")) and address not in words:
                self._parts.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(SPACES.sub(" ", data))

    def text(self) -> str:
        """Return the text read so far, at most one empty line between two paragraphs."""
        lines = (line.strip() for line in "".join(self._parts).split("\n"))
        return MANY_LINES.sub("\n\n", "\n".join(lines)).strip()
