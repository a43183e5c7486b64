"""Statements that are signed off, reworded and withdrawn, and what is said about them, for tests of the document."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.kit import clock
from participation.principles.models import Criterion, Principle, Value
from participation.strategy.assessing.queries import what_holds
from participation.strategy.assessing.service import Judgement, assess_statement
from participation.strategy.assessing.yardsticks import Yard, name_of
from participation.strategy.document.queries import statements_in_order
from participation.strategy.document.service import reorder_statements
from participation.strategy.models import Statement, Verdict
from participation.strategy.statements.content import content_in_force
from participation.strategy.statements.service import (
    StatementDraft,
    rewrite_statement,
    sign_off,
    submit_statement,
    withdraw_statement,
)
from tests import make
from tests.make import Place
from tests.make.curated import team_member
from tests.make.places import text


def signed(session: Session, place: Place, words: str = "The city should act") -> int:
    """Return a statement with an idea of its own, signed off."""
    idea = make.idea(session, place, title=words)
    return make.statement(session, place, [make.cluster(session, place, ideas=[idea])], words=words)


def reword(
    session: Session, place: Place, statement_id: int, words: str, *, signs: bool = True, **other: object
) -> None:
    """Let a statement say something else, signed off by a second person."""
    writer, now = team_member(session, place, "writer"), clock.now()
    says = content_in_force(session, session.get_one(Statement, statement_id))
    given = {"department": says.department, "principle_ids": says.principles, "field_ids": says.fields, **other}
    draft = StatementDraft(text(words), {}, says.clusters, **given)
    rewrite_statement(session, writer, statement_id=statement_id, draft=draft, now=now)
    if signs:
        submit_statement(session, writer, statement_id=statement_id, now=now)
        sign_off(session, team_member(session, place, "signer"), statement_id=statement_id, now=now)


def withdraw(session: Session, place: Place, statement_id: int, reason: str = "It was wrong") -> None:
    """Withdraw a statement."""
    actor = team_member(session, place, "signer")
    withdraw_statement(session, actor, statement_id=statement_id, reason=text(reason), now=clock.now())


def names(session: Session, place: Place) -> tuple[str, str]:
    """Return the names of the only criterion and the only value of a framework."""
    criterion = session.scalars(select(Criterion.id).where(Criterion.framework_id == place.framework_id)).one()
    value = session.scalars(select(Value.id).where(Value.framework_id == place.framework_id)).one()
    return name_of(Yard.CRITERION, criterion), name_of(Yard.VALUE, value)


def judge(
    session: Session,
    place: Place,
    statement_id: int,
    judged: Mapping[str, tuple[Verdict, str]],
    *,
    at: datetime | None = None,
) -> None:
    """Say how a statement stands to criteria and values, by name."""
    assess_statement(
        session,
        team_member(session, place, "judge"),
        statement_id=statement_id,
        judgements={name: Judgement(verdict, text(reason)) for name, (verdict, reason) in judged.items()},
        seen=what_holds(session, statement_id).newest,
        now=at or clock.now() + timedelta(seconds=1),
    )


def everything(session: Session, place: Place) -> int:
    """Return a statement that was reworded, moved and assessed in every way; another one was withdrawn meanwhile."""
    principles = session.scalars(select(Principle.id).where(Principle.framework_id == place.framework_id)).all()
    one, other, gone = (signed(session, place, words) for words in ("First", "Second", "Third"))
    criterion, value = names(session, place)
    # What changes in a statement stands in the title of an idea, too, so that it is known as somebody's words.
    make.idea(session, place, title="Better")
    earlier = clock.now()
    for verdict in Verdict:
        judge(session, place, other, {criterion: (verdict, "Because")}, at=earlier)
    reword(session, place, other, "Better", department="Office", principle_ids=principles)
    judge(session, place, other, {value: (Verdict.OPEN, "Because")})
    judge(session, place, one, {criterion: (Verdict.FULFILLED, "Because"), value: (Verdict.CONFLICT, "Because")})
    withdraw(session, place, gone)
    order = [row.id for row in statements_in_order(session, place.id)]
    wanted = [other, *(id_ for id_ in order if id_ != other)]
    actor = team_member(session, place, "writer")
    reorder_statements(session, actor, process_id=place.id, wanted=wanted, seen=order, now=clock.now())
    return other
