"""The steps of a proposal: their order, and which of them still lacks something."""

import enum

from participation.ideas.models import TEXT_LONGEST, TITLE_LONGEST
from participation.texts import text_problem

TITLE_SHORTEST = 8
TEXT_SHORTEST = 20


class Step(enum.Enum):
    """A step, in order; the value is the end of its address and the name of its endpoint."""

    TEXT = "text"
    PRINCIPLES = "principles"
    DETAILS = "details"
    SIMILAR = "similar"
    PREVIEW = "preview"


def first_gap(*, title: str, text: str, has_answer: bool) -> Step | None:
    """Return the first step that must be completed before a draft can be submitted, or ``None``.

    ``has_answer`` says that principles are chosen, or "not sure".
    """
    if text_problem(title, shortest=TITLE_SHORTEST, longest=TITLE_LONGEST):
        return Step.TEXT
    if text_problem(text, shortest=TEXT_SHORTEST, longest=TEXT_LONGEST):
        return Step.TEXT
    return None if has_answer else Step.PRINCIPLES
