"""What a search query asks for, whatever its language and whatever somebody types."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participation.texts.stems import HYPHENATED, LONGEST_WORD, STEMMED, fold, joined, stemmers_for, words_with_stems

LONGEST_QUERY = 1000
MOST_TERMS = 12
SHORTEST_PART = 3
"""Characters that must be there before a term is looked for inside of words: both indexes hold threes."""
SHORTEST_COMPOUND_STEM = 5
"""A shorter stem is part of too many words: "Bürger" would find "Hamburg"."""
# It builds words from words, so that the stem of the one sought is part of others.
COMPOUNDING = "de"

QUOTES = '"„“”«»'
PIECES = re.compile(f"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|([^{QUOTES}\\s]+)")
# Words that nearly every text has. A query of nothing else still means them.
FREQUENT = frozenset(
    fold(
        # German
        "aber alle als am an auch auf aus bei beim bin bis da damit dann das dass dem den denn der des die dies"
        " diese dieser doch du durch ein eine einem einen einer eines er es für hier ich ihr im in ins ist ja kein"
        " keine mehr mit nach nicht noch nur ob oder ohne sehr sein sich sie sind so soll über um und uns vom von"
        " vor was wenn wer wie wir wird wo zu zum zur"
        # English
        " a and are as at be but by for from how if into is it its no not of on or our than that the their there they"
        " this to we were what when where which who will with you"
        # Turkish
        " bir bu da de daha gibi için ile mi ne ve veya ya"
        # Ukrainian, Russian, Polish
        " але для до з за й зі і на не або по при про та так у це чи що як в и из к как или но о об от с то что это"
        " dla do i jak lub na nie oraz po przy się w z że"
        # Romanian, French
        " ale care cu din la le mai nu pe pentru prin sau și au aux avec ce ces dans de des du elle en est et il les"
        " leur mais ou par pas plus pour que qui sur un une"
        # Arabic
        " أو إلى التي الذي أن عن على في كل لا ما مع من هذا هذه هو هي و"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a query asks for: any of ``tokens`` as a word of the text, or any of ``parts`` anywhere in it.

    A token is a folded word, or a language and a stem of it: ``de_bibliothek``. A part is at least ``SHORTEST_PART``
    characters long and may begin or end with a space, where a word has to begin or end.
    """

    tokens: tuple[str, ...]
    parts: tuple[str, ...]


def search_terms(query: str) -> tuple[Term, ...]:
    """Return what ``query`` asks for, at most ``MOST_TERMS`` things; nothing when it has no words.

    The language of a query is unknown: each word stands for its stems in all languages. What is in quotation marks
    must be in the text just so. Frequent little words count only where there are no others.
    """
    terms: dict[Term, bool] = {}
    for found in PIECES.finditer(query[:LONGEST_QUERY]):
        quoted, plain = found.groups()
        if quoted is not None:
            terms.update(dict.fromkeys(_phrase(quoted), False))
        else:
            for term in _piece(plain):
                terms.setdefault(term, term.tokens[0] in FREQUENT)
    telling = [term for term, frequent in terms.items() if not frequent]
    return tuple(telling or terms)[:MOST_TERMS]


def stem_token(language: str, stem: str) -> str:
    """Return how an index holds a stem: apart from words, and from the stems of other languages."""
    return f"{language}_{stem}"


def _phrase(quoted: str) -> list[Term]:
    phrase = fold(quoted)
    if not phrase:
        return []
    if " " not in phrase:
        return [Term((phrase[:LONGEST_WORD],), ())]
    return [Term((), (f" {phrase} ",))]


def _piece(plain: str) -> list[Term]:
    compounds = joined(plain)
    if len(compounds) == 1 and HYPHENATED.fullmatch(plain):
        return [_term(one, f" {fold(plain)}") for one in _readings(compounds[0])]
    return [_term(one) for one in _readings(plain)]


def _readings(plain: str) -> list[dict[str, str]]:
    """Return for each word of ``plain`` its stems by language, and the word itself under no language at all."""
    readings = [{"": word} for word, _stem in words_with_stems(plain, "")]
    for language in STEMMED:
        for reading, (_word, stem) in zip(readings, words_with_stems(plain, language), strict=True):
            reading[language] = stem
    return readings


def _term(reading: Mapping[str, str], *more_parts: str) -> Term:
    word = reading[""]
    # Typed without its accents a word may end differently for a stemmer.
    languages = stemmers_for(word)
    bare = {code: stem for code in languages for _word, stem in words_with_stems(word, code)}
    tokens = [word, *(stem_token(code, found[code]) for found in (reading, bare) for code in languages)]
    parts = [part for part in (word, *more_parts) if len(part) >= SHORTEST_PART]
    if len(reading[COMPOUNDING]) >= SHORTEST_COMPOUND_STEM:
        parts.append(reading[COMPOUNDING])
    return Term(tuple(dict.fromkeys(tokens)), _needed(parts))


def _needed(parts: Sequence[str]) -> tuple[str, ...]:
    """Return ``parts`` without those that are found anyway because they hold another one."""
    shortest_first = sorted(dict.fromkeys(parts), key=len)
    return tuple(
        part
        for place, part in enumerate(shortest_first)
        if not any(shorter in part for shorter in shortest_first[:place])
    )
