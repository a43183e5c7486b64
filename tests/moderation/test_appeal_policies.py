"""Who may object to a decision, take that back, and answer: actor × moment × state."""

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.kit import clock
from participation.kit.permissions import Permission
from participation.moderation.appeals.policies import (
    AnswerFacts,
    ObjectionFacts,
    Others,
    may_appeal,
    may_decide_appeal,
    may_withdraw_appeal,
    who_decides,
)
from participation.moderation.models import AppealOutcome
from participation.multilingual import in_language

NOW = clock.now()
HERE, ELSEWHERE = 1, 2
AUTHOR, DECIDER, OTHER = 11, 12, 13
ACTORS = {
    "anonymous": ANONYMOUS,
    "system": SYSTEM,
    "author": Actor(AUTHOR),
    "author who moderates": Actor(AUTHOR, grants=frozenset({(Role.MODERATOR, HERE)})),
    "decider": Actor(DECIDER, grants=frozenset({(Role.MODERATOR, HERE)})),
    "decider who is admin": Actor(DECIDER, grants=frozenset({(Role.ADMIN, None)})),
    "resident": Actor(OTHER),
    "staff": Actor(OTHER, grants=frozenset({(Role.STAFF, HERE)})),
    "moderator": Actor(OTHER, grants=frozenset({(Role.MODERATOR, HERE)})),
    "moderator everywhere": Actor(OTHER, grants=frozenset({(Role.MODERATOR, None)})),
    "moderator elsewhere": Actor(OTHER, grants=frozenset({(Role.MODERATOR, ELSEWHERE)})),
    "admin here": Actor(OTHER, grants=frozenset({(Role.ADMIN, HERE)})),
    "admin": Actor(OTHER, grants=frozenset({(Role.ADMIN, None)})),
}
ANSWER = {"moderator", "moderator everywhere", "admin here", "admin"}
SEVERAL, ADMINS_ONLY, NOBODY = Others(1, 1), Others(0, 1), Others(0, 0)


def said(permission: Permission) -> str:
    """Return the reason of a "no"; an empty text for a "yes"."""
    return "" if permission else str(permission.reason)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (ObjectionFacts(True, False, False, NOW), ""),
        (ObjectionFacts(True, False, False, NOW - timedelta(seconds=1)), "The time to object ended on"),
        (ObjectionFacts(True, False, False, None), "This decision takes nothing away"),
        (ObjectionFacts(True, True, False, NOW), "This decision has been taken back"),
        (ObjectionFacts(True, False, True, NOW), "You have objected to this decision already."),
        (ObjectionFacts(False, False, False, NOW), "Only the author"),
    ],
)
def test_authors_object_once_and_in_time(app: Flask, facts: ObjectionFacts, says: str) -> None:
    # The date in a reason needs a language and a time zone.
    with app.app_context(), in_language("en"):
        assert said(may_appeal(Actor(AUTHOR), facts, now=NOW)).startswith(says)
        assert bool(may_appeal(Actor(AUTHOR), facts, now=NOW)) is (says == "")
        assert said(may_appeal(ANONYMOUS, facts, now=NOW)).startswith("Only the author")


@pytest.mark.parametrize(("name", "outcome"), [*product(ACTORS, [None, *AppealOutcome])])
def test_who_takes_an_objection_back(name: str, outcome: AppealOutcome | None) -> None:
    is_author = name.startswith("author")
    permission = may_withdraw_appeal(ACTORS[name], is_author=is_author, outcome=outcome)
    assert bool(permission) is (is_author and outcome is None)


@pytest.mark.parametrize(("name", "outcome"), [*product(ACTORS, [None, *AppealOutcome])])
@pytest.mark.parametrize("others", [SEVERAL, ADMINS_ONLY, NOBODY], ids=["several", "admins only", "nobody"])
def test_who_answers(name: str, outcome: AppealOutcome | None, others: Others) -> None:
    facts = AnswerFacts(HERE, DECIDER, AUTHOR, outcome, others)
    assert bool(may_decide_appeal(ACTORS[name], facts)) is (name in ANSWER and outcome is None)


@pytest.mark.parametrize(
    ("others", "refusal", "sentence"),
    [
        (SEVERAL, "so another moderator answers", "Another moderator answers"),
        (ADMINS_ONLY, "So an admin answers", "So an admin answers"),
        (NOBODY, "must be named first", "must be named first"),
    ],
)
def test_the_page_says_who_answers(others: Others, refusal: str, sentence: str) -> None:
    permission = may_decide_appeal(ACTORS["decider"], AnswerFacts(HERE, DECIDER, AUTHOR, None, others))
    assert refusal in said(permission)
    assert sentence in str(who_decides(others))
    own = may_decide_appeal(ACTORS["author who moderates"], AnswerFacts(HERE, DECIDER, AUTHOR, None, others))
    assert said(own) == "This is your own contribution, so somebody else answers."
