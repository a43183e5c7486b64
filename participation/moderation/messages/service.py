"""Writing to the author of a contribution for the team, and the author's answers; all of it stays."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import Case, CaseKind
from participation.cases.service import close_cases, open_case
from participation.ideas.policies import may_moderate
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.moderation.events import MessageSent
from participation.moderation.messages.conversations import About, in_thread
from participation.moderation.messages.policies import ThreadFacts, may_answer_team, may_write_to_author
from participation.moderation.models import Message
from participation.multilingual import lazy as _l
from participation.processes.models import Participant


def write_to_author(
    session: Session, actor: Actor, *, about: About, text: str, language: str, submission_key: str, now: datetime
) -> Message:
    """Return the new message of the team to the author of a contribution; what the author asked before is answered.

    The same ``submission_key`` again returns the message that it made the first time.
    """
    _one_at_a_time(session, about)
    require(may_write_to_author(actor, ThreadFacts(about.process_id, about.account_id)))
    earlier = _sent_before(session, about, submission_key, from_team=True)
    if earlier:
        return earlier
    message = _send(session, actor, about, text, language, submission_key, from_team=True, now=now)
    close_cases(session, about.kind, [about.id], kinds=[CaseKind.MESSAGE], now=now)
    return message


def answer_team(
    session: Session,
    actor: Actor,
    *,
    about: About,
    text: str,
    language: str,
    submission_key: str,
    due_at: datetime,
    now: datetime,
) -> Message:
    """Return the author's new message to the team; it waits in the queue, with the promise ``due_at``.

    The same ``submission_key`` again returns the message that it made the first time.
    """
    _one_at_a_time(session, about)
    sides = session.execute(select(Message.id, Message.from_team).where(*in_thread(about)).order_by(Message.id)).all()
    facts = facts_of(about, [row.from_team for row in sides])
    # Asked first: who may not answer learns nothing about keys.
    earlier = _sent_before(session, about, submission_key, from_team=False) if facts.begun_by_team else None
    if earlier and actor.account_id == about.account_id:
        return earlier
    require(may_answer_team(actor, facts))
    message = _send(session, actor, about, text, language, submission_key, from_team=False, now=now)
    open_case(session, CaseKind.MESSAGE, about.subject, due_at=due_at, about_id=sides[0].id, now=now)
    return message


def settle(session: Session, actor: Actor, *, about: About, now: datetime) -> None:
    """Say that what an author wrote needs no answer."""
    require(may_moderate(actor, about.process_id))
    close_cases(session, about.kind, [about.id], kinds=[CaseKind.MESSAGE], now=now)


def waits(session: Session, about: About) -> bool:
    """Return whether the author of a contribution waits for an answer."""
    waiting = (Case.kind == CaseKind.MESSAGE) & Case.closed_at.is_(None)
    mine = select(Case.id).where(Case.subject_kind == about.kind, Case.subject_id == about.id, waiting)
    return session.scalar(mine) is not None


def facts_of(about: About, sides: Sequence[bool]) -> ThreadFacts:
    """Return what the rules about a conversation rest on; ``sides`` says of each message whether the team wrote it."""
    in_a_row = next((number for number, from_team in enumerate(reversed(sides)) if from_team), len(sides))
    return ThreadFacts(about.process_id, about.account_id, begun_by_team=any(sides), answers_in_a_row=in_a_row)


def _one_at_a_time(session: Session, about: About) -> None:
    # Sent twice at once, the second finds what the first has made.
    who = select(Participant.id).where(Participant.id == about.participant_id)
    found(session.scalar(locked(who, keeps_key=True)))


def _sent_before(session: Session, about: About, submission_key: str, *, from_team: bool) -> Message | None:
    earlier = session.scalar(select(Message).where(Message.submission_key == submission_key))
    same = (about.kind, about.id, about.participant_id, from_team)
    if earlier and (earlier.subject_kind, earlier.subject_id, earlier.participant_id, earlier.from_team) != same:
        raise Refused(_l("This form has been used already."))
    return earlier


def _send(
    session: Session,
    actor: Actor,
    about: About,
    text: str,
    language: str,
    submission_key: str,
    *,
    from_team: bool,
    now: datetime,
) -> Message:
    message = Message(
        process_id=about.process_id,
        participant_id=about.participant_id,
        subject_kind=about.kind,
        subject_id=about.id,
        from_team=from_team,
        text=text,
        language=language,
        submission_key=submission_key,
        written_by=actor.account_id,
        written_at=now,
    )
    session.add(message)
    session.flush()
    record(session, MessageSent(message.id), account_id=actor.account_id, now=now)
    return message
