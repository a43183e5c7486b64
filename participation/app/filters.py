"""What templates may do with values: residents' text as safe HTML, moments and numbers in words, pieces kept."""

from datetime import UTC, datetime

from flask import Flask, g
from jinja2.runtime import Macro
from markupsafe import Markup

from participation.browse.translations import label_of, written_in
from participation.browse.words import explained, explained_word, explained_words
from participation.kit.cache import Pieces
from participation.multilingual import base_language, direction, language_name, moments, pick
from participation.receipts.signing import text_digest
from participation.texts import excerpt, render, render_line, without_controls


def init_filters(app: Flask) -> None:
    """Register the filters, and ``kept(macro, …)``: a macro's output for these values, rendered once per language."""
    pieces: Pieces = app.extensions["pieces"]

    def kept(macro: Macro, *values: object) -> str:
        # Samples of the component gallery are dictionaries: they have no hash, and nothing is kept.
        key = (macro.name, g.language, values)
        return Markup(pieces.get(key, lambda: macro(*values)))  # noqa: S704  # it left a template as markup

    app.jinja_env.globals.update(kept=kept, explained_word=explained_word, explained_words=explained_words)
    app.jinja_env.filters.update(
        prose=render,
        marked=render_line,
        excerpt=excerpt,
        moment=moments.moment,
        day=moments.day,
        deadline=moments.deadline,
        number=moments.number,
        explained=explained,
        dir=direction,
        base_language=base_language,
        language_name=language_name,
        how_worded=label_of,
        written_in=written_in,
        in_language=pick,
        digest=text_digest,
        xml_text=_xml_text,
        timestamp=_timestamp,
    )


def _xml_text(value: str) -> str:
    """Return ``value``, markup or not, as text for an XML document, where controls must not stand at all."""
    return without_controls(str(value))


def _timestamp(value: datetime) -> str:
    """Return a moment as RFC 3339 wants it."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
