"""What single cells mean: titles and texts, names of principles, languages, points in time, states."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from babel import Locale

from participation.ideas.models import ADDRESS_LONGEST, TEXT_LONGEST, TITLE_LONGEST, IdeaState
from participation.intake.reasons import Problem, Reason
from participation.intake.reasons import marked as _l
from participation.principles.queries import EntryView
from participation.texts import TextProblem, excerpt, normalise, single_line, text_problem

EARLIEST_YEAR = 1990
# In seconds that is the year 5138, in milliseconds 1973.
LEAST_MILLISECONDS = 10**11
# How much of a cell stands in a sentence about it.
SHOWN = 40
# As Ruby writes them: "2026-12-31 18:00:00 UTC", "2026-12-31 18:00:00 +0100".
SPACED_ZONE = re.compile(r"(.*\d) +(UTC|GMT|[+-]\d\d:?\d\d)")
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2})[:.](\d{2})(?::(\d{2}))?)?")
# A full stop ends a sentence only after a word, not after "z. B." or "1.".
SENTENCE = re.compile(r".{15,}?(?:[^\W\d_]{3,}[.]|[^\W\d_][!?…])(?=\s|$)")
SEPARATORS = ("\n", "|", ";", ",")
STATES: Mapping[str, IdeaState] = {"": IdeaState.PUBLISHED} | {
    state.value: state for state in (IdeaState.PUBLISHED, IdeaState.HIDDEN, IdeaState.IN_REVIEW)
}
PROBLEMS: Mapping[TextProblem, str] = {
    TextProblem.CONTROL_CHARACTERS: _l("the %(field)s contains control characters"),
    TextProblem.DIRECTION_OVERRIDES: _l("the %(field)s contains marks that turn the direction of writing around"),
    TextProblem.EMPTY: _l("the %(field)s has no visible characters"),
}
NAMES: Mapping[str, str] = {
    "title": _l("title"),
    "text": _l("text"),
    "id": _l("id"),
    "author": _l("author"),
    "parent": _l("parent"),
    "idea": _l("idea"),
    "voter": _l("voter"),
}


class FieldProblem(Problem):
    """A cell cannot be taken; the message says which and why."""


class Entries:
    """Finds principles, districts or fields of action by key or by title in any language."""

    def __init__(self, kind: str, entries: Iterable[EntryView]) -> None:
        self.kind = kind
        self._ids: dict[str, int] = {}
        for entry in entries:
            for name in (entry.key, *entry.title.values()):
                self._ids.setdefault(single_line(name).casefold(), entry.id)

    def one(self, cell: str) -> int | None:
        """Return the id of the entry named, ``None`` for an empty cell; raises ``FieldProblem``."""
        name = single_line(cell)
        if not name:
            return None
        try:
            return self._ids[name.casefold()]
        except KeyError:
            raise FieldProblem(
                Reason(_l("unknown %(kind)s “%(name)s”"), kind=Reason(self.kind), name=excerpt(name, SHOWN))
            ) from None

    def several(self, cell: str, most: int) -> tuple[int, ...]:
        """Return the ids of at most ``most`` entries named, in order; raises ``FieldProblem``."""
        ids = tuple(dict.fromkeys(self._split(cell)))
        if len(ids) > most:
            raise FieldProblem(
                Reason(
                    _l("has %(count)s entries for %(kind)s, at most %(most)s are possible"),
                    count=len(ids),
                    kind=Reason(self.kind),
                    most=most,
                )
            )
        return ids

    def _split(self, cell: str) -> list[int]:
        if single_line(cell).casefold() in self._ids:
            return [self._ids[single_line(cell).casefold()]]
        # The rarer separators first: titles may have commas of their own.
        for separator in SEPARATORS:
            if separator in cell:
                return [entry for part in cell.split(separator) for entry in self._split(part)]
        entry = self.one(cell)
        return [] if entry is None else [entry]


def title_and_text(title: str, text: str) -> tuple[str, str]:
    """Return what an idea with this title and text gets; raises ``FieldProblem``.

    A missing title is the text's first sentence, a missing text is the title. A title of more than 140 characters is
    cut at a word and stands in full in front of the text.
    """
    title, text = normalise(title), normalise(text)
    if not title and not text:
        raise FieldProblem(Reason(_l("has neither a title nor a text")))
    for name, value in (("title", title), ("text", text)):
        problem = text_problem(value, longest=len(value)) if value else None
        if problem:
            raise FieldProblem(wrong(name, problem))
    if not title:
        return derived_title(text), _fitting(text)
    full = single_line(title)
    if len(full) <= TITLE_LONGEST:
        return full, _fitting(text or full)
    return excerpt(full, TITLE_LONGEST), _fitting(f"{full}\n\n{text}" if text else full)


def derived_title(text: str) -> str:
    """Return the first sentence of ``text``, cut at a word where it has more than 140 characters."""
    line = next(single_line(part) for part in text.split("\n") if part.strip())
    sentence = SENTENCE.match(line)
    return excerpt(sentence[0].removesuffix(".") if sentence else line, TITLE_LONGEST)


def key(name: str, cell: str, longest: int) -> str:
    """Return a cell that identifies something, on one line; raises ``FieldProblem``."""
    value = single_line(normalise(cell))
    problem = text_problem(value, longest=longest) if value else None
    if problem:
        raise FieldProblem(wrong(name, problem, longest))
    return value


def wrong(name: str, problem: TextProblem, longest: int = 0) -> Reason:
    """Return the sentence that says what is wrong with the field called ``name``."""
    field = Reason(NAMES.get(name, name))
    if problem in PROBLEMS:
        return Reason(PROBLEMS[problem], field=field)
    return Reason(_l("the %(field)s has more than %(most)s characters"), field=field, most=longest)


def too_long(text: str, longest: int) -> Reason:
    """Return the sentence that says that ``text`` has more characters than are possible."""
    return Reason(
        _l("the text has %(count)s characters, at most %(most)s are possible"),
        count=f"{len(text):,}",
        most=f"{longest:,}",
    )


def language_code(cell: str) -> str | None:
    """Return the language named by its ISO code, ``None`` for an empty cell; raises ``FieldProblem``."""
    code = cell.strip().replace("_", "-").split("-")[0].lower()
    if not code:
        return None
    if code not in Locale("en").languages:
        raise FieldProblem(
            Reason(_l("unknown language “%(cell)s”; an ISO code such as de or en is needed"), cell=excerpt(cell, 20))
        )
    return code


def moment(cell: str, zone: tzinfo, now: datetime) -> datetime:
    """Return the point in time in a cell, ISO 8601 or "31.12.2026 18:00", ``now`` for an empty one.

    Without a zone of its own it is in ``zone``. Raises ``FieldProblem``, also for the future.
    """
    value = cell.strip()
    if not value:
        return now
    try:
        if german := GERMAN_DATE.fullmatch(value):
            day, month, year, hour, minute, second = (int(part or 0) for part in german.groups())
            found = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        else:
            found = datetime.fromisoformat(_close_zone(value))
    except ValueError:
        raise FieldProblem(
            Reason(_l("“%(cell)s” is no date such as 2026-12-31 or 31.12.2026"), cell=excerpt(value, SHOWN))
        ) from None
    if found.year < EARLIEST_YEAR:
        raise FieldProblem(Reason(_l("the date %(cell)s is too long ago"), cell=excerpt(value, SHOWN)))
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    if found > now:
        raise FieldProblem(Reason(_l("the date %(cell)s lies in the future"), cell=excerpt(value, SHOWN)))
    return found.astimezone(UTC)


def _close_zone(value: str) -> str:
    spaced = SPACED_ZONE.fullmatch(value)
    if spaced is None:
        return value
    return spaced[1] + ("+00:00" if spaced[2].isalpha() else spaced[2])


def milliseconds(cell: str, now: datetime) -> datetime:
    """Return the point in time given in milliseconds since 1970, or in seconds where the number is that small.

    Raises ``FieldProblem``, also for the future.
    """
    try:
        count = int(cell)
        found = datetime.fromtimestamp(count if count < LEAST_MILLISECONDS else count / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise FieldProblem(
            Reason(_l("the timestamp “%(cell)s” is not a number of milliseconds"), cell=excerpt(cell, SHOWN))
        ) from None
    if found.year < EARLIEST_YEAR or found > now:
        raise FieldProblem(
            Reason(_l("the timestamp %(cell)s is not a point in time in the past"), cell=excerpt(cell, SHOWN))
        )
    return found


def state(cell: str) -> IdeaState:
    """Return the state named in a cell, published for an empty one; raises ``FieldProblem``."""
    try:
        return STATES[cell.strip().lower().replace(" ", "_")]
    except KeyError:
        names = ", ".join(name for name in STATES if name)
        raise FieldProblem(
            Reason(_l("unknown state “%(cell)s”; possible are %(names)s"), cell=excerpt(cell, SHOWN), names=names)
        ) from None


def web_address(cell: str) -> str | None:
    """Return the address of a page that a cell holds, ``None`` for anything else: it will be a link for readers."""
    try:
        parts = urlsplit(cell)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    has_odd = len(cell) > ADDRESS_LONGEST or not cell.isprintable() or any(mark in cell for mark in ' <>"\\')
    return cell if is_page and not has_odd else None


def _fitting(text: str) -> str:
    if len(text) > TEXT_LONGEST:
        raise FieldProblem(too_long(text, TEXT_LONGEST))
    return text
