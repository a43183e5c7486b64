"""What entries say about barriers that somebody reported."""

from collections.abc import Callable, Mapping
from typing import Any

from participation.multilingual import Phrase, ngettext
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.notifications.barrier_matters import BarrierFact, BarriersDueFact
from participation.notifications.matters import Matter
from participation.notifications.models import EntryKind
from participation.notifications.saying import Address, Said


def _barrier(matter: Matter, fact: BarrierFact, _language: str, address: Address) -> Said | None:
    if matter.entry.account_id != fact.reporter:
        return _for_staff(fact, address)
    url, label = address("barriers.status", barrier_code=fact.code), _("Read all about it")
    if fact.is_answered:
        gone = _("The barrier is gone, as far as we can see.") if fact.is_removed else _("The barrier is not gone yet.")
        answer = Phrase(fact.answer, fact.answer_language)
        return Said(_("The barrier that you reported: an answer"), url, label, (gone, answer))
    if not fact.interim:
        return None
    reason = Phrase(fact.interim, fact.interim_language)
    promise = _("We answer by %(day)s at the latest.", day=day(fact.due_at))
    return Said(_("The barrier that you reported: the answer takes longer"), url, label, (reason, promise))


def _for_staff(fact: BarrierFact, address: Address) -> Said:
    return Said(
        headline=_("A report of a barrier is answered") if fact.is_answered else _("Somebody reported a barrier"),
        url=address("barriers.report", report_id=fact.id),
        label=_("Read the report"),
        paragraphs=() if fact.is_answered else (_("The answer is due on %(day)s.", day=day(fact.due_at)),),
    )


def _due(_matter: Matter, fact: BarriersDueFact, _language: str, address: Address) -> Said:
    return Said(
        headline=ngettext(
            "%(num)d report of a barrier has to be answered soon",
            "%(num)d reports of barriers have to be answered soon",
            fact.reports,
        ),
        url=address("barriers.queue"),
        label=_("See the reports"),
        paragraphs=(
            _("The first day is %(day)s.", day=day(fact.first)),
            _("Everybody can see what is overdue."),
        ),
    )


BARRIER_WORDS: Mapping[type, Callable[[Matter, Any, str, Address], Said | None]] = {
    BarrierFact: _barrier,
    BarriersDueFact: _due,
}
"""What facts of these kinds say."""

BARRIER_GONE: Mapping[EntryKind, Callable[[], str]] = {
    EntryKind.BARRIER: lambda: _("A report of a barrier"),
    EntryKind.BARRIER_DUE: lambda: _("Reports of barriers had to be answered"),
}
"""What entries of these kinds were about."""
