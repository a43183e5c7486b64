"""The answer of a policy: yes, or no with a polite reason that pages show."""

from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Permission:
    """True or false; a "no" carries ``reason``, a lazily translated sentence for the person who asked."""

    allowed: bool
    reason: Any = None

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Permission(True)


class Refused(Exception):
    """An action was refused; ``reason`` is a lazily translated sentence."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(type(reason)))
        self.reason = reason


class Missing(Exception):
    """The thing asked for does not exist, or not for this person."""


def refuse(reason: Any) -> Permission:
    """Return a "no" with its reason."""
    return Permission(False, reason)


def require(permission: Permission) -> None:
    """Do nothing for a "yes"; raise ``Refused`` with the reason for a "no"."""
    if not permission:
        raise Refused(permission.reason)


def found(thing: T | None) -> T:
    """Return ``thing``; raise ``Missing`` when it is ``None``."""
    if thing is None:
        raise Missing
    return thing
