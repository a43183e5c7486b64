"""What a first view of a page weighs: the page and all it asks for, compressed as a proxy and the product do."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import brotli

from tests.bench.pages import Page
from tests.bench.server import Running

# What proxies use for pages made on the fly; the product's own files are packed as well as can be.
PROXY_QUALITY = 5
REFERENCE = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
FONTS = (".woff2", ".woff", ".ttf")


@dataclass(frozen=True)
class Weight:
    """Bytes without fonts, requests without fonts, and the fonts that the stylesheet knows."""

    page: str
    bytes: int
    requests: int
    fonts: int


def weigh(server: Running, page: Page) -> Weight:
    """Return what the first view of a page weighs."""
    path = page.paths[0]
    body, _headers = server.get(path)
    parser = _Parser()
    parser.feed(body.decode())
    total, fonts, seen = len(brotli.compress(body, quality=PROXY_QUALITY)), set[str](), set[str]()
    waiting = [urljoin(path, address) for address in parser.addresses]
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("data:"):
            continue
        if address.endswith(FONTS):
            fonts.add(address)
            continue
        seen.add(address)
        data, headers = server.get(address, {"Accept-Encoding": "br"})
        total += len(data)
        if address.endswith(".css"):
            text = brotli.decompress(data) if headers.get("content-encoding") == "br" else data
            waiting += [urljoin(address, found) for found in REFERENCE.findall(text.decode())]
    return Weight(page.name, total, 1 + len(seen), len(fonts))


class _Parser(HTMLParser):
    """Collects what a browser fetches for a page by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of a stylesheet, icon, script or picture."""
        given = dict(attrs)
        fetched = tag == "link" and (given.get("rel") or "") in ("stylesheet", "icon", "preload", "modulepreload")
        address = given.get("href") if fetched else given.get("src") if tag in ("script", "img") else None
        # A part of a drawing is fetched with the whole of it.
        if tag == "use":
            address = (given.get("href") or "").partition("#")[0]
        if address:
            self.addresses.append(address)
