"""A process that counts at a storage: ``python -m tests.kit.counting ADDRESS LIMIT TIMES`` says how often it could."""

import sys

from limits import parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

import participation.kit.counters  # noqa: F401  # makes its storage known


def counted(address: str, limit: str, times: int) -> int:
    """Return how often the limit let somebody through."""
    storage = storage_from_string(address)
    assert isinstance(storage, Storage)
    limiter, item = FixedWindowRateLimiter(storage), parse(limit)
    return sum(limiter.hit(item, "somebody") for _number in range(times))


if __name__ == "__main__":
    print(counted(sys.argv[1], sys.argv[2], int(sys.argv[3])))
