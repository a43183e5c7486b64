"""DeepL, a service on the net (its interface: developers.deepl.com)."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from participation.wordings.masking import Word, mask, unmask
from participation.wordings.providers.asking import post_json
from participation.wordings.providers.provider import ProviderFailed, Settings

FREE_KEY = ":fx"
"""What the keys of the free offer end with; it has an address of its own."""
FREE, PAID = "https://api-free.deepl.com", "https://api.deepl.com"
MARK = "x"
MARKS = re.compile(rf"</?{MARK}\s*/?>")
# As targets they have variants only.
VARIANTS: Mapping[str, str] = {"en": "EN-GB", "pt": "PT-PT"}


class DeepL:
    """The service at api.deepl.com or api-free.deepl.com: ``POST /v2/translate`` with a list of texts."""

    # A request may hold 50 texts and 128 KiB; a character takes up to twelve bytes there.
    most_texts = 40
    most_characters = 8000

    def __init__(self, settings: Settings) -> None:
        url = settings.url or (FREE if settings.key.endswith(FREE_KEY) else PAID)
        self._settings = Settings(
            name=settings.name,
            url=url,
            key=settings.key,
            operator=settings.operator,
            monthly_characters=settings.monthly_characters,
            step_seconds=settings.step_seconds,
            seconds=settings.seconds,
        )

    @property
    def settings(self) -> Settings:
        """Where it is reached and what it may take."""
        return self._settings

    def translate(self, texts: Sequence[str], source: str, target: str, *, terms: Sequence[Word]) -> list[str]:
        """Return ``texts`` in the language ``target``; raises ``ProviderFailed``."""
        masked = [mask(text, terms, before=f"<{MARK}>", after=f"</{MARK}>") for text in texts]
        has_marks = any(one is not None for one in masked)
        asked: dict[str, Any] = {
            "text": list(texts),
            "source_lang": source.upper(),
            "target_lang": VARIANTS.get(target, target.upper()),
            "preserve_formatting": True,
        }
        if has_marks:
            asked["text"] = [one or escape(text, quote=False) for one, text in zip(masked, texts, strict=True)]
            asked |= {"tag_handling": "xml", "tag_handling_version": "v2", "ignore_tags": [MARK]}
        headers = {"Authorization": f"DeepL-Auth-Key {self._settings.key}"}
        found = _texts(post_json(self._settings, "/v2/translate", asked, headers))
        if found is None or len(found) != len(texts):
            raise ProviderFailed("answer")
        return [unmask(one, MARKS) for one in found] if has_marks else found


def _texts(answer: Any) -> list[str] | None:
    """Return the texts of an answer in their order; ``None`` for one that is made otherwise."""
    found = answer.get("translations") if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return None
    texts = [one.get("text") for one in found]
    return texts if all(isinstance(text, str) for text in texts) else None
