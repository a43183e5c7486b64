"""What only the code knows of how similar ideas are found: the version, the numbers, and when it was done last."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.similarity.jobs import VERSION
from participation.similarity.models import Neighbourhood
from participation.similarity.queries import ALIKE
from participation.similarity.service import MOST_NEIGHBOURS
from participation.similarity.snapshot import VECTOR_SHARE
from participation.similarity.words import TITLE_TIMES

METHOD = f"similar ideas {VERSION}"
NUMBERS = {
    "alike": ALIKE,
    "most": MOST_NEIGHBOURS,
    "meaning": VECTOR_SHARE,
    "words": round(1 - VECTOR_SHARE, 2),
    "title_times": TITLE_TIMES,
}


def last_made(session: Session) -> datetime | None:
    """Return when the neighbours of an idea were found last, in any process."""
    return session.scalar(select(func.max(Neighbourhood.made_at)))
