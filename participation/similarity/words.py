"""The words that make two ideas alike: what is counted, and what is shown to people."""

import re
from collections import Counter
from collections.abc import Callable

from participation.texts.stems import fold, words_with_stems
from participation.texts.terms import FREQUENT

TITLE_TIMES = 3
"""How often the title counts: on 2,314 labelled ideas the nearest one by words had the same label for 60.5 % when it
counts once, 62.7 % twice, 63.4 % three times."""
SHORTEST_WORD = 2
SHORTEST_SHOWN = 3
MOST_SHOWN = 4

WORD = re.compile(r"\w[\w'’-]*\w|\w")

Bag = Counter[str]


def bag_of(title: str, text: str, language: str) -> Bag:
    """Return how often each stem occurs in an idea, words of the title counted ``TITLE_TIMES`` times."""
    bag: Bag = Counter()
    for part, times in ((title, TITLE_TIMES), (text, 1)):
        for word, stem in words_with_stems(part, language):
            if len(word) >= SHORTEST_WORD and word not in FREQUENT:
                bag[stem] += times
    return bag


def shared_words(title: str, text: str, language: str, wanted: Bag, weight: Callable[[str], float]) -> tuple[str, ...]:
    """Return the words of an idea whose stem is ``wanted``, as they stand there, those of most ``weight`` first.

    A word whose weight is 0 is not shown.
    """
    found: dict[str, str] = {}
    for word in WORD.findall(f"{title} {text}"):
        for folded, stem in words_with_stems(word, language):
            telling = len(folded) >= SHORTEST_SHOWN and folded not in FREQUENT and not folded.isdecimal()
            if telling and stem in wanted and stem not in found:
                found[stem] = word
    best = sorted(found, key=lambda stem: (-weight(stem), stem))
    shown = dict.fromkeys(fold(found[stem]) for stem in best if weight(stem) > 0)
    by_fold = {fold(word): word for word in reversed(found.values())}
    return tuple(by_fold[folded] for folded in shown)[:MOST_SHOWN]
