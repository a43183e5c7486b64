"""Checks of assessments and of the living document: the right framework, and only what was signed off."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.principles.models import Criterion, Value
from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.facts import Facts
from participation.strategy.models import Assessment, DocumentVersion, Statement, StatementState


def assessment_breaks(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield assessments by criteria or values of another framework, and of revisions that do not exist."""
    rows = session.execute(
        select(Assessment, Criterion.framework_id, Value.framework_id)
        .outerjoin(Criterion, Criterion.id == Assessment.criterion_id)
        .outerjoin(Value, Value.id == Assessment.value_id)
        .join(Statement, Statement.id == Assessment.statement_id)
        .where(Statement.process_id == facts.process.id)
        .order_by(Assessment.id)
    )
    for assessment, by_criterion, by_value in rows:
        about = {"assessment": assessment.id, "statement": assessment.statement_id}
        if facts.process.framework_id not in {by_criterion, by_value}:
            says = "it holds the statement against something that is not in the framework of its process"
            yield Break(BreakKind.ASSESSMENT_ELSEWHERE, about, says)
        known = {revision.revision for revision in facts.revisions.get(assessment.statement_id, ())}
        known.add(facts.statements[assessment.statement_id].revision)
        if assessment.revision not in known:
            says = f"it assesses revision {assessment.revision}, which does not exist"
            yield Break(BreakKind.ASSESSMENT_OF_UNKNOWN_REVISION, about, says)


def document_breaks(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield versions of the document that are missing, name what was not signed off, or are not what holds."""
    own = DocumentVersion.process_id == facts.process.id
    versions = list(session.scalars(select(DocumentVersion).where(own).order_by(DocumentVersion.number)))
    numbers = {version.number for version in versions}
    for number in sorted(set(range(1, max(numbers, default=0) + 1)) - numbers):
        yield Break(BreakKind.DOCUMENT_GAP, {"version": number}, "it is missing, though there are later ones")
    signed = {
        (statement_id, revision.revision)
        for statement_id in facts.statements
        for revision in facts.signed(statement_id)
    }
    for version in versions:
        for entry in version.content.get("statements", ()):
            if (entry["id"], entry["revision"]) not in signed:
                about = {"version": version.number, "statement": entry["id"], "revision": entry["revision"]}
                yield Break(BreakKind.DOCUMENT_OF_UNSIGNED, about, "it names a revision that nobody signed off")
    holds = [
        {"id": statement.id, "revision": statement.revision}
        for statement in sorted(facts.statements.values(), key=lambda one: (one.place, one.id))
        if statement.state is StatementState.PUBLISHED and (statement.id, statement.revision) in signed
    ]
    newest = versions[-1].content.get("statements", []) if versions else []
    if newest != holds:
        says = "the statements that hold are not those that it names"
        yield Break(BreakKind.DOCUMENT_BEHIND, {"version": versions[-1].number if versions else 0}, says)
