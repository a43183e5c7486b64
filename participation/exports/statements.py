"""What an export says about each statement besides its text: whom it serves, quotes, objections, who signed it off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.exports.quoted import Quoted
from participation.exports.quoting import Quoting
from participation.exports.wording import Words
from participation.multilingual import pick
from participation.principles.models import FieldOfAction, Principle
from participation.strategy.models import SignOff, SourceKind, Statement
from participation.strategy.statements.comparing import ShownQuote, shown_quotes
from participation.strategy.statements.content import Content, contents_in_force
from participation.strategy.statements.losses import Loss, losses_of
from participation.strategy.statements.voices import Objection, objections_to


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the text of one statement, in words.

    ``quoted`` and ``objected`` say the same as ``quotes`` and ``objections``, in the language of the paper as well.
    """

    principles: tuple[str, ...]
    principle_ids: tuple[str, ...]
    fields: tuple[str, ...]
    field_ids: tuple[str, ...]
    quotes: tuple[str, ...]
    objections: tuple[str, ...]
    quoted: tuple[Quoted, ...]
    objected: tuple[Quoted, ...]
    signed: str
    lost: tuple[str, ...]


def around_statements(
    session: Session, statements: Iterable[Statement], language: str, said: Words
) -> dict[int, Around]:
    """Return what stands around each of the statements; the number of queries does not depend on theirs."""
    rows = list(statements)
    ids = [row.id for row in rows]
    contents = contents_in_force(session, rows)
    names = _names(session, contents, language)
    quotes = _quotes(session, contents)
    objections, losses, signed = objections_to(session, ids), losses_of(session, ids), _signed(session, ids)
    quoting = Quoting(session, language, quotes, objections, said)
    return {
        row.id: Around(
            principles=tuple(names[Principle, id_] for id_ in contents[row.id].principles),
            principle_ids=tuple(map(str, contents[row.id].principles)),
            fields=tuple(names[FieldOfAction, id_] for id_ in contents[row.id].fields),
            field_ids=tuple(map(str, contents[row.id].fields)),
            quotes=tuple(_quoted(quote, said) for quote in quotes[row.id]),
            objections=tuple(_objection(one, said) for one in objections[row.id]),
            quoted=tuple(quoting.quote(quote) for quote in quotes[row.id]),
            objected=tuple(quoting.objection(one) for one in objections[row.id]),
            signed=_signature(signed.get(row.id), said, is_reopened=row.reopened_at is not None),
            lost=tuple(_lost(loss, said) for loss in losses[row.id]),
        )
        for row in rows
    }


Kind = type[Principle] | type[FieldOfAction]


def _names(session: Session, contents: Mapping[int, Content], language: str) -> dict[tuple[Kind, int], str]:
    wanted: tuple[tuple[Kind, set[int]], ...] = (
        (Principle, {id_ for content in contents.values() for id_ in content.principles}),
        (FieldOfAction, {id_ for content in contents.values() for id_ in content.fields}),
    )
    return {
        (table, row[0]): pick(row[1], language)
        for table, ids in wanted
        for row in session.execute(select(table.id, table.title).where(table.id.in_(ids)))
    }


def _quotes(session: Session, contents: Mapping[int, Content]) -> dict[int, list[ShownQuote]]:
    """Return the quotes of each statement that anybody may read now."""
    places = {place: None for content in contents.values() for place in content.quotes}
    shown = {quote.place: quote for quote in shown_quotes(session, places) if quote.words is not None}
    return {id_: [shown[place] for place in content.quotes if place in shown] for id_, content in contents.items()}


def _signed(session: Session, statement_ids: list[int]) -> dict[int, SignOff]:
    latest = select(func.max(SignOff.id)).where(SignOff.statement_id.in_(statement_ids)).group_by(SignOff.statement_id)
    return {row.statement_id: row for row in session.scalars(select(SignOff).where(SignOff.id.in_(latest)))}


def _quoted(quote: ShownQuote, said: Words) -> str:
    template = said.comment_on if quote.is_comment else said.idea_number
    return f"„{quote.words}“ ({template.format(number=quote.idea_id)})"


def _objection(one: Objection, said: Words) -> str:
    return f"{one.text} ({said.comment_on.format(number=one.idea_id)})"


def _signature(signed: SignOff | None, said: Words, *, is_reopened: bool) -> str:
    if signed is None:
        return said.not_signed
    text = said.signed.format(day=said.day(signed.signed_at), number=signed.revision)
    return f"{text} {said.signed_anew}" if is_reopened else text


def _lost(loss: Loss, said: Words) -> str:
    of_comment = loss.kind is SourceKind.COMMENT
    name = (said.comment_number if of_comment else said.idea_number).format(number=loss.source_id)
    return f"{name}: {said.losses[loss.reason]}"
