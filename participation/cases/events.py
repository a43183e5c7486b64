"""What happens to cases."""

from dataclasses import dataclass
from typing import ClassVar

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    """Something began to wait for moderators, or a text that waits was changed."""

    logged: ClassVar[bool] = False

    case_id: int
