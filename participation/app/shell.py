"""What surrounds every page: header, navigation, languages, account, footer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, get_flashed_messages, has_request_context, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from participation.accounts.guard import current_actor
from participation.app.language_links import LanguageLink, LanguageSwitch, alternates, language_switch
from participation.app.legal_links import consent_url, legal_url, what_is_owed
from participation.browse.translations import PageInTranslation, page_in_translation
from participation.kit.messages import in_words
from participation.kit.packing import WEIGHT
from participation.multilingual import base_language, direction
from participation.multilingual import gettext as _
from participation.multilingual.moments import number

SECRETS = frozenset({"token", "code", "notice_code", "barrier_code", "key", "public_id"})
"""Parts of addresses that open something for whoever knows them."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go to."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class AccountLink:
    """Whoever is signed in."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something that just happened, with a way on where there is one."""

    kind: str
    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything ``base.html`` needs."""

    lang: str
    dir: str
    city: str
    product: str
    home_url: str
    languages: LanguageSwitch
    navigation: tuple[Link, ...]
    account: AccountLink | None
    contributions: AccountLink | None
    inbox: AccountLink | None
    unread: int
    sign_in_url: str
    sign_up_url: str
    sign_out_url: str
    csrf_token: Callable[[], str] | None
    desk_url: str | None
    footer_links: tuple[Link, ...]
    consent_url: str
    messages: tuple[Message, ...]
    assets_url: str
    demo: bool
    description: str
    alternates: tuple[LanguageLink, ...]
    in_translation: PageInTranslation | None
    page_weight: Markup
    first_weight: str

    def asset(self, name: str) -> str:
        """Return the address of a static file by the name under which it is served, for example ``site.css``."""
        return f"{self.assets_url}/{name}"


def init_shell(app: Flask) -> None:
    """Give every template the ``shell``."""

    @app.context_processor
    def add_shell() -> dict[str, object]:
        return {"shell": build_shell(app)} if has_request_context() else {}


def build_shell(app: Flask) -> Shell:
    """Return the shell of the page that is being rendered."""
    actor = current_actor() if "session_cookie_name" in g else None
    signed_in = actor is not None and actor.is_signed_in
    languages = language_switch(app, is_signed_in=signed_in)
    return Shell(
        lang=g.language,
        dir=direction(g.language),
        city=app.config["OPERATOR_NAME"],
        product=_("%(city)s takes part", city=app.config["CITY_NAME"]),
        home_url=_address("browse.front"),
        languages=languages,
        navigation=_navigation(),
        account=AccountLink(_("My account"), _address("accounts.account")) if signed_in else None,
        contributions=AccountLink(_("My contributions"), _address("mine.contributions")) if signed_in else None,
        inbox=AccountLink(_("Inbox"), _address("notifications.inbox")) if signed_in else None,
        # Known since the sign-in was looked up.
        unread=current_user.unread if signed_in else 0,
        sign_in_url=url_for("accounts.sign_in", next=_next_target()),
        sign_up_url=_address("accounts.sign_up"),
        sign_out_url=_address("accounts.sign_out"),
        csrf_token=generate_csrf if signed_in else None,
        desk_url=_address("desk.overview") if actor and actor.has_desk() else None,
        footer_links=_footer(),
        consent_url=(agreeing := consent_url(actor, _next_target()) if actor else ""),
        messages=_messages(agreeing) if request.cookies.get(app.config["SESSION_COOKIE_NAME"]) else (),
        assets_url=app.config["ASSETS_URL"],
        demo=app.config["DEMO"],
        description=_(
            "Propose, discuss and vote on ideas for the digital strategy of %(city)s.", city=app.config["CITY_NAME"]
        ),
        alternates=alternates(app, languages.here),
        in_translation=page_in_translation(),
        # Known only when the page is done.
        page_weight=Markup(WEIGHT),  # noqa: S704  # a mark of our own
        first_weight=weight(app.extensions["first_view"](base_language(g.language))),
    )


def weight(size: int) -> str:
    """Return a number of bytes in kilobytes, as the reader writes numbers."""
    return number(round(size / 1000, 1 if size < 100_000 else None))


def _next_target() -> str | None:
    # Forms of the account pages themselves are no place to return to.
    if request.method != "GET" or request.blueprint == "accounts":
        return None
    return request.full_path.rstrip("?")


def _address(endpoint: str) -> str:
    """Return the address of a page that needs nothing but a language; worked out once, as every page has a dozen."""
    known: dict[tuple[str, str, str], str] = current_app.extensions.setdefault("shell_addresses", {})
    key = (request.script_root, g.language, endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]


def _navigation() -> tuple[Link, ...]:
    places = (
        (_("Processes"), "browse.processes"),
        (_("Guiding principles"), "browse.principles"),
        (_("How it works"), "browse.how_it_works"),
    )
    return tuple(Link(label, _address(endpoint), request.endpoint == endpoint) for label, endpoint in places)


def _here() -> str:
    """Return the address of this page, to be named to others: without what was asked for, and without any secret."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        if name in SECRETS:
            path = path.partition(f"/{value}")[0]
    return path


def _footer() -> tuple[Link, ...]:
    return (
        Link(_("Imprint"), legal_url("imprint")),
        Link(_("Privacy"), legal_url("privacy")),
        Link(_("Accessibility"), _address("accessibility.statement")),
        Link(_("Report a barrier"), f"{_address('barriers.new')}?{urlencode({'page': _here()})}"),
        Link(_("Rules"), legal_url("rules")),
        Link(_("Check a receipt"), _address("receipts.enter")),
        Link(_("What became of a report"), _address("notices.enter")),
        Link(_("How each function works"), _address("functions.overview")),
        Link(_("How it is worked out"), _address("methods.overview")),
        Link(_("Words explained"), _address("words.overview")),
        Link(_("Interface for programs"), _address("interface.documentation")),
    )


def _messages(agreeing: str) -> tuple[Message, ...]:
    flashed: Any = get_flashed_messages(with_categories=True)
    said = tuple(Message(kind, **words) for kind, content in flashed if (words := in_words(content)))
    return (Message("warning", *what_is_owed(), agreeing), *said) if agreeing else said
