"""Words as a search compares them, and what a query asks for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.texts.stems import LONGEST_WORD, STEMMED, fold, joined, stemmer_of, stemmers_for, stems, words
from participation.texts.terms import LONGEST_QUERY, MOST_TERMS, SHORTEST_PART, Term, search_terms

FOLDED = [
    # German
    ("Schlaglöcher", "schlaglocher"),
    ("Schlagloecher", "schlaglocher"),
    ("SCHLAGLÖCHER", "schlaglocher"),
    ("Schlaglo\u0308cher", "schlaglocher"),
    ("Straße STRASSE straẞe", "strasse strasse strasse"),
    ("neue Steuer, Quelle: Frauen", "neue steuer quelle frauen"),
    ("Bäuerin Baeuerin", "bauerin bauerin"),
    ("Kita-Platz (E-Mail)", "kita platz e mail"),
    ("Stadt\u00adbibliothek", "stadtbibliothek"),
    # Turkish: İ and I, i and ı
    ("İstanbul ISPARTA ışık IŞIK", "istanbul isparta isik isik"),
    ("Dortmund'da", "dortmundda"),
    # Ukrainian, Russian: letters of their own stay, optional marks go
    ("їжак, йод, ґанок", "їжак йод ганок"),
    ("п'ять п’ять пʼять", "пять пять пять"),
    ("Ёлка ёлка елка", "елка елка елка"),
    ("мо\u0301ва", "мова"),
    # Arabic: vowel marks, tatweel, alef, yeh, teh marbuta, digits
    ("المَكْتَبَةُ المكتبة", "المكتبه المكتبه"),
    ("مكتـــبة", "مكتبه"),
    ("أحمد إحمد آحمد ٱحمد", "احمد احمد احمد احمد"),
    ("مستشفى مستشفي", "مستشفي مستشفي"),
    ("٢٠٣٠ ۲۰۳۰", "2030 2030"),
    # Polish, Romanian, French, Danish
    ("Łódź żółć", "lodz zolc"),
    ("Școală şcoală", "scoala scoala"),
    ("l’école, d'accord, qu'il", "l ecole d accord qu il"),
    ("œuvre oeuvre", "ouvre ouvre"),
    ("Bjørn", "bjorn"),
    # Marks that are vowels stay
    ("हिन्दी", "हिन्दी"),
    ("が", "が"),
    ("한글", "한글"),
    # Nothing to compare
    ("!?… 🚲 \x00 \ud800", ""),
    ("a_b", "a b"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_ways_to_write_a_word_meet(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Kindergärten der Stadtbibliotheken", ["kindergart", "der", "stadtbibliothek"]),
        ("de", "Fahrrad Fahrräder Fahrraeder", ["fahrrad", "fahrrad", "fahrrad"]),
        ("de", "Straße Straßen Strassen", ["strass", "strass", "strass"]),
        ("en", "libraries library", ["librari", "librari"]),
        ("tr", "kütüphane kütüphaneler kütüphanelerde", ["kutupha", "kutupha", "kutupha"]),
        ("tr", "IŞIKLAR ışık", ["isik", "isik"]),
        ("ar", "المكتبة مكتبات للمكتبة", ["مكتب", "مكتب", "مكتب"]),
        ("ru", "библиотека библиотеках", ["библиотек", "библиотек"]),
        ("uk", "бібліотека бібліотеці бібліотеками бібліотек", ["бібліотек"] * 4),
        ("uk", "дорога дорозі дорогою доріг", ["дорог", "дорог", "дорог", "доріг"]),
        ("uk", "рік о", ["рік", "о"]),
        ("pl", "biblioteka bibliotekach", ["bibliotek", "bibliotek"]),
        ("ro", "şcoli școli", ["scol", "scol"]),
        ("fr", "bibliothèques", ["bibliothequ"]),
        ("hr", "knjige", stems("knjige", "sr")),
        ("ja", "図書館", ["図書館"]),
        ("", "Räder", ["rader"]),
    ],
)
def test_forms_of_a_word_meet_in_its_stem(language: str, text: str, expected: list[str]) -> None:
    assert stems(text, language) == expected


def test_hyphens_make_one_word_too() -> None:
    assert joined("Der Kita-Platz per E‑Mail – und - so") == ["kitaplatz", "email"]


def test_words_are_cut_where_an_index_would_refuse_them() -> None:
    assert words("x" * 5000) == ["x" * LONGEST_WORD]
    assert stems("x" * 5000, "de") == ["x" * LONGEST_WORD]


def test_which_stemmers_a_word_can_be_for() -> None:
    assert set(stemmers_for("schule")) | set(stemmers_for("школа")) == set(STEMMED)
    assert set(stemmers_for("schule")) & set(stemmers_for("школа")) == {"sr"}
    assert [stemmer_of(code) for code in ("de", "bs", "uk", "bg", "")] == ["de", "sr", "uk", None, None]


def test_stemmers_are_not_shared_by_threads() -> None:
    text, languages = "Stadtbibliotheken kütüphanelerde библиотеках", ("de", "tr", "ru") * 40
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda language: stems(text, language), languages))
    assert found == [stems(text, language) for language in languages]


@given(st.text(), st.sampled_from(["", "xx", *STEMMED]))
def test_any_text_has_words_and_stems(text: str, language: str) -> None:
    found = words(text)
    assert len(stems(text, language)) == len(stems(text, ""))
    assert all(0 < len(word) <= LONGEST_WORD and not set(word) & set(" _'\"%\\\x00") for word in found)


def test_a_query_asks_for_each_word_in_all_languages() -> None:
    (term,) = search_terms("Bibliotheken")
    assert {"bibliotheken", "de_bibliothek", "nl_bibliotheek"} <= set(term.tokens)
    # German builds words from words; what holds the stem holds the longer word as well.
    assert term.parts == ("bibliothek",)


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("WLAN in der Schule", [("wlan",), ("schul",)]),
        ("in der", [(), ("der",)]),
        ("KI", [()]),
        ("Bürger", [("burger",)]),
        ("Kita-Platz", [("kitaplatz", " kita platz")]),
        ("Kita/Hort", [("kita",), ("hort",)]),
        ('"freies  WLAN"', [(" freies wlan ",)]),
        ("„freies WLAN“ Park", [(" freies wlan ",), ("park",)]),
        ("«Rad»", [()]),
        ('"freies WLAN', [("freies",), ("wlan",)]),
        ("Park park PARK", [("park",)]),
        ("- + * ( ) :", []),
        ('"!" ""', []),
    ],
)
def test_what_a_query_asks_for(query: str, parts: list[tuple[str, ...]]) -> None:
    assert [term.parts for term in search_terms(query)] == parts


def test_a_quoted_word_means_just_that_word() -> None:
    assert search_terms('"Räder"') == (Term(("rader",), ()),)


def test_a_query_is_as_long_as_it_may_be() -> None:
    assert len(search_terms(" ".join(f"wort{number}" for number in range(50)))) == MOST_TERMS
    assert [len(term.tokens[0]) for term in search_terms("x" * 10 * LONGEST_QUERY)] == [LONGEST_WORD]


@given(st.text())
def test_any_query_has_terms_that_are_only_words(query: str) -> None:
    for term in search_terms(query):
        assert term.tokens or term.parts
        assert all(token and not set(token) & set(" '\"%\\\x00:|&!()") for token in term.tokens)
        assert all(len(part) >= SHORTEST_PART for part in term.parts)
