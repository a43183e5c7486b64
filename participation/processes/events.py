"""What happens to processes and roles."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class ProcessChanged(Event):
    """A process or its phases were created or edited."""

    process_id: int


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    """An account was given a role; without a process it holds everywhere."""

    account_id: int
    role: str
    process_id: int | None


@dataclass(frozen=True, slots=True)
class RoleEnded(Event):
    """A role was taken away."""

    account_id: int
    role: str
    process_id: int | None
