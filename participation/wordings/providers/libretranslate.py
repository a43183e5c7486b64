"""LibreTranslate, free software that a city can run itself (its interface: docs.libretranslate.com)."""

import re
from collections.abc import Sequence
from html import escape

from participation.wordings.masking import Word, mask, unmask
from participation.wordings.providers.asking import post_json
from participation.wordings.providers.provider import ProviderFailed, Settings

BEFORE, AFTER = '<span translate="no">', "</span>"
MARKS = re.compile(r"</?span\b[^<>]{0,100}>", re.IGNORECASE)


class LibreTranslate:
    """A server of LibreTranslate: ``POST /translate`` with a list of texts."""

    # Its usual limits are 2,000 characters for strangers, and none on a server of one's own; each text takes a second.
    most_texts = 20
    most_characters = 4000

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def settings(self) -> Settings:
        """Where it is reached and what it may take."""
        return self._settings

    def translate(self, texts: Sequence[str], source: str, target: str, *, terms: Sequence[Word]) -> list[str]:
        """Return ``texts`` in the language ``target``; raises ``ProviderFailed``."""
        masked = [mask(text, terms, before=BEFORE, after=AFTER) for text in texts]
        has_marks = any(one is not None for one in masked)
        sent = [one or escape(text, quote=False) for one, text in zip(masked, texts, strict=True)]
        asked = {
            "q": sent if has_marks else list(texts),
            "source": source,
            "target": target,
            "format": "html" if has_marks else "text",
        }
        if self._settings.key:
            asked["api_key"] = self._settings.key
        answer = post_json(self._settings, "/translate", asked)
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(found, list) or len(found) != len(texts) or not all(isinstance(one, str) for one in found):
            raise ProviderFailed("answer")
        return [unmask(one, MARKS) for one in found] if has_marks else found
