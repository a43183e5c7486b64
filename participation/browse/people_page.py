"""The page about who takes part: what people said about themselves, held against the whole city, gaps named."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.browse.pages import Stat
from participation.browse.results_shared import PEOPLE, ResultsFrame, results_frame
from participation.demographics.figures import AnswerFigures, Distribution, Finding, compare, people_told
from participation.demographics.queries import CharacteristicView, OptionView, characteristics_of, latest_figures
from participation.kit.suppression import Figure, K
from participation.multilingual import Phrase, ngettext, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment, number
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline

ENDS = (0.25, 0.5, 1.0)
"""How far the axis of a drawing may reach: as far as needed, so that small shares can be told apart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something is drawn, in percent of the drawing; ``at`` is ``None`` where only the range is known."""

    low: float
    at: float | None
    high: float
    reference: float | None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer, drawn and in numbers; the note says how many gave it."""

    label: str
    lang: str
    dir: str
    note: str
    interval: Mark | None
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """People who are missing, and where they can be met."""

    who: tuple[Phrase, ...]
    characteristic: str
    text: str
    outreach: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class CharacteristicPart:
    """The figures of one characteristic; without ``rows`` too few have said anything about it."""

    key: str
    title: Phrase
    total: str
    rows: tuple[AnswerRow, ...]
    heads: tuple[str, ...]
    ends: tuple[str, str, str]
    has_reference: bool
    source: Phrase
    source_url: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who takes part; ``made`` is empty where nothing is published yet."""

    frame: ResultsFrame
    asks: bool
    made: str
    stats: tuple[Stat, ...]
    gaps: tuple[Gap, ...]
    has_reference: bool
    parts: tuple[CharacteristicPart, ...]
    smallest: int
    about_me_url: str
    method_url: str


def people_page(session: Session, process: ProcessOutline, *, now: datetime) -> PeoplePage:
    """Return the page of a process as it was last published; shares of the city are those known now."""
    characteristics = characteristics_of(session, process.framework_id)
    latest = latest_figures(session, process.id)
    lead = _(
        "A result is worth more when all kinds of people took part. Here you see who is there, and who is missing."
    )
    compared = [(one, compare(one, latest.figures)) for one in characteristics] if latest else []
    known = [(one, figures) for one, figures in compared if figures]
    return PeoplePage(
        frame=results_frame(process, PEOPLE, now, lead=lead, governed=False),
        asks=bool(characteristics),
        made=moment(latest.made_at) if latest else "",
        stats=_stats(latest.figures) if latest else (),
        gaps=tuple(gap for one, figures in known for gap in _gaps(one, figures)),
        has_reference=any(one.has_reference for one in characteristics),
        parts=tuple(_part(one, figures) for one, figures in known),
        smallest=K,
        about_me_url=_about_me_url(process) if characteristics else "",
        method_url=url_for("methods.method", method="representativeness"),
    )


def _about_me_url(process: ProcessOutline) -> str:
    if process.state is not ProcessState.PUBLISHED:
        return ""
    return url_for("demographics.about_me", slug=process.slug)


def _stats(published: dict[str, Any]) -> tuple[Stat, ...]:
    return (
        Stat(_("People taking part"), number(published["participants"]), _("with an account on this platform")),
        Stat(
            _("Told us about themselves"), _count(people_told(published)), _("freely, and without effect on their vote")
        ),
    )


def _part(characteristic: CharacteristicView, figures: Distribution) -> CharacteristicPart:
    reach = _reach(figures)
    heads = [_("Answer"), _("Share")]
    if characteristic.has_reference:
        heads.append(_("In the city"))
    return CharacteristicPart(
        key=characteristic.key,
        title=phrase(characteristic.title, g.language),
        total=_answered(figures.total.value) if figures.total.value else "",
        rows=_rows(characteristic, figures, reach) if figures.total.value else (),
        heads=tuple(heads),
        ends=(_percent(0), _percent(reach / 2), _percent(reach)),
        has_reference=characteristic.has_reference,
        source=phrase(characteristic.source, g.language),
        source_url=characteristic.source_url,
        withheld=any(not answer.count.is_shown for answer in figures.answers),
    )


def _reach(figures: Distribution) -> float:
    drawn = [*figures.answers, *([figures.together] if figures.together else [])]
    largest = max((max(answer.high, answer.residents or 0) for answer in drawn), default=1.0)
    return next(end for end in ENDS if largest <= end or end == ENDS[-1])


def _rows(characteristic: CharacteristicView, figures: Distribution, reach: float) -> tuple[AnswerRow, ...]:
    options = {option.key: option for option in characteristic.options}
    with_city = characteristic.has_reference
    rows = [
        _row(phrase(options[answer.key].title, g.language), answer, reach, with_city=with_city)
        for answer in figures.answers
    ]
    if figures.together:
        label = Phrase(_("All answers without a number of their own, together"), g.language)
        rows.append(_row(label, figures.together, reach, with_city=with_city))
    return tuple(rows)


def _row(label: Phrase, answer: AnswerFigures, reach: float, *, with_city: bool) -> AnswerRow:
    cells = [_share(answer)]
    if with_city:
        cells.append(_("not known") if answer.residents is None else _city(answer.residents))
    return AnswerRow(
        label=label.text,
        lang=label.language,
        dir=label.dir,
        note=" · ".join(filter(None, (_people(answer.count), _note(answer.finding)))),
        interval=Mark(
            low=_place(answer.low, reach),
            at=None if answer.share is None else _place(answer.share, reach),
            high=_place(answer.high, reach),
            reference=None if answer.residents is None else _place(answer.residents, reach),
        ),
        cells=tuple(cells),
    )


def _gaps(characteristic: CharacteristicView, figures: Distribution) -> list[Gap]:
    options = {option.key: option for option in characteristic.options}
    together = figures.together if figures.together and figures.together.finding is Finding.LESS else None
    missing = [
        ([options[answer.key]], answer)
        for answer in figures.answers
        if answer.finding is Finding.LESS and (answer.count.is_shown or not together)
    ]
    if together:
        withheld = [options[answer.key] for answer in figures.answers if not answer.count.is_shown]
        missing.append((withheld, together))
    return [_gap(characteristic, who, answer) for who, answer in missing]


def _gap(characteristic: CharacteristicView, who: list[OptionView], answer: AnswerFigures) -> Gap:
    hints = (phrase(option.outreach, g.language) for option in who)
    return Gap(
        who=tuple(phrase(option.title, g.language) for option in who),
        characteristic=pick(characteristic.title, g.language),
        text=_gap_text(answer),
        outreach=tuple(dict.fromkeys(hint for hint in hints if hint.text)),
    )


def _gap_text(answer: AnswerFigures) -> str:
    city = _city(answer.residents or 0)
    if not answer.key:
        share = _percent(answer.share or 0)
        return _("Together %(share)s of those who told us; %(city)s in the city.", share=share, city=city)
    if answer.share is None:
        return _("At most %(high)s of those who told us; %(city)s in the city.", high=_percent(answer.high), city=city)
    return _("%(share)s of those who told us; %(city)s in the city.", share=_percent(answer.share), city=city)


def _note(finding: Finding) -> str:
    return {Finding.LESS: _("Fewer than in the city"), Finding.MORE: _("More than in the city")}.get(finding, "")


def _share(answer: AnswerFigures) -> str:
    low, high = number(round(100 * answer.low)), number(round(100 * answer.high))
    spread = _("%(low)s–%(high)s %%", low=low, high=high)
    # In a narrow column the two stand below each other, each in one piece.
    whole = spread.replace(" ", "\u00a0").replace("–", "–\u2060")
    return whole if answer.share is None else f"{_percent(answer.share)} ({whole})"


def _count(figure: Figure) -> str:
    if figure.value is not None:
        return number(figure.value)
    return _("fewer than %(smallest)s", smallest=number(K)) if figure.small else _("not shown")


def _answered(people: int) -> str:
    return ngettext("%(num)s person answered this.", "%(num)s people answered this.", people)


def _people(count: Figure) -> str:
    if count.value is not None:
        return ngettext("%(num)s person", "%(num)s people", count.value)
    if count.small:
        return ngettext("fewer than %(num)s person", "fewer than %(num)s people", K)
    return _("number not shown")


def _percent(share: float) -> str:
    return _("%(share)s %%", share=number(round(100 * share)))


def _city(share: float) -> str:
    return _("%(share)s %%", share=number(round(100 * share, 1)))


def _place(share: float, reach: float) -> float:
    return round(100 * min(1.0, share / reach), 2)
