"""Who is acting, as every service and policy sees it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


class Role(enum.Enum):
    """What somebody may be trusted with, everywhere or in one process; every account is a resident."""

    RESIDENT = "resident"
    MODERATOR = "moderator"
    STAFF = "staff"
    ADMIN = "admin"


Grant = tuple[Role, int | None]
"""A role and the process it is held in; ``None`` for all processes."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or, with ``is_system``, the installation itself) on whose behalf something happens.

    ``suspensions`` says until when the person writes nothing in which process, ``owes`` in which processes (``None``:
    in all) there is a new version of a legal text that the person has yet to agree to.
    """

    account_id: int | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    is_system: bool = False
    is_verified: bool = False
    suspensions: Mapping[int, datetime] = field(default_factory=dict, hash=False)
    owes: frozenset[int | None] = frozenset()

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    def has(self, role: Role, process_id: int | None = None) -> bool:
        """Return whether the actor holds ``role`` (or is an admin) everywhere or in that process."""
        if role is Role.RESIDENT:
            return self.is_signed_in or self.is_system
        if self.is_system:
            return True
        held: set[Grant] = {(role, None), (Role.ADMIN, None)}
        if process_id is not None:
            held |= {(role, process_id), (Role.ADMIN, process_id)}
        return not held.isdisjoint(self.grants)

    def suspended_until(self, process_id: int, now: datetime) -> datetime | None:
        """Return until when the actor writes nothing in a process; ``None`` for somebody who may write."""
        until = self.suspensions.get(process_id)
        return until if until is not None and until > now else None

    def owes_consent(self, process_id: int) -> bool:
        """Return whether the actor has yet to agree to a text that holds in a process."""
        return not self.owes.isdisjoint((None, process_id))

    def has_desk(self, process_id: int | None = None) -> bool:
        """Return whether the actor works at the desk: in that process, or (without one) in any."""
        if process_id is None:
            return self.is_system or any(role is not Role.RESIDENT for role, _process_id in self.grants)
        return any(self.has(role, process_id) for role in (Role.MODERATOR, Role.STAFF))


ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True)
