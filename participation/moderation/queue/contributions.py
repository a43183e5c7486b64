"""Contributions of all kinds as moderators read them, in any state."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from participation.cases.models import SubjectKind
from participation.cases.queries import SubjectKey
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea
from participation.ideas.queries import principle_ids_of
from participation.processes.models import Participant
from participation.receipts.signing import text_digest


@dataclass(frozen=True, slots=True)
class Contribution:
    """An idea, comment or addendum; ``title`` is that of the idea on whose page it stands.

    ``read`` names the text: the revision of an idea, the digest of a comment; addenda never change. ``answers`` is the
    comment that a comment replies to. Only ideas have principles and a field of action.
    """

    kind: SubjectKind
    id: int
    idea_id: int
    title: str
    text: str
    language: str
    idea_language: str
    pseudonym: str
    state: str
    read: str
    was_public: bool
    principle_ids: tuple[int, ...]
    field_id: int | None
    answers: str = ""


def contributions(session: Session, subjects: Collection[SubjectKey]) -> dict[SubjectKey, Contribution]:
    """Return these contributions, whatever their state; those that do not exist are left out."""
    read = list(_ideas(session, _ids(subjects, SubjectKind.IDEA)))
    read += _comments(session, _ids(subjects, SubjectKind.COMMENT))
    read += _addenda(session, _ids(subjects, SubjectKind.ADDENDUM))
    return {(thing.kind, thing.id): thing for thing in read}


def _ids(subjects: Collection[SubjectKey], kind: SubjectKind) -> list[int]:
    return sorted(id_ for subject_kind, id_ in subjects if subject_kind is kind)


def _ideas(session: Session, idea_ids: list[int]) -> Iterator[Contribution]:
    if not idea_ids:
        return
    tagged = principle_ids_of(session, idea_ids)
    rows = session.execute(
        select(Idea, Participant.pseudonym)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Idea.id.in_(idea_ids))
    )
    for idea, pseudonym in rows:
        yield Contribution(
            kind=SubjectKind.IDEA,
            id=idea.id,
            idea_id=idea.id,
            title=idea.title,
            text=idea.text,
            language=idea.language,
            idea_language=idea.language,
            pseudonym=pseudonym,
            state=idea.state.value,
            read=str(idea.revision),
            was_public=idea.published_at is not None,
            principle_ids=tuple(tagged[idea.id]),
            field_id=idea.field_id,
        )


def _comments(session: Session, comment_ids: list[int]) -> Iterator[Contribution]:
    if not comment_ids:
        return
    parent = aliased(Comment)
    rows = session.execute(
        select(Comment, Idea.title, Idea.language, Participant.pseudonym, parent.text)
        .join(Idea, Idea.id == Comment.idea_id)
        .join(Participant, Participant.id == Comment.participant_id)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .where(Comment.id.in_(comment_ids))
    )
    for comment, title, idea_language, pseudonym, answers in rows:
        yield Contribution(
            kind=SubjectKind.COMMENT,
            id=comment.id,
            idea_id=comment.idea_id,
            title=title,
            text=comment.text,
            language=comment.language,
            idea_language=idea_language,
            pseudonym=pseudonym,
            state=comment.state.value,
            read=text_digest(comment.text),
            was_public=comment.published_at is not None,
            principle_ids=(),
            field_id=None,
            answers=answers or "",
        )


def _addenda(session: Session, addendum_ids: list[int]) -> Iterator[Contribution]:
    if not addendum_ids:
        return
    rows = session.execute(
        select(Addendum, Idea.title, Idea.language, Participant.pseudonym)
        .join(Idea, Idea.id == Addendum.idea_id)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Addendum.id.in_(addendum_ids))
    )
    for addendum, title, idea_language, pseudonym in rows:
        yield Contribution(
            kind=SubjectKind.ADDENDUM,
            id=addendum.id,
            idea_id=addendum.idea_id,
            title=title,
            text=addendum.text,
            language=addendum.language,
            idea_language=idea_language,
            pseudonym=pseudonym,
            state=addendum.state.value,
            read="",
            was_public=addendum.published_at is not None,
            principle_ids=(),
            field_id=None,
        )
