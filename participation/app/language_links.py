"""The page that is being rendered in all other languages: for the switch in the header, and for search engines."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, g, request, url_for

from participation.kit.destinations import LONGEST
from participation.multilingual import base_language, direction, in_language, is_simple, language_name
from participation.multilingual import gettext as _

DEFAULT = "x-default"
"""What search engines call the address for readers of no language that is on offer."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """This page in another language; ``code`` is that language, ``lang`` the one that ``name`` is written in.

    ``url`` is where somebody goes on, ``page_url`` where the page itself stands.
    """

    code: str
    name: str
    lang: str
    url: str
    page_url: str
    current: bool = False

    @property
    def dir(self) -> str:
        """Return the writing direction of the name."""
        return direction(self.lang)


@dataclass(frozen=True, slots=True)
class LanguageSwitch:
    """What the header offers: the languages, and apart from them simple words or the way back from them.

    ``here`` is the address of this page without its language, ``form_url`` where accounts send their choice.
    """

    languages: tuple[LanguageLink, ...]
    simple: LanguageLink | None
    here: str
    form_url: str

    @property
    def others(self) -> tuple[LanguageLink, ...]:
        """Return all that can be gone to from here."""
        current = self.current
        elsewhere = tuple(link for link in self.languages if link is not current)
        return (*elsewhere, self.simple) if self.simple else elsewhere

    @property
    def current(self) -> LanguageLink | None:
        """Return the language that is spoken, or that simple words are words of."""
        return next((link for link in self.languages if link.current), None)


def language_switch(app: Flask, *, is_signed_in: bool) -> LanguageSwitch:
    """Return the switch; pages that exist in no language of their own lead to the front page."""
    here = _here(app)
    offered = app.config["LANGUAGES"]
    languages = tuple(
        LanguageLink(code, language_name(code), code, *_addresses(code, here), code == base_language(g.language))
        for code in offered
        if not is_simple(code)
    )
    form_url = url_for("accounts.language") if is_signed_in else ""
    return LanguageSwitch(languages, _simple(offered, here), here, form_url)


def alternates(app: Flask, here: str) -> tuple[LanguageLink, ...]:
    """Return the full addresses of the page at ``here`` in all languages, the default one last."""
    base = app.config["BASE_URL"].rstrip("/")
    links = [_alternate(code, f"{base}/{code}{here}") for code in app.config["LANGUAGES"]]
    # Only the front page has an address at which the language is negotiated.
    otherwise = "/" if here == "/" else f"/{app.config['BABEL_DEFAULT_LOCALE']}{here}"
    return (*links, _alternate(DEFAULT, base + otherwise))


def _here(app: Flask) -> str:
    """Return the address of this page without its language, with its query; addresses differ in nothing but that."""
    endpoint, values, query = "browse.front", dict[str, object](), ""
    known = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if request.endpoint and known and app.url_map.is_endpoint_expecting(request.endpoint, "language"):
        # Never through url_for: it takes some names for its own, such as _scheme.
        endpoint, values = request.endpoint, dict(request.view_args or {})
        query = urlencode(list(request.args.items(multi=True)))
    url = url_for(endpoint, **{**values, "language": g.language})
    return url.removeprefix(f"{request.script_root}/{g.language}") + (f"?{query}" if query else "")


def _addresses(code: str, here: str) -> tuple[str, str]:
    """Return the address that remembers a language and leads on to the page at ``here``, and that of the page."""
    page_url = f"{request.script_root}/{code}{here}"
    chosen = f"{request.script_root}/{code}/language?{urlencode({'to': here})}"
    return (chosen if len(here) <= LONGEST else page_url), page_url


def _alternate(code: str, url: str) -> LanguageLink:
    return LanguageLink(code, "", code, url, url)


def _simple(offered: tuple[str, ...], here: str) -> LanguageLink | None:
    """Return the way into simple words, said in the language that they are in, or the way out of them."""
    if is_simple(g.language):
        base = base_language(g.language)
        return LanguageLink(base, _("Everyday language"), g.language, *_addresses(base, here), current=True)
    for code in offered:
        if is_simple(code):
            base = base_language(code)
            with in_language(base):
                return LanguageLink(code, _("Simple language"), base, *_addresses(code, here))
    return None
