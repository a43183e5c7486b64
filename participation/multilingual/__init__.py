"""Languages: which ones the interface speaks, how one is chosen, and texts that exist in several of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import flask_babel
from babel import Locale, UnknownLocaleError
from flask import g
from flask_babel import lazy_gettext as lazy
from flask_babel.speaklater import LazyString
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ckb", "ps", "yi"})

__all__ = [
    "RIGHT_TO_LEFT",
    "Phrase",
    "direction",
    "gettext",
    "init_templates",
    "language_name",
    "lazily",
    "lazy",
    "locale_of",
    "negotiate",
    "ngettext",
    "phrase",
    "pick",
]


def gettext(message: str, **values: object) -> str:
    """Return ``message`` in the reader's language with ``values`` filled in."""
    text = str(_translations().ugettext(message))
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form that fits the number ``num`` in the reader's language."""
    return str(_translations().ungettext(singular, plural, num)) % {"num": num, **values}


def init_templates(environment: Environment) -> None:
    """Let templates of ``environment`` find their words the way the code does."""
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by Jinja's i18n extension
        gettext=lambda message: _translations().ugettext(message),
        ngettext=lambda singular, plural, num: _translations().ungettext(singular, plural, num),
        newstyle=True,
        pgettext=lambda context, message: _translations().upgettext(context, message),
        npgettext=lambda context, singular, plural, num: _translations().unpgettext(context, singular, plural, num),
    )
    # The extension's own makes every text anew and looks "gettext" up each time.
    environment.globals["_"] = environment.globals["gettext"] = _said


@pass_eval_context
def _said(context: EvalContext, message: str, /, **values: object) -> str:
    """Return ``message`` for a template in the reader's language, ``values`` filled in and escaped as it wants it."""
    translations = _translations()
    if context.autoescape and not values:
        return _markup(translations, message)
    text: str = translations.ugettext(message)
    return (Markup(text) if context.autoescape else text) % values  # noqa: S704  # our own words; values are escaped


@lru_cache(maxsize=8192)
def _markup(translations: Any, message: str) -> Markup:
    return Markup(translations.ugettext(message)) % {}  # noqa: S704  # our own words


def _translations() -> Any:
    """Return the catalogue of the reader's language; a page asks for it a hundred times."""
    try:
        # Where Flask-Babel keeps the request's locale; it clears this name whenever that changes.
        kept = g.get("_flask_babel")
    except RuntimeError:
        return flask_babel.get_translations()
    found = getattr(kept, "babel_translations", None)
    if found is None:
        found = flask_babel.get_translations()
        g.get("_flask_babel").babel_translations = found
    return found


def lazily(sentence: object, **values: object) -> Any:
    """Return a lazy ``sentence`` with ``values`` filled in when it is shown."""
    return LazyString(lambda: str(sentence) % values)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with the language it is really in, so that a fallback can be marked as such."""

    text: str
    language: str

    @property
    def dir(self) -> str:
        return direction(self.language)


def direction(language: str) -> str:
    """Return ``rtl`` or ``ltr``, the writing direction of ``language``."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return the locale of a language that the interface speaks."""
    return Locale.parse(language)


@lru_cache(maxsize=1024)
def language_name(language: str, *, shown_in: str | None = None) -> str:
    """Return the name of ``language``, in itself or in ``shown_in``; an unknown code is returned as it is."""
    try:
        locale = Locale.parse(language, sep="-")
        name = locale.get_display_name(shown_in or language)
    except (UnknownLocaleError, ValueError):
        return language
    return (name[:1].upper() + name[1:]) if name else language


def phrase(translated: Mapping[str, str], language: str, *, fallbacks: Iterable[str] = ("de", "en")) -> Phrase:
    """Return the text in ``language``, or in the first fallback that has one, with the language it is in."""
    for candidate in (language, *fallbacks, *translated):
        if text := translated.get(candidate):
            return Phrase(text, candidate)
    return Phrase("", language)


def pick(translated: Mapping[str, str], language: str) -> str:
    """Return the text in ``language`` or the best fallback; an empty string where there is none at all."""
    return phrase(translated, language).text


def reworded(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return ``before`` with the wordings of ``after``: languages not given stay, empty ones go."""
    return {language: text for language, text in {**before, **after}.items() if text}


def negotiate(accepted: Iterable[str], offered: Iterable[str], default: str) -> str:
    """Return the first of the ``accepted`` languages (best first) that is ``offered``, else ``default``."""
    known = list(offered)
    for wish in accepted:
        base = wish.replace("_", "-").split("-")[0].lower()
        if base in known:
            return base
    return default
