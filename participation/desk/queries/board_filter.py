"""Which of the unfiled ideas the board shows, as it travels in addresses."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from participation.curation.board.queries import Rest, Search
from participation.kit.numbers import whole_number
from participation.texts import without_controls
from participation.texts.language import KNOWN

WORDS_LONGEST = 200
NOT_SURE = "not-sure"
NAMES = ("q", "principle", "language", "theme", "rest")


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What is wanted: words, a principle or none at all, a language, a proposed cluster, how far it is filed."""

    words: str = ""
    principle_id: int | None = None
    not_sure: bool = False
    language: str = ""
    theme_id: int | None = None
    rest: Rest = Rest.ALL

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return self != BoardFilter()

    @property
    def principle(self) -> str:
        """The principle as the address names it."""
        return NOT_SURE if self.not_sure else str(self.principle_id or "")

    def query(self) -> dict[str, str]:
        """Return the arguments of an address that asks for the same."""
        values = {
            "q": self.words,
            "principle": self.principle,
            "language": self.language,
            "theme": str(self.theme_id or ""),
            "rest": "" if self.rest is Rest.ALL else self.rest.value,
        }
        return {name: value for name, value in values.items() if value}

    def search(self, only: tuple[int, ...] | None = None, *, reader: str = "") -> Search:
        """Return what to look for: ``only`` are the ideas proposed for the wanted cluster, ``reader`` a language."""
        return Search(
            words=self.words,
            reader=reader,
            principle_id=self.principle_id,
            not_sure=self.not_sure,
            language=self.language or None,
            only=only,
            rest=self.rest,
        )


def board_filter(arguments: Mapping[str, str], *, principle_ids: Collection[int]) -> BoardFilter:
    """Return what an address asks for; what there is not is left out."""
    principle = arguments.get("principle", "")
    principle_id = whole_number(principle)
    language = arguments.get("language", "")
    rest = arguments.get("rest", "")
    return BoardFilter(
        words=without_controls(arguments.get("q", "")).strip()[:WORDS_LONGEST],
        principle_id=principle_id if principle_id in principle_ids else None,
        not_sure=principle == NOT_SURE,
        language=language if language in KNOWN else "",
        theme_id=whole_number(arguments.get("theme")) or None,
        rest=Rest(rest) if rest in {one.value for one in Rest} else Rest.ALL,
    )
