"""The chapters about how statements stand against the criteria, what the city answers, and what it does."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from participation.exports.document import AnswerKind, AnswerRow, AssessmentRow, MeasureRow, ReferralRow, StrategyInput
from participation.exports.writers.paper.blocks import Block, Heading, Line, Paragraph, Span, Table
from participation.exports.writers.paper.reading import Chosen
from participation.exports.writers.paper.saying import Saying, cell, cells, one_line
from participation.exports.writers.paper.statements import statement_anchor

Row = TypeVar("Row")

ANSWERS_LIMIT = 150
"""So many answers, and so many measures, a paper lists; the workbook holds all."""
TEXT_LIMIT, STEP_LIMIT = 400, 200
COLUMNS = 5
"""So many statements stand beside each other in one part of the matrix."""
KINDS = ("statement", "bundle", "idea")
SETTLED = frozenset({"fulfilled"})
"""Verdicts that need no reason in a paper."""


@dataclass(slots=True)
class FollowUp:
    """What a paper prints of answers, measures and open referrals, and how many there are in all."""

    answers: list[AnswerRow] = field(default_factory=list)
    measures: list[MeasureRow] = field(default_factory=list)
    waiting: list[ReferralRow] = field(default_factory=list)
    bundles: dict[str, str] = field(default_factory=dict)
    answers_in_all: int = 0
    measures_in_all: int = 0
    waiting_in_all: int = 0

    def idea_ids(self) -> Iterable[str]:
        """Yield the ideas that are named."""
        yield from self.targets("idea")
        yield from self.bundles.values()

    def targets(self, kind: AnswerKind) -> set[str]:
        """Return the ids of what is answered or waited for, of one kind."""
        answered = {row.target_id for row in self.answers if row.kind == kind}
        return answered | {row.target_id for row in self.waiting if row.kind == kind}


def follow_up(document: StrategyInput) -> FollowUp:
    """Return what is printed of what the city answers and does, reading each list once."""
    found = FollowUp()
    for answer in document.answers():
        if answer.is_latest:
            found.answers_in_all += 1
            _keep(found.answers, answer)
    for measure in document.measures():
        found.measures_in_all += 1
        _keep(found.measures, measure)
    for referral in document.referrals():
        found.waiting_in_all += 1
        _keep(found.waiting, referral)
    wanted = found.targets("bundle")
    for bundled in document.bundles():
        if bundled.bundle_id in wanted:
            found.bundles.setdefault(bundled.bundle_id, bundled.idea_id)
    return found


def _keep(kept: list[Row], row: Row) -> None:
    if len(kept) < ANSWERS_LIMIT:
        kept.append(row)


def matrix(say: Saying) -> Iterator[Block]:
    """Yield the criteria matrix, a few statements at a time, then the reasons for what is not fulfilled."""
    document, words = say.document, say.words
    if not document.statements:
        return
    yield Heading(text=words.matrix, level=1, new_page=bool(document.assessments))
    if not document.assessments:
        yield Paragraph(line=cell(words.no_assessments))
        return
    yield Paragraph(line=cell(words.matrix_guide))
    said = {(row.statement_id, row.kind, row.about): row for row in document.assessments}
    yardsticks = [(one.kind, one.title) for one in say.council.yardsticks]
    yardsticks += [(row.kind, row.about) for row in document.assessments if (row.kind, row.about) not in yardsticks]
    yardsticks = list(dict.fromkeys(yardsticks))
    for start in range(0, len(document.statements), COLUMNS):
        part = document.statements[start : start + COLUMNS]
        numbers = tuple(say.count(statement.number) for statement in part)
        rows = tuple(
            (cell(one_line(title)), *(_verdict(say, said.get((statement.id, kind, title))) for statement in part))
            for kind, title in yardsticks
        )
        yield Table(
            caption=f"{words.matrix}: {say.labels.statements} {numbers[0]}–{numbers[-1]}",
            head=(say.labels.criterion, *numbers),
            rows=rows,
            widths=(16.4 - 2.2 * len(part), *(2.2 for _one in part)),
            is_small=True,
        )
    yield from _reasons(say, document.assessments)


def _verdict(say: Saying, row: AssessmentRow | None) -> Line:
    if row is None:
        return (Span(text=say.words.not_assessed, quiet=True),)
    return (Span(text=one_line(row.verdict), bold=row.verdict_code not in SETTLED),)


def _reasons(say: Saying, assessments: Sequence[AssessmentRow]) -> Iterator[Block]:
    unsettled = (row for row in assessments if row.verdict_code not in SETTLED)
    open_ones = sorted(unsettled, key=lambda row: row.number)
    if not open_ones:
        return
    labels = say.labels
    yield Heading(text=say.words.reasons, level=2)
    yield Table(
        caption=say.words.reasons,
        head=(labels.statement, labels.criterion, labels.verdict, labels.reason),
        rows=tuple(
            (
                (Span(text=say.count(row.number), anchor=statement_anchor(row.statement_id)),),
                cell(one_line(row.about)),
                cell(one_line(row.verdict)),
                cell(
                    " · ".join(filter(None, (one_line(row.reason), labels.earlier_wording if row.is_outdated else "")))
                ),
            )
            for row in open_ones
        ),
        widths=(2.2, 4.6, 2.4, 7.2),
        is_small=True,
    )


def answers_and_measures(say: Saying, found: FollowUp, chosen: Chosen) -> Iterator[Block]:
    """Yield the chapter about what the city says and does."""
    words, labels = say.words, say.labels
    yield Heading(text=words.answers, level=1, new_page=bool(found.answers or found.waiting))
    if not (found.answers or found.waiting):
        yield Paragraph(line=cell(words.no_answers))
        return
    yield Paragraph(line=cell(words.answers_guide))
    order = {row.id: row.number for row in say.document.statements}
    ranked = sorted(found.answers, key=lambda row: (KINDS.index(row.kind), order.get(row.target_id, 0)))
    if ranked:
        yield Table(
            caption=words.answers,
            head=(words.about, words.outcome, labels.department, words.answered_on, words.due),
            rows=tuple(_answer(say, row, found, chosen) for row in ranked),
            widths=(3.2, 6.2, 2.8, 2.2, 2.1),
            is_small=True,
        )
        yield from _rest(say, len(found.answers), found.answers_in_all)
    yield from _measures(say, found, chosen)
    yield from _waiting(say, found, chosen)


def _answer(say: Saying, row: AnswerRow, found: FollowUp, chosen: Chosen) -> tuple[Line, ...]:
    said = say.editorial(row.text, row.text_in, limit=TEXT_LIMIT)
    return (
        _about(say, row.kind, row.target_id, found, chosen),
        (Span(text=f"{one_line(row.outcome)}. ", bold=True), *said),
        cell(one_line(row.department)),
        cell(say.day(row.answered_at)),
        cell(_due(say, say.calendar_day(row.due_on) if row.due_on else "", is_overdue=row.is_overdue)),
    )


def _about(say: Saying, kind: str, target_id: str, found: FollowUp, chosen: Chosen) -> Line:
    labels = say.labels
    if kind == "statement":
        numbers = {row.id: row.number for row in say.document.statements}
        name = f"{labels.statement} {say.count(numbers[target_id]) if target_id in numbers else one_line(target_id)}"
        anchor = statement_anchor(target_id) if target_id in numbers else ""
        return (Span(text=name, anchor=anchor),)
    idea = chosen.named.get(found.bundles.get(target_id, "") if kind == "bundle" else target_id)
    name = f"{labels.bundle if kind == 'bundle' else labels.idea} {one_line(target_id)}"
    if idea is None:
        return cell(name)
    head = Span(text=f"{name}: ") if kind == "bundle" else say.linked(name, idea.url)
    title = say.titled(idea.title, idea.language, idea.translated, limit=100)
    return (head, *(() if kind == "bundle" else cell(": ")), *title)


def _due(say: Saying, day: str, *, is_overdue: bool) -> str:
    return " · ".join(filter(None, (day, say.words.overdue if is_overdue else "")))


def _measures(say: Saying, found: FollowUp, chosen: Chosen) -> Iterator[Block]:
    if not found.measures:
        return
    words, labels = say.words, say.labels
    after = {row.id: row for row in found.answers}
    rows = []
    for row in found.measures:
        answer = after.get(row.answer_id)
        step = row.steps[-1] if row.steps else None
        told = say.editorial(step.text, step.text_in, limit=STEP_LIMIT) if step else ()
        rows.append(
            (
                say.editorial(row.title, row.title_in, bold=True),
                _about(say, answer.kind, answer.target_id, found, chosen) if answer else (),
                cell(one_line(row.department)),
                (Span(text=f"{one_line(row.state)}{' · ' if told else ''}"), *told),
                cell(_due(say, say.calendar_day(row.due_on), is_overdue=row.is_overdue)),
            )
        )
    yield Heading(text=words.measures, level=2)
    yield Table(
        caption=words.measures,
        head=(words.measure, words.about, labels.department, words.last_step, words.due),
        rows=tuple(rows),
        widths=(3.8, 2.9, 2.8, 4.7, 2.2),
        is_small=True,
    )
    yield from _rest(say, len(found.measures), found.measures_in_all)


def _waiting(say: Saying, found: FollowUp, chosen: Chosen) -> Iterator[Block]:
    if not found.waiting:
        return
    words = say.words
    yield Heading(text=words.waiting, level=2)
    yield Table(
        caption=words.waiting,
        head=(words.about, say.labels.department, words.asked_on, words.due),
        rows=tuple(
            (
                _about(say, row.kind, row.target_id, found, chosen),
                *cells(
                    one_line(row.department),
                    say.day(row.referred_at),
                    _due(say, say.calendar_day(row.due_on), is_overdue=row.is_overdue),
                ),
            )
            for row in found.waiting
        ),
        widths=(7.0, 4.4, 2.4, 2.6),
        is_small=True,
    )
    yield from _rest(say, len(found.waiting), found.waiting_in_all)


def _rest(say: Saying, shown: int, total: int) -> Iterator[Block]:
    if text := say.rest(shown, total, say.words.more_rows):
        yield Paragraph(line=cell(text), look="quiet")
