"""What anybody can take away from a process or a statement: to print, to put up, to show elsewhere."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for
from markupsafe import escape

from participation.kit.links import page_url, short_url, typed
from participation.kit.qr import Symbol, symbol
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.processes.outline import ProcessOutline

FRAME_HEIGHT = 520
"""Pixels; enough for what stands in a frame that is 320 px wide."""


@dataclass(frozen=True, slots=True)
class Takeaway:
    """Something to take away: where it is, what it is good for."""

    label: str
    url: str
    note: str
    pictogram: str


@dataclass(frozen=True, slots=True)
class PassingOn:
    """What can be taken away; ``snippet`` is what people put into a page of their own, ``preview_url`` shows it."""

    takeaways: tuple[Takeaway, ...]
    snippet: str
    preview_url: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach the team."""

    label: str
    text: str
    pictogram: str


@dataclass(frozen=True, slots=True)
class FromPaper:
    """How somebody gets from a printed page to the page itself: a code for cameras, an address to type."""

    symbol: Symbol
    address: str


def process_passing_on(process: ProcessOutline) -> PassingOn:
    """Return what can be taken away from a process."""
    slug = process.slug
    takeaways = (
        _print(url_for("printing.process", slug=slug), _("All in short on paper, with a form for ideas.")),
        _poster(url_for("posters.process", slug=slug)),
        *_data(process),
    )
    return _with_frame(takeaways, pick(process.question, g.language), "embeds.process", slug=slug)


def statement_passing_on(process: ProcessOutline, statement_id: int, title: str) -> PassingOn:
    """Return what can be taken away from a public statement."""
    place: dict[str, Any] = {"slug": process.slug, "statement_id": statement_id}
    takeaways = (
        _print(url_for("printing.statement", **place), _("The statement with all that it rests on, on paper.")),
        _poster(url_for("posters.statement", **place)),
        *_data(process),
    )
    return _with_frame(takeaways, title, "embeds.statement", **place)


def from_paper(page: str, short: str, **values: Any) -> FromPaper:
    """Return how to get from paper to the page of endpoint ``page``; ``short`` leads to it, too."""
    return FromPaper(
        symbol(page_url(page, language=g.language, **values)),
        typed(short_url(short, **{name: value for name, value in values.items() if _is_needed(short, name)})),
    )


def contacts() -> tuple[Contact, ...]:
    """Return the ways to reach the team that the settings know."""
    config = current_app.config
    ways = (
        Contact(_("By phone"), config["CONTACT_PHONE"], "phone"),
        Contact(_("On paper"), config["POSTAL_ADDRESS"], "paper"),
        Contact(_("By e-mail"), config["CONTACT_EMAIL"], "letter"),
    )
    return tuple(way for way in ways if way.text)


def _is_needed(endpoint: str, name: str) -> bool:
    return bool(current_app.url_map.is_endpoint_expecting(endpoint, name))


def _print(url: str, note: str) -> Takeaway:
    return Takeaway(_("Page to print"), url, note, "print")


def _poster(url: str) -> Takeaway:
    return Takeaway(_("Poster (PDF, A3)"), url, _("For walls, windows and notice boards, with a code to scan."), "file")


def _data(process: ProcessOutline) -> tuple[Takeaway, ...]:
    if not process.opens_data:
        return ()
    note = _("Everything public as files, under an open licence, with each column explained.")
    return (Takeaway(_("Open data"), url_for("opendata.process", slug=process.slug), note, "data"),)


def _with_frame(takeaways: tuple[Takeaway, ...], title: str, endpoint: str, **values: Any) -> PassingOn:
    if current_app.config["EMBED_ANCESTORS"].strip() == "'none'":
        return PassingOn(takeaways, "", "")
    url = page_url(endpoint, language=g.language, **values)
    snippet = (
        f'<iframe src="{escape(url)}" title="{escape(title)}" width="100%" height="{FRAME_HEIGHT}" '
        'loading="lazy" referrerpolicy="no-referrer" style="border:0"></iframe>'
    )
    return PassingOn(takeaways, snippet, url_for(endpoint, **values))
