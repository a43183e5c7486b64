"""Telling many people about one thing, a part at a time, so that nobody waits long for a lock."""

from sqlalchemy import select

from participation.activity.service import record
from participation.ideas.models import Idea
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications.events import AuthorsToTell
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.processes.models import Participant
from participation.strategy.behind import rests_on
from participation.strategy.events import StatementAnswered
from participation.strategy.models import Answer

# As many as fit into a short transaction.
AT_ONCE = 50


def begin(event: StatementAnswered) -> None:
    """Tell the authors of all ideas that the answered statement rests on, each author once."""
    _spread(event.answer_id, after=0)


def go_on(event: AuthorsToTell) -> None:
    """Tell the next authors."""
    _spread(event.answer_id, after=event.after)


def _spread(answer_id: int, *, after: int) -> None:
    now = clock.now()
    with transaction() as session:
        answer = session.get(Answer, answer_id)
        if answer is None or answer.statement_id is None:
            return
        sources = rests_on([answer.statement_id]).subquery()
        authors = session.execute(
            select(Participant.id, Participant.account_id)
            .join(Idea, Idea.participant_id == Participant.id)
            .join(sources, sources.c.idea_id == Idea.id)
            .where(Participant.id > after, Participant.account_id.is_not(None))
            .distinct()
            .order_by(Participant.id)
            .limit(AT_ONCE)
        ).all()
        accounts = [account_id for _participant_id, account_id in authors if account_id is not None]
        tell(session, accounts, EntryKind.ANSWER, answer.id, process_id=answer.process_id, now=now)
        if len(authors) == AT_ONCE:
            record(session, AuthorsToTell(answer_id, authors[-1].id), account_id=None, now=now)
