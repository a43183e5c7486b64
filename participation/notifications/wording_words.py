"""What entries say about suggested wordings."""

from collections.abc import Iterable

from participation.cases.models import SubjectKind
from participation.multilingual import Phrase, language_name
from participation.multilingual import gettext as _
from participation.notifications.matters import Matter
from participation.notifications.saying import Address, Said, idea_url, title
from participation.notifications.wording_matters import WordingFact
from participation.wordings.models import WordingState

UNKNOWN = ""
"""The language of what moderators wrote; letters need not know, and pages find out."""


def say_wording(matter: Matter, fact: WordingFact, language: str, address: Address) -> Said | None:
    """Return what became of an own suggestion; nothing while it waits, as after a decision that was taken back."""
    if fact.state in (WordingState.WAITING, WordingState.WITHDRAWN) or matter.place is None:
        return None
    about = title(matter)
    part = None if fact.subject is SubjectKind.IDEA else (fact.subject.value, fact.subject_id)
    return Said(
        headline=_headline(fact, language_name(fact.language, shown_in=language)),
        url=idea_url(matter, address, part=part) if about else "",
        label=_("Read it in its place") if about else "",
        paragraphs=tuple(_paragraphs(fact)),
        about=about,
    )


def gone_wording() -> str:
    """Return what an entry was about whose suggestion is not there any more."""
    return _("What became of a translation that you suggested")


def _headline(fact: WordingFact, language: str) -> str:
    if fact.state is WordingState.SHOWN:
        return _("Your translation into %(language)s is shown to readers", language=language)
    if fact.state is WordingState.REPLACED and fact.was_shown:
        return _("Your translation into %(language)s was shown, and another one has taken its place", language=language)
    if fact.state is WordingState.REPLACED:
        return _("Your translation into %(language)s is not needed any more", language=language)
    if fact.was_shown:
        return _("Your translation into %(language)s was taken down", language=language)
    return _("Your translation into %(language)s was not taken over", language=language)


def _paragraphs(fact: WordingFact) -> Iterable[Phrase | str]:
    if fact.state is WordingState.SHOWN:
        yield _("Thank you for helping others to read along!")
    elif fact.state is WordingState.REPLACED and not fact.was_shown:
        yield _("The text that it belongs to has changed since, or was taken back. Thank you all the same!")
    if fact.reason:
        yield _("What the moderation team says about it:")
        yield Phrase(fact.reason, UNKNOWN)
    if fact.state is WordingState.REFUSED and not fact.was_shown:
        yield _("You can suggest another one at any time.")
