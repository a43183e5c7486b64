"""What a decision says about the case: saved text blocks in the reader's language, then the moderators' own words."""

from collections.abc import Mapping

from participation.multilingual import pick


def facts_of(block_texts: Mapping[str, str], reason: str, language: str) -> str:
    """Return text blocks in ``language`` and the reason, one below the other; an empty text where neither was given."""
    return "\n\n".join(part for part in (pick(block_texts, language) if block_texts else "", reason) if part)
