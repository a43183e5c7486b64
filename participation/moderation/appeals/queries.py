"""Reading decisions as their authors see them, objections to them, and who could answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.accounts.models import Account
from participation.cases.models import SubjectKind
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit.permissions import found
from participation.moderation.appeals.policies import AnswerFacts, Others
from participation.moderation.models import Appeal, Decision, DecisionKind
from participation.moderation.subjects import kind_of
from participation.notices.models import Notice
from participation.processes.models import Participant, RoleGrant

PAGE = 20
DecisionRows = Select[Decision, Appeal | None, Idea, Comment | None, Addendum | None]


@dataclass(frozen=True, slots=True)
class About:
    """What a decision is about: a contribution, and the idea on whose page it stands, maybe somebody else's."""

    kind: SubjectKind
    id: int
    idea_id: int
    title: str
    text: str
    language: str
    state: str
    idea_is_public: bool


@dataclass(frozen=True, slots=True)
class DecisionAbout:
    """A decision with what it is about, and the objection to it if there is one."""

    decision: Decision
    about: About
    appeal: Appeal | None

    @property
    def objection(self) -> Appeal:
        """Return the objection of a row that was looked up by it."""
        return found(self.appeal)


def own_decisions(
    session: Session, account_id: int, *, settled_before: datetime, before: int | None = None
) -> list[DecisionAbout]:
    """Return up to 21 decisions about what somebody contributed, the latest first, from behind decision ``before``.

    Those that may still be taken back (later than ``settled_before``), were taken back, or gave what was asked for are
    left out. Raises ``Missing`` when ``before`` is no decision.
    """
    mine = Decision.participant_id.in_(select(Participant.id).where(Participant.account_id == account_id))
    known = (mine, *_told(settled_before), Decision.kind != DecisionKind.PUBLISH)
    statement = _decisions().where(*known).order_by(Decision.decided_at.desc(), Decision.id.desc()).limit(PAGE + 1)
    return _read(session, statement if before is None else statement.where(decided_before(session, before, *known)))


