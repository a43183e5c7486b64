"""Looking at what a service answered before anybody reads it: what is not a wording of the text is not kept."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from participation.texts.language import detect_language
from participation.wordings.masking import Word, lost_words
from participation.wordings.models import TRANSLATED_TITLE_LONGEST

SHORT = 40
"""Texts below that length may become several times as long or a fraction."""
FEWEST, MOST = 0.25, 4.0
TELLING = 120
"""From that length on the language of a text can be told from all others, below only whether it stayed the same."""
COPIED_WORDS = 4
# Letters and marks that change how everything around them is read, or that no text has.
BAD_KINDS = frozenset({"Cc", "Cs", "Co", "Cn"})
OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd")
LINES = frozenset("\n\r\t")

MARKUP = re.compile(r"</?[a-z!][^<>]{0,200}>|&(?:[a-z]{2,8}|#\w{1,6});", re.IGNORECASE)
LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.|mailto:|javascript:|data:)[^\s<>()\[\]]+"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|(?<![\w.])(?:[a-z0-9-]{2,63}\.)+(?:com|net|org|info|biz|io|eu|de|uk|ru|ua|tr|pl|ro|bg|fr|app|top|xyz|me|ly)"
    r"(?![\w.])(?:/[^\s<>()\[\]]*)?",
    re.IGNORECASE,
)
ENDING = re.compile(r"['’]\w{1,8}$")
NUMBER = re.compile(r"\d(?:[\s.,:/()–-]{0,2}\d){5,}")
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Source:
    """What was sent: title (empty where there is none) and text, and between which languages."""

    title: str
    text: str
    language: str
    target: str


def problem_with(source: Source, title: str, text: str, words: Sequence[Word]) -> str | None:
    """Return the code of what is wrong with a title and text that came back; ``None`` where nothing is.

    ``wordings.problems`` has words for the codes.
    """
    return next(_problems(source, title, text, words), None)


def _problems(source: Source, title: str, text: str, words: Sequence[Word]) -> Iterator[str]:
    before, after = f"{source.title}\n{source.text}", f"{title}\n{text}"
    if not text.strip() or bool(title.strip()) != bool(source.title.strip()):
        yield "empty"
    if len(title) > TRANSLATED_TITLE_LONGEST or not _fits(source.title, title) or not _fits(source.text, text):
        yield "length"
    if _has_bad_characters(after, allowed=before):
        yield "control"
    if len(MARKUP.findall(after)) > len(MARKUP.findall(before)):
        yield "markup"
    if _links(after) - _links(before) or _has_new_numbers(before, after):
        yield "link"
    if _is_copy(source.text, text):
        yield "copy"
    if _is_other_language(source, text):
        yield "language"
    if lost_words(before, after, words):
        yield "terms"


def _fits(before: str, after: str) -> bool:
    if len(before) < SHORT:
        return len(after) <= SHORT * MOST
    return FEWEST * len(before) <= len(after) <= MOST * len(before)


def _has_bad_characters(text: str, *, allowed: str) -> bool:
    odd = {char for char in text if char in OVERRIDES or unicodedata.category(char) in BAD_KINDS}
    return bool(odd - LINES - set(allowed)) or "\x00" in text


def _links(text: str) -> set[str]:
    """Return the links and mail addresses of a text, as they compare."""
    return {_bare(match.group()) for match in LINK.finditer(text)}


def _has_new_numbers(before: str, after: str) -> bool:
    """Return whether ``after`` has a long number, as that of a telephone, which is none of ``before``.

    Languages put other signs between digits, and the parts of a date in another order: neither makes a new number.
    """
    whole = {_digits(match.group()) for match in NUMBER.finditer(before)}
    parts = _parts(before)
    found = (match.group() for match in NUMBER.finditer(after))
    return any(_digits(number) not in whole and not _parts(number) <= parts for number in found)


def _parts(text: str) -> set[str]:
    """Return the runs of digits of a text, without noughts in front."""
    return {_digits(match.group()).lstrip("0") for match in DIGITS.finditer(text)}


def _bare(link: str) -> str:
    """Return a link without what a sentence puts behind it; in Turkish that may be an ending of a word."""
    return ENDING.sub("", link.rstrip(".,;:!?…\"'»”“)")).casefold().rstrip("/")


def _digits(number: str) -> str:
    return "".join(str(unicodedata.digit(char)) for char in number if char.isdecimal())


def _is_copy(before: str, after: str) -> bool:
    words = before.split()
    return len(words) >= COPIED_WORDS and words == after.split()


def _is_other_language(source: Source, text: str) -> bool:
    if len(text) < SHORT:
        return False
    found = detect_language(text, default=source.target)
    return found == source.language or (len(text) >= TELLING and found != source.target)
