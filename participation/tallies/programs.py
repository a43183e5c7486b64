"""The programs with which readers recount a release or follow the path of their vote, as they stand on the page."""

from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"
CHECK_TALLY = "check_tally.py"
CHECK_VOTE = "check_vote.py"


@lru_cache(maxsize=2)
def program(name: str) -> str:
    """Return the text of a program."""
    return (FOLDER / name).read_text(encoding="utf-8")
