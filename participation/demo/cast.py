"""Who acts in one process of the demo."""

from dataclasses import dataclass

from participation.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Cast:
    """Residents by the number that the content gives them, the moderator of the process, and staff.

    ``participants`` are the residents' ids in the process, in the same order. ``resident`` is the number of the one
    whom visitors of the demo can sign in as; ``None`` where that account takes no part.
    """

    residents: list[Actor]
    participants: list[int]
    moderator: Actor
    staff: Actor
    resident: int | None
