"""The base of all events: past-tense frozen dataclasses of ids."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Payloads hold ids, never texts, tokens or addresses."""

    kinds: ClassVar[dict[str, type["Event"]]] = {}
    logged: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        # slots=True creates the class twice; the second, final one takes the name.
        Event.kinds[cls.__name__] = cls

    def payload(self) -> dict[str, Any]:
        """Return the fields as JSON-ready values."""
        return asdict(self)


def revive(name: str, payload: dict[str, Any]) -> Event:
    """Return the event called ``name`` with its fields; ``KeyError`` for a name nobody declares any more."""
    return Event.kinds[name](**payload)
