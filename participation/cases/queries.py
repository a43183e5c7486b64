"""Finding rows about several contributions at once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_

from participation.cases.models import Case, SubjectKind

SubjectKey = tuple[SubjectKind, int]
"""A contribution, by its kind and number."""


def is_about(table: Any, subjects: Collection[SubjectKey]) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` is about one of some contributions; an index leads to them.

    ``table`` has the columns ``subject_kind`` and ``subject_id``. Pairs are not compared as pairs: SQLite would read
    the table from end to end.
    """
    ids: dict[SubjectKind, list[int]] = {}
    for kind, subject_id in sorted(subjects, key=lambda subject: (subject[0].value, subject[1])):
        ids.setdefault(kind, []).append(subject_id)
    return or_(false(), *(and_(table.subject_kind == kind, table.subject_id.in_(own)) for kind, own in ids.items()))


def waits_for_author(kind: SubjectKind, number: Any) -> ColumnElement[bool]:
    """Return the condition that moderators asked the author of contribution ``number`` for a change, and wait for it.

    An open case with a decision is just that; ``number`` is a value or a column.
    """
    about = (Case.subject_kind == kind) & (Case.subject_id == number)
    return exists().where(about, Case.closed_at.is_(None), Case.decision_id.is_not(None))
