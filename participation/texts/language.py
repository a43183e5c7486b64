"""Which language a text is in, found out locally."""

from functools import lru_cache
from typing import Any

KNOWN = (
    "de",
    "en",
    "tr",
    "ar",
    "uk",
    "ru",
    "pl",
    "ro",
    "bg",
    "fr",
    "es",
    "it",
    "nl",
    "pt",
    "el",
    "hr",
    "sq",
    "fa",
    "ku",
)
SHORTEST = 12
SURE = 0.5
METHOD = "language-1"
"""Changes whenever the same text may be taken for another language."""
NUMBERS = {"languages": len(KNOWN), "shortest": SHORTEST, "sure": round(100 * SURE)}


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # The model takes a moment to load and most processes never need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    offered = set(identifier.labels)
    identifier.set_languages([code for code in KNOWN if code in offered])
    return identifier


def detect_language(text: str, *, default: str) -> str:
    """Return the ISO 639-1 code of the language of ``text``; ``default`` for texts too short to tell."""
    if len(text) < SHORTEST:
        return default
    code, probability = _identifier().classify(text)
    return str(code) if probability >= SURE else default
