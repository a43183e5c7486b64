"""How hard a text is to read: long sentences, and many long words, measured without any list of words."""

import re
from dataclasses import dataclass

METHOD = "hints-1"
"""Changes whenever the same text may get other hints, those at personal data among them."""
LONG_SENTENCE = 30
"""From more words than this on, a sentence counts as long."""
LONG_WORD = 6
"""A word with more letters than this counts as long."""
HARD = 60
"""A LIX above this is called very hard: the language of laws and contracts."""
ENOUGH_WORDS = 30
"""With fewer words the share of long ones says nothing."""
LIX_HOLDS = frozenset({"de", "en", "nl", "fr", "es", "it", "pt"})
MOST = 3
VERY_LONG = 16
NUMBERS = {"long_sentence": LONG_SENTENCE, "long_word": LONG_WORD, "hard": HARD, "enough": ENOUGH_WORDS}

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
# A full stop after one letter, an ordinal or a usual abbreviation ends no sentence.
ABBREVIATED = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_]|\d+|Dr|Prof|Nr|Str|bzw|ca|usw|etc|evtl|ggf|inkl|max|min|Mio|Mrd|Mr|Mrs|Ms|St|vgl|sog|Abs|Art)\.$",
    re.IGNORECASE,
)
END = re.compile(r"(?:[.!?…؟。।](?=[\s\"”“»)]|$)|\n)[\s\"”“»)]*")


@dataclass(frozen=True, slots=True)
class Readability:
    """What makes a text hard to read: its long sentences and longest words; ``lix`` is set when it is very hard."""

    long_sentences: tuple[str, ...] = ()
    lix: int | None = None
    long_words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.long_sentences) or self.lix is not None


def readability(text: str, language: str) -> Readability:
    """Return what makes ``text`` hard to read; something false when all is well.

    For languages in which the length of words says little, only sentences are looked at.
    """
    found = [(sentence, WORD.findall(sentence)) for sentence in sentences(text)]
    long_sentences = tuple(sentence for sentence, words in found if len(words) > LONG_SENTENCE)[:MOST]
    every = [word for _sentence, words in found for word in words]
    if language.split("-", maxsplit=1)[0] not in LIX_HOLDS or len(every) < ENOUGH_WORDS:
        return Readability(long_sentences)
    index = round(lix(text))
    if index <= HARD:
        return Readability(long_sentences)
    longest = sorted({word for word in every if len(word) >= VERY_LONG}, key=len, reverse=True)
    return Readability(long_sentences, index, tuple(longest[:MOST]))


def lix(text: str) -> float:
    """Return the readability index of ``text``: words per sentence plus long words in 100; 0 without any word.

    Source: C.-H. Björnsson, Läsbarhet (1968). About 25 are children's books, 40 stories, 50 newspapers, over 60 laws.
    """
    counted = [WORD.findall(sentence) for sentence in sentences(text)]
    words = [word for some in counted for word in some]
    if not words:
        return 0.0
    long_words = sum(len(word) > LONG_WORD for word in words)
    return len(words) / sum(bool(some) for some in counted) + 100 * long_words / len(words)


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``; a line break ends one, as in lists."""
    found, start = [], 0
    for match in END.finditer(text):
        head = text[start : match.start() + 1]
        if not match.group().startswith("\n") and ABBREVIATED.search(head[-12:]):
            continue
        found.append(text[start : match.end()])
        start = match.end()
    return [sentence.strip() for sentence in [*found, text[start:]] if sentence.strip()]
