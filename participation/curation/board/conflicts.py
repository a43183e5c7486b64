"""What stands in the way when somebody wants something and a colleague was faster; nothing of it gets lost."""

import enum
from dataclasses import dataclass
from datetime import datetime

from participation.kit.schema import Translated


class ClashKind(enum.Enum):
    """What is not as it was when somebody looked at the board."""

    IDEA = "idea"
    WORDING = "wording"
    LABEL = "label"
    ORDER = "order"
    CLUSTER_GONE = "cluster_gone"
    FILLED = "filled"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that a colleague changed meanwhile.

    ``number`` is the step by which it changed, ``by`` the address of whoever took it; empty for the installation.
    ``then`` and ``now_in`` are the clusters of an idea, its main one first. The texts are those of a cluster; a label
    stands below the empty language. ``count`` says how many ideas were filed in a cluster that should go.
    """

    kind: ClashKind
    idea_id: int | None = None
    cluster_id: int | None = None
    number: int | None = None
    by: str = ""
    at: datetime | None = None
    then: tuple[int, ...] = ()
    now_in: tuple[int, ...] = ()
    now_text: Translated | None = None
    wanted_text: Translated | None = None
    count: int = 0


class Conflict(Exception):
    """Nothing was done: colleagues changed what somebody wanted to change, after the board was shown to them.

    ``version`` is that of the board now: whoever has seen the clashes and sends it wants it done anyway.
    """

    def __init__(self, version: int, clashes: tuple[Clash, ...]) -> None:
        super().__init__(", ".join(clash.kind.value for clash in clashes))
        self.version = version
        self.clashes = clashes

    @property
    def idea_ids(self) -> tuple[int, ...]:
        """The ideas that clash."""
        return tuple(clash.idea_id for clash in self.clashes if clash.idea_id is not None)
