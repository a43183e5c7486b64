"""What follows from events for the inbox: who is told of them. All of this may run twice and tells once."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.cases.models import Case
from participation.comments.events import CommentPublished, CommentSubmitted
from participation.comments.models import Comment, CommentState
from participation.curation.events import IdeaBundled, IdeaUnbundled
from participation.curation.models import BundleExit, BundleMember
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.moderation.events import AppealAnswered, CaseEscalated, Decided, MessageSent
from participation.moderation.models import Appeal, Automation, Decision, DecisionKind, Message
from participation.notices.events import NoticeClosed
from participation.notices.models import Notice
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.service import tell
from participation.processes.models import Participant, RoleGrant
from participation.wordings.events import WordingAccepted, WordingLapsed, WordingRefused
from participation.wordings.models import Wording, WordingState


def of_decision(event: Decided) -> None:
    """Tell the author what was decided about a contribution.

    Not that everything stays as it is, nor what was decided elsewhere; and an answered objection tells by itself.
    """
    with transaction() as session:
        decision = session.get(Decision, event.decision_id)
        if decision is None or decision.undone_at is not None:
            return
        if decision.kind is DecisionKind.KEEP or decision.automation is Automation.IMPORTED:
            return
        if session.scalar(select(exists().where(Appeal.new_decision_id == decision.id))):
            return
        author = _account_of(session, decision.participant_id or _author_of(session, decision))
        if author is not None and author != decision.decided_by:
            _tell(session, author, EntryKind.DECISION, decision.id, decision.process_id)


def of_appeal(event: AppealAnswered) -> None:
    """Tell whoever objected to a decision what became of that."""
    with transaction() as session:
        appeal = session.get(Appeal, event.appeal_id)
        if appeal is not None:
            author = _account_of(session, appeal.participant_id)
            _tell(session, author, EntryKind.APPEAL, appeal.id, appeal.process_id)


def of_message(event: MessageSent) -> None:
    """Tell an author that the team wrote; what authors write waits in the queue."""
    with transaction() as session:
        message = session.get(Message, event.message_id)
        if message is not None and message.from_team:
            author = _account_of(session, message.participant_id)
            _tell(session, author, EntryKind.MESSAGE, message.id, message.process_id)


def of_notice(event: NoticeClosed) -> None:
    """Tell whoever pointed at something while signed in; where an address was left, a letter goes there anyway.

    Nothing when the decision was taken back meanwhile.
    """
    with transaction() as session:
        notice = session.get(Notice, event.notice_id)
        if notice is not None and notice.account_id is not None and notice.decision_id == event.decision_id:
            tell(
                session,
                [notice.account_id],
                EntryKind.NOTICE,
                notice.id,
                process_id=notice.process_id,
                by_mail=notice.contact is None,
                now=clock.now(),
            )


def of_bundle(event: IdeaBundled) -> None:
    """Tell an author that the own idea stands together with others; not of own steps, nor of what was undone since.

    Nor where it only came back before anybody was told that it had left.
    """
    with transaction() as session:
        member = session.get(BundleMember, event.member_id)
        if member is None or member.ended_at is not None:
            return
        idea = session.get_one(Idea, member.idea_id)
        author = _account_of(session, idea.participant_id)
        if author is not None and author != member.added_by and not _knows(session, author, member):
            _tell(session, author, EntryKind.BUNDLE, member.id, idea.process_id)


def of_leaving(event: IdeaUnbundled) -> None:
    """Tell an author that the own idea stands on its own again; not whoever took it out, nor of what was undone since.

    Nor of what nobody was told of because it was over at once.
    """
    with transaction() as session:
        member = session.get(BundleMember, event.member_id)
        if member is None or member.ended_at is None or member.ended_for is BundleExit.AUTHOR:
            return
        held = (BundleMember.idea_id == member.idea_id, BundleMember.ended_at.is_(None))
        if session.scalar(select(exists().where(*held))):
            return
        idea = session.get_one(Idea, member.idea_id)
        author = _account_of(session, idea.participant_id)
        at_once = member.ended_at - member.added_at < timedelta(seconds=current_app.config["UNDO_SECONDS"])
        if author is None or author == member.ended_by or (at_once and not _knows(session, author, member)):
            return
        _tell(session, author, EntryKind.UNBUNDLED, member.id, idea.process_id)


def _knows(session: Session, account_id: int, member: BundleMember) -> bool:
    """Return whether the latest that an author heard about bundles of an idea is that it is in this one."""
    latest = session.execute(
        select(InboxEntry.kind, BundleMember.bundle_id)
        .join(BundleMember, BundleMember.id == InboxEntry.subject_id)
        .where(InboxEntry.account_id == account_id, InboxEntry.kind.in_([EntryKind.BUNDLE, EntryKind.UNBUNDLED]))
        .where(BundleMember.idea_id == member.idea_id)
        .order_by(InboxEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return latest is not None and tuple(latest) == (EntryKind.BUNDLE, member.bundle_id)


def of_comment(event: CommentSubmitted | CommentPublished) -> None:
    """Tell the author of the idea, and of the comment that was answered; nobody twice, nobody of an own comment."""
    with transaction() as session:
        comment = session.get(Comment, event.comment_id)
        if comment is None or comment.state is not CommentState.PUBLISHED:
            return
        idea = session.get_one(Idea, comment.idea_id)
        if idea.state is not IdeaState.PUBLISHED:
            return
        parent = session.get(Comment, comment.parent_id) if comment.parent_id else None
        writer = _account_of(session, comment.participant_id)
        answered = _account_of(session, parent.participant_id) if parent else None
        author = _account_of(session, idea.participant_id)
        # A text that moderators published by mistake can be taken back before it is mailed to anybody.
        delay = timedelta(seconds=current_app.config["UNDO_SECONDS"])
        for account_id, kind in ((answered, EntryKind.REPLY), (author, EntryKind.COMMENT)):
            if account_id != writer and not (kind is EntryKind.COMMENT and account_id == answered):
                _tell(session, account_id, kind, comment.id, comment.process_id, delay=delay)


def of_wording(event: WordingAccepted | WordingRefused | WordingLapsed) -> None:
    """Tell whoever suggested a wording what became of it; nothing when the decision was taken back meanwhile."""
    with transaction() as session:
        wording = session.get(Wording, event.wording_id)
        if wording is None or wording.state in (WordingState.WAITING, WordingState.WITHDRAWN):
            return
        maker = _account_of(session, wording.participant_id)
        if maker != wording.decided_by:
            _tell(session, maker, EntryKind.WORDING, wording.id, wording.process_id)


def of_escalation(event: CaseEscalated) -> None:
    """Tell moderators and admins that something waits longer than promised.

    One entry stands for all that is overdue in a process: whoever has not read it yet gets no other.
    """
    with transaction() as session:
        case = session.get(Case, event.case_id)
        if case is None or case.closed_at is not None:
            return
        knows = exists().where(
            InboxEntry.account_id == RoleGrant.account_id,
            InboxEntry.kind == EntryKind.ESCALATION,
            InboxEntry.process_id == case.process_id,
            InboxEntry.read_at.is_(None),
        )
        here = RoleGrant.process_id.is_(None) | (RoleGrant.process_id == case.process_id)
        responsible = session.scalars(
            select(RoleGrant.account_id)
            .where(RoleGrant.role.in_((Role.MODERATOR, Role.ADMIN)), RoleGrant.ended_at.is_(None), here, ~knows)
            .distinct()
        ).all()
        tell(session, responsible, EntryKind.ESCALATION, case.id, process_id=case.process_id, now=clock.now())


def _author_of(session: Session, decision: Decision) -> int | None:
    if decision.comment_id is not None:
        return session.get_one(Comment, decision.comment_id).participant_id
    addendum = session.get_one(Addendum, decision.addendum_id) if decision.addendum_id is not None else None
    idea = session.get(Idea, addendum.idea_id if addendum else decision.idea_id)
    return idea.participant_id if idea else None


def _account_of(session: Session, participant_id: int | None) -> int | None:
    """Return the account behind a participant; ``None`` for people who came with a file."""
    participant = session.get(Participant, participant_id) if participant_id is not None else None
    return participant.account_id if participant else None


def _tell(
    session: Session,
    account_id: int | None,
    kind: EntryKind,
    subject_id: int,
    process_id: int,
    *,
    delay: timedelta = timedelta(0),
) -> None:
    if account_id is not None:
        tell(session, [account_id], kind, subject_id, process_id=process_id, delay=delay, now=clock.now())
