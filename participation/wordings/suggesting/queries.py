"""Reading what people suggest: the text that is put into another language, and suggestions of one's own."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.cases.service import CaseSubject
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit.permissions import Missing, found
from participation.multilingual import base_language
from participation.processes.models import Participant
from participation.wordings.models import Wording, WordingState
from participation.wordings.suggesting.policies import WordingFacts

TABLES: dict[SubjectKind, Any] = {
    SubjectKind.IDEA: Idea,
    SubjectKind.COMMENT: Comment,
    SubjectKind.ADDENDUM: Addendum,
}


@dataclass(frozen=True, slots=True)
class Original:
    """A text as it was written; ``title`` is empty where it has none, ``idea_title`` that of the idea it belongs to."""

    process_id: int
    kind: SubjectKind
    id: int
    idea_id: int
    revision: int
    language: str
    title: str
    text: str
    idea_title: str
    idea_language: str
    is_public: bool

    def into(self, language: str) -> CaseSubject:
        """Return what a case about a wording in ``language`` is about."""
        return CaseSubject(self.process_id, self.kind, self.id, self.idea_id, language)


def original(session: Session, process_id: int, kind: SubjectKind, number: int) -> Original:
    """Return a text of this process, whoever asks; raises ``Missing``."""
    thing: Any = session.get(TABLES[kind], number)
    if thing is None or thing.process_id != process_id:
        raise Missing
    idea = thing if isinstance(thing, Idea) else session.get_one(Idea, thing.idea_id)
    published = CommentState.PUBLISHED if isinstance(thing, Comment) else IdeaState.PUBLISHED
    return Original(
        process_id=process_id,
        kind=kind,
        id=number,
        idea_id=idea.id,
        revision=thing.revision,
        language=thing.language,
        title=idea.title if thing is idea else "",
        text=thing.text,
        idea_title=idea.title,
        idea_language=idea.language,
        is_public=thing.state is published and idea.state is IdeaState.PUBLISHED,
    )


def target_languages(original: Original, offered: Collection[str]) -> tuple[str, ...]:
    """Return the languages that a text can be put into: those that are ``offered``, without variants, but its own."""
    bases = dict.fromkeys(base_language(code) for code in offered)
    return tuple(code for code in bases if code != base_language(original.language))


def shown_for(session: Session, original: Original, language: str) -> Wording | None:
    """Return the wording of a text that readers of ``language`` see, if there is one."""
    return session.scalar(select(Wording).where(*_of(original, language), Wording.state == WordingState.SHOWN))


def own_waiting(session: Session, actor: Actor, original: Original, language: str) -> Wording | None:
    """Return what ``actor`` has suggested for a text already, as long as it waits."""
    if actor.account_id is None:
        return None
    return session.scalar(
        select(Wording)
        .join(Participant, Participant.id == Wording.participant_id)
        .where(
            *_of(original, language), Wording.state == WordingState.WAITING, Participant.account_id == actor.account_id
        )
    )


def number_waiting(session: Session, actor: Actor, process_id: int) -> int:
    """Return how many suggestions of ``actor`` wait in a process."""
    if actor.account_id is None:
        return 0
    own = select(Participant.id).where(Participant.process_id == process_id, Participant.account_id == actor.account_id)
    waiting = select(func.count()).where(
        Wording.participant_id.in_(own), Wording.state == WordingState.WAITING, Wording.process_id == process_id
    )
    return session.scalar(waiting) or 0


def wording_in(session: Session, process_id: int, wording_id: int) -> Wording:
    """Return a wording of this process, whoever asks; raises ``Missing``."""
    return found(session.scalar(select(Wording).where(Wording.id == wording_id, Wording.process_id == process_id)))


def facts_of(session: Session, actor: Actor, wording: Wording) -> WordingFacts:
    """Return what the rules about a wording rest on, as ``actor`` stands to it."""
    text = original(session, wording.process_id, wording.subject_kind, wording.subject_id)
    maker = session.get(Participant, wording.participant_id) if wording.participant_id is not None else None
    later = exists().where(
        *_of(text, wording.language),
        Wording.id != wording.id,
        Wording.decided_at.is_not(None) | Wording.shown_at.is_not(None),
        func.coalesce(Wording.decided_at, Wording.shown_at) > (wording.decided_at or wording.made_at),
    )
    return WordingFacts(
        process_id=wording.process_id,
        state=wording.state,
        is_own=maker is not None and maker.account_id is not None and maker.account_id == actor.account_id,
        is_current=text.is_public and text.revision == wording.revision,
        is_latest=not session.scalar(select(later)),
        decided_by=wording.decided_by,
        decided_at=wording.decided_at,
    )


def shown_before(session: Session, wording: Wording) -> Wording | None:
    """Return the wording that ``wording`` replaced; ``None`` where readers saw the original before."""
    latest = session.scalar(
        select(Wording)
        .where(
            Wording.subject_kind == wording.subject_kind,
            Wording.subject_id == wording.subject_id,
            Wording.language == wording.language,
            Wording.revision == wording.revision,
            Wording.id != wording.id,
            Wording.shown_at.is_not(None),
        )
        .order_by(Wording.shown_at.desc(), Wording.id.desc())
        .limit(1)
    )
    # Where the latest was taken down, an earlier one that it had replaced did not come back.
    return latest if latest is not None and latest.state is WordingState.REPLACED else None


def _of(original: Original, language: str) -> tuple[Any, ...]:
    return (
        Wording.subject_kind == original.kind,
        Wording.subject_id == original.id,
        Wording.language == language,
        Wording.revision == original.revision,
    )
