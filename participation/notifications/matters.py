"""What entries of the inbox are about, as far as their reader may know it now: a few statements for any number.

Nothing but ids is kept with an entry. What is not public any more when somebody reads of it has no words here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from participation.cases.models import Case, SubjectKind
from participation.comments.models import Comment, CommentState, Voice
from participation.curation.models import BundleMember
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit.schema import Translated
from participation.moderation.models import Appeal, AppealOutcome, Automation, Decision, DecisionKind, Message
from participation.multilingual import Phrase
from participation.notices.models import Notice, NoticeReason
from participation.notifications.barrier_matters import BARRIER_READERS, BarrierFact, BarriersDueFact
from participation.notifications.city_matters import CITY_READERS, AnswerFact, DueFact, MeasureFact, StatementFact
from participation.notifications.models import EntryKind
from participation.notifications.queries import Entry
from participation.notifications.sign_off_matters import SIGN_OFF_READERS, ReopenedFact, SignOffFact
from participation.notifications.wording_matters import WordingFact, wordings
from participation.processes.models import Participant, Process
from participation.wordings.history import is_put_right


@dataclass(frozen=True, slots=True)
class IdeaLine:
    """The idea on whose page something stands; ``account_id`` is its author's.

    ``note`` says how the title came into the reader's language, or which one it is in.
    """

    id: int
    title: str
    language: str
    state: IdeaState
    submitted_at: datetime
    account_id: int | None
    note: str = ""

    def title_for(self, account_id: int) -> Phrase | None:
        """Return the title for somebody who may know it: all while it is public, the author also before."""
        waits_for_own = self.state is IdeaState.IN_REVIEW and self.account_id == account_id
        if self.state is IdeaState.PUBLISHED or waits_for_own:
            return Phrase(self.title, self.language)
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """The process in which something happened."""

    id: int
    slug: str
    title: Translated


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A decision about an own contribution; ``submitted_at`` is when that came in."""

    idea_id: int
    id: int
    kind: DecisionKind
    ground: str
    reason: str
    block_texts: Translated
    automation: Automation
    lasts_until: datetime | None
    objection_until: datetime | None
    undone_at: datetime | None
    subject: SubjectKind
    subject_id: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class AppealFact:
    """What became of an own objection."""

    idea_id: int
    decision_id: int
    outcome: AppealOutcome | None
    answer: str


@dataclass(frozen=True, slots=True)
class NoticeFact:
    """What became of something that the reader pointed at; ``decision`` is ``None`` where nothing was decided.

    ``is_reworded``: people decided about its translation since.
    """

    idea_id: int
    submitted_at: datetime
    closed_at: datetime | None
    decision: DecisionKind | None
    automation: Automation | None
    reason: NoticeReason
    is_reworded: bool


@dataclass(frozen=True, slots=True)
class MessageFact:
    """What the team wrote about an own contribution."""

    idea_id: int
    id: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class BundleFact:
    """An own idea that stands together with ``others`` that say the same, or did until it ``has_left``."""

    idea_id: int
    others: int
    has_left: bool


@dataclass(frozen=True, slots=True)
class CommentFact:
    """A comment on an own idea, or an answer to an own comment; ``note`` as with ideas."""

    idea_id: int
    id: int
    state: CommentState
    text: str
    language: str
    pseudonym: str
    voice: Voice
    note: str = ""


@dataclass(frozen=True, slots=True)
class EscalationFact:
    """How much waits longer than promised."""

    idea_id: None
    overdue: int


Fact = (
    DecisionFact
    | AppealFact
    | NoticeFact
    | MessageFact
    | AnswerFact
    | MeasureFact
    | StatementFact
    | DueFact
    | SignOffFact
    | ReopenedFact
    | BundleFact
    | CommentFact
    | EscalationFact
    | BarrierFact
    | BarriersDueFact
    | WordingFact
)


@dataclass(frozen=True, slots=True)
class Matter:
    """An entry with what it is about; ``fact`` is ``None`` where that is gone."""

    entry: Entry
    fact: Fact | None
    idea: IdeaLine | None
    place: Place | None


