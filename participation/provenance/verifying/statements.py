"""Checks of statements: sources, sign-offs by a second person, digests that follow from each other, and what holds."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.facts import Facts
from participation.strategy.models import Statement, StatementRevision, StatementState
from participation.strategy.statements.content import NOTHING_SIGNED, content_json, signed_digest


def statement_breaks(facts: Facts) -> Iterator[Break]:
    """Yield what is wrong with the statements of a process, apart from what they rest on."""
    checks: tuple[Callable[[Facts, Statement], Iterator[Break]], ...] = (
        _sources,
        _sign_offs,
        _writers,
        _digests,
        _holds,
    )
    for statement in facts.statements.values():
        for check in checks:
            yield from check(facts, statement)


def _sources(facts: Facts, statement: Statement) -> Iterator[Break]:
    if statement.state is StatementState.WITHDRAWN:
        return
    about = {"statement": statement.id}
    clusters = facts.contents[statement.id].clusters
    if not clusters and statement.state is StatementState.PUBLISHED:
        yield Break(BreakKind.PUBLIC_WITHOUT_SOURCE, about, "it is public and rests on no theme")
    for cluster_id in clusters:
        where = {**about, "theme": cluster_id}
        if cluster_id not in facts.clusters:
            yield Break(BreakKind.SOURCE_ELSEWHERE, where, "it rests on a theme that is not one of its process")
        elif facts.clusters[cluster_id] is not None:
            yield Break(BreakKind.SOURCE_REMOVED, where, "it rests on a theme that was removed")


def _sign_offs(facts: Facts, statement: Statement) -> Iterator[Break]:
    about = {"statement": statement.id}
    signed = {revision.revision for revision in facts.signed(statement.id)}
    named = [sign_off.revision for sign_off in facts.sign_offs.get(statement.id, ())]
    if statement.state is StatementState.PUBLISHED and not (signed and named):
        yield Break(BreakKind.PUBLIC_WITHOUT_SIGN_OFF, about, "it is public and nobody signed it off")
    for number in sorted(set(named) - signed):
        says = "somebody signed off a revision that does not exist, or that is not marked as signed"
        yield Break(BreakKind.SIGN_OFF_WITHOUT_REVISION, {**about, "revision": number}, says)
    for number in sorted(signed - set(named)):
        says = "it is marked as signed off, and nobody did that"
        yield Break(BreakKind.REVISION_WITHOUT_SIGN_OFF, {**about, "revision": number}, says)


def _writers(facts: Facts, statement: Statement) -> Iterator[Break]:
    """Whoever wrote or submitted anything since the last sign-off is no second person."""
    signed = facts.signed(statement.id)
    by = {sign_off.revision: sign_off.signed_by for sign_off in facts.sign_offs.get(statement.id, ())}
    for before, revision in pairwise([None, *signed]):
        if revision is None or by.get(revision.revision) is None:
            continue
        first = before.revision if before else 0
        writers = {
            account
            for one in facts.revisions[statement.id]
            if first < one.revision <= revision.revision
            for account in (one.written_by, one.submitted_by)
        }
        if before is None:
            writers.add(statement.written_by)
        if by[revision.revision] in writers:
            about = {"statement": statement.id, "revision": revision.revision}
            yield Break(BreakKind.SIGNED_BY_WRITER, about, "it was signed off by somebody who wrote or submitted it")


def _digests(facts: Facts, statement: Statement) -> Iterator[Break]:
    previous = NOTHING_SIGNED
    for revision in facts.signed(statement.id):
        if revision.digest != signed_digest(previous, revision.content, revision.basis):
            about = {"statement": statement.id, "revision": revision.revision}
            says = "its digest is not that of its content, its basis and the revision that was signed before"
            yield Break(BreakKind.DIGEST_BROKEN, about, says)
        previous = revision.digest


def _holds(facts: Facts, statement: Statement) -> Iterator[Break]:
    signed = facts.signed(statement.id)
    if not signed or statement.state is StatementState.DRAFT:
        return
    last = signed[-1]
    about = {"statement": statement.id, "revision": last.revision}
    if statement.revision != last.revision:
        says = f"it is the one that was signed off last, and revision {statement.revision} is said to hold"
        yield Break(BreakKind.DIFFERS_FROM_SIGNED, about, says)
    elif parts := _differing(facts, statement, last):
        yield Break(BreakKind.DIFFERS_FROM_SIGNED, about, f"what holds is not what was signed off: {', '.join(parts)}")


def _differing(facts: Facts, statement: Statement, signed: StatementRevision) -> list[str]:
    holds = content_json(facts.contents[statement.id])
    return sorted(name for name in {*holds, *signed.content} if holds.get(name) != signed.content.get(name))
