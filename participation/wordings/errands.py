"""What waits for a provider: asked for when a text becomes public, void as soon as it is not or has changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.cases.queries import is_about
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaRevision, IdeaState
from participation.kit.dialect import insert_missing
from participation.multilingual import base_language
from participation.processes.models import Process
from participation.wordings import showing
from participation.wordings.models import Errand, ErrandState, Origin, Wording, WordingState
from participation.wordings.subjects import PublicText, Subject, is_public_text, public_texts, texts_of_idea

KEY = ["subject_kind", "subject_id", "revision", "language"]


def targets(languages: Collection[str], source: str) -> list[str]:
    """Return the languages that a text in ``source`` can be read in besides its own: those of the interface."""
    return [language for language in dict.fromkeys(map(base_language, languages)) if language != base_language(source)]


def look_at_idea(session: Session, idea_id: int, *, languages: Collection[str], now: datetime) -> int:
    """Let go of every wording of an idea and of what stands below it that is not public any more; ask for what is.

    Return how many wordings were asked for.
    """
    let_go(session, _below(Wording, idea_id), _below(Errand, idea_id), now=now)
    provider = session.scalar(
        select(Process.translator).join(Idea, Idea.process_id == Process.id).where(Idea.id == idea_id)
    )
    return ask_for(session, texts_of_idea(session, idea_id), languages=languages, now=now) if provider else 0


def look_at_one(session: Session, subject: Subject, *, languages: Collection[str], now: datetime) -> int:
    """Do the same as ``look_at_idea`` for a single contribution."""
    let_go(session, is_about(Wording, [subject]), is_about(Errand, [subject]), now=now)
    return ask_for(session, list(public_texts(session, [subject]).values()), languages=languages, now=now)


def ask_for(session: Session, texts: Sequence[PublicText], *, languages: Collection[str], now: datetime) -> int:
    """Ask for every wording that public ``texts`` lack, where their process has a provider; return how many."""
    wanted = {text.process_id for text in texts}
    switched_on = set(session.scalars(select(Process.id).where(Process.id.in_(wanted), Process.translator != "")))
    texts = [text for text in texts if text.process_id in switched_on]
    if not texts:
        return 0
    subjects = [text.subject for text in texts]
    there = settled(session, subjects)
    rows = [
        _row(text, language, now=now)
        for text in texts
        for language in targets(languages, text.language)
        if (*text.subject, text.revision, language) not in there
    ]
    if not rows:
        return 0
    insert_missing(session, Errand, rows, key=KEY)
    again = {
        "state": ErrandState.WAITING,
        "attempts": 0,
        "next_at": now,
        "asked_at": now,
        "ended_at": None,
        "claimed_until": None,
        "problem": "",
    }
    for language in {row["language"] for row in rows}:
        asked = [(row["subject_kind"], row["subject_id"]) for row in rows if row["language"] == language]
        known = (is_about(Errand, asked), Errand.state == ErrandState.VOID, is_public_text(Errand))
        session.execute(update(Errand).where(*known, Errand.language == language).values(again))
    return len(rows)


def let_go(session: Session, wordings: ColumnElement[bool], errands: ColumnElement[bool], *, now: datetime) -> None:
    """Delete or leave behind those of some wordings that belong to no public text, and call their errands off.

    What a machine made is deleted, and so is everything that was made of words which were taken back or taken out;
    suggestions that still wait are for ``wordings.suggesting``. What people wrote for an earlier revision stays stored,
    and nobody is shown it. What moderators took down stays as long as its text may come back: it is not made again.
    """
    past = ~is_public_text(Wording)
    showing.delete(session, session.scalars(select(Wording).where(wordings, past, _goes())).all())
    left = session.scalars(
        select(Wording).where(wordings, past, Wording.state == WordingState.SHOWN, _is_of_earlier_revision())
    )
    showing.take_down(session, list(left), WordingState.REPLACED)
    off = (errands, Errand.state != ErrandState.VOID, ~is_public_text(Errand))
    session.execute(update(Errand).where(*off).values(state=ErrandState.VOID, ended_at=now, claimed_until=None))


def sweep(session: Session, *, most: int) -> int:
    """Delete up to ``most`` wordings that should be gone already, in all processes, and return how many."""
    late = select(Wording).where(~is_public_text(Wording), _goes()).order_by(Wording.id).limit(most)
    rows = session.scalars(late).all()
    showing.delete(session, rows)
    return len(rows)


def _row(text: PublicText, language: str, *, now: datetime) -> dict[str, Any]:
    kind, number = text.subject
    return {
        "process_id": text.process_id,
        "idea_id": text.idea_id,
        "subject_kind": kind,
        "subject_id": number,
        "revision": text.revision,
        "language": language,
        "state": ErrandState.WAITING,
        "attempts": 0,
        "next_at": now,
        "problem": "",
        "asked_at": now,
    }


def settled(session: Session, subjects: Collection[Subject]) -> set[tuple[SubjectKind, int, int, str]]:
    """Return for which subject, revision and language there is a wording, or a machine's that moderators took down."""
    columns = (Wording.subject_kind, Wording.subject_id, Wording.revision, Wording.language)
    taken_down = and_(Wording.origin == Origin.MACHINE, Wording.state == WordingState.REFUSED)
    is_settled = or_(Wording.state == WordingState.SHOWN, taken_down)
    rows = session.execute(select(*columns).where(is_about(Wording, subjects), is_settled))
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def _below(table: type[Wording] | type[Errand], idea_id: int) -> ColumnElement[bool]:
    return table.idea_id == idea_id


def _goes() -> ColumnElement[bool]:
    """Return the condition that a wording of no public text is deleted rather than left behind."""
    decided = and_(_of_words_that_are_gone(), Wording.state != WordingState.WAITING)
    needed = and_(Wording.state == WordingState.REFUSED, ~_is_of_earlier_revision())
    return or_(and_(Wording.origin == Origin.MACHINE, ~needed), decided)


def _of_words_that_are_gone() -> ColumnElement[bool]:
    """Return the condition that a wording is of an idea or comment taken back, or of words that were taken out."""
    own_idea = exists().where(Idea.id == Wording.idea_id, Idea.state == IdeaState.WITHDRAWN)
    comment = exists().where(Comment.id == Wording.subject_id, Comment.state == CommentState.WITHDRAWN)
    addendum = exists().where(Addendum.id == Wording.subject_id, Addendum.revision > Wording.revision)
    redacted = exists().where(
        IdeaRevision.idea_id == Wording.subject_id,
        IdeaRevision.revision == Wording.revision,
        IdeaRevision.closed_at.is_not(None),
    )
    return or_(
        own_idea,
        and_(Wording.subject_kind == SubjectKind.IDEA, redacted),
        and_(Wording.subject_kind == SubjectKind.COMMENT, comment),
        and_(Wording.subject_kind == SubjectKind.ADDENDUM, addendum),
    )


def _is_of_earlier_revision() -> ColumnElement[bool]:
    idea = exists().where(Idea.id == Wording.subject_id, Idea.revision > Wording.revision)
    comment = exists().where(Comment.id == Wording.subject_id, Comment.revision > Wording.revision)
    return or_(
        and_(Wording.subject_kind == SubjectKind.IDEA, idea),
        and_(Wording.subject_kind == SubjectKind.COMMENT, comment),
    )
