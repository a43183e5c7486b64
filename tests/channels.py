"""Every address that can say something about one idea, read by every kind of visitor."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from tests.pages import PageClient

LANGUAGE = "en"


def addresses(app: Flask, values: Mapping[str, Any]) -> list[str]:
    """Return the addresses of all GET routes whose arguments ``values`` knows, with those filled in."""
    adapter = app.url_map.bind("localhost")
    known = {"lang": LANGUAGE, "language": LANGUAGE, **values}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= known.keys():
            arguments = {name: known[name] for name in rule.arguments}
            found.append(adapter.build(rule.endpoint, arguments, method="GET"))
    return sorted(found)


def answers(app: Flask, visitor: PageClient, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each of these addresses with everything that the visitor is answered: headers and body."""
    for address in addresses(app, values):
        page = visitor.get(address, status=None)
        if page.status >= 500:
            raise AssertionError(f"{address} answered {page.status}")
        yield address, f"{page.headers}\n{page.data.decode('utf-8', errors='replace')}"


def saying(app: Flask, visitor: PageClient, values: Mapping[str, Any], *words: str) -> dict[str, list[str]]:
    """Return which of ``words`` each address says, for those that say any."""
    said = {}
    for address, text in answers(app, visitor, values):
        if heard := [word for word in words if word in text]:
            said[address] = heard
    return said
