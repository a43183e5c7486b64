"""What a revision of a statement says and rests on, as a value, as JSON, and as the digest that is signed."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.kit.schema import Translated
from participation.strategy.models import (
    QuotedPart,
    SourceKind,
    Statement,
    StatementField,
    StatementPrinciple,
    StatementQuote,
    StatementSource,
)

NOTHING_SIGNED = ""
"""What stands for the digest of the revision signed before, where there is none."""
_PLACE = re.compile(
    r"(?P<kind>idea|comment)\.(?P<id>\d{1,18})\.(?P<revision>\d{1,9})\.(?P<part>title|text)"
    r"\.(?P<start>\d{1,9})\.(?P<end>\d{1,9})\.(?P<sha256>[0-9a-f]{64})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Characters ``start`` up to ``end`` of a text of a source, with the digest of the words that stand there.

    ``revision`` is that of the idea; 0 for comments.
    """

    kind: SourceKind
    source_id: int
    revision: int
    part: QuotedPart
    start: int
    end: int
    sha256: str

    @property
    def as_text(self) -> str:
        """The place in one word, as ``quote_place`` reads it."""
        parts: tuple[Any, ...] = (self.kind.value, self.source_id, self.revision, self.part.value)
        return ".".join(str(part) for part in (*parts, self.start, self.end, self.sha256))


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a revision of a statement says and rests on; ids are in ascending order, quotes in their own."""

    text: Translated
    reasoning: Translated
    department: str = ""
    principles: tuple[int, ...] = ()
    fields: tuple[int, ...] = ()
    clusters: tuple[int, ...] = ()
    quotes: tuple[QuotePlace, ...] = ()

    def with_quotes(self, quotes: Iterable[QuotePlace]) -> "Content":
        """Return the same content with these quotes instead of its own."""
        return replace(self, quotes=tuple(quotes))


def quote_place(text: str) -> QuotePlace | None:
    """Return the place that ``QuotePlace.as_text`` wrote; ``None`` for anything else."""
    match = _PLACE.fullmatch(text)
    if match is None:
        return None
    return QuotePlace(
        kind=SourceKind(match["kind"]),
        source_id=int(match["id"]),
        revision=int(match["revision"]),
        part=QuotedPart(match["part"]),
        start=int(match["start"]),
        end=int(match["end"]),
        sha256=match["sha256"],
    )


def canonical(value: Any) -> bytes:
    """Return the one way to write a JSON value: keys sorted, no white space, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a JSON value in its canonical form, as hexadecimal digits."""
    return sha256(canonical(value)).hexdigest()


def signed_digest(previous: str, content: Mapping[str, Any], basis: Mapping[str, Any]) -> str:
    """Return what a sign-off binds: content and basis of a revision, and the digest of the one signed before it."""
    return digest_of([previous, content, basis])


def content_json(content: Content) -> dict[str, Any]:
    """Return ``content`` as it is kept with a revision."""
    return {
        "text": dict(content.text),
        "reasoning": dict(content.reasoning),
        "department": content.department,
        "principles": list(content.principles),
        "fields": list(content.fields),
        "clusters": list(content.clusters),
        "quotes": [
            {
                "kind": quote.kind.value,
                "id": quote.source_id,
                "revision": quote.revision,
                "part": quote.part.value,
                "start": quote.start,
                "end": quote.end,
                "sha256": quote.sha256,
            }
            for quote in content.quotes
        ],
    }


def content_from(kept: Mapping[str, Any]) -> Content:
    """Return the content that ``content_json`` wrote."""
    return Content(
        text=dict(kept["text"]),
        reasoning=dict(kept["reasoning"]),
        department=kept["department"],
        principles=tuple(kept["principles"]),
        fields=tuple(kept["fields"]),
        clusters=tuple(kept["clusters"]),
        quotes=tuple(
            QuotePlace(
                kind=SourceKind(quote["kind"]),
                source_id=quote["id"],
                revision=quote["revision"],
                part=QuotedPart(quote["part"]),
                start=quote["start"],
                end=quote["end"],
                sha256=quote["sha256"],
            )
            for quote in kept["quotes"]
        ),
    )


def content_in_force(session: Session, statement: Statement) -> Content:
    """Return what a statement says and rests on as it holds."""
    return contents_in_force(session, [statement])[statement.id]


def contents_in_force(session: Session, statements: Iterable[Statement]) -> dict[int, Content]:
    """Return what each of the statements says and rests on as it holds, in four queries for all of them."""
    rows = {statement.id: statement for statement in statements}
    clusters = _linked(session, StatementSource.statement_id, StatementSource.cluster_id, rows)
    principles = _linked(session, StatementPrinciple.statement_id, StatementPrinciple.principle_id, rows)
    fields = _linked(session, StatementField.statement_id, StatementField.field_id, rows)
    quotes = quotes_in_force(session, rows)
    return {
        statement_id: Content(
            text=dict(row.text),
            reasoning=dict(row.reasoning),
            department=row.department,
            principles=tuple(principles[statement_id]),
            fields=tuple(fields[statement_id]),
            clusters=tuple(clusters[statement_id]),
            quotes=tuple(quotes[statement_id]),
        )
        for statement_id, row in rows.items()
    }


def quotes_in_force(session: Session, statement_ids: Iterable[int]) -> dict[int, list[QuotePlace]]:
    """Return the quotes of each statement as it holds, in their order."""
    quotes: dict[int, list[QuotePlace]] = {id_: [] for id_ in statement_ids}
    statement = select(StatementQuote).where(StatementQuote.statement_id.in_(list(quotes)))
    for row in session.scalars(statement.order_by(StatementQuote.position, StatementQuote.id)):
        place = QuotePlace(
            row.source_kind, row.source_id, row.source_revision, row.part, row.starts_at, row.ends_at, row.sha256
        )
        quotes[row.statement_id].append(place)
    return quotes


def put_in_force(session: Session, statement: Statement, content: Content) -> None:
    """Let ``content`` be what the statement says and rests on."""
    statement.text, statement.reasoning = dict(content.text), dict(content.reasoning)
    statement.department = content.department
    for table in (StatementSource, StatementPrinciple, StatementField, StatementQuote):
        session.execute(delete(table).where(table.statement_id == statement.id))
    own = statement.id
    session.add_all(StatementSource(statement_id=own, cluster_id=id_) for id_ in content.clusters)
    session.add_all(StatementPrinciple(statement_id=own, principle_id=id_) for id_ in content.principles)
    session.add_all(StatementField(statement_id=own, field_id=id_) for id_ in content.fields)
    session.add_all(
        StatementQuote(
            statement_id=own,
            position=position,
            source_kind=quote.kind,
            source_id=quote.source_id,
            source_revision=quote.revision,
            part=quote.part,
            starts_at=quote.start,
            ends_at=quote.end,
            sha256=quote.sha256,
        )
        for position, quote in enumerate(content.quotes, start=1)
    )
    session.flush()


def _linked(session: Session, statement_id: Any, other: Any, wanted: Iterable[int]) -> dict[int, list[int]]:
    linked: dict[int, list[int]] = {id_: [] for id_ in wanted}
    for row in session.execute(select(statement_id, other).where(statement_id.in_(list(linked))).order_by(other)):
        linked[row[0]].append(row[1])
    return linked
