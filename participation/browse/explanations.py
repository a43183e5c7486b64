"""Why a list stands in the order it stands in: the formula in plain words, and each idea's own numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from participation.browse.surroundings import turn_now
from participation.ideas.search import IN_TEXT, IN_TEXT_WITHIN, IN_TITLE, IN_TITLE_WITHIN
from participation.ideas.standing import MILLION
from participation.listings.ideas import COUNT_STOPS_AT, IdeaRow, Order, Sort, Why
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.multilingual.moments import clock_time, moment, number
from participation.texts.stems import fold, stems
from participation.wordings.queries import ShownWording

WILSON = (
    "E. B. Wilson: Probable Inference, the Law of Succession, and Statistical Inference. "
    "Journal of the American Statistical Association 22 (1927), 209–212"
)
SOS = "V. T. Sós: On the distribution mod 1 of the sequence nα. Annales Univ. Sci. Budapest 1 (1958), 127–134"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an order goes by; ``formula`` and ``source`` are the same in every language, and may be empty."""

    title: str
    paragraphs: tuple[str, ...]
    formula: str
    source: str
    more_url: str


def explanation(order: Order, *, words: str, goes_on: bool, now: datetime) -> Explanation:
    """Return what the order of a list goes by; ``goes_on`` says that the reader is past its first page."""
    makers: dict[Sort, Callable[[], tuple[str, tuple[str, ...], str, str]]] = {
        Sort.ROTATION: lambda: _rotation(goes_on=goes_on, now=now),
        Sort.NEWEST: _newest,
        Sort.AGREEMENT: _agreement,
        Sort.CONTESTED: _contested,
        Sort.DISCUSSED: _discussed,
        Sort.RELEVANCE: lambda: _relevance(words),
    }
    return Explanation(*makers[order.sort](), f"{url_for('browse.how_it_works')}#orders")


def reason(order: Order, words: str) -> Why:
    """Return what says of an idea, its place in the list and its key in the order why it stands there."""
    reasons: dict[Sort, Why] = {
        Sort.ROTATION: _place,
        Sort.NEWEST: _published,
        Sort.AGREEMENT: _side,
        Sort.CONTESTED: _both_sides,
        Sort.DISCUSSED: lambda idea, *_where: ngettext(
            "%(num)s published comment.", "%(num)s published comments.", idea.comments
        ),
        Sort.RELEVANCE: lambda idea, _place, points, shown: _words(idea, words, points, shown),
    }
    return reasons[order.sort]


def _rotation(*, goes_on: bool, now: datetime) -> tuple[str, tuple[str, ...], str, str]:
    turn = turn_now(now)
    minutes = round((turn.ends_at - turn.began_at).total_seconds() / 60)
    where = (
        _("You are walking on in the round that you began: it stays as it is until you have seen every idea once.")
        if goes_on
        else _(
            "This round began at %(start)s and moves on at %(end)s.",
            start=clock_time(turn.began_at),
            end=clock_time(turn.ends_at),
        )
    )
    return (
        _("Fair rotation"),
        (
            _(
                "All ideas stand in a circle. Every night their places are drawn by lot, at equal distances; an idea "
                "that comes in during the day gets a place by lot at once."
            ),
            ngettext(
                "Where the list begins moves on every %(num)s minute, by a timetable that anybody can work out. Over a "
                "day every idea comes first about equally often, whatever people think of it.",
                "Where the list begins moves on every %(num)s minutes, by a timetable that anybody can work out. Over "
                "a day every idea comes first about equally often, whatever people think of it.",
                minutes,
            ),
            where,
        ),
        f"start = {{ ⌊t / {minutes * 60}⌋ × (√5 − 1) / 2 }}",
        SOS,
    )


def _newest() -> tuple[str, tuple[str, ...], str, str]:
    return _("Newest first"), (_("By the moment of publication, the latest first."),), "", ""


