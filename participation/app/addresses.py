"""What the parts of an address may be; anything else is an unknown address, never a question to the database."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, UnicodeConverter


class IdConverter(IntegerConverter):
    """A number that both databases can hold."""

    regex = "[0-9]{1,18}"


class PartConverter(UnicodeConverter):
    """Any text but the NUL, which PostgreSQL does not know."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.regex = r"[^/\x00]+"


def init_addresses(app: Flask) -> None:
    """Teach ``app`` these rules; call it before any route is added."""
    app.url_map.converters["int"] = IdConverter
    app.url_map.converters["default"] = PartConverter
