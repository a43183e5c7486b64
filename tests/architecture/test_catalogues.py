"""The catalogues are fresh, complete and consistent."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from participation.multilingual import catalogues

PLANTED = {
    "a text is missing in the template": ("messages.pot", r'msgid "[^"]{3,}"\n', 'msgid "Nobody says this"\n', "stale"),
    "a text is not translated": ("de", r'msgstr "[^"]{3,}"\n', 'msgstr ""\n', "not translated"),
    "a text is only guessed": ("de", r'\nmsgid "[^"]{3,}"\n', '\n#, fuzzy\nmsgid "Sign in"\n', "fuzzy"),
    "a placeholder got lost": (
        "de",
        r'(msgid ".*%\(\w+\)s.*"\n)msgstr ".+"',
        r'\1msgstr "ohne"',
        "placeholders differ",
    ),
}


@pytest.fixture(scope="module")
def fresh() -> dict[str, Catalog]:
    """What the code and the templates say now; collecting it takes a second."""
    return {domain: catalogues.extracted(domain) for domain in catalogues.DOMAINS}


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: dict[str, Catalog]) -> Path:
    """A copy of the catalogues that the checks look at."""
    monkeypatch.setattr(catalogues, "extracted", lambda domain="messages": fresh[domain])
    folder = tmp_path / "translations"
    shutil.copytree(catalogues.TRANSLATIONS, folder)
    monkeypatch.setattr(catalogues, "TRANSLATIONS", folder)
    return folder


def test_catalogues_are_fresh_complete_and_consistent() -> None:
    assert list(catalogues.problems()) == []


def test_the_city_language_is_there() -> None:
    assert "de" in catalogues.languages()


@pytest.mark.parametrize(("where", "pattern", "replacement", "complaint"), PLANTED.values(), ids=PLANTED)
def test_a_planted_mistake_is_found(copied: Path, where: str, pattern: str, replacement: str, complaint: str) -> None:
    before = set(catalogues.problems())
    path = copied / (where if where.endswith(".pot") else f"{where}/LC_MESSAGES/messages.po")
    text = path.read_text(encoding="utf-8")
    planted, times = re.subn(pattern, replacement, text, count=1)
    assert times == 1
    path.write_text(planted, encoding="utf-8")
    assert any(complaint in problem for problem in set(catalogues.problems()) - before)
