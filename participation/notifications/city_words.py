"""What entries say about the city's answers, its measures, statements, and the days that come near."""

from collections.abc import Callable, Mapping
from typing import Any

from participation.ideas.models import IdeaState
from participation.multilingual import Phrase, ngettext, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import calendar_day
from participation.notifications.city_matters import AnswerFact, DueFact, MeasureFact, Root, StatementFact
from participation.notifications.matters import Matter
from participation.notifications.models import EntryKind
from participation.notifications.saying import Address, Said, idea_url, title
from participation.strategy.answering.answers import OUTCOMES
from participation.strategy.answering.following import MEASURE_STATES
from participation.strategy.answering.subjects import SubjectKind
from participation.texts import single_line


def _answer(matter: Matter, fact: AnswerFact, language: str, address: Address) -> Said | None:
    place = _where(matter, fact.root, address)
    if place is None:
        return None
    return Said(
        headline=_answered(fact.root.subject.kind, is_author=matter.entry.account_id in fact.root.authors),
        url=place,
        label=_("Read it in its place"),
        paragraphs=(
            *_statement_words(fact.root, language),
            str(OUTCOMES[fact.outcome]),
            _("Responsible: %(department)s", department=single_line(fact.department)),
            phrase(fact.text, language),
            _("The city wants to do this by %(day)s.", day=calendar_day(fact.due_on)) if fact.due_on else "",
        ),
        about=title(matter),
    )


def _measure(matter: Matter, fact: MeasureFact, language: str, address: Address) -> Said | None:
    place = _where(matter, fact.root, address)
    if place is None:
        return None
    return Said(
        headline=_done_about(fact.root.subject.kind, is_author=matter.entry.account_id in fact.root.authors),
        url=f"{place.partition('#')[0]}#measure-{fact.measure_id}",
        label=_("Read it in its place"),
        paragraphs=(
            *_statement_words(fact.root, language),
            phrase(fact.title, language),
            _("%(state)s, by %(day)s", state=MEASURE_STATES[fact.state], day=calendar_day(fact.due_on)),
            phrase(fact.text, language),
        ),
        about=title(matter),
    )


def _statement(matter: Matter, fact: StatementFact, language: str, address: Address) -> Said | None:
    place = _where(matter, fact.root, address)
    if place is None:
        return None
    is_author = matter.entry.account_id in fact.root.authors
    return Said(
        headline=_("Your idea has become part of a statement for the strategy")
        if is_author
        else _("What you agreed with has become part of a statement for the strategy"),
        url=place,
        label=_("Read the statement"),
        paragraphs=tuple(_statement_words(fact.root, language)),
    )


def _due(matter: Matter, fact: DueFact, _language: str, address: Address) -> Said | None:
    if matter.place is None:
        return None
    return Said(
        headline=_DUE[matter.entry.kind](fact.days),
        url=address("answering.overview", slug=matter.place.slug),
        label=_("See what is waited for"),
        paragraphs=(
            _("The first day is %(day)s.", day=calendar_day(fact.first)),
            _("Everybody can see what is overdue."),
        ),
    )


_DUE: Mapping[EntryKind, Callable[[int], str]] = {
    EntryKind.REFERRAL_DUE: lambda days: ngettext(
        "%(num)d answer of a department is due", "%(num)d answers of departments are due", days
    ),
    EntryKind.PROMISE_DUE: lambda days: ngettext(
        "%(num)d day that the city promised comes near", "%(num)d days that the city promised come near", days
    ),
    EntryKind.MEASURE_DUE: lambda days: ngettext(
        "%(num)d measure should be done soon", "%(num)d measures should be done soon", days
    ),
}

CITY_WORDS: Mapping[type, Callable[[Matter, Any, str, Address], Said | None]] = {
    AnswerFact: _answer,
    MeasureFact: _measure,
    StatementFact: _statement,
    DueFact: _due,
}
"""What facts of these kinds say; nothing where the reader may not know any more."""

CITY_GONE: Mapping[EntryKind, Callable[[], str]] = {
    EntryKind.ANSWER: lambda: _("An answer of the city"),
    EntryKind.MEASURE: lambda: _("Something that the city does"),
    EntryKind.STATEMENT: lambda: _("A statement for the strategy"),
    EntryKind.REFERRAL_DUE: lambda: _("An answer of a department was due"),
    EntryKind.PROMISE_DUE: lambda: _("A day that the city promised came near"),
    EntryKind.MEASURE_DUE: lambda: _("A measure should be done soon"),
}
"""What entries of these kinds were about."""


def _where(matter: Matter, root: Root, address: Address) -> str | None:
    """Return the page where it stands; ``None`` where it is not public any more."""
    if matter.place is None:
        return None
    if root.subject.kind is SubjectKind.STATEMENT:
        if root.statement is None:
            return None
        return address("browse.statement", slug=matter.place.slug, statement_id=root.subject.id)
    if matter.idea is None or matter.idea.state is not IdeaState.PUBLISHED:
        return None
    return idea_url(matter, address)


def _statement_words(root: Root, language: str) -> tuple[Phrase, ...]:
    return (phrase(root.statement, language),) if root.statement else ()


def _answered(kind: SubjectKind, *, is_author: bool) -> str:
    if kind is SubjectKind.IDEA:
        return _("The city has answered your idea") if is_author else _("The city has answered an idea you agreed with")
    if kind is SubjectKind.BUNDLE:
        return (
            _("The city has answered your idea and others that say the same")
            if is_author
            else _("The city has answered ideas you agreed with")
        )
    return (
        _("The city has answered a statement that rests on your idea")
        if is_author
        else _("The city has answered a statement that rests on what you agreed with")
    )


def _done_about(kind: SubjectKind, *, is_author: bool) -> str:
    if kind is SubjectKind.STATEMENT:
        return (
            _("What the city does about a statement that rests on your idea")
            if is_author
            else _("What the city does about a statement that rests on what you agreed with")
        )
    return _("What the city does about your idea") if is_author else _("What the city does about what you agreed with")
