"""Writing statements from clusters, publishing them, and answering for the city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.curation.models import Cluster
from participation.curation.service import remove_cluster
from participation.ideas.service import lock_idea
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.processes.service import touch
from participation.strategy.events import IdeaAnswered, StatementAnswered, StatementPublished, StatementWritten
from participation.strategy.models import Answer, AnswerOutcome, Statement, StatementSource, StatementState
from participation.strategy.policies import may_answer_idea, may_answer_statement, may_write_statement


def write_statement(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    text: Translated,
    reasoning: Translated,
    cluster_ids: Sequence[int],
    now: datetime,
) -> Statement:
    """Return a new draft that rests on the given clusters."""
    require(may_write_statement(actor, process_id))
    last = session.scalar(select(func.max(Statement.position)).where(Statement.process_id == process_id)) or 0
    statement = Statement(
        process_id=process_id,
        position=last + 1,
        text=reworded({}, text),
        reasoning=reworded({}, reasoning),
        written_by=actor.account_id,
        written_at=now,
    )
    session.add(statement)
    session.flush()
    _set_sources(session, statement, cluster_ids)
    _record_written(session, actor, statement, now)
    return statement


def rewrite_statement(
    session: Session,
    actor: Actor,
    *,
    statement_id: int,
    text: Translated,
    reasoning: Translated,
    cluster_ids: Sequence[int],
    now: datetime,
) -> Statement:
    """Change a statement's text, reasoning and sources; languages not given stay, empty ones go."""
    statement = _lock(session, statement_id)
    require(may_write_statement(actor, statement.process_id))
    statement.text = reworded(statement.text, text)
    statement.reasoning = reworded(statement.reasoning, reasoning)
    session.execute(delete(StatementSource).where(StatementSource.statement_id == statement_id))
    _set_sources(session, statement, cluster_ids)
    _record_written(session, actor, statement, now)
    return statement


def publish_statement(session: Session, actor: Actor, *, statement_id: int, now: datetime) -> None:
    """Make a statement public; refuses one that rests on nothing."""
    statement = _lock(session, statement_id)
    require(may_write_statement(actor, statement.process_id))
    rests_on = session.scalar(
        select(func.count()).select_from(StatementSource).where(StatementSource.statement_id == statement_id)
    )
    if not rests_on:
        raise Refused(_l("A statement needs at least one theme as its source."))
    statement.state = StatementState.PUBLISHED
    statement.published_at = statement.published_at or now
    touch(session, statement.process_id)
    record(session, StatementPublished(statement.id), account_id=actor.account_id, now=now)


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What staff enter: what the city will do, which department says so, and why, in at least one language."""

    outcome: AnswerOutcome
    department: str
    text: Translated


def answer_idea(session: Session, actor: Actor, *, idea_id: int, draft: AnswerDraft, now: datetime) -> Answer:
    """Return the city's answer to an idea; earlier ones stay, and the same one again is not added twice."""
    idea = lock_idea(session, idea_id)
    require(may_answer_idea(actor, idea.process_id, idea.state))
    latest = session.scalar(_latest_first(select(Answer).where(Answer.idea_id == idea_id)))
    answer, is_new = _answer(session, actor, Answer(process_id=idea.process_id, idea_id=idea_id), latest, draft, now)
    if is_new:
        record(session, IdeaAnswered(answer.id), account_id=actor.account_id, now=now)
    return answer


def answer_statement(session: Session, actor: Actor, *, statement_id: int, draft: AnswerDraft, now: datetime) -> Answer:
    """Return the city's answer to a statement; earlier ones stay, and the same one again is not added twice."""
    statement = _lock(session, statement_id)
    require(may_answer_statement(actor, statement.process_id, statement.state))
    latest = session.scalar(_latest_first(select(Answer).where(Answer.statement_id == statement_id)))
    empty = Answer(process_id=statement.process_id, statement_id=statement_id)
    answer, is_new = _answer(session, actor, empty, latest, draft, now)
    if is_new:
        record(session, StatementAnswered(answer.id), account_id=actor.account_id, now=now)
    return answer


def remove_unused_cluster(session: Session, actor: Actor, *, cluster_id: int, now: datetime) -> None:
    """Take a cluster off the board; refuses while a statement rests on it, so that no provenance breaks."""
    # Locked first: whoever writes a statement on it meanwhile waits, and then finds it removed.
    cluster: Cluster | None = session.scalar(locked(select(Cluster).where(Cluster.id == cluster_id)))
    found(cluster)
    if session.scalar(select(StatementSource.statement_id).where(StatementSource.cluster_id == cluster_id).limit(1)):
        raise Refused(_l("A statement rests on this theme. Change the statement first."))
    remove_cluster(session, actor, cluster_id=cluster_id, now=now)


def _answer(
    session: Session, actor: Actor, answer: Answer, latest: Answer | None, draft: AnswerDraft, now: datetime
) -> tuple[Answer, bool]:
    """Return the answer that holds now, and whether it is a new one."""
    text, department = reworded({}, draft.text), draft.department.strip()
    if not text or not department:
        raise Refused(_l("An answer needs a department and a text in at least one language."))
    if latest and (latest.outcome, latest.department, latest.text) == (draft.outcome, department, text):
        return latest, False
    answer.outcome, answer.department, answer.text = draft.outcome, department, text
    answer.answered_by, answer.answered_at = actor.account_id, now
    session.add(answer)
    session.flush()
    touch(session, answer.process_id)
    return answer, True


def _latest_first(statement: Select[Answer]) -> Select[Answer]:
    return statement.order_by(Answer.answered_at.desc(), Answer.id.desc()).limit(1)


def _set_sources(session: Session, statement: Statement, cluster_ids: Sequence[int]) -> None:
    wanted = set(cluster_ids)
    known = set(
        session.scalars(
            locked(
                select(Cluster.id).where(
                    Cluster.process_id == statement.process_id, Cluster.id.in_(wanted), Cluster.removed_at.is_(None)
                )
            )
        )
    )
    if known != wanted:
        raise Refused(_l("This theme does not exist any more."))
    if not wanted:
        raise Refused(_l("A statement needs at least one theme as its source."))
    session.add_all(StatementSource(statement_id=statement.id, cluster_id=cluster_id) for cluster_id in sorted(wanted))


def _record_written(session: Session, actor: Actor, statement: Statement, now: datetime) -> None:
    touch(session, statement.process_id)
    record(session, StatementWritten(statement.id), account_id=actor.account_id, now=now)


def _lock(session: Session, statement_id: int) -> Statement:
    statement: Statement | None = session.scalar(locked(select(Statement).where(Statement.id == statement_id)))
    return found(statement)
