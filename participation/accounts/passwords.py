"""Hashing and checking passwords with argon2id, at most a few at the same time."""

import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PARALLEL = 4
SHORTEST = 10
LONGEST = 200

# Each hash takes its share of memory; a flood of sign-ins waits here instead of exhausting the machine.
_slots = threading.BoundedSemaphore(PARALLEL)
_hashers = {"current": PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)}


def configure(time_cost: int, memory_kib: int) -> None:
    """Set the cost of hashing: rounds and memory in KiB (OWASP: 19 MiB, 2 rounds, 1 lane)."""
    _hashers["current"] = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
    _decoy.cache_clear()


def hash_password(password: str) -> str:
    """Return the encoded argon2id hash of ``password``."""
    with _slots:
        return _hashers["current"].hash(password)


def verify_password(encoded: str | None, password: str) -> bool:
    """Return whether ``password`` fits; without a hash as much work is done, so that nothing can be timed."""
    with _slots:
        try:
            _hashers["current"].verify(encoded or _decoy(), password)
        except (VerificationError, InvalidHashError):
            return False
        return encoded is not None


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hashers["current"].hash("no account has this password")
