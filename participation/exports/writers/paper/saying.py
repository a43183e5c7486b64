"""How a paper puts things: numbers and dates in its language, and texts with nothing in them that cannot be printed."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from participation.exports.council.document import Council, NamedIdea, Stances
from participation.exports.document import InLanguage, People, StrategyInput, Votes
from participation.exports.quoted import Quoted
from participation.exports.writers.paper.blocks import Line, Picture, Span
from participation.exports.writers.text import excerpt, for_print, language_tag, locale
from participation.multilingual import direction, same_language

TITLE_LIMIT = 200
MARKS = {"ltr": "\u200e", "rtl": "\u200f"}
"""Signs without width that turn the direction of reading back."""

_BREAKING_SPACE = re.compile(r"[^\S\u00a0\u202f]+")


class Saying:
    """The words and numbers of one paper."""

    def __init__(self, document: StrategyInput) -> None:
        self.document = document
        self.council = document.council or Council()
        self.labels = document.labels
        self.words = self.council.labels
        self._locale = locale(document.language)
        self._language = language_tag(document.language) or "en"
        self._zone = ZoneInfo(document.timezone)

    def count(self, number: int) -> str:
        """Return a number with the separators of the language."""
        return str(format_decimal(number, locale=self._locale))

    def decimal(self, number: float) -> str:
        """Return a number with one decimal."""
        return str(format_decimal(round(number, 1), locale=self._locale))

    def percent(self, share: float) -> str:
        """Return a share from 0 to 1 in whole percent."""
        return str(format_percent(round(share, 2), locale=self._locale))

    def day(self, moment: datetime | None) -> str:
        """Return the day in the city's time; the word for an open end where there is none."""
        if moment is None:
            return self.labels.open_end
        return self.calendar_day(moment.astimezone(self._zone).date())

    def calendar_day(self, day: date) -> str:
        """Return a day of the calendar."""
        return str(format_date(day, format="medium", locale=self._locale))

    def last_day(self, end: datetime | None) -> str:
        """Return the last day of what ends: the end itself no longer belongs to it, midnight is the day before."""
        return self.day(end and end - timedelta(microseconds=1))

    def moment(self, moment: datetime) -> str:
        """Return day and time."""
        local = moment.astimezone(self._zone)
        day = format_date(local, format="long", locale=self._locale)
        return f"{day}, {format_time(local, format='short', tzinfo=self._zone, locale=self._locale)}"

    def residents(self, text: str, language: str, *, limit: int = TITLE_LIMIT, bold: bool = False) -> Span:
        """Return a resident's words in their own language, on one line and cut."""
        return self._foreign(excerpt(for_print(text), limit), language_tag(language), bold=bold)

    def titled(
        self, title: str, language: str, translated: InLanguage | None, *, limit: int = TITLE_LIMIT, bold: bool = False
    ) -> Line:
        """Return what an idea is called: as its author did, or the translation, marked as such, with the original."""
        if translated is None:
            return (self.residents(title, language, limit=limit, bold=bold),)
        return (
            self.residents(translated.title, translated.language, limit=limit, bold=bold),
            Span(text=" "),
            Span(text=f"({one_line(translated.note)}: ", quiet=True),
            self.residents(title, language, limit=limit),
            Span(text=")", quiet=True),
        )

    def quoted(self, one: Quoted) -> Line:
        """Return words of a resident with their source, and behind them what they say in the paper's language."""
        own = direction(one.language)
        turns = own != self.document.dir
        # A full stop at the end of words of the other direction would jump to their beginning.
        words = f"{one_line(one.words)}{MARKS[own] if turns else ''}"
        turn = MARKS[self.document.dir] if turns else ""
        line = (
            self._foreign(words, language_tag(one.language), bold=False),
            Span(text=f"{turn} ({one_line(one.source)})"),
        )
        if not one.translated:
            return line
        translated = self._foreign(one_line(one.translated), language_tag(one.translated_language), bold=False)
        return (*line, Span(text=f" {one_line(one.label)} ", quiet=True), translated)

    def editorial(self, text: str, texts: Mapping[str, str], *, bold: bool = False, limit: int | None = None) -> Line:
        """Return an editorial text on one line, cut where there is a limit.

        One that is in another language only is marked as being in that.
        """
        said = one_line(text) if limit is None else excerpt(for_print(text), limit)
        return (self._foreign(said, self._language_of(text, texts), bold=bold),) if said else ()

    def editorial_lines(self, text: str, texts: Mapping[str, str]) -> tuple[Line, ...]:
        """Return the paragraphs of an editorial text, marked in the same way."""
        language = self._language_of(text, texts)
        return tuple((self._foreign(one, language, bold=False),) for one in paragraphs(text))

    def linked(self, text: str, url: str) -> Span:
        """Return a text that leads to an address of the web, if it is one."""
        return Span(text=one_line(text), url=one_line(url) if url.startswith(("https://", "http://")) else "")

    def idea(self, idea: NamedIdea) -> Line:
        """Return an idea with its number, its title and what is said about it here."""
        title = self.titled(idea.title, idea.language, idea.translated, bold=True)
        head = (Span(text=f"{self.labels.number} "), self.linked(idea.id, idea.url), Span(text=" "), *title)
        if not idea.words:
            return head
        # Numbers right after a title of the other direction would be read with it.
        turn = MARKS[self.document.dir] if title[-1].dir not in ("", self.document.dir) else ""
        return (*head, Span(text=f" {turn}"), Span(text=one_line(idea.words), quiet=True))

    def stances(self, votes: Votes | People | Stances | None) -> tuple[Picture, ...]:
        """Return the bar of votes, or nothing where they are hidden or nobody voted."""
        if votes is None or not (votes.agree or votes.unsure or votes.disagree):
            return ()
        shown = {name: self.count(getattr(votes, name)) for name in ("agree", "unsure", "disagree")}
        alt = self.words.stances_alt.format(**shown)
        return (Picture(kind="stances", alt=alt, stances=(votes.agree, votes.unsure, votes.disagree)),)

    def votes(self, votes: Votes | None) -> tuple[str, str, str]:
        """Return three numbers, or why there are none."""
        if votes is None:
            missing = self.words.too_few if self.document.shows_results else self.labels.hidden
            return missing, missing, missing
        return self.count(votes.agree), self.count(votes.unsure), self.count(votes.disagree)

    def figures(self, pairs: Iterable[tuple[str, str]]) -> Line:
        """Return labels with their figures, one beside the other."""
        spans: list[Span] = []
        for label, value in pairs:
            spans += [Span(text=f"{' · ' if spans else ''}{label}: ", quiet=True), Span(text=value, bold=True)]
        return tuple(spans)

    def rest(self, shown: int, total: int, sentence: str) -> str:
        """Return the sentence about what is left out, "" where nothing is."""
        return "" if shown >= total else sentence.format(shown=self.count(shown), total=self.count(total))

    def _language_of(self, text: str, texts: Mapping[str, str]) -> str:
        if self.document.language in texts:
            return ""
        return next((language_tag(code) for code, one in texts.items() if one == text), "")

    def _foreign(self, text: str, language: str, *, bold: bool) -> Span:
        if not language or same_language(language, self._language):
            return Span(text=text, bold=bold)
        return Span(text=text, bold=bold, language=language, dir=direction(language))


def one_line(text: str) -> str:
    """Return a text on one line, without what cannot be printed; no-break spaces, as in "93 %", stay."""
    return _BREAKING_SPACE.sub(" ", for_print(text)).strip()


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, without what cannot be printed."""
    return tuple(stripped for each in for_print(text).split("\n") if (stripped := each.strip()))


def cell(text: str) -> Line:
    """Return a text as a cell of a table."""
    return (Span(text=text),) if text else ()


def cells(*texts: str) -> tuple[Line, ...]:
    """Return texts as cells of a table."""
    return tuple(cell(text) for text in texts)
