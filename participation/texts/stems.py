"""Words as a search compares them: spelled alike whatever the alphabet, and reduced to their stems."""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]  # published without types

LONGEST_WORD = 60
"""Characters of a word that count; an index would refuse a word of thousands."""

STEMMERS = {
    "ar": "arabic",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "tr": "turkish",
}
SAME_STEMMER = {"bs": "sr", "hr": "sr"}
# Endings pile up in these languages: taking one off may bare another.
REPEATEDLY = {"ar", "tr"}
STEMMED = (*STEMMERS, "uk")
"""Languages whose words are reduced to stems; words of others are compared as they are spelled."""
NOT_LATIN = {"ar", "el", "fa", "ru", "uk"}
LATIN_BELOW = "\u0250"

# Letters that decompose into nothing simpler but are typed as something simpler; letters of Arabic and of its
# neighbours that are written one for the other.
LETTERS = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "a", "œ": "o", "þ": "th", "ð": "d", "ŋ": "n",
    "ґ": "г", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ۀ": "ه", "ٱ": "ا", "ـ": "",
}  # fmt: skip
# Their marks make them letters of their own, on every keyboard that has them.
WHOLE = frozenset("йїў")
# Marks that people leave out in typing. In other scripts they are vowels and carry the meaning.
OPTIONAL_MARKS = (
    range(0x0300, 0x0370), range(0x0483, 0x0488), range(0x0591, 0x05C8), range(0x0610, 0x061B), range(0x064B, 0x0660),
    range(0x0670, 0x0671), range(0x06D6, 0x06EE), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0x20D0, 0x2100),
    range(0xFE20, 0xFE30),
)  # fmt: skip
# Alphabets in use end here; what comes later is mostly Chinese, Japanese and Korean, too much to keep in memory.
KEPT_BELOW = 0x3000

APOSTROPHES = "'’‘ʼʹ`´′"
HYPHENS = "-\u2010\u2011"
# French and Italian words lose their end before a vowel, and what follows is a word of its own.
ELISION = re.compile(
    rf"\b(l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu|quoiqu|un|dell|all|nell|sull|dall|quell)[{APOSTROPHES}](?=\w)"
)
APOSTROPHE = re.compile(rf"(?<=\w)[{APOSTROPHES}](?=\w)")
# "ae" for "ä" and so on, but not in "neue", "Steuer", "Quelle".
DIGRAPH = re.compile("(?<![aeiouyäöüq])([aou])e")
HYPHENATED = re.compile(rf"[^\W_]+(?:[{HYPHENS}][^\W_]+)+")

# Nouns and adjectives in all cases, the longest ending first.
UKRAINIAN_ENDINGS = (
    "ями", "ами", "ими", "ові", "еві", "єві", "ого", "ому", "ої", "ею", "ою", "єю", "ах", "ях", "ам", "ям", "ом", "ем",
    "єм", "ів", "їв", "ей", "ий", "ій", "им", "их", "а", "я", "о", "е", "є", "и", "і", "ї", "у", "ю", "ь", "й",
)  # fmt: skip
# "бібліотека" becomes "бібліотеці", "дорога" becomes "дорозі": the two count as one.
UKRAINIAN_SHIFTS = str.maketrans("цзс", "кгх")
SHORTEST_UKRAINIAN_STEM = 3

_own = threading.local()


class _Characters(dict[int, str]):
    """What each character becomes: worked out when it is first met."""

    def __init__(self, *, folding: bool) -> None:
        super().__init__()
        self.folding = folding

    def __missing__(self, code: int) -> str:
        found = _become(chr(code), folding=self.folding)
        if code < KEPT_BELOW:
            self[code] = found
        return found


def _become(character: str, *, folding: bool) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category[0] not in "LMN":
        return " "
    if not folding or character in WHOLE:
        return character
    if character in LETTERS:
        return LETTERS[character]
    if category == "Nd":
        return str(unicodedata.decimal(character))
    simple = unicodedata.normalize("NFKD", character)
    bare = "".join(LETTERS.get(one, one) for one in simple if not any(ord(one) in marks for marks in OPTIONAL_MARKS))
    return unicodedata.normalize("NFC", bare)


