"""Every catalogue speaks the language that it says it speaks."""

from collections import Counter

import py3langid
import pytest

from participation.multilingual import catalogues

LONG_ENOUGH = 60
MOSTLY = 0.97
CATALOGUES = [(language, domain) for domain in catalogues.DOMAINS for language in catalogues.languages(domain)]


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_a_catalogue_speaks_its_language(language: str, domain: str) -> None:
    said = [
        message.string
        for message in catalogues.load(language, domain)
        if message.id and isinstance(message.string, str) and len(message.string) >= LONG_ENOUGH
    ]
    assert len(said) > 100
    taken_for = Counter(py3langid.classify(text)[0] for text in said)
    assert taken_for[language.partition("_")[0]] >= MOSTLY * len(said), taken_for
