"""Readability: the index against texts counted by hand, and when somebody gets a hint."""

import pytest

from participation.texts.readability import HARD, LONG_SENTENCE, Readability, lix, readability, sentences

EASY = "Viele Kinder haben zu Hause keinen Platz. Ein Raum in der Bücherei hilft. Dort gibt es Strom und Licht. "
OFFICIAL = (
    "Die Implementierung ganzheitlicher Digitalisierungsstrategien erfordert umfassende Koordinierungsmaßnahmen "
    "sämtlicher Verwaltungseinheiten. Entsprechende Rahmenbedingungen ermöglichen nachhaltige "
    "Kommunikationsinfrastrukturen. Verantwortliche Organisationseinheiten gewährleisten kontinuierliche "
    "Qualitätssicherung. Standardisierte Schnittstellen unterstützen medienbruchfreie Verwaltungsprozesse. "
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0.0),
        ("12 34.", 0.0),
        # One sentence of four words, none of them long.
        ("Das ist ein Satz.", 4.0),
        # Two sentences, eight words, two of them with more than six letters: 8 / 2 + 100 · 2 / 8.
        ("Kinder brauchen ruhige Orte. Die Bücherei hat Platz.", 4 + 25),
    ],
)
def test_the_index_is_counted_as_published(text: str, expected: float) -> None:
    assert lix(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eins. Zwei! Drei? Vier", ["Eins.", "Zwei!", "Drei?", "Vier"]),
        ("Das gilt z. B. für Kinder bzw. Eltern, ca. 3 Mio. Menschen.", None),
        ("Am 3. Mai um 8.30 Uhr bei Dr. Muster.", None),
        ("Erstens\nZweitens\n\nDrittens", ["Erstens", "Zweitens", "Drittens"]),
        ("Er sagte: „Nein.“ Dann ging er.", ["Er sagte: „Nein.“", "Dann ging er."]),
        ("نعم؟ لا. ربما", ["نعم؟", "لا.", "ربما"]),
    ],
)
def test_sentences_end_where_people_see_an_end(text: str, expected: list[str] | None) -> None:
    assert sentences(text) == (expected or [text])


def test_nothing_is_said_when_all_is_well() -> None:
    assert readability(EASY * 5, "de") == Readability()
    assert not readability(EASY * 5, "de")


def test_the_language_of_offices_is_noticed() -> None:
    found = readability(OFFICIAL * 2, "de")
    assert found.lix is not None
    assert found.lix > HARD
    assert found.long_words[0] == "Kommunikationsinfrastrukturen"
    assert found.long_sentences == ()


def test_where_long_words_say_nothing_only_sentences_count() -> None:
    assert readability(OFFICIAL * 2, "tr") == Readability()


def test_a_few_words_are_not_judged_by_their_length() -> None:
    assert readability("Digitalisierungsstrategien koordinieren.", "de") == Readability()


@pytest.mark.parametrize(("language", "word"), [("de", "gut "), ("ar", "جيد "), ("uk", "добре ")])
def test_long_sentences_are_named_in_every_language(language: str, word: str) -> None:
    fine, long = f"{word * LONG_SENTENCE}.", f"{word * (LONG_SENTENCE + 1)}."
    assert readability(f"{fine} {long} {fine}", language).long_sentences == (long.replace(" .", " ."),)
