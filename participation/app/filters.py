"""What templates may do with values: residents' text as safe HTML, moments and numbers in words."""

from flask import Flask

from participation.multilingual import direction, language_name, moments, pick
from participation.texts import excerpt, render


def init_filters(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        prose=render,
        excerpt=excerpt,
        moment=moments.moment,
        day=moments.day,
        number=moments.number,
        dir=direction,
        language_name=language_name,
        in_language=pick,
    )
