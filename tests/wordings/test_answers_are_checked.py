"""What comes back is held against what was sent, and words of the framework stay what the framework calls them."""

import pytest

from participation.wordings.checking import Source, problem_with
from participation.wordings.masking import Glossary, Word, lost_words, mask, unmask
from participation.wordings.problems import OF_SERVICE, OF_TEXT, UNKNOWN, words_for
from participation.wordings.providers.libretranslate import AFTER, BEFORE, MARKS
from tests.stand_in import SAID

TITLE = "Mehr Bäume am Markt"
TEXT = (
    "Am Markt fehlt im Sommer Schatten für alle, die dort warten. Die Stadt könnte dort drei Linden pflanzen, wie es"
    " der Leitsatz 4 verlangt; mehr dazu steht auf https://example.org/linden und bei Info@example.org (0231 500)."
)
GOOD_TITLE = "Pazarda daha fazla ağaç"
GOOD = (
    "Yazın pazarda bekleyen herkes için gölge yok. Belediye, 4. Kılavuz ilke gereği oraya üç ıhlamur ağacı dikebilir;"
    " daha fazlası https://example.org/linden adresinde ve info@example.org adresinde bulunur (0231 500)."
)
WORDS = (Word(("Leitsatz", "Leitsätze", "Leitsätzen"), "kılavuz ilke"), Word(("Satz",), "cümle"))
SOURCE = Source(TITLE, TEXT, "de", "tr")


def test_a_good_wording_has_no_problem() -> None:
    assert problem_with(SOURCE, GOOD_TITLE, GOOD, WORDS) is None
    assert problem_with(SOURCE, GOOD_TITLE, GOOD.replace("linden adresinde", "linden'de"), WORDS) is None
    # Names may stay as they are, and short texts say little about their language.
    assert problem_with(Source("", "Ja, Bürgergarten Nord!", "de", "tr"), "", "Evet, Bürgergarten Nord!", ()) is None
    assert problem_with(Source("WLAN", "a", "de", "tr"), "WLAN", "a", ()) is None


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("It costs 1,000,000 euros in all.", "Das kostet insgesamt 1.000.000 Euro."),
        ("Das kostet 1000000 Euro.", "That is 1,000,000 euros."),
        ("Call 0231 50-0 on 2026-11-05.", "Am 05.11.2026 unter 0231/500 anrufen."),
        ("Open 10:30-12:30 every day.", "Täglich 10.30-12.30 Uhr geöffnet."),
        ("Ab dem 3.4.2026, 10:00 Uhr", "من ٣/٤/٢٠٢٦، الساعة ١٠:٠٠"),
    ],
)
def test_numbers_may_be_written_as_the_other_language_does(said: str, again: str) -> None:
    assert problem_with(Source("", said, "xx", "yy"), "", again, ()) is None
    assert problem_with(Source("", said, "xx", "yy"), "", f"{again} 0190 123 456", ()) == "link"


@pytest.mark.parametrize(
    ("problem", "title", "text"),
    [
        ("empty", GOOD_TITLE, " \n"),
        ("empty", "", GOOD),
        ("length", "x" * 281, GOOD),
        ("length", GOOD_TITLE, "Gölge."),
        ("length", GOOD_TITLE, GOOD * 5),
        ("control", GOOD_TITLE, f"{GOOD}\x00"),
        ("control", GOOD_TITLE, f"{GOOD}\x1b[31m"),
        ("control", f"{GOOD_TITLE}\u202e", GOOD),
        ("control", GOOD_TITLE, f"{GOOD}\ufffd"),
        ("control", GOOD_TITLE, f"{GOOD}\ue000"),
        ("markup", GOOD_TITLE, f"{GOOD} <script>alert(1)</script>"),
        ("markup", GOOD_TITLE, f"{GOOD} <span translate='no'>"),
        ("markup", GOOD_TITLE, f"{GOOD} &quot;evet&quot;"),
        ("link", GOOD_TITLE, f"{GOOD} https://evil.example.org/x"),
        ("link", GOOD_TITLE, f"{GOOD} www.evil.example"),
        ("link", GOOD_TITLE, f"{GOOD} someone@evil.example.org"),
        ("link", "ucuz.example.com", GOOD),
        ("link", GOOD_TITLE, f"{GOOD} [bak](javascript:alert)"),
        ("link", GOOD_TITLE, f"{GOOD} +49 231 99999999"),
        ("link", GOOD_TITLE, f"{GOOD} ٠٢٣١٩٩٩٩٩٩٩"),
        ("link", GOOD_TITLE, GOOD.replace("https://example.org/linden", "https://example.org/other")),
        ("copy", GOOD_TITLE, TEXT),
        ("copy", GOOD_TITLE, TEXT.replace(" ", "\n")),
        ("language", GOOD_TITLE, SAID["fr"] * 2 + "kılavuz ilke"),
        ("language", GOOD_TITLE, "Hier steht noch immer Deutsch, wenn auch in anderen Worten als zuvor. kılavuz ilke"),
        ("terms", GOOD_TITLE, GOOD.replace("Kılavuz ilke", "Yol gösterici cümle")),
    ],
)
def test_everything_else_is_refused_with_a_reason(problem: str, title: str, text: str) -> None:
    assert problem_with(SOURCE, title, text, WORDS) == problem


def test_sentences_in_all_languages_of_the_city_are_known_as_such() -> None:
    for language, said in SAID.items():
        if language != "de":
            assert problem_with(Source("", SAID["de"] * 2, "de", language), "", said * 2, ()) is None, language


def test_words_are_marked_whole_longest_first_and_at_the_beginning_with_a_capital() -> None:
    glossary = Glossary(
        (
            ({"de": "Digitales Leitbild", "tr": "dijital vizyon"}, {"de": ["Digitalen Leitbilds"]}),
            ({"de": "Leitbild", "tr": "vizyon"}, {}),
            ({"de": "Sandkasten", "en": "sandbox"}, {}),
        )
    )
    words = glossary.words("de", "tr")
    assert [word.target for word in words] == ["dijital vizyon", "vizyon"]
    source = "Leitbild: Ziele des digitalen Leitbilds & <b>. Im Leitbildtext steht LEITBILD."
    marked = mask(source, words, before=BEFORE, after=AFTER)
    assert marked == (
        f"{BEFORE}Vizyon{AFTER}: Ziele des {BEFORE}dijital vizyon{AFTER} &amp; &lt;b&gt;. "
        f"Im Leitbildtext steht {BEFORE}vizyon{AFTER}."
    )
    plain = unmask(marked, MARKS)
    assert plain == "Vizyon: Ziele des dijital vizyon & <b>. Im Leitbildtext steht vizyon."
    assert not lost_words(source, plain, words)
    assert lost_words(source, plain.replace("dijital vizyon", "dijital hayal"), words)
    assert mask("Nichts davon", words, before=BEFORE, after=AFTER) is None
    assert mask("Leitbild", (), before=BEFORE, after=AFTER) is None
    assert not lost_words("Leitbild", "", ())


def test_every_problem_has_words() -> None:
    assert words_for("link") is OF_TEXT["link"]
    assert words_for("month") is OF_SERVICE["month"]
    assert words_for("new") is UNKNOWN
