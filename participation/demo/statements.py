"""How the demo's statements are written, quoted in, signed off by a second person, and what one of them loses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.comments.changes import withdraw_comment
from participation.comments.models import Comment
from participation.demo.cast import Cast
from participation.demo.content import Entry, ProcessContent, statements_content
from participation.demo.timeline import Timeline
from participation.ideas.models import Idea
from participation.principles.queries import fields_of, principles_of
from participation.processes.outline import ProcessOutline
from participation.strategy.models import SourceKind, Statement
from participation.strategy.statements.losses import review_sources
from participation.strategy.statements.quoting import quote_source
from participation.strategy.statements.service import (
    StatementDraft,
    send_back,
    sign_off,
    submit_statement,
    write_statement,
)

REVIEWED = (30, 300)


@dataclass(frozen=True, slots=True)
class Desk:
    """The place where statements are written: ideas, clusters, principles and fields of action by their keys."""

    session: Session
    process: ProcessOutline
    cast: Cast
    timeline: Timeline
    ideas: Mapping[str, Idea]
    clusters: Mapping[str, int]
    comments: Mapping[str, str]


def write_statements(desk: Desk, entries: list[Entry], start: datetime) -> dict[str, Statement]:
    """Return the statements by their keys, one written per hour; staff sign off those that are public."""
    told = statements_content().get(desk.process.slug, {})
    framework = desk.process.framework_id
    principles = {entry.key: entry.id for entry in principles_of(desk.session, framework)}
    fields = {entry.key: entry.id for entry in fields_of(desk.session, framework)}
    statements = {}
    for number, entry in enumerate(entries):
        moment = desk.timeline.past(start + timedelta(hours=number))
        more = told.get(entry["key"], {})
        draft = StatementDraft(
            text=entry["text"],
            reasoning=entry["reasoning"],
            cluster_ids=[desk.clusters[key] for key in entry["clusters"]],
            department=more.get("department", ""),
            principle_ids=[principles[key] for key in more.get("principles", ())],
            field_ids=[fields[key] for key in more.get("fields", ())],
        )
        statement = write_statement(
            desk.session, desk.cast.moderator, process_id=desk.process.id, draft=draft, now=moment
        )
        for quote in more.get("quotes", ()):
            _quote(desk, statement.id, quote, moment)
        _go_on(desk, statement.id, "signed" if entry["state"] == "published" else more.get("goes_on", ""), more, moment)
        statements[entry["key"]] = statement
    return statements


def lose_sources(
    session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, content: ProcessContent
) -> None:
    """Let authors delete comments that statements quote, so that these have to be signed off anew."""
    texts = {entry["key"]: entry["text"].strip() for entry in content.comments}
    authors = {entry["key"]: entry["author"] for entry in content.comments if "author" in entry}
    now = timeline.past(timeline.day(-1) + timedelta(hours=18))
    for more in statements_content().get(process.slug, {}).values():
        if key := more.get("deleted"):
            comment_id = _comment_id(session, process.id, texts[key])
            author = cast.residents[authors[key]]
            withdraw_comment(session, author, slug=process.slug, comment_id=comment_id, now=now)
    review_sources(session, process_id=process.id, now=now)


def _quote(desk: Desk, statement_id: int, quote: Entry, now: datetime) -> None:
    of_comment = "comment" in quote
    source_id = (
        _comment_id(desk.session, desk.process.id, desk.comments[quote["comment"]])
        if of_comment
        else desk.ideas[quote["idea"]].id
    )
    quote_source(
        desk.session,
        desk.cast.moderator,
        statement_id=statement_id,
        kind=SourceKind.COMMENT if of_comment else SourceKind.IDEA,
        source_id=source_id,
        pasted=quote["words"],
        now=now,
    )


def _go_on(desk: Desk, statement_id: int, way: str, more: Entry, moment: datetime) -> None:
    if not way:
        return
    later = desk.timeline.after(moment, minutes=REVIEWED)
    submit_statement(desk.session, desk.cast.moderator, statement_id=statement_id, now=moment)
    if way == "signed":
        sign_off(desk.session, desk.cast.staff, statement_id=statement_id, now=later)
    elif way == "sent_back":
        send_back(desk.session, desk.cast.staff, statement_id=statement_id, remark=more["remark"], now=later)


def _comment_id(session: Session, process_id: int, text: str) -> int:
    return session.scalars(select(Comment.id).where(Comment.process_id == process_id, Comment.text == text)).one()
