"""What the address of an idea list may ask for; anything else is a 400."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import g, request
from werkzeug.exceptions import BadRequest

from participation.browse.shared import remembered
from participation.browse.surroundings import draw_around, entries_around, themes_around, turn_now
from participation.browse.translations import carried
from participation.listings.ideas import BY_VOTES, Cursor, IdeaFilter, Order, Round, Sort, Stage
from participation.listings.names import Entry, Theme
from participation.multilingual import base_language, language_name, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.texts import TextProblem, normalise, single_line, text_problem
from participation.texts.language import KNOWN

NOT_SURE = "not-sure"
NO_FIELD = "none"
NAMES = ("q", "principle", "field", "district", "language", "cluster", "state", "answered")
QUERY_LONGEST = 200
ANSWERED = {"yes": True, "no": False}


class NotOnOffer(BadRequest):
    """The address asks for something that this process does not show; ``reason`` is a lazy sentence for the reader."""

    def __init__(self, reason: Any) -> None:
        super().__init__()
        self.reason = reason


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
    """What is asked for, and the filter bar that asks for it.

    ``query`` is what links from here carry along; ``is_redrawn`` says that the order was drawn anew under the reader.
    """

    wanted: IdeaFilter
    order: Order
    cursor: Cursor | None
    query: dict[str, str]
    selects: tuple[Choice, ...]
    sorts: Choice
    chosen: tuple[Chosen, ...]
    cluster: Theme | None
    explains: bool
    is_redrawn: bool


def list_request(process: ProcessOutline, list_url: str, *, now: datetime) -> ListRequest:
    """Return what the request asks for; raises ``BadRequest`` for values that are not on offer."""
    query = {name: value for name in NAMES if (value := request.args.get(name, ""))}
    wanted, cluster = _wanted(process, query)
    sort = _sort(process, wanted, now)
    if request.args.get("sort"):
        query["sort"] = sort.value
    query |= carried()
    explains = _flag("explain")
    if explains:
        query["explain"] = "1"
    turn = Round(draw_around(process), turn_now(now).start) if sort is Sort.ROTATION else None
    cursor = cursor_asked(sort)
    is_redrawn = bool(cursor and cursor.order.round and turn and cursor.order.round.draw != turn.draw)
    on_offer = remembered(("choices", process.slug, process.version, g.language), lambda: _choices(process))
    selects = tuple(replace(choice, current=query.get(choice.name, "")) for choice in on_offer)
    return ListRequest(
        wanted,
        Order(sort, turn),
        None if is_redrawn else cursor,
        query,
        tuple(select for select in selects if len(select.options) > 1),
        _sorts(process, query, now),
        tuple(_chosen(list_url, query, selects)),
        cluster,
        explains,
        is_redrawn,
    )


def address(list_url: str, query: dict[str, str]) -> str:
    """Return the address of the list with ``query``."""
    return f"{list_url}?{urlencode(query)}" if query else list_url


def _wanted(process: ProcessOutline, query: dict[str, str]) -> tuple[IdeaFilter, Theme | None]:
    entries = entries_around(process)
    cluster = _cluster(themes_around(process), query.get("cluster"))
    not_sure = query.get("principle") == NOT_SURE
    words = _search(query)
    wanted = IdeaFilter(
        principle_id=None if not_sure else _id(entries.principles, query.get("principle")),
        not_sure=not_sure,
        field_id=None if query.get("field") == NO_FIELD else _id(entries.fields, query.get("field")),
        no_field=query.get("field") == NO_FIELD,
        district_id=_id(entries.districts, query.get("district")),
        language=_one_of(KNOWN, query.get("language")),
        cluster_id=cluster.id if cluster else None,
        stage=_stage(query.get("state")),
        is_answered=ANSWERED[answer] if (answer := _one_of(ANSWERED, query.get("answered"))) else None,
        query=words,
        reader=base_language(g.language) if words else "",
    )
    return wanted, cluster


def _search(query: dict[str, str]) -> str:
    """Return the words to search for and put them, tidied, into ``query``."""
    words = single_line(normalise(query.pop("q", "")))
    problem = text_problem(words, longest=QUERY_LONGEST)
    if problem in (None, TextProblem.EMPTY):
        if not problem:
            query["q"] = words
        return "" if problem else words
    raise BadRequest


def _sort(process: ProcessOutline, wanted: IdeaFilter, now: datetime) -> Sort:
    name = request.args.get("sort", "")
    if not name:
        return Sort.RELEVANCE if wanted.query else Sort.ROTATION
    try:
        sort = Sort(name)
    except ValueError:
        raise BadRequest from None
    if sort is Sort.RELEVANCE and not wanted.query:
        raise BadRequest
    if sort in BY_VOTES and not (permission := may_see_results(process, now=now)):
        raise NotOnOffer(permission.reason)
    return sort


def _sorts(process: ProcessOutline, query: dict[str, str], now: datetime) -> Choice:
    labels = {
        Sort.RELEVANCE: _("Best match"),
        Sort.ROTATION: _("Fair rotation"),
        Sort.NEWEST: _("Newest first"),
        Sort.AGREEMENT: _("Most agreement"),
        Sort.CONTESTED: _("Most contested"),
        Sort.DISCUSSED: _("Most discussed"),
    }
    left_out = set() if may_see_results(process, now=now) else set(BY_VOTES)
    if "q" not in query:
        left_out.add(Sort.RELEVANCE)
    # The first one is the default. It has no name, so that searching from a list without words asks for the best match.
    first, *others = (sort for sort in labels if sort not in left_out)
    options = (("", labels[first]), *((sort.value, labels[sort]) for sort in others))
    current = query.get("sort", "")
    return Choice("sort", _("Order"), options, "" if current == first.value else current)


def _choices(process: ProcessOutline) -> tuple[Choice, ...]:
    entries = entries_around(process)
    themes = [(str(theme.id), pick(theme.title, g.language)) for theme in themes_around(process)]
    stages = [
        (Stage.OPEN.value, _("Not filed yet")),
        (Stage.FILED.value, _("Filed under a theme")),
        (Stage.SOURCE.value, _("Source of a statement")),
    ]
    return (
        _choice("principle", _("Principle"), [*_options(entries.principles), (NOT_SURE, _("Not sure"))]),
        _choice("field", _("Field of action"), [*_options(entries.fields), (NO_FIELD, _("No field named"))]),
        _choice("district", _("District"), _options(entries.districts)),
        _choice("language", _("Language"), _languages()),
        _choice("cluster", _("Theme"), themes),
        _choice("state", _("Where it stands"), stages),
        _choice("answered", _("Answer of the city"), [("yes", _("Answered")), ("no", _("Not answered yet"))]),
    )


def _chosen(list_url: str, query: dict[str, str], selects: tuple[Choice, ...]) -> list[Chosen]:
    chosen = []
    if "q" in query:
        label = _("Search: %(words)s", words=query["q"])
        chosen.append(Chosen(label, _without(list_url, query, "q")))
    for select in selects:
        if select.current:
            label = f"{select.label}: {dict(select.options)[select.current]}"
            chosen.append(Chosen(label, _without(list_url, query, select.name)))
    return chosen


def _without(list_url: str, query: dict[str, str], name: str) -> str:
    left = {key: value for key, value in query.items() if key != name}
    if "q" not in left and left.get("sort") == Sort.RELEVANCE.value:
        del left["sort"]
    return address(list_url, left)


def cursor_asked(sort: Sort) -> Cursor | None:
    """Return where the page asked for begins or ends; raises ``BadRequest`` for what is no cursor of ``sort``."""
    try:
        if after := request.args.get("after"):
            return Cursor.decode(after, sort=sort)
        if before := request.args.get("before"):
            return Cursor.decode(before, sort=sort, backwards=True)
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


def _stage(key: str | None) -> Stage | None:
    return Stage(known) if (known := _one_of([stage.value for stage in Stage], key)) else None


def _one_of(known: Any, key: str | None) -> str | None:
    if key and key not in known:
        raise BadRequest
    return key or None


def _flag(name: str) -> bool:
    return _one_of(("1",), request.args.get(name)) is not None


def _languages() -> list[tuple[str, str]]:
    return [(code, language_name(code, shown_in=g.language)) for code in KNOWN]


def _options(entries: tuple[Entry, ...]) -> list[tuple[str, str]]:
    return [(entry.key, pick(entry.title, g.language)) for entry in entries]


def _choice(name: str, label: str, options: list[tuple[str, str]]) -> Choice:
    return Choice(name, label, (("", _("All")), *options), "")
