"""The public matrix of statements × criteria and values, and the assessment of one statement with its reasons."""

from dataclasses import dataclass

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.kit.permissions import Missing
from participation.multilingual import Phrase, language_name, ngettext, phrase, pick, same_language
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline
from participation.strategy.assessing.queries import (
    AssessmentLine,
    Cell,
    Judged,
    MatrixRow,
    assessment_of,
    conflicts_in,
    matrix,
    matrix_ids,
    tally_of,
)
from participation.strategy.assessing.shown import (
    MISSING,
    LegendItem,
    MatrixShown,
    in_words,
    legend_of,
    matrix_shown,
    yardstick_url,
)
from participation.strategy.assessing.yardsticks import VERDICTS, Yard
from participation.strategy.models import Statement, StatementState
from participation.texts import render

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages hang, and the files of the whole matrix by their format."""

    process_title: str
    process_url: str
    document_url: str
    matrix_url: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """What was said at one time; ``only_in`` names the language of a fallback."""

    verdict: str
    label: str
    text: Markup
    language: str
    dir: str
    only_in: str
    when: str
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place of the matrix where a statement is in conflict with something, and why."""

    name: str
    url: str
    about: Phrase
    reason: Reason


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """A page of the matrix; ``conflicts`` are those in it."""

    place: Place
    shown: MatrixShown
    summary: str
    conflicts: tuple[Conflict, ...]
    previous_url: str
    next_url: str
    range: str


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A criterion or value with what is said about a statement; ``current`` is ``None`` before anybody did."""

    anchor: str
    title: Phrase
    explanation: Phrase
    url: str
    verdict: str
    label: str
    current: Reason | None
    earlier: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ReasonsPage:
    """One statement held against everything, with the reasons."""

    place: Place
    name: str
    text: Phrase
    url: str
    legend: tuple[LegendItem, ...]
    summary: str
    groups: tuple[tuple[str, tuple[ReasonLine, ...]], ...]


def matrix_page(session: Session, process: ProcessOutline, *, page: int) -> MatrixPage:
    """Return a page of the matrix of the public statements; raises ``Missing`` for a page that there is not."""
    ids = matrix_ids(session, process.id)
    first = (page - 1) * AT_ONCE
    if page < 1 or (page > 1 and first >= len(ids)):
        raise Missing
    found = matrix(session, process.id, process.framework_id, g.language, only=ids[first : first + AT_ONCE])
    url = url_for("matrix.overview", slug=process.slug)
    return MatrixPage(
        place=_place(process),
        shown=matrix_shown(found, line_url=lambda id_: f"{url}?statement={id_}"),
        summary=_summary(len(ids), found.tally.made, found.tally.made + found.tally.missing),
        conflicts=tuple(_conflict(url, row, cell, judged) for row, cell, judged in conflicts_in(found)),
        previous_url=(f"{url}?page={page - 1}" if page > 2 else url) if page > 1 else "",
        next_url=f"{url}?page={page + 1}" if first + AT_ONCE < len(ids) else "",
        range=_(
            "Statements %(first)s to %(last)s of %(all)s",
            first=first + 1,
            last=min(first + AT_ONCE, len(ids)),
            all=len(ids),
        )
        if len(ids) > AT_ONCE
        else "",
    )


def reasons_page(session: Session, process: ProcessOutline, statement_id: int) -> ReasonsPage:
    """Return what is said about one public statement; raises ``Missing``."""
    statement = session.get(Statement, statement_id)
    if statement is None or statement.process_id != process.id or statement.state is not StatementState.PUBLISHED:
        raise Missing
    lines = assessment_of(session, process.framework_id, statement, g.language, for_everybody=True)
    tally = tally_of(line.current for line in lines)
    titles = {Yard.CRITERION: _("Test criteria"), Yard.VALUE: _("Values")}
    return ReasonsPage(
        place=_place(process),
        name=_("Statement %(number)s", number=statement.position),
        text=phrase(statement.text, g.language),
        url=url_for("browse.statement", slug=process.slug, statement_id=statement_id),
        legend=legend_of(tally),
        summary=in_words(tally),
        groups=tuple(
            (title, tuple(_reason_line(line) for line in lines if line.yardstick.kind is kind))
            for kind, title in titles.items()
        ),
    )


def _place(process: ProcessOutline) -> Place:
    slug = process.slug
    return Place(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        document_url=url_for("documents.document", slug=slug),
        matrix_url=url_for("matrix.overview", slug=slug),
        files=tuple(
            (name, url_for("exports.matrix", slug=slug, file_format=kind))
            for kind, name in (("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("json", "JSON"))
        ),
    )


def _summary(statements: int, made: int, everything: int) -> str:
    if not statements:
        return ""
    counted = ngettext("%(num)s statement", "%(num)s statements", statements)
    if made == everything:
        return _("%(statements)s, all held against every criterion and value.", statements=counted)
    return _(
        "%(statements)s; %(missing)s of %(all)s places are not assessed yet.",
        statements=counted,
        missing=everything - made,
        all=everything,
    )


def _conflict(url: str, row: MatrixRow, cell: Cell, judged: Judged) -> Conflict:
    return Conflict(
        name=_("Statement %(number)s", number=row.number),
        url=f"{url}?statement={row.id}#{cell.yardstick.name}",
        about=cell.yardstick.title,
        reason=_reason(judged),
    )


def _reason_line(line: AssessmentLine) -> ReasonLine:
    current = _reason(line.current) if line.current else None
    return ReasonLine(
        anchor=line.yardstick.name,
        title=line.yardstick.title,
        explanation=line.yardstick.explanation,
        url=yardstick_url(line.yardstick),
        verdict=current.verdict if current else MISSING,
        label=current.label if current else _("Not assessed yet"),
        current=current,
        earlier=tuple(_reason(one) for one in line.earlier),
    )


def _reason(judged: Judged) -> Reason:
    language = judged.reason.language
    return Reason(
        verdict=judged.verdict.value,
        label=str(VERDICTS[judged.verdict]),
        text=render(judged.reason.text),
        language=language,
        dir=judged.reason.dir,
        only_in="" if same_language(language, g.language) else language_name(language, shown_in=g.language),
        when=day(judged.assessed_at),
        is_outdated=judged.is_outdated,
    )