def matters_of(session: Session, entries: Iterable[Entry], *, now: datetime) -> list[Matter]:
    """Return what each of the entries is about, in their order; at most two statements for each kind there is."""
    wanted = list(entries)
    by_kind: dict[EntryKind, list[Entry]] = {}
    for entry in wanted:
        by_kind.setdefault(entry.kind, []).append(entry)
    facts: dict[tuple[EntryKind, int], Fact] = {}
    for kind, some in by_kind.items():
        found = _TIMED[kind](session, some, now) if kind in _TIMED else _READERS[kind](session, _ids(some))
        facts.update({(kind, subject_id): fact for subject_id, fact in found.items()})
    ideas = _ideas(session, {fact.idea_id for fact in facts.values() if fact.idea_id is not None})
    places = _places(session, {entry.process_id for entry in wanted if entry.process_id is not None})
    return [_matter(entry, facts.get((entry.kind, entry.subject_id)), ideas, places) for entry in wanted]


def _matter(entry: Entry, fact: Fact | None, ideas: Mapping[int, IdeaLine], places: Mapping[int, Place]) -> Matter:
    idea = ideas.get(fact.idea_id) if fact and fact.idea_id is not None else None
    return Matter(entry, fact, idea, places.get(entry.process_id) if entry.process_id is not None else None)


def _ids(entries: Iterable[Entry]) -> list[int]:
    return sorted({entry.subject_id for entry in entries})


def _ideas(session: Session, idea_ids: Collection[int]) -> dict[int, IdeaLine]:
    if not idea_ids:
        return {}
    rows = session.execute(
        select(Idea.id, Idea.title, Idea.language, Idea.state, Idea.submitted_at, Participant.account_id)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Idea.id.in_(idea_ids))
    )
    return {row.id: IdeaLine(*row) for row in rows}


def _places(session: Session, process_ids: Collection[int]) -> dict[int, Place]:
    if not process_ids:
        return {}
    rows = session.execute(select(Process.id, Process.slug, Process.title).where(Process.id.in_(process_ids)))
    return {row.id: Place(*row) for row in rows}


def _decisions(session: Session, ids: list[int]) -> dict[int, Fact]:
    rows = session.execute(
        select(Decision, Idea.submitted_at, Comment.idea_id, Comment.submitted_at)
        .add_columns(Addendum.idea_id, Addendum.submitted_at)
        .outerjoin(Idea, Idea.id == Decision.idea_id)
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .outerjoin(Addendum, Addendum.id == Decision.addendum_id)
        .where(Decision.id.in_(ids))
    )
    found: dict[int, Fact] = {}
    for decision, idea_at, comment_idea_id, comment_at, addendum_idea_id, addendum_at in rows:
        if decision.comment_id is not None:
            about = (comment_idea_id, SubjectKind.COMMENT, decision.comment_id, comment_at)
        elif decision.addendum_id is not None:
            about = (addendum_idea_id, SubjectKind.ADDENDUM, decision.addendum_id, addendum_at)
        else:
            about = (decision.idea_id, SubjectKind.IDEA, decision.idea_id, idea_at)
        idea_id, subject, subject_id, submitted_at = about
        found[decision.id] = DecisionFact(
            idea_id=idea_id,
            id=decision.id,
            kind=decision.kind,
            ground=decision.ground,
            reason=decision.reason,
            block_texts=decision.block_texts,
            automation=decision.automation,
            lasts_until=decision.lasts_until,
            objection_until=decision.objection_until,
            undone_at=decision.undone_at,
            subject=subject,
            subject_id=subject_id,
            submitted_at=submitted_at,
        )
    return found


def _appeals(session: Session, ids: list[int]) -> dict[int, Fact]:
    decided_about = func.coalesce(Decision.idea_id, Comment.idea_id, Addendum.idea_id)
    rows: Any = session.execute(
        select(Appeal.id, decided_about, Appeal.decision_id, Appeal.outcome, Appeal.answer)
        .join(Decision, Decision.id == Appeal.decision_id)
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .outerjoin(Addendum, Addendum.id == Decision.addendum_id)
        .where(Appeal.id.in_(ids))
    )
    return {id_: AppealFact(*fact) for id_, *fact in rows}


