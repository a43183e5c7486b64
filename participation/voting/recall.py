"""Processes as they were read before: votes come by the thousand, and processes hardly ever change meanwhile."""

from collections.abc import Callable

from flask import current_app

from participation.kit import clock
from participation.kit.cache import Memory
from participation.processes.outline import ProcessOutline


def recalled(slug: str, version: int, read: Callable[[], ProcessOutline]) -> ProcessOutline:
    """Return this version of a process as it was read in the last few seconds, or as ``read`` returns it now."""
    memory: Memory = current_app.extensions["memory"]
    return memory.get(("process", slug, version), clock.now().timestamp(), read)
