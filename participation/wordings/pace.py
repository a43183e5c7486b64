"""When an errand that failed is tried again, and when no more."""

from datetime import datetime, timedelta

from participation.activity.pace import MOST_ATTEMPTS, back_off
from participation.wordings.health import Failure, is_broken
from participation.wordings.models import Errand, ErrandState, ProviderHealth

MOST_BAD_ANSWERS = 3
"""A provider that answers the same text badly so often will do so again."""
LONGEST = timedelta(days=14)


def put_off(row: Errand, health: ProviderHealth, failure: Failure, *, is_alone: bool, now: datetime) -> None:
    """Put an errand off, or give it up: after a few bad answers, many failures, or two weeks.

    What failed together with others goes alone next. While a provider does not answer at all, trying costs nothing.
    """
    row.problem = failure.problem
    if is_broken(health) and not failure.is_of_texts:
        row.attempts -= 1
    if _is_over(row, failure, is_alone=is_alone) or now - row.asked_at > LONGEST:
        row.state, row.ended_at = ErrandState.FAILED, now
        return
    pause = back_off(max(row.attempts, 1)) if is_alone else timedelta(0)
    row.next_at = max(now + pause, health.resumes_at or now)


def _is_over(row: Errand, failure: Failure, *, is_alone: bool) -> bool:
    if not failure.is_of_texts:
        return row.attempts >= MOST_ATTEMPTS
    return is_alone and (failure.problem == "refused" or row.attempts >= MOST_BAD_ANSWERS)