_SPELLED = _Characters(folding=False)
_FOLDED = _Characters(folding=True)


def fold(text: str) -> str:
    """Return the words of ``text`` with a space between them, spelled so that ways to write the same word meet.

    Capitals, accents and umlauts ("ö", "oe", "o"), "ß" and "ss", the dotless "ı", the vowel marks of Arabic and its
    kinds of alef, "ё" and "е", apostrophes and digits of all scripts make no difference.
    """
    return " ".join(_folded(_one_case(text)).split())


def words(text: str) -> list[str]:
    """Return the words of ``text``, folded, in their order; at most ``LONGEST_WORD`` characters of each."""
    return [word[:LONGEST_WORD] for word in fold(text).split()]


def stems(text: str, language: str) -> list[str]:
    """Return the stem of each word of ``text``, folded, in their order.

    ``language`` is an ISO 639-1 code; in one without stemmer a word is its own stem.
    """
    return [stem for _word, stem in words_with_stems(text, language)]


def words_with_stems(text: str, language: str) -> list[tuple[str, str]]:
    """Return each word of ``text`` with its stem, both folded, in their order."""
    plain = text.replace("I", "ı").replace("İ", "i") if language == "tr" else text
    pairs = []
    for spelled in _one_case(plain).translate(_SPELLED).split():
        pair = _kept_pair(spelled, language) if len(spelled) <= LONGEST_WORD else _pair(spelled, language)
        # A word of nothing but marks that fold to nothing is none.
        if pair[0]:
            pairs.append(pair)
    return pairs


def _pair(spelled: str, language: str) -> tuple[str, str]:
    word = _folded(spelled)[:LONGEST_WORD]
    return word, (_folded(_stem(spelled, language))[:LONGEST_WORD] or word) if word else ""


# The same words come again and again; looking one up takes a tenth of the time.
_kept_pair = lru_cache(maxsize=2**16)(_pair)


def stemmer_of(language: str) -> str | None:
    """Return the language whose stemmer takes words of ``language``; ``None`` where there is none."""
    code = SAME_STEMMER.get(language, language)
    return code if code in STEMMED else None


def stemmers_for(word: str) -> list[str]:
    """Return the languages with a stemmer that a folded word can be from, judged by its alphabet."""
    if word < LATIN_BELOW:
        return [code for code in STEMMED if code not in NOT_LATIN]
    # Serbian is written in both.
    return [code for code in STEMMED if code in NOT_LATIN or code == "sr"]


def joined(text: str) -> list[str]:
    """Return the words of ``text`` that are written with hyphens as if they were written without."""
    return [re.sub(f"[{HYPHENS}]", "", found) for found in HYPHENATED.findall(_one_case(text))]


def _one_case(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.casefold())
    return APOSTROPHE.sub("", ELISION.sub(r"\1 ", plain))


def _folded(spelled: str) -> str:
    return DIGRAPH.sub(r"\1", spelled).translate(_FOLDED)


def _stem(word: str, language: str) -> str:
    code = stemmer_of(language)
    if code is None:
        return word
    if code == "uk":
        return _ukrainian(word)
    stemmer = _stemmer(STEMMERS[code])
    stem = str(stemmer.stemWord(word))
    while code in REPEATEDLY and (shorter := str(stemmer.stemWord(stem))) != stem:
        stem = shorter
    return stem or word


def _stemmer(algorithm: str) -> "snowballstemmer.stemmer":
    # Stemmers keep what they are at in themselves, so that no two threads may share one.
    kept: dict[str, snowballstemmer.stemmer] = _own.__dict__
    if algorithm not in kept:
        kept[algorithm] = snowballstemmer.stemmer(algorithm)
    return kept[algorithm]


def _ukrainian(word: str) -> str:
    """Return a Ukrainian word without its case ending: there is no stemmer for the language, and it has seven cases."""
    stem = next(
        (
            word.removesuffix(ending)
            for ending in UKRAINIAN_ENDINGS
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_UKRAINIAN_STEM
        ),
        word,
    )
    return stem[:-1] + stem[-1:].translate(UKRAINIAN_SHIFTS)