def decided_before(session: Session, decision_id: int, *known: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a decision stands behind another one in lists with the latest first.

    Raises ``Missing`` when there is no such other one among those that the reader may know.
    """
    decided_at = found(session.scalar(select(Decision.decided_at).where(Decision.id == decision_id, *known)))
    same_moment = and_(Decision.decided_at == decided_at, Decision.id < decision_id)
    return or_(Decision.decided_at < decided_at, same_moment)


def own_decision(session: Session, account_id: int, decision_id: int, *, settled_before: datetime) -> DecisionAbout:
    """Return a decision about what somebody contributed; raises ``Missing`` for those of others."""
    statement = (
        _decisions()
        .join(Participant, Participant.id == Decision.participant_id)
        .where(Participant.account_id == account_id, Decision.id == decision_id, *_told(settled_before))
    )
    return found(next(iter(_read(session, statement)), None))


def appealed(session: Session, process_id: int, appeal_id: int) -> DecisionAbout:
    """Return an objection of this process with the decision that it is about; raises ``Missing``."""
    statement = _decisions().where(Appeal.id == appeal_id, Appeal.process_id == process_id)
    return found(next(iter(_read(session, statement)), None))


def about_of(session: Session, decision: Decision) -> About:
    """Return what a decision is about."""
    return _read(session, _decisions().where(Decision.id == decision.id))[0].about


def open_appeals(session: Session, process_id: int) -> list[DecisionAbout]:
    """Return the objections of a process that nobody has answered yet, the oldest promise first; 100 at most."""
    waiting = _decisions().where(Appeal.process_id == process_id, Appeal.outcome.is_(None))
    return _read(session, waiting.order_by(Appeal.due_at, Appeal.id).limit(100))


def closed_appeals(session: Session, process_id: int) -> list[DecisionAbout]:
    """Return the latest 30 objections of a process that were answered or taken back."""
    closed = _decisions().where(Appeal.process_id == process_id, Appeal.outcome.is_not(None))
    return _read(session, closed.order_by(Appeal.answered_at.desc(), Appeal.id.desc()).limit(30))


def appeal_ids(session: Session, decision_ids: Iterable[int]) -> dict[int, int]:
    """Return the objection to each of these decisions that has one."""
    wanted = select(Appeal.decision_id, Appeal.id).where(Appeal.decision_id.in_(list(decision_ids)))
    return {row.decision_id: row.id for row in session.execute(wanted)}


def answering() -> ColumnElement[bool]:
    """Return the condition that a decision was taken as the answer to an objection: then it is not taken back."""
    return exists().where(Appeal.new_decision_id == Decision.id)


def answers_appeal(session: Session, decision_id: int) -> bool:
    """Return whether a decision was taken as the answer to an objection."""
    return bool(session.scalar(select(exists().where(Appeal.new_decision_id == decision_id))))


def was_noticed(session: Session, decision_id: int) -> bool:
    """Return whether somebody had pointed at the contribution before it was decided about."""
    return bool(session.scalar(select(exists().where(Notice.decision_id == decision_id))))


def answer_facts(session: Session, appeal: Appeal, decision: Decision) -> AnswerFacts:
    """Return what the rules about answering an objection rest on."""
    author = session.get_one(Participant, appeal.participant_id).account_id
    return AnswerFacts(
        process_id=appeal.process_id,
        decided_by=decision.decided_by,
        author=author,
        outcome=appeal.outcome,
        others=others_than(session, appeal.process_id, {decision.decided_by, author}),
    )


def others_than(session: Session, process_id: int, accounts: Iterable[int | None]) -> Others:
    """Return how many people moderate a process or are its admins, besides these accounts."""
    rows = session.execute(
        select(RoleGrant.account_id, RoleGrant.role).where(
            RoleGrant.role.in_([Role.MODERATOR, Role.ADMIN]),
            or_(RoleGrant.process_id.is_(None), RoleGrant.process_id == process_id),
            RoleGrant.ended_at.is_(None),
            RoleGrant.account_id.not_in([account for account in accounts if account is not None]),
        )
    ).all()
    moderators = {account for account, role in rows if role is Role.MODERATOR}
    return Others(len(moderators), len({account for account, _role in rows} - moderators))


def has_decided_since(session: Session, decision: Decision) -> bool:
    """Return whether the same was decided about the same contribution again, so that it no longer rests on this one."""
    same = [
        getattr(Decision, column) == number
        for column in ("idea_id", "comment_id", "addendum_id")
        if (number := getattr(decision, column)) is not None
    ]
    later = exists().where(
        *same, Decision.id > decision.id, Decision.kind == decision.kind, Decision.undone_at.is_(None)
    )
    return bool(session.scalar(select(later)))


def email_of(session: Session, account_id: int | None) -> str:
    """Return the address of a colleague; an empty text for nobody."""
    return session.scalar(select(Account.email).where(Account.id == account_id)) or ""


def _told(settled_before: datetime) -> tuple[ColumnElement[bool], ...]:
    return Decision.undone_at.is_(None), Decision.decided_at <= settled_before, Decision.kind != DecisionKind.KEEP


def _decisions() -> DecisionRows:
    return (
        select(Decision, Appeal, Idea, Comment, Addendum)
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .outerjoin(Addendum, Addendum.id == Decision.addendum_id)
        .join(Idea, Idea.id == func.coalesce(Decision.idea_id, Comment.idea_id, Addendum.idea_id))
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
    )


def _read(session: Session, statement: DecisionRows) -> list[DecisionAbout]:
    return [
        DecisionAbout(decision, _about(idea, comment, addendum), appeal)
        for decision, appeal, idea, comment, addendum in session.execute(statement)
    ]


def _about(idea: Idea, comment: Comment | None, addendum: Addendum | None) -> About:
    thing = comment or addendum or idea
    return About(
        kind=kind_of(thing),
        id=thing.id,
        idea_id=idea.id,
        title=idea.title,
        text=thing.text,
        language=thing.language,
        state=thing.state.value,
        idea_is_public=idea.state is IdeaState.PUBLISHED,
    )
