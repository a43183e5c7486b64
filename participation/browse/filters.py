"""What the address of an idea list may ask for; anything else is a 400."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import g, request
from werkzeug.exceptions import BadRequest

from participation.browse.shared import remembered
from participation.browse.surroundings import entries_around, themes_around
from participation.listings.ideas import Cursor, IdeaFilter
from participation.listings.names import Entry, Theme
from participation.multilingual import gettext as _
from participation.multilingual import language_name, pick
from participation.processes.outline import ProcessOutline
from participation.texts.language import KNOWN

NOT_SURE = "not-sure"
NAMES = ("principle", "field", "district", "language", "cluster")


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose from."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    current: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is set, and the address without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What is asked for, and the filter bar that asks for it."""

    wanted: IdeaFilter
    cursor: Cursor | None
    query: dict[str, str]
    selects: tuple[Choice, ...]
    chosen: tuple[Chosen, ...]
    cluster: Theme | None


def list_request(process: ProcessOutline, list_url: str) -> ListRequest:
    """Return what the request asks for; raises ``BadRequest`` for values that are not on offer."""
    query = {name: value for name in NAMES if (value := request.args.get(name, ""))}
    entries = entries_around(process)
    cluster = _cluster(themes_around(process), query.get("cluster"))
    not_sure = query.get("principle") == NOT_SURE
    wanted = IdeaFilter(
        principle_id=None if not_sure else _id(entries.principles, query.get("principle")),
        not_sure=not_sure,
        field_id=_id(entries.fields, query.get("field")),
        district_id=_id(entries.districts, query.get("district")),
        language=_language(query.get("language")),
        cluster_id=cluster.id if cluster else None,
    )
    on_offer = remembered(("choices", process.slug, process.version, g.language), lambda: _choices(process))
    selects = tuple(replace(choice, current=query.get(choice.name, "")) for choice in on_offer)
    shown = tuple(select for select in selects if len(select.options) > 1)
    chosen = tuple(
        Chosen(f"{select.label}: {dict(select.options)[select.current]}", _without(list_url, query, select.name))
        for select in selects
        if select.current
    )
    return ListRequest(wanted, _cursor(), query, shown, chosen, cluster)


def _choices(process: ProcessOutline) -> tuple[Choice, ...]:
    entries = entries_around(process)
    themes = [(str(theme.id), pick(theme.title, g.language)) for theme in themes_around(process)]
    return (
        _choice("principle", _("Principle"), [*_options(entries.principles), (NOT_SURE, _("Not sure"))]),
        _choice("field", _("Field of action"), _options(entries.fields)),
        _choice("district", _("District"), _options(entries.districts)),
        _choice("language", _("Language"), _languages()),
        _choice("cluster", _("Theme"), themes),
    )


def address(list_url: str, query: dict[str, str]) -> str:
    """Return the address of the list with ``query``."""
    return f"{list_url}?{urlencode(query)}" if query else list_url


def _without(list_url: str, query: dict[str, str], name: str) -> str:
    return address(list_url, {key: value for key, value in query.items() if key != name})


def _cursor() -> Cursor | None:
    try:
        if after := request.args.get("after"):
            return Cursor.decode(after, backwards=False)
        if before := request.args.get("before"):
            return Cursor.decode(before, backwards=True)
    except ValueError:
        raise BadRequest from None
    return None


def _id(entries: tuple[Entry, ...], key: str | None) -> int | None:
    if not key:
        return None
    found = next((entry.id for entry in entries if entry.key == key), None)
    if found is None:
        raise BadRequest
    return found


def _cluster(clusters: tuple[Theme, ...], key: str | None) -> Theme | None:
    if not key:
        return None
    found = next((cluster for cluster in clusters if str(cluster.id) == key), None)
    if found is None:
        raise BadRequest
    return found


def _language(code: str | None) -> str | None:
    if code and code not in KNOWN:
        raise BadRequest
    return code or None


def _languages() -> list[tuple[str, str]]:
    return [(code, language_name(code, shown_in=g.language)) for code in KNOWN]


def _options(entries: tuple[Entry, ...]) -> list[tuple[str, str]]:
    return [(entry.key, pick(entry.title, g.language)) for entry in entries]


def _choice(name: str, label: str, options: list[tuple[str, str]]) -> Choice:
    return Choice(name, label, (("", _("All")), *options), "")
