"""The contributions that wordings belong to: which text of theirs is public at this moment."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.cases.queries import SubjectKey
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit.dialect import locked
from participation.multilingual import base_language
from participation.processes.models import Process, ProcessState

Subject = SubjectKey
"""A contribution, by its kind and number."""
TABLES: dict[SubjectKind, Any] = {
    SubjectKind.IDEA: Idea,
    SubjectKind.COMMENT: Comment,
    SubjectKind.ADDENDUM: Addendum,
}
_PUBLIC: dict[SubjectKind, ColumnElement[bool]] = {
    SubjectKind.IDEA: Idea.state == IdeaState.PUBLISHED,
    SubjectKind.COMMENT: Comment.state == CommentState.PUBLISHED,
    SubjectKind.ADDENDUM: Addendum.state == IdeaState.PUBLISHED,
}


@dataclass(frozen=True, slots=True)
class PublicText:
    """What a contribution says in public; ``title`` is empty where it has none."""

    subject: Subject
    process_id: int
    idea_id: int
    revision: int
    language: str
    title: str
    text: str


def is_public_text(table: Any) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` belongs to a text as everybody can read it at this moment.

    ``table`` has the columns ``subject_kind``, ``subject_id``, ``idea_id`` and ``revision``. Comments and addenda are
    as public as the idea that they stand below.
    """
    # Only with ``table``: the statement around may read ideas or comments, too.
    idea_is_public = exists().where(Idea.id == table.idea_id, Idea.state == IdeaState.PUBLISHED).correlate(table)

    def own(kind: SubjectKind) -> ColumnElement[bool]:
        written = TABLES[kind]
        same = (written.id == table.subject_id, _PUBLIC[kind], written.revision == table.revision)
        return exists().where(*same).correlate(table)

    return or_(
        and_(table.subject_kind == SubjectKind.IDEA, own(SubjectKind.IDEA)),
        and_(table.subject_kind == SubjectKind.COMMENT, idea_is_public, own(SubjectKind.COMMENT)),
        and_(table.subject_kind == SubjectKind.ADDENDUM, idea_is_public, own(SubjectKind.ADDENDUM)),
    )


def public_texts(
    session: Session, subjects: Collection[Subject], *, keeps_them: bool = False
) -> dict[Subject, PublicText]:
    """Return what some contributions say in public at this moment; those that are not public are left out.

    With ``keeps_them`` nobody hides or changes them until the transaction ends.
    """
    found: dict[Subject, PublicText] = {}
    for kind in SubjectKind:
        ids = sorted(number for own, number in subjects if own is kind)
        if ids:
            statement = _texts(kind).where(TABLES[kind].id.in_(ids))
            rows = session.execute(locked(statement, shared=True) if keeps_them else statement)
            found |= {(kind, row.id): PublicText((kind, row.id), *row[1:]) for row in rows}
    return found


def texts_of_idea(session: Session, idea_id: int) -> list[PublicText]:
    """Return the public texts of an idea: its own, and those of its addenda and comments."""
    return [
        PublicText((kind, row.id), *row[1:])
        for kind in SubjectKind
        for row in session.execute(_texts(kind).where(_idea_of(kind) == idea_id).order_by(TABLES[kind].id))
    ]


def next_texts(session: Session, process_id: int, after: Subject | None, most: int) -> list[PublicText]:
    """Return the public texts of a process that come ``after`` one, ``most`` at the most; ideas come last.

    What is asked for last is done first, and people read ideas before they read comments.
    """
    found: list[PublicText] = []
    for kind in _kinds_from(after):
        last = after[1] if after is not None and after[0] is kind else 0
        table = TABLES[kind]
        statement = _texts(kind).where(table.process_id == process_id, table.id > last).order_by(table.id)
        rows = session.execute(statement.limit(most - len(found)))
        found += [PublicText((kind, row.id), *row[1:]) for row in rows]
        if len(found) >= most:
            break
    return found


def languages_of(session: Session, process_id: int) -> dict[str, int]:
    """Return how many public texts of a process are in which language, without variants."""
    found: dict[str, int] = {}
    for kind in SubjectKind:
        table = TABLES[kind]
        statement = select(table.language, func.count()).where(table.process_id == process_id, _PUBLIC[kind])
        if kind is not SubjectKind.IDEA:
            statement = statement.join(Idea, Idea.id == table.idea_id).where(Idea.state == IdeaState.PUBLISHED)
        for language, count in session.execute(statement.group_by(table.language)):
            code = base_language(language)
            found[code] = found.get(code, 0) + count
    return found


def _kinds_from(after: Subject | None) -> Iterator[SubjectKind]:
    order = (SubjectKind.COMMENT, SubjectKind.ADDENDUM, SubjectKind.IDEA)
    return iter(order[order.index(after[0]) if after else 0 :])


def _texts(kind: SubjectKind) -> Select[Any]:
    """Return the statement for public texts of a kind, in processes that everybody can see."""
    table = TABLES[kind]
    title = Idea.title if kind is SubjectKind.IDEA else literal("")
    statement = (
        select(table.id, table.process_id, _idea_of(kind), table.revision, table.language, title, table.text)
        .join(Process, Process.id == table.process_id)
        .where(_PUBLIC[kind], Process.state != ProcessState.DRAFT)
    )
    if kind is not SubjectKind.IDEA:
        statement = statement.join(Idea, Idea.id == table.idea_id).where(Idea.state == IdeaState.PUBLISHED)
    return statement


def _idea_of(kind: SubjectKind) -> Any:
    return Idea.id.label("idea") if kind is SubjectKind.IDEA else TABLES[kind].idea_id
