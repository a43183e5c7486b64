"""What stands in the inboxes of the demo's people: what would have been told them, the latest of it new."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Actor
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.moderation.models import Decision, DecisionKind, Message
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.service import mark_read, tell
from participation.processes.models import Participant
from participation.strategy.answering.along import accounts_along
from participation.strategy.answering.subjects import subject_of
from participation.strategy.models import Answer, Measure, MeasureStep
from participation.wordings.models import Wording

NEW_FOR = timedelta(days=4)
EVERYBODY = 2**62
Told = tuple[datetime, EntryKind, int, int, int]
"""When, what kind, the number of what it is about, the process, the account."""


def fill_inboxes(session: Session, *, now: datetime) -> None:
    """Tell everybody in the demo what the worker would have told them; their letters count as sent."""
    session.flush()
    everything = [*_reactions(session), *_decisions(session), *_answers(session), *_messages(session)]
    everything += _wordings(session)
    by_news: dict[tuple[datetime, EntryKind, int, int], list[int]] = {}
    for told in sorted(everything, key=lambda told: (told[0], told[2])):
        by_news.setdefault(told[:4], []).append(told[4])
    for (moment, kind, subject_id, process_id), account_ids in by_news.items():
        tell(session, account_ids, kind, subject_id, process_id=process_id, by_mail=False, now=moment)
    old = select(InboxEntry.account_id, InboxEntry.id).where(InboxEntry.created_at < now - NEW_FOR)
    seen: dict[int, list[int]] = {}
    for account_id, entry_id in session.execute(old.order_by(InboxEntry.id)):
        seen.setdefault(account_id, []).append(entry_id)
    for account_id, entry_ids in seen.items():
        mark_read(session, Actor(account_id), entry_ids=entry_ids, now=now - NEW_FOR)


def _reactions(session: Session) -> list[Told]:
    writer, author, answered, parent = (
        aliased(Participant),
        aliased(Participant),
        aliased(Participant),
        aliased(Comment),
    )
    rows = session.execute(
        select(Comment.published_at, Comment.id, Comment.process_id, writer.account_id, author.account_id)
        .add_columns(answered.account_id)
        .join(Idea, Idea.id == Comment.idea_id)
        .join(writer, writer.id == Comment.participant_id)
        .join(author, author.id == Idea.participant_id)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .outerjoin(answered, answered.id == parent.participant_id)
        .where(Comment.state == CommentState.PUBLISHED, Idea.state == IdeaState.PUBLISHED)
    )
    told: list[Told] = []
    for moment, comment_id, process_id, by, of_idea, of_comment in rows:
        if moment and of_comment and of_comment != by:
            told.append((moment, EntryKind.REPLY, comment_id, process_id, of_comment))
        if moment and of_idea and of_idea not in (by, of_comment):
            told.append((moment, EntryKind.COMMENT, comment_id, process_id, of_idea))
    return told


def _decisions(session: Session) -> list[Told]:
    rows = session.execute(
        select(Decision.decided_at, Decision.id, Decision.process_id, Participant.account_id)
        .join(Participant, Participant.id == Decision.participant_id)
        .where(Decision.kind != DecisionKind.KEEP, Participant.account_id.is_not(None))
    )
    return [
        (moment, EntryKind.DECISION, id_, process_id, account) for moment, id_, process_id, account in rows if account
    ]


def _answers(session: Session) -> list[Told]:
    told: list[Told] = []
    answers = {row.id: row for row in session.scalars(select(Answer))}
    steps = session.execute(
        select(MeasureStep.reported_at, MeasureStep.id, Measure.answer_id).join(
            Measure, Measure.id == MeasureStep.measure_id
        )
    ).all()
    news = [(row.answered_at, EntryKind.ANSWER, row.id, row) for row in answers.values()]
    news += [(moment, EntryKind.MEASURE, id_, answers[answer_id]) for moment, id_, answer_id in steps]
    for moment, kind, id_, answer in news:
        people = accounts_along(session, subject_of(answer), after=0, through=EVERYBODY)
        told += [(moment, kind, id_, answer.process_id, account_id) for account_id in people]
    return told


def _wordings(session: Session) -> list[Told]:
    rows = session.execute(
        select(Wording.decided_at, Wording.id, Wording.process_id, Participant.account_id)
        .join(Participant, Participant.id == Wording.participant_id)
        .where(Wording.decided_at.is_not(None))
    )
    return [
        (moment, EntryKind.WORDING, id_, process_id, account)
        for moment, id_, process_id, account in rows
        if account and moment
    ]


def _messages(session: Session) -> list[Told]:
    rows = session.execute(
        select(Message.written_at, Message.id, Message.process_id, Participant.account_id)
        .join(Participant, Participant.id == Message.participant_id)
        .where(Message.from_team)
    )
    return [
        (moment, EntryKind.MESSAGE, id_, process_id, account) for moment, id_, process_id, account in rows if account
    ]
