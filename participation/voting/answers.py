"""What forms with the buttons of a vote send."""

from werkzeug.exceptions import BadRequest

from participation.kit.numbers import whole_number
from participation.voting.models import Stance

WITHDRAW = "none"


def read_stance(value: str) -> Stance | None:
    """Return the stance that a button sends, ``None`` for the one that withdraws; raises ``BadRequest``."""
    if value == WITHDRAW:
        return None
    try:
        return Stance(value)
    except ValueError:
        raise BadRequest from None


def read_revision(value: str) -> int:
    """Return the revision that a form was opened on; raises ``BadRequest`` for anything that is no number."""
    number = whole_number(value, digits=9)
    if number is None:
        raise BadRequest
    return number
