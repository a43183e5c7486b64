"""Words that are explained: complete, on their page, and where they first stand in a text of ours."""

import re

import pytest
import yaml
from flask import Flask, g
from markupsafe import Markup

from participation.browse.words import FILE, explained, explained_word, explained_words, glossary, topics
from participation.principles.models import Term
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

TERM = {
    "key": "commons",
    "title": {"de": "Gemeinwohl", "en": "Common good"},
    "forms": {"de": "Gemeinwohls", "en": "good of all, public good"},
    "explanation": {"de": "Was für alle gut ist.", "en": "What is good for everybody."},
}


def test_each_word_is_complete_and_stands_for_itself() -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    words = [word for topic in data["topics"] for word in topic["words"]]
    assert len({word["key"] for word in words}) == len(words)
    for word in words:
        assert set(word) - {"quiet"} == {"key", "title", "forms", "explanation"}
        assert all({*word[part]} == {"de", "en"} and all(word[part].values()) for part in ("title", "forms"))
        for language, longest in (("de", 320), ("en", 320)):
            assert 30 < len(word["explanation"][language]) < longest, word["key"]
    for language in ("de", "en", "tr", "ar", "de-simple"):
        said = [
            form.casefold()
            for topic in topics(language)
            for word in topic.words
            if not word.is_quiet
            for form in {word.title.text.casefold(), *(form.casefold() for form in word.forms)}
        ]
        assert sorted({form for form in said if said.count(form) > 1}) == [], "one form, one word"
        assert "" not in said


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "A receipt, and a receipt.", "A [receipt], and a receipt."),
        ("en", "Receipts & <b>bundles</b>", "[Receipts] &amp; &lt;b&gt;[bundles]&lt;/b&gt;"),
        ("de", "Die Quittungen der Meinungsgruppen.", "Die [Quittungen] der [Meinungsgruppen]."),
        ("de", "Quittungsblock, Moderations-Team", "Quittungsblock, Moderations-Team"),
        ("de", "Bürger*innen und Moderator*innen", "Bürger*innen und [Moderator*innen]"),
        ("en", "An idea and a vote", "An idea and a vote"),
        ("en", Markup("<a href='#'>the receipt</a>, a receipt"), "<a href='#'>the receipt</a>, a [receipt]"),
        ("en", Markup("<h2>Receipt</h2><p title='receipt'>receipt"), "<h2>Receipt</h2><p title='receipt'>[receipt]"),
        ("en", Markup("<button><b>receipt</b> receipt</button>"), "<button><b>receipt</b> receipt</button>"),
        ("en", Markup("<code>receipt</code><br>receipt"), "<code>receipt</code><br>[receipt]"),
    ],
)
def test_the_first_use_is_marked(app: Flask, language: str, text: str, expected: str) -> None:
    with app.test_request_context():
        g.language = language
        marked = re.sub(r'<button class="word"[^>]*>(.*?)</button>', r"[\1]", str(explained(text)))
        assert marked == expected
        assert len(explained_words()) == expected.count("[")


def test_a_word_is_marked_once_on_a_page_and_explained_below(app: Flask) -> None:
    with app.test_request_context():
        g.language = "en"
        first, second = explained("Your receipt."), explained("Another receipt.")
        assert (first.count("popovertarget"), second.count("popovertarget")) == (1, 0)
        explained_word("bundle")
        assert [word.key for word in explained_words()] == ["receipt", "bundle"]
        with pytest.raises(KeyError):
            explained_word("no-such-word")


def test_longer_forms_win() -> None:
    known = glossary("en")
    assert known.pattern is not None
    found = known.pattern.search("the fingerprint of a file")
    assert found is not None
    assert found[0] == "fingerprint of a file"


def test_pages_explain_what_they_say(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        session.add(Term(framework_id=make.framework(session), position=1, **TERM))
    page = client.get("/en/words")
    assert page.texts("#receipt dt, #framework-commons dt") == ["Receipt", "Common good"]
    assert client.get("/tr/words").select("#framework-commons dd[lang]")
    for address in ("/en/how-it-works", "/de/how-it-works", "/de-simple/how-it-works", "/en/functions/receipts"):
        page = client.get(address)
        targets = [button.get("popovertarget") for button in page.select("main .word")]
        assert targets
        assert len(targets) == len(set(targets))
        assert [note.get("id") for note in page.select(".word-notes [popover]")] == targets
        for inside in ("a", "button", "h1", "h2", "h3", "summary", "label"):
            assert page.select(f"{inside} .word") == []
        links = [link.get("href") for link in page.select(".word-note a")]
        listed = {f"{address[: address.index('/', 1)]}/words#{target.removeprefix('word-')}" for target in targets}
        assert set(links) == listed
