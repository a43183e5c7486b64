"""What single cells mean: titles and texts, names of principles, languages, points in time, states."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel import Locale

from participation.ideas.models import TEXT_LONGEST, TITLE_LONGEST, IdeaState
from participation.principles.queries import EntryView
from participation.texts import TextProblem, excerpt, normalise, single_line, text_problem

EARLIEST_YEAR = 1990
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2})[:.](\d{2})(?::(\d{2}))?)?")
# A full stop ends a sentence only after a word, not after "z. B." or "1.".
SENTENCE = re.compile(r".{15,}?(?:[^\W\d_]{3,}[.]|[^\W\d_][!?…])(?=\s|$)")
SEPARATORS = ("\n", "|", ";", ",")
STATES: Mapping[str, IdeaState] = {"": IdeaState.PUBLISHED} | {
    state.value: state for state in (IdeaState.PUBLISHED, IdeaState.HIDDEN, IdeaState.IN_REVIEW)
}
PROBLEMS: Mapping[TextProblem, str] = {
    TextProblem.CONTROL_CHARACTERS: "contains control characters",
    TextProblem.DIRECTION_OVERRIDES: "contains marks that turn the direction of writing around",
    TextProblem.EMPTY: "has no visible characters",
}


class FieldProblem(ValueError):
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
            raise FieldProblem(f"unknown {self.kind} “{excerpt(name, 60)}”") from None

    def several(self, cell: str, most: int) -> tuple[int, ...]:
        """Return the ids of at most ``most`` entries named, in order; raises ``FieldProblem``."""
        ids = tuple(dict.fromkeys(self._split(cell)))
        if len(ids) > most:
            raise FieldProblem(f"has {len(ids)} entries for {self.kind}, at most {most} are possible")
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
        raise FieldProblem("has neither a title nor a text")
    for name, value in (("title", title), ("text", text)):
        problem = text_problem(value, longest=len(value)) if value else None
        if problem:
            raise FieldProblem(f"the {name} {PROBLEMS[problem]}")
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
        raise FieldProblem(f"the {name} {PROBLEMS.get(problem, f'has more than {longest} characters')}")
    return value


def language_code(cell: str) -> str | None:
    """Return the language named by its ISO code, ``None`` for an empty cell; raises ``FieldProblem``."""
    code = cell.strip().replace("_", "-").split("-")[0].lower()
    if not code:
        return None
    if code not in Locale("en").languages:
        raise FieldProblem(f"unknown language “{excerpt(cell, 20)}”; an ISO code such as de or en is needed")
    return code


def moment(cell: str, zone: ZoneInfo, now: datetime) -> datetime:
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
            found = datetime.fromisoformat(value)
    except ValueError:
        raise FieldProblem(f"“{excerpt(value, 40)}” is no date such as 2026-12-31 or 31.12.2026") from None
    if found.year < EARLIEST_YEAR:
        raise FieldProblem(f"the date {excerpt(value, 40)} is too long ago")
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    if found > now:
        raise FieldProblem(f"the date {excerpt(value, 40)} lies in the future")
    return found.astimezone(UTC)


def milliseconds(cell: str, now: datetime) -> datetime:
    """Return the point in time given in milliseconds since 1970; raises ``FieldProblem``, also for the future."""
    try:
        found = datetime.fromtimestamp(int(cell) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise FieldProblem(f"the timestamp “{excerpt(cell, 40)}” is not a number of milliseconds") from None
    if found.year < EARLIEST_YEAR or found > now:
        raise FieldProblem(f"the timestamp {excerpt(cell, 40)} is not a point in time in the past")
    return found


def state(cell: str) -> IdeaState:
    """Return the state named in a cell, published for an empty one; raises ``FieldProblem``."""
    try:
        return STATES[cell.strip().lower().replace(" ", "_")]
    except KeyError:
        names = ", ".join(name for name in STATES if name)
        raise FieldProblem(f"unknown state “{excerpt(cell, 40)}”; possible are {names}") from None


def _fitting(text: str) -> str:
    if len(text) > TEXT_LONGEST:
        raise FieldProblem(f"the text has {len(text):,} characters, at most {TEXT_LONGEST:,} are possible")
    return text
