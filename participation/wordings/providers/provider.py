"""What a service that puts texts into other languages can do, and how it says that it could not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from participation.wordings.masking import Word


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a service is reached and what it may take; ``operator`` says who runs it, in words for readers.

    ``step_seconds`` limits each step (connecting, sending, a piece of the answer), ``seconds`` a request in all.
    ``monthly_characters`` is how much text may go there in a month, 0 for any amount.
    """

    name: str
    url: str
    key: str
    operator: str
    monthly_characters: int
    step_seconds: float
    seconds: float


class ProviderFailed(Exception):
    """A service could not be asked, or its answer cannot be used.

    ``problem`` is a code that ``wordings.problems`` has words for. With ``is_of_texts`` these texts are to blame and
    others may go through. ``wait`` is how long the service asks to be left alone.
    """

    def __init__(self, problem: str, *, is_of_texts: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_of_texts = is_of_texts
        self.wait = wait


class Provider(Protocol):
    """A service; ``most_texts`` and ``most_characters`` are how much one request may hold."""

    most_texts: int
    most_characters: int

    @property
    def settings(self) -> Settings:
        """Where it is reached and what it may take."""

    def translate(self, texts: Sequence[str], source: str, target: str, *, terms: Sequence[Word]) -> list[str]:
        """Return ``texts`` in the language ``target``, in the same order, with the words of ``terms`` as given there.

        Languages are plain codes. Raises ``ProviderFailed``.
        """