def _notices(session: Session, ids: list[int]) -> dict[int, Fact]:
    comment = (Notice.subject_kind == SubjectKind.COMMENT) & (Comment.id == Notice.subject_id)
    addendum = (Notice.subject_kind == SubjectKind.ADDENDUM) & (Addendum.id == Notice.subject_id)
    idea_id = func.coalesce(Comment.idea_id, Addendum.idea_id, Notice.subject_id)
    rows: Any = session.execute(
        select(Notice.id, idea_id, Notice.submitted_at, Notice.closed_at, Decision.kind, Decision.automation)
        .add_columns(Notice.reason, is_put_right(Notice))
        .outerjoin(Comment, comment)
        .outerjoin(Addendum, addendum)
        .outerjoin(Decision, Decision.id == Notice.decision_id)
        .where(Notice.id.in_(ids))
    )
    return {id_: NoticeFact(*fact) for id_, *fact in rows}


def _messages(session: Session, ids: list[int]) -> dict[int, Fact]:
    comment = (Message.subject_kind == SubjectKind.COMMENT) & (Comment.id == Message.subject_id)
    addendum = (Message.subject_kind == SubjectKind.ADDENDUM) & (Addendum.id == Message.subject_id)
    idea_id = func.coalesce(Comment.idea_id, Addendum.idea_id, Message.subject_id)
    rows: Any = session.execute(
        select(idea_id, Message.id, Message.text, Message.language)
        .outerjoin(Comment, comment)
        .outerjoin(Addendum, addendum)
        .where(Message.id.in_(ids))
    )
    return {row.id: MessageFact(*row) for row in rows}


def _bundles(session: Session, ids: list[int]) -> dict[int, Fact]:
    """Return where the ideas stand now, whatever the entries were about."""
    now, other = aliased(BundleMember), aliased(BundleMember)
    others = (
        select(func.count())
        .select_from(other)
        .join(Idea, Idea.id == other.idea_id)
        .where(
            Idea.state == IdeaState.PUBLISHED,
            other.bundle_id == now.bundle_id,
            other.idea_id != now.idea_id,
            other.ended_at.is_(None),
        )
        .correlate(now)
        .scalar_subquery()
    )
    rows: Any = session.execute(
        select(BundleMember.id, BundleMember.idea_id, func.coalesce(others, 0), now.id.is_(None))
        .outerjoin(now, (now.idea_id == BundleMember.idea_id) & now.ended_at.is_(None))
        .where(BundleMember.id.in_(ids))
    )
    return {id_: BundleFact(*fact) for id_, *fact in rows}


def _comments(session: Session, ids: list[int]) -> dict[int, Fact]:
    rows: Any = session.execute(
        select(Comment.idea_id, Comment.id, Comment.state, Comment.text, Comment.language)
        .add_columns(Participant.pseudonym, Comment.voice)
        .join(Participant, Participant.id == Comment.participant_id)
        .where(Comment.id.in_(ids))
    )
    return {row.id: CommentFact(*row) for row in rows}


def _overdue(session: Session, entries: list[Entry], now: datetime) -> dict[int, Fact]:
    """Return how much is overdue in the process of each entry: more than the one case with which it began."""
    asked = list(entries)
    waits = Case.closed_at.is_(None) & (Case.due_at < now) & (Case.resumes_at.is_(None) | (Case.resumes_at <= now))
    counts: dict[int, int] = dict(
        session.execute(
            select(Case.process_id, func.count())
            .where(Case.process_id.in_({entry.process_id for entry in asked}), waits)
            .group_by(Case.process_id)
        ).all()
    )
    return {entry.subject_id: EscalationFact(None, counts.get(entry.process_id or 0, 0)) for entry in asked}


_TIMED: Mapping[EntryKind, Callable[[Session, list[Entry], datetime], Mapping[int, Any]]] = {
    EntryKind.ESCALATION: _overdue,
    **CITY_READERS,
    **SIGN_OFF_READERS,
    **BARRIER_READERS,
}
"""Readers of what depends on who reads it, or when."""
_READERS: Mapping[EntryKind, Callable[[Session, list[int]], Mapping[int, Any]]] = {
    EntryKind.DECISION: _decisions,
    EntryKind.APPEAL: _appeals,
    EntryKind.NOTICE: _notices,
    EntryKind.MESSAGE: _messages,
    EntryKind.BUNDLE: _bundles,
    EntryKind.UNBUNDLED: _bundles,
    EntryKind.COMMENT: _comments,
    EntryKind.REPLY: _comments,
    EntryKind.WORDING: wordings,
}
