"""How the demo's statements stand to criteria and values, and what makes new versions of the document."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.demo.cast import Cast
from participation.demo.content import ProcessContent, assessing_content
from participation.demo.timeline import Timeline
from participation.processes.outline import ProcessOutline
from participation.strategy.assessing.queries import what_holds
from participation.strategy.assessing.service import Judgement, assess_statement
from participation.strategy.assessing.yardsticks import yardsticks
from participation.strategy.document.queries import statements_in_order
from participation.strategy.document.service import reorder_statements
from participation.strategy.models import Statement, Verdict
from participation.strategy.statements.content import content_in_force
from participation.strategy.statements.service import StatementDraft, rewrite_statement, sign_off, submit_statement

HOUR = timedelta(hours=1)


def assess(session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, content: ProcessContent) -> None:
    """Hold the statements against criteria and values, sign one off in another wording, and move one to the top."""
    told = assessing_content().get(process.slug)
    if not told:
        return
    ids = _ids(session, process, content)
    names = {one.key: one.name for one in yardsticks(session, process.framework_id, "")}
    yesterday = timeline.day(-1)
    for key, judged in told["statements"].items():
        first = {
            names[about]: Judgement(Verdict(entry["before"]), entry["before_reason"])
            for about, entry in judged.items()
            if "before" in entry
        }
        last = {names[about]: Judgement(Verdict(entry["verdict"]), entry["reason"]) for about, entry in judged.items()}
        for hour, judgements in ((9, first), (10, last)):
            seen = what_holds(session, ids[key]).newest
            now = timeline.past(yesterday + hour * HOUR)
            assess_statement(session, cast.moderator, statement_id=ids[key], judgements=judgements, seen=seen, now=now)
    for key, words in told["revised"].items():
        _revise(session, cast, timeline, session.get_one(Statement, ids[key]), words["text"])
    order = [one.id for one in statements_in_order(session, process.id)]
    wanted = [ids[told["first"]], *(id_ for id_ in order if id_ != ids[told["first"]])]
    now = timeline.past(yesterday + 15 * HOUR)
    reorder_statements(session, cast.staff, process_id=process.id, wanted=wanted, seen=order, now=now)


def _ids(session: Session, process: ProcessOutline, content: ProcessContent) -> dict[str, int]:
    """Return the statements by their keys; they were written in the order of the content."""
    rows = session.execute(select(Statement.position, Statement.id).where(Statement.process_id == process.id))
    by_number = {row.position: row.id for row in rows}
    return {entry["key"]: by_number[number] for number, entry in enumerate(content.statements, start=1)}


def _revise(session: Session, cast: Cast, timeline: Timeline, statement: Statement, text: dict[str, str]) -> None:
    says = content_in_force(session, statement)
    draft = StatementDraft(
        text=text,
        reasoning={},
        cluster_ids=says.clusters,
        department=says.department,
        principle_ids=says.principles,
        field_ids=says.fields,
    )
    yesterday, id_ = timeline.day(-1), statement.id
    now = timeline.past(yesterday + 11 * HOUR)
    rewrite_statement(session, cast.moderator, statement_id=id_, draft=draft, now=now)
    submit_statement(session, cast.moderator, statement_id=id_, now=now)
    sign_off(session, cast.staff, statement_id=id_, now=timeline.past(yesterday + 14 * HOUR))
