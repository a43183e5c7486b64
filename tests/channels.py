"""Every address that can say something about an idea or a comment, read by every kind of visitor."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from flask import Flask

from tests.pages import PageClient

LANGUAGE = "en"
Queries = Mapping[str, Sequence[str]]
"""What can stand behind the address of an endpoint: ``{"browse.ideas": ["?q=park"]}``."""


def addresses(app: Flask, values: Mapping[str, Any], queries: Queries | None = None) -> list[str]:
    """Return the addresses of all GET routes whose arguments ``values`` knows, with those filled in.

    A list or tuple stands for several values. Each address comes alone and with each of its ``queries``.
    """
    adapter = app.url_map.bind("localhost")
    known = {"lang": LANGUAGE, "language": LANGUAGE, **values}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= known.keys():
            wanted = sorted(rule.arguments)
            for chosen in product(*(_several(known[name]) for name in wanted)):
                address = adapter.build(rule.endpoint, dict(zip(wanted, chosen, strict=True)), method="GET")
                found += [address + query for query in ("", *(queries or {}).get(rule.endpoint, ()))]
    return sorted(found)


def left_out(app: Flask, values: Mapping[str, Any]) -> set[str]:
    """Return the endpoints of the GET routes that ``addresses`` cannot build from ``values``."""
    known = {"lang", "language", *values}
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments <= known
    }


def answers(
    app: Flask, visitor: PageClient, values: Mapping[str, Any], queries: Queries | None = None
) -> Iterator[tuple[str, str]]:
    """Yield each of these addresses with everything that the visitor is answered: headers and body."""
    for address in addresses(app, values, queries):
        page = visitor.get(address, status=None)
        if page.status >= 500:
            raise AssertionError(f"{address} answered {page.status}")
        said = f"{page.headers}\n{page.data.decode('utf-8', errors='replace')}"
        # Some are sent from files.
        page.response.close()
        yield address, said


def saying(
    app: Flask, visitor: PageClient, values: Mapping[str, Any], *words: str, queries: Queries | None = None
) -> dict[str, list[str]]:
    """Return which of ``words`` each address says, for those that say any."""
    said = {}
    for address, text in answers(app, visitor, values, queries):
        if heard := [word for word in words if word in text]:
            said[address] = heard
    return said


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]
