"""What the address of an idea list may ask for; anything else is a 400."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.curation.queries import ClusterView, clusters_of
from participation.listings.ideas import Cursor, IdeaFilter
from participation.multilingual import gettext as _
from participation.multilingual import language_name, pick
from participation.principles.queries import EntryView, districts_of, fields_of, principles_of
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
    cluster: ClusterView | None


def list_request(session: Session, process: ProcessOutline, list_url: str) -> ListRequest:
    """Return what the request asks for; raises ``BadRequest`` for values that are not on offer."""
    query = {name: value for name in NAMES if (value := request.args.get(name, ""))}
    principles = principles_of(session, process.framework_id)
    fields = fields_of(session, process.framework_id)
    districts = districts_of(session, process.framework_id)
    clusters = clusters_of(session, process.id)
    cluster = _cluster(clusters, query.get("cluster"))
    not_sure = query.get("principle") == NOT_SURE
    wanted = IdeaFilter(
        principle_id=None if not_sure else _id(principles, query.get("principle")),
        not_sure=not_sure,
        field_id=_id(fields, query.get("field")),
        district_id=_id(districts, query.get("district")),
        language=_language(query.get("language")),
        cluster_id=cluster.id if cluster else None,
    )
    selects = (
        _choice("principle", _("Principle"), [*_options(principles), (NOT_SURE, _("Not sure"))], query),
        _choice("field", _("Field of action"), _options(fields), query),
        _choice("district", _("District"), _options(districts), query),
        _choice("language", _("Language"), _languages(), query),
        _choice("cluster", _("Theme"), [(str(c.id), pick(c.title, g.language)) for c in clusters], query),
    )
    shown = tuple(select for select in selects if len(select.options) > 1)
    chosen = tuple(
        Chosen(f"{select.label}: {dict(select.options)[select.current]}", _without(list_url, query, select.name))
        for select in selects
        if select.current
    )
    return ListRequest(wanted, _cursor(), query, shown, chosen, cluster)


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


def _id(entries: tuple[EntryView, ...], key: str | None) -> int | None:
    if not key:
        return None
    found = next((entry.id for entry in entries if entry.key == key), None)
    if found is None:
        raise BadRequest
    return found


def _cluster(clusters: list[ClusterView], key: str | None) -> ClusterView | None:
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


def _options(entries: tuple[EntryView, ...]) -> list[tuple[str, str]]:
    return [(entry.key, pick(entry.title, g.language)) for entry in entries]


def _choice(name: str, label: str, options: list[tuple[str, str]], query: dict[str, str]) -> Choice:
    return Choice(name, label, (("", _("All")), *options), query.get(name, ""))
