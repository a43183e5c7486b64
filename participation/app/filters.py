"""What templates may do with values: residents' text as safe HTML, moments and numbers in words, pieces kept."""

from flask import Flask, g
from jinja2.runtime import Macro
from markupsafe import Markup

from participation.kit.cache import Pieces
from participation.multilingual import direction, language_name, moments, pick
from participation.texts import excerpt, render


def init_filters(app: Flask) -> None:
    """Register the filters, and ``kept(macro, …)``: a macro's output for these values, rendered once per language."""
    pieces: Pieces = app.extensions["pieces"]

    def kept(macro: Macro, *values: object) -> str:
        key = (macro.name, g.language, values)
        try:
            hash(key)
        except TypeError:
            # Samples of the component gallery are dictionaries.
            return macro(*values)
        return Markup(pieces.get(key, lambda: macro(*values)))  # noqa: S704  # it left a template as markup

    app.jinja_env.globals["kept"] = kept
    app.jinja_env.filters.update(
        prose=render,
        excerpt=excerpt,
        moment=moments.moment,
        day=moments.day,
        deadline=moments.deadline,
        number=moments.number,
        dir=direction,
        language_name=language_name,
        in_language=pick,
    )
