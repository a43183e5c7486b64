"""The HTML standard's parser, quicker where a page is written plainly; everything else goes the standard's long way.

A page in which every tag says all that it does needs no parser of mistakes; see ``tests.plain_html``. The others are
read by html5lib, which goes letter by letter. Here a whole tag is read at once when nothing about it could be wrong: a
name, attributes in double quotes without references, none of them twice. Errors and trees are those of html5lib itself.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from html5lib import HTMLParser, getTreeBuilder
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tokenTypes
from html5lib.html5parser import getPhases

from tests.plain_html import plain_tree

ATTRIBUTE = r"[a-zA-Z][a-zA-Z0-9:_-]*+"
START = re.compile(rf'<([a-zA-Z][a-zA-Z0-9]*+)((?:[ \n]++{ATTRIBUTE}(?:="[^"&\0]*+")?+)*+)[ \n]*+(/?+)>')
ATTRIBUTES = re.compile(rf'({ATTRIBUTE})(?:="([^"]*+)")?+')
END = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*+)>")
SPACES = re.compile(r"[\t\n\f ]++")
CHARACTERS = re.compile(r"[^&<\0]++")


class QuickTokenizer(HTMLTokenizer):
    """A tokenizer that takes plain tags and text as a whole."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the tokens, errors among them."""
        self.tokenQueue = deque()
        usual = self.dataState
        while True:
            token = self._whole() if self.state == usual else None
            if token is not None:
                yield token
            elif not self.state():
                return
            while self.stream.errors:
                yield {"type": tokenTypes["ParseError"], "data": self.stream.errors.pop(0)}
            while self.tokenQueue:
                yield self.tokenQueue.popleft()

    def _whole(self) -> dict[str, Any] | None:
        """Return the next token and step over it; ``None`` when it is not plain or may go on in the next chunk."""
        stream = self.stream
        chunk, start = stream.chunk, stream.chunkOffset
        if chunk[start : start + 1] == "<":
            found = START.match(chunk, start)
            token = _start_tag(found) if found else None
            if token is None:
                found = END.match(chunk, start)
                token = {"type": tokenTypes["EndTag"], "name": found[1].lower(), "data": []} if found else None
            # What ends a text area, for one, depends on the tag before.
            self.currentToken = token or self.currentToken
        else:
            found = SPACES.match(chunk, start)
            kind = "SpaceCharacters" if found else "Characters"
            found = found or CHARACTERS.match(chunk, start)
            token = {"type": tokenTypes[kind], "data": found[0]} if found and found.end() < len(chunk) else None
        if token is not None:
            stream.chunkOffset = found.end()
        return token


class QuickParser(HTMLParser):
    """A parser with the quick tokenizer, for one page after the other; its trees are lxml's, without namespaces."""

    def __init__(self) -> None:
        super().__init__(getTreeBuilder("lxml"), namespaceHTMLElements=False)
        names = self.tree.infosetFilter
        # The same few names come again and again.
        for method in ("coerceElement", "coerceAttribute", "fromXmlName"):
            setattr(names, method, lru_cache(maxsize=1000)(getattr(names, method)))

    def _parse(self, stream: str, *_: object, **__: object) -> None:
        self.innerHTMLMode, self.container, self.scripting = False, None, False
        # They remember what they were in the middle of when the page before ended.
        self.phases = {name: phase(self, self.tree) for name, phase in getPhases(False).items()}
        self.tokenizer = QuickTokenizer(stream, parser=self)
        self.reset()
        self.mainLoop()

    def parse(self, stream: str, *options: object, **more: object) -> Any:
        """Return the tree of a page; ``errors`` then names what is wrong with it."""
        tree = plain_tree(stream)
        if tree is None:
            return super().parse(stream, *options, **more)
        self.errors: list[Any] = []
        return tree


def _start_tag(found: re.Match[str]) -> dict[str, Any] | None:
    """Return the token of a start tag; ``None`` when it has an attribute twice."""
    pairs = [(name.lower(), value) for name, value in ATTRIBUTES.findall(found[2])] if found[2] else []
    data = dict(pairs)
    if len(data) < len(pairs):
        return None
    return {
        "type": tokenTypes["StartTag"],
        "name": found[1].lower(),
        "data": data,
        "selfClosing": bool(found[3]),
        "selfClosingAcknowledged": False,
    }
