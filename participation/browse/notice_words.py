"""What became of a notice, in words for whoever gave it: what was decided, never what was hidden."""

from typing import Any

from participation.cases.models import SubjectKind
from participation.moderation.models import DecisionKind
from participation.multilingual import lazy as _l

STAYS = _l("It stays as it is: it breaks neither the law nor our rules.")
DEALT_WITH = _l("It has been dealt with.")
_OUTCOMES = {
    DecisionKind.PUBLISH: STAYS,
    DecisionKind.KEEP: STAYS,
    DecisionKind.RESTORE: STAYS,
    DecisionKind.HIDE: _l("It is not public any more."),
    DecisionKind.REDACT: _l("We have taken passages out of it."),
    DecisionKind.ASK_CHANGE: _l("We have asked its author to change it. Until then it is not public."),
    DecisionKind.MOVE: _l("It stands under the right principles and field of action now."),
    # What happens to its author is between the author and the moderators.
    DecisionKind.WARN: DEALT_WITH,
    DecisionKind.SUSPEND: DEALT_WITH,
    DecisionKind.LIFT: DEALT_WITH,
    DecisionKind.ELSEWHERE: _l("It says now where the answer to it stands."),
}
_SUBJECTS = {
    SubjectKind.IDEA: _l("An idea"),
    SubjectKind.COMMENT: _l("A comment"),
    SubjectKind.ADDENDUM: _l("An addendum"),
}


def outcome_of(kind: DecisionKind | None) -> Any:
    """Return what was decided about something that was reported; ``None`` stands for no decision of its own."""
    return DEALT_WITH if kind is None else _OUTCOMES[kind]


def subject_of(kind: SubjectKind) -> Any:
    """Return what kind of contribution was reported."""
    return _SUBJECTS[kind]
