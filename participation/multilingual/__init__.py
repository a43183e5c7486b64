"""Languages: which ones the interface speaks, how one is chosen, and texts that exist in several of them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import flask_babel
from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g
from flask_babel.speaklater import LazyString
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

SIMPLE = "simple"
"""The registered variant subtag of a language in simple words: ``de-simple`` is German that is easy to read."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ckb", "ps", "yi"})

__all__ = [
    "RIGHT_TO_LEFT",
    "SIMPLE",
    "Phrase",
    "base_language",
    "direction",
    "gettext",
    "in_language",
    "init_catalogues",
    "init_templates",
    "is_simple",
    "language_name",
    "lazily",
    "lazy",
    "locale_of",
    "negotiate",
    "ngettext",
    "phrase",
    "pick",
    "same_language",
    "set_apart",
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


def init_catalogues(app: Flask, folder: Path) -> None:
    """Let ``app`` find its words below ``folder``; Flask-Babel itself is asked for dates and numbers only."""
    app.extensions["catalogues"] = str(app.config.get("CATALOGUES") or folder)


def _translations() -> Any:
    """Return the catalogue of the language that is spoken; a page asks for it a hundred times."""
    try:
        language = g.get("spoken") or g.get("language")
    except RuntimeError:
        return _SILENT
    folder = current_app.extensions.get("catalogues", "")
    return _catalogue(folder, language or current_app.config.get("BABEL_DEFAULT_LOCALE", "en"))


_SILENT = NullTranslations()


@lru_cache(maxsize=64)
def _catalogue(folder: str, language: str) -> Any:
    """Return the words of ``language``; simple words stand in front of those of the language they make simple."""
    if not is_simple(language):
        return Translations.load(folder, [str(locale_of(language))])
    catalogue: Any = Translations.load(folder, [base_language(language)])
    simple = Translations.load(folder, [catalogue_folder(language)])
    # An empty catalogue comes back where there is no file.
    return catalogue.merge(simple) if isinstance(simple, Translations) else catalogue


def catalogue_folder(language: str) -> str:
    """Return the name of the folder below ``translations`` that belongs to ``language``."""
    return f"{base_language(language)}_{SIMPLE.upper()}" if is_simple(language) else language


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Say everything inside the block in ``language``, whatever the reader speaks; needs an application context."""
    before = g.get("spoken")
    g.spoken = language
    try:
        with flask_babel.force_locale(str(locale_of(language))):
            yield
    finally:
        g.spoken = before


def lazy(message: str, **values: object) -> Any:
    """Return ``gettext(message, **values)`` as a string that finds its language when it is shown."""
    return LazyString(gettext, message, **values)


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


def set_apart(text: str, language: str, within: str) -> str:
    """Return ``text`` so that it stands in plain text of ``within`` without turning the words around it.

    Marks (Unicode Annex 9, isolates) only where the two are written in different directions. A ``language`` that
    nobody knows is told by the first letter that has a direction.
    """
    own = direction(language) if language else _first_direction(text)
    if own == direction(within):
        return text
    begin, end = _ISOLATES[own]
    return "\n".join(f"{begin}{line}{end}" if line.strip() else line for line in text.split("\n"))


_ISOLATES = {"ltr": ("\u2066", "\u2069"), "rtl": ("\u2067", "\u2069")}


def _first_direction(text: str) -> str:
    first = next((kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def is_simple(language: str) -> bool:
    """Return whether ``language`` stands for simple words in a language."""
    return language.endswith(f"-{SIMPLE}")


def base_language(language: str) -> str:
    """Return the language without its variant: ``de`` for ``de-simple``."""
    return language.partition("-")[0]


def same_language(one: str, other: str) -> bool:
    """Return whether whoever reads the one can read the other; simple words are words of the same language."""
    return base_language(one) == base_language(other)


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return the locale of a language that the interface speaks; simple words have dates like all others."""
    return Locale.parse(base_language(language) if is_simple(language) else language, sep="-")


def language_name(language: str, *, shown_in: str | None = None) -> str:
    """Return the name of ``language``, in itself or in ``shown_in``; an unknown code is returned as it is."""
    if not is_simple(language):
        return _name(language, base_language(shown_in or language))
    name = _name(base_language(language), base_language(shown_in or language))
    with in_language(shown_in or language):
        return gettext("%(language)s in simple words", language=name)


@lru_cache(maxsize=1024)
def _name(language: str, shown_in: str) -> str:
    try:
        locale = Locale.parse(language, sep="-")
        name = locale.get_display_name(shown_in)
    except (UnknownLocaleError, ValueError):
        return language
    return (name[:1].upper() + name[1:]) if name else language


def phrase(translated: Mapping[str, str], language: str, *, fallbacks: Iterable[str] = ("de", "en")) -> Phrase:
    """Return the text in ``language``, or in the first fallback that has one, with the language it is in."""
    for candidate in (language, base_language(language), *fallbacks, *translated):
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
        tag = wish.replace("_", "-").lower()
        for candidate in (tag, base_language(tag)):
            if candidate in known:
                return candidate
    return default
