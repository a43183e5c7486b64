"""What comes with the product: the words of the statement, its known gaps, and who mediates and supervises."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from participation.accessibility.facts import Facts, read_facts
from participation.kit.schema import Translated
from participation.multilingual.texts import read_texts

STATEMENT = Path(__file__).parent / "statement.yaml"


def statement_words() -> Mapping[str, Translated]:
    """Return what the statement says, by name, with names in braces that are to be filled in."""
    words: Mapping[str, Translated] = _content()["words"]
    return words


def first_facts() -> Facts:
    """Return the facts that hold until the city has saved its own."""
    return read_facts(_content()["facts"])


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    content: dict[str, Any] = read_texts(STATEMENT)
    return content
