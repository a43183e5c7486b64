"""Who took part, held against the city, as far as people said so; in words and with numbers for a drawing."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from participation.demographics.figures import AnswerFigures, Distribution, Finding, compare, people_told
from participation.demographics.queries import CharacteristicView, characteristics_of, latest_figures
from participation.exports.council.document import Answers, Question
from participation.kit.suppression import Figure, K
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import day, number


def who_took_part(
    session: Session, process_id: int, framework_id: int, language: str
) -> tuple[str, tuple[Question, ...], tuple[str, ...]]:
    """Return how many said something about themselves, the figures by question, and who is missing.

    All of it is what was last published; everything is empty where nothing was.
    """
    latest = latest_figures(session, process_id)
    if latest is None:
        return "", (), ()
    known = [
        (one, figures)
        for one in characteristics_of(session, framework_id)
        if (figures := compare(one, latest.figures)) and figures.total.value
    ]
    note = _(
        "%(told)s of %(people)s people with an account told us about themselves, freely and without effect on their "
        "vote (figures of %(day)s). No number under %(smallest)s is shown, and none that one could work such a number "
        "out from.",
        told=_count(people_told(latest.figures)),
        people=number(latest.figures["participants"]),
        day=day(latest.made_at),
        smallest=number(K),
    )
    questions = tuple(_question(one, figures, language) for one, figures in known)
    return note, questions, tuple(gap for one, figures in known for gap in _gaps(one, figures, language))


def _question(characteristic: CharacteristicView, figures: Distribution, language: str) -> Question:
    titles = {option.key: pick(option.title, language) for option in characteristic.options}
    notes = [ngettext("%(num)s person answered this.", "%(num)s people answered this.", figures.total.value or 0)]
    if characteristic.has_reference and (source := pick(characteristic.source, language)):
        notes.append(_("Shares in the city: %(source)s", source=source))
    return Question(
        title=pick(characteristic.title, language),
        note=" ".join(notes),
        answers=tuple(_answer(titles.get(one.key, ""), one) for one in _lines(figures)),
    )


def _lines(figures: Distribution) -> Iterator[AnswerFigures]:
    yield from figures.answers
    if figures.together:
        yield figures.together


def _answer(label: str, figures: AnswerFigures) -> Answers:
    spread = _("%(low)s–%(high)s %%", low=number(round(100 * figures.low)), high=number(round(100 * figures.high)))
    share = figures.share
    return Answers(
        label=label or _("All answers without a number of their own, together"),
        people=_count(figures.count),
        shown=spread if share is None else f"{_percent(share)} ({spread})",
        city=_("not known") if figures.residents is None else _city(figures.residents),
        finding={Finding.LESS: _("Fewer than in the city"), Finding.MORE: _("More than in the city")}.get(
            figures.finding, ""
        ),
        share=share,
        low=figures.low,
        high=figures.high,
        residents=figures.residents,
    )


def _gaps(characteristic: CharacteristicView, figures: Distribution, language: str) -> Iterable[str]:
    titles = {option.key: pick(option.title, language) for option in characteristic.options}
    together = figures.together if figures.together and figures.together.finding is Finding.LESS else None
    for one in figures.answers:
        if one.finding is Finding.LESS and (one.count.is_shown or not together):
            yield _gap(pick(characteristic.title, language), titles[one.key], one)
    if together:
        missing = (titles[one.key] for one in figures.answers if not one.count.is_shown)
        yield _gap(pick(characteristic.title, language), ", ".join(missing), together)


def _gap(question: str, who: str, figures: AnswerFigures) -> str:
    city = _city(figures.residents or 0)
    if figures.share is None:
        words = _(
            "At most %(high)s of those who told us; %(city)s in the city.", high=_percent(figures.high), city=city
        )
    else:
        words = _("%(share)s of those who told us; %(city)s in the city.", share=_percent(figures.share), city=city)
    return f"{question} · {who}: {words}"


def _count(figure: Figure) -> str:
    if figure.value is not None:
        return number(figure.value)
    return _("fewer than %(smallest)s", smallest=number(K)) if figure.small else _("not shown")


def _percent(share: float) -> str:
    return _("%(share)s %%", share=number(round(100 * share)))


def _city(share: float) -> str:
    return _("%(share)s %%", share=number(round(100 * share, 1)))
