"""What residents wrote around a statement, as a paper prints it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Words of a resident in their ``language`` with their ``source``, which names that where it is not the paper's.

    ``translated`` is what they say in the language of the paper, headed by ``label``; both are empty without a wording.
    """

    words: str
    language: str
    source: str
    label: str = ""
    translated: str = ""
    translated_language: str = ""
