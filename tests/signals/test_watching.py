"""Words on lists: found however they are spelled, and not where they only look alike."""

import pytest

from participation.signals.watching import MOST, OWN, built_in_lists, watched_in


def words(text: str, language: str = "de", own: tuple[str, ...] = ()) -> list[str]:
    return [one.word for one in watched_in(text, language, own)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Du Idiot!", "de", ["idiot"]),
        ("So ein I D I O T", "de", ["idiot"]),
        ("1d10t, idiooooot, i.d.i.o.t", "de", ["idiot"]),
        ("Scheissverkehr, SCHEIẞVERKEHR", "de", ["scheiß"]),
        ("Aufhaengen sollte man die", "de", ["aufhängen sollte man"]),
        ("I’ll kill you", "en", ["i'll kill you"]),
        ("أنت كَلْب", "ar", ["كلب"]),
        ("Я знаю, де ти живеш", "uk", ["я знаю де ти живеш"]),
        ("Gerizekalılar", "tr", ["gerizekalı"]),
        # Another language has other words.
        ("Das ist Dick, a cock and bull story", "de", []),
        # Parts of other words, places, numbers.
        ("Der Marsch am Barsch ist harsch", "de", []),
        ("Die Sauerlandstraße 2030 ist sauer", "de", []),
        ("Vergaser und Kanalarbeiten in A B C D E", "de", []),
        ("Scunthorpe has a classic assembly hall", "en", []),
        ("", "de", []),
        ("Nothing", "xx", []),
    ],
)
def test_words_of_the_lists(text: str, language: str, found: list[str]) -> None:
    assert words(text, language) == found


def test_a_word_names_its_list_and_only_a_few_are_named() -> None:
    assert [one.list for one in watched_in("idiot fick dich abknallen viagra", "de")] == [
        "insult",
        "insult",
        "threat",
        "advertising",
    ]
    assert len(words("idiot trottel depp bastard dummkopf arschloch schlampe")) == MOST


def test_own_words_are_found_in_their_other_forms_and_with_stars() -> None:
    own = ("Glühbirne", "wunder*", "*mittel", "alles neu", "Rat")
    assert words("Viele Glühbirnen", own=own) == ["Glühbirne"]
    assert words("Wundertüten und Hilfsmittel, alles neu", own=own) == ["wunder", "mittel", "alles neu"]
    # A short word only as it stands: its stem would meet too many others.
    assert words("Die Räte raten", own=own) == []
    assert words("Der Rat", own=own) == ["Rat"]
    assert {one.list for one in watched_in("Der Rat", "de", own)} == {OWN}
    assert words("anything at all", own=("*", " ")) == []


def test_every_word_of_the_lists_is_found_and_stands_there_once() -> None:
    lists = built_in_lists()
    assert {"de", "en", "ar", "tr", "uk"} <= set(lists)
    for language, by_name in lists.items():
        entries = [word for words in by_name.values() for word in words]
        assert len(entries) == len(set(entries)), language
        for word in entries:
            assert watched_in(word.strip("*"), language), (language, word)