def _agreement() -> tuple[str, tuple[str, ...], str, str]:
    return (
        _("Most agreement"),
        (
            _(
                "By the share of those who agree among all who took a side, but not the bare share: 3 of 3 says less "
                "than 90 of 100. What counts is how large the share is at least, with a confidence of 95 percent. "
                "Whoever is unsure counts for neither side."
            ),
        ),
        "(p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n),  z = 1.96",
        WILSON,
    )


def _contested() -> tuple[str, tuple[str, ...], str, str]:
    return (
        _("Most contested"),
        (
            _(
                "By how large the smaller of the two sides is at least, with a confidence of 95 percent, doubled: the "
                "full number is a split down the middle that many took part in."
            ),
        ),
        "2 · (p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n),  z = 1.96",
        WILSON,
    )


def _discussed() -> tuple[str, tuple[str, ...], str, str]:
    return _("Most discussed"), (_("By the number of published comments; of two alike the newer idea."),), "", ""


def _relevance(words: str) -> tuple[str, tuple[str, ...], str, str]:
    about = _(
        "Each word of “%(words)s” gives an idea points by the best place where it stands, in any of its forms: "
        "%(title)s in the title, %(in_title)s inside a longer word of the title, %(text)s in the text, %(in_text)s "
        "inside a longer word of the text. Of two with equal points the newer idea comes first.",
        words=words,
        title=number(IN_TITLE),
        in_title=number(IN_TITLE_WITHIN),
        text=number(IN_TEXT),
        in_text=number(IN_TEXT_WITHIN),
    )
    return _("Best match"), (about,), "", ""


def _place(_idea: IdeaRow, place: int, *_others: object) -> str:
    if place:
        return _("Place %(number)s of this round.", number=number(place))
    return _("Beyond place %(number)s of this round.", number=number(COUNT_STOPS_AT))


def _published(idea: IdeaRow, *_where: object) -> str:
    return _("Published on %(moment)s.", moment=moment(idea.published_at or idea.submitted_at))


def _side(idea: IdeaRow, *_where: object) -> str:
    sides = idea.figures.agree + idea.figures.disagree
    if not sides:
        return _("Nobody has taken a side yet.")
    return ngettext(
        "%(agree)s of %(num)s person who took a side agrees; at least %(share)s %% with a confidence of 95 percent.",
        "%(agree)s of %(num)s who took a side agree; at least %(share)s %% with a confidence of 95 percent.",
        sides,
        agree=number(idea.figures.agree),
        share=_percent(idea.agreement),
    )


def _both_sides(idea: IdeaRow, *_where: object) -> str:
    if not idea.figures.agree + idea.figures.disagree:
        return _("Nobody has taken a side yet.")
    return _(
        "%(agree)s agree, %(disagree)s disagree: contested to at least %(share)s %%.",
        agree=number(idea.figures.agree),
        disagree=number(idea.figures.disagree),
        share=_percent(idea.contested),
    )


def _words(idea: IdeaRow, words: str, points: int, shown: ShownWording | None) -> str:
    texts = [(idea.title, idea.text, idea.language), *([(shown.title, shown.text, shown.language)] if shown else [])]
    title, text = (
        ", ".join(dict.fromkeys(word for one in texts for word in _found(words, one[part], one[2]))) for part in (0, 1)
    )
    said = [ngettext("%(num)s point.", "%(num)s points.", points)]
    if title:
        said.append(_("In the title: %(words)s.", words=title))
    if text:
        said.append(_("In the text: %(words)s.", words=text))
    return " ".join(said)


def _found(words: str, text: str, language: str) -> list[str]:
    """Return which of ``words`` are in ``text``: spelled alike, within a longer word, or in another form."""
    folded, known = fold(text), set(stems(text, language))
    return [word for word in words.split() if fold(word) in folded or not known.isdisjoint(stems(word, language))]


def _percent(millionths: int) -> str:
    return number(round(100 * millionths / MILLION, 1))
