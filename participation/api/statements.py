"""Statements: the sentences that go to the council, with everything they rest on and what stands beside them."""

from typing import Any

from flask import g

from participation.api.addresses import data_url, reader_url, wording
from participation.api.answers import answers_of, referrals_in
from participation.api.asked import NO_MARK, NotThere, PageAsked
from participation.api.blueprint import reading, visible_process
from participation.api.figures import people_shown
from participation.api.outcome_shapes import (
    Answer,
    Assessed,
    DistrictView,
    GroupView,
    Lost,
    Objection,
    Quote,
    Referral,
    Signature,
    SourceCluster,
    StatementDetail,
    StatementItem,
    StatementList,
    Together,
)
from participation.api.paging import NoMark, mark, next_address, place
from participation.api.processes import PROCESS, said
from participation.api.queries import public_statements
from participation.kit import clock
from participation.kit.db import db
from participation.listings.statements import StatementView, statement_view
from participation.strategy.answering.answers import answers_to_statements
from participation.strategy.answering.following import referrals_of
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.assessing.queries import said_about
from participation.strategy.models import Statement

STATEMENT = f"{PROCESS}/statements/<int:statement_id>"
STATEMENTS = "statements"


@reading(f"{PROCESS}/statements", StatementList, asks=PageAsked)
def statements(asked: dict[str, Any], slug: str) -> StatementList:
    """Return the public statements of a process in their order."""
    outline, most = visible_process(slug), asked["limit"]
    rows = public_statements(db.session(), outline.id, after=_after(asked["after"]), most=most + 1)
    following = mark(STATEMENTS, rows[most - 1].position, rows[most - 1].id) if len(rows) > most else None
    return StatementList(tuple(_item(slug, row) for row in rows[:most]), next_address(following))


@reading(STATEMENT, StatementDetail)
def statement(_asked: dict[str, Any], slug: str, statement_id: int) -> StatementDetail:
    """Return a statement that is or was public."""
    outline, session, now = visible_process(slug), db.session(), clock.now()
    page_url = reader_url("browse.statements", slug=slug)
    view = statement_view(session, outline, statement_id, g.language, statements_url=page_url, now=now)
    is_public = view.withdrawn_at is None
    subject = Subject(SubjectKind.STATEMENT, statement_id)
    answers = answers_to_statements(session, [statement_id], g.language).get(statement_id, ())
    return _detail(
        slug,
        view,
        answers=answers_of(session, answers) if is_public else (),
        referrals=referrals_in(referrals_of(session, [subject]).values()) if is_public else (),
        assessments=tuple(
            Assessed(one.name, wording(one.title), one.verdict, wording(one.reason))
            for one in (said_about(session, statement_id, g.language) if is_public else ())
        ),
    )


def _after(after: str | None) -> tuple[int, int] | None:
    if after is None:
        return None
    try:
        position, statement_id = place(after, STATEMENTS, 2)
    except NoMark:
        raise NotThere("after", NO_MARK) from None
    return position, statement_id


def _item(slug: str, row: Statement) -> StatementItem:
    return StatementItem(
        id=row.id,
        number=row.position,
        text=said(row.text),
        department=row.department,
        published_at=row.published_at or row.written_at,
        url=data_url("statement", slug=slug, statement_id=row.id),
        page_url=reader_url("browse.statement", slug=slug, statement_id=row.id),
    )


def _detail(
    slug: str,
    view: StatementView,
    *,
    answers: tuple[Answer, ...],
    referrals: tuple[Referral, ...],
    assessments: tuple[Assessed, ...],
) -> StatementDetail:
    assert view.published_at is not None, "a statement that never was public is not shown"
    return StatementDetail(
        id=view.id,
        number=view.number,
        text=wording(view.text),
        department=view.department,
        published_at=view.published_at,
        url=data_url("statement", slug=slug, statement_id=view.id),
        page_url=view.url,
        state="withdrawn" if view.withdrawn_at else "published",
        reasoning=wording(view.reasoning),
        principles=tuple(wording(one) for one in view.principles),
        fields=tuple(wording(one) for one in view.fields),
        signed=_signature(view),
        reopened_at=view.reopened_at,
        clusters=_clusters(view),
        ideas=view.rests_on.ideas if view.rests_on else 0,
        people=_people(view),
        quotes=_quotes(view),
        objections=tuple(
            Objection(one.idea_id, one.comment_id, one.text, one.language, one.helpful) for one in view.objections
        ),
        groups=tuple(
            GroupView(one.number, one.people, one.agrees, one.disagrees, one.split, one.unknown) for one in view.groups
        ),
        districts=tuple(
            DistrictView(said(one.title) if one.title is not None else None, one.ideas, one.agree)
            for one in view.districts
        ),
        assessments=assessments,
        lost=tuple(
            Lost(one.kind.value, one.source_id, one.was_quoted, one.reason.value, one.since) for one in view.lost
        ),
        answers=answers,
        referral=next(iter(referrals), None),
        withdrawn_at=view.withdrawn_at,
        withdrawn_for=wording(view.withdrawn_for) if view.withdrawn_for else None,
        provenance_url=data_url("statement_provenance", slug=slug, statement_id=view.id),
    )


def _signature(view: StatementView) -> Signature | None:
    signed = view.signed
    return Signature(signed.revision, signed.signed_at, signed.ideas, signed.digest) if signed else None


def _clusters(view: StatementView) -> tuple[SourceCluster, ...]:
    if view.rests_on is None:
        return ()
    return tuple(SourceCluster(one.id, one.title, one.count, one.is_removed) for one in view.rests_on.clusters)


def _people(view: StatementView) -> Together | None:
    if view.rests_on is None:
        return None
    people = view.rests_on.people
    return people_shown(Together(people.people, people.agree, people.disagree, None) if people else None)


def _quotes(view: StatementView) -> tuple[Quote, ...]:
    return tuple(
        Quote(
            idea_id=one.idea_id if one.is_comment and one.idea_id else one.place.source_id,
            comment_id=one.place.source_id if one.is_comment else None,
            text=one.words or "",
            language=one.language,
        )
        for one in view.quotes
    )
