"""What entries say about the sign-off of statements."""

from collections.abc import Callable, Mapping
from typing import Any

from participation.multilingual import Phrase, phrase
from participation.multilingual import gettext as _
from participation.notifications.matters import Matter
from participation.notifications.models import EntryKind
from participation.notifications.saying import Address, Said
from participation.notifications.sign_off_matters import ReopenedFact, SignOffFact
from participation.strategy.models import RevisionState

UNKNOWN = ""
"""The language of what colleagues wrote; letters need not know, and pages find out."""


def _sign_off(matter: Matter, fact: SignOffFact, language: str, address: Address) -> Said | None:
    if matter.place is None:
        return None
    is_own = matter.entry.account_id in fact.writers
    waits = fact.state is RevisionState.SUBMITTED
    endpoint = "signing.sign" if waits and not is_own else "strategy.statement"
    return Said(
        headline=_headline(fact, is_own=is_own),
        url=address(endpoint, slug=matter.place.slug, statement_id=fact.statement_id),
        label=_("Read it and sign it off") if waits and not is_own else _("Open the statement"),
        paragraphs=(
            phrase(fact.text, language),
            *(
                (_("What should change:"), Phrase(fact.remark, UNKNOWN))
                if is_own and fact.state is RevisionState.SENT_BACK
                else ()
            ),
        ),
    )


def _headline(fact: SignOffFact, *, is_own: bool) -> str:
    if fact.state is RevisionState.SIGNED:
        said = _("Your statement %(number)s is signed off") if is_own else _("Statement %(number)s is signed off")
    elif fact.state is RevisionState.SENT_BACK:
        said = _("Your statement %(number)s came back") if is_own else _("Statement %(number)s was sent back")
    elif is_own:
        said = _("Your statement %(number)s waits to be signed off")
    else:
        said = _("Statement %(number)s waits for somebody to sign it off")
    return said % {"number": fact.number}


def _reopened(matter: Matter, fact: ReopenedFact, language: str, address: Address) -> Said | None:
    if matter.place is None:
        return None
    return Said(
        headline=_("Statement %(number)s lost a source and was signed off anew", number=fact.number)
        if fact.is_over
        else _("Statement %(number)s lost a source and has to be signed off anew", number=fact.number),
        url=address("strategy.statement", slug=matter.place.slug, statement_id=fact.statement_id),
        label=_("Open the statement"),
        paragraphs=(phrase(fact.text, language),),
    )


SIGN_OFF_WORDS: Mapping[type, Callable[[Matter, Any, str, Address], Said | None]] = {
    SignOffFact: _sign_off,
    ReopenedFact: _reopened,
}
"""What facts of these kinds say."""

SIGN_OFF_GONE: Mapping[EntryKind, Callable[[], str]] = {
    EntryKind.SIGN_OFF: lambda: _("The sign-off of a statement"),
    EntryKind.REOPENED: lambda: _("A statement that lost a source"),
}
"""What entries of these kinds were about."""
