"""What can be chosen of an export besides format and language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

Delimiter: TypeAlias = Literal[";", ","]
DELIMITERS: tuple[Delimiter, ...] = get_args(Delimiter)
NUMBER_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How CSV is written, and the number of the paper for the council; ``None`` is the one of the process."""

    delimiter: Delimiter = ";"
    bom: bool = True
    number: str | None = None

    def stored(self) -> dict[str, Any]:
        """Return the options as they are kept with an export."""
        return asdict(self)


def read_options(stored: Mapping[str, Any]) -> Options:
    """Return the options kept with an export; what is missing has its default. Raises ``ValueError`` for others."""
    known = {name: value for name, value in stored.items() if name in Options.__slots__}
    are_known = (
        known.get("delimiter", ";") in DELIMITERS
        and isinstance(known.get("bom", True), bool)
        and isinstance(known.get("number"), str | None)
    )
    if not are_known:
        raise ValueError("these are no options of an export")
    return Options(**known)
