"""The check of the catalogues finds what is planted: stale, missing, fuzzy, other placeholders, other tags."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from participation.multilingual import catalogues

SENTENCES = ("Hello %(name)s", "Read <b>this</b>", ("%(num)s idea", "%(num)s ideas"), ("One person", "%(num)s people"))
GOOD = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Hello %(name)s"
msgstr "Hallo %(name)s"

msgid "Read <b>this</b>"
msgstr "Lesen Sie <b>das</b>"

msgid "%(num)s idea"
msgid_plural "%(num)s ideas"
msgstr[0] "%(num)s Idee"
msgstr[1] "%(num)s Ideen"

msgid "One person"
msgid_plural "%(num)s people"
msgstr[0] "Eine Person"
msgstr[1] "%(num)s Personen"
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A German catalogue that is fresh and complete for a few sentences; the path of its text."""
    template = Catalog()
    for sentence in SENTENCES:
        template.add(sentence)
    path = tmp_path / "de" / "LC_MESSAGES" / "messages.po"
    monkeypatch.setattr(catalogues, "TRANSLATIONS", tmp_path)
    extracts = {"messages": template, "editorial": Catalog()}
    monkeypatch.setattr(catalogues, "extracted", lambda domain="messages": extracts[domain])
    for domain, extract in extracts.items():
        catalogues._write(tmp_path / f"{domain}.pot", extract)
    path.parent.mkdir(parents=True)
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_good_catalogue_passes(planted: Path) -> None:
    assert list(catalogues.problems()) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"Hallo %(name)s"', '""', ["de: not translated: 'Hello %(name)s'"]),
        ('msgstr[1] "%(num)s Ideen"', 'msgstr[1] ""', ["de: not translated: '%(num)s idea'"]),
        ('"Hallo %(name)s"', '"Hallo"', ["de: placeholders differ: 'Hello %(name)s'"]),
        ('"Hallo %(name)s"', '"Hallo %(nam)s"', ["de: placeholders differ: 'Hello %(name)s'"]),
        ("<b>das</b>", "das", ["de: tags differ: 'Read <b>this</b>'"]),
        ('msgid "Hello', '#, fuzzy\nmsgid "Hello', ["de: fuzzy: 'Hello %(name)s'"]),
        (
            'msgid "Hello',
            'msgid "Hi',
            ["de: not in the catalogue: 'Hello %(name)s'", "de: not in the product any more: 'Hi %(name)s'"],
        ),
    ],
)
def test_a_planted_mistake_is_found(planted: Path, old: str, new: str, expected: list[str]) -> None:
    assert old in GOOD
    planted.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    assert list(catalogues.problems()) == expected


def test_a_new_sentence_makes_the_template_stale(planted: Path) -> None:
    catalogues.extracted().add("Something new")
    assert list(catalogues.problems()) == [
        "messages.pot is stale, run ./dev i18n: ['Something new']",
        "de: not in the catalogue: 'Something new'",
    ]
    catalogues.update()
    assert list(catalogues.problems()) == ["de: not translated: 'Something new'"]


def test_updating_drops_what_is_gone_and_keeps_the_rest(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smaller = Catalog()
    smaller.add("Hello %(name)s")
    monkeypatch.setattr(catalogues, "extracted", lambda _domain="messages": smaller)
    catalogues.update()
    assert list(catalogues.problems()) == []
    assert {message.id: message.string for message in catalogues.load("de") if message.id} == {
        "Hello %(name)s": "Hallo %(name)s"
    }


def test_compiling_writes_what_is_newer_only(planted: Path, tmp_path: Path) -> None:
    assert catalogues.compile_all(tmp_path) == ["de"]
    assert catalogues.compile_all(tmp_path) == []
    with planted.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert compiled["Hello %(name)s"].string == "Hallo %(name)s"


def test_the_products_own_sentences_are_found() -> None:
    found = {message.id for message in catalogues.extracted() if message.id}
    assert {"Propose an idea", "Proposing ideas has been closed since %(moment)s."} <= found
    assert ("%(num)s comment", "%(num)s comments") in found
