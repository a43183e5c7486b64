"""What became of a notice, in words for whoever gave it: what was decided, never what was hidden."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.moderation.models import DecisionKind
from participation.multilingual import lazy as _l
from participation.notices.models import Notice, NoticeReason
from participation.wordings.history import is_put_right

STAYS = _l("It stays as it is: it breaks neither the law nor our rules.")
DEALT_WITH = _l("It has been dealt with.")
TRANSLATION_STAYS = _l("We have looked at the translation and left it as it is.")
TRANSLATION_CHANGED = _l("The translation was put right or taken down.")
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


def outcome_of(
    kind: DecisionKind | None, *, reason: NoticeReason = NoticeReason.OTHER, is_reworded: bool = False
) -> Any:
    """Return what was decided about something that was reported; ``None`` stands for no decision of its own.

    Where a translation was reported and the text itself left alone, it is about the translation: ``is_reworded`` says
    that people decided about one since.
    """
    if reason is NoticeReason.TRANSLATION and (kind is None or _OUTCOMES[kind] is STAYS):
        return TRANSLATION_CHANGED if is_reworded else TRANSLATION_STAYS
    return DEALT_WITH if kind is None else _OUTCOMES[kind]


def outcome_for(session: Session, notice: Notice, kind: DecisionKind | None) -> Any:
    """Return what was decided about ``notice``; asks for its translations where one of them was reported."""
    is_reworded = notice.reason is NoticeReason.TRANSLATION and session.scalar(
        select(is_put_right(Notice)).where(Notice.id == notice.id)
    )
    return outcome_of(kind, reason=notice.reason, is_reworded=bool(is_reworded))


def subject_of(kind: SubjectKind) -> Any:
    """Return what kind of contribution was reported."""
    return _SUBJECTS[kind]
