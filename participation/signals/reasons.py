"""What signals say, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from participation.multilingual import gettext as _
from participation.multilingual import language_name, ngettext
from participation.signals.models import SignalKind
from participation.signals.queries import SignalSeen
from participation.signals.watching import OWN

Details = Mapping[str, Any]


def signal_label(kind: SignalKind) -> str:
    """Return the short name of a kind of signal, for badges and filters."""
    return {
        SignalKind.RATE: _("Many at once"),
        SignalKind.LINKS: _("Links"),
        SignalKind.REPEATED: _("Repeated text"),
        SignalKind.WORDS: _("Words on a list"),
        SignalKind.NEW_ACCOUNT: _("New account"),
        SignalKind.PERSONAL: _("Personal data"),
        SignalKind.LANGUAGE: _("Language"),
    }[kind]


def signal_reason(signal: SignalSeen) -> str:
    """Return a sentence that says why the program points at the contribution."""
    return REASONS[signal.kind](signal.details)


def list_label(name: str) -> str:
    """Return what a list of words is called."""
    return {
        "insult": _("insult"),
        "hate": _("hate"),
        "threat": _("threat"),
        "vulgar": _("vulgar"),
        "advertising": _("advertising"),
        OWN: _("your own list"),
    }.get(name, name)


def _rate(details: Details) -> str:
    count, minutes = details["count"], details["minutes"]
    if minutes < 60:
        return _(
            "The same person wrote %(count)s contributions within %(minutes)s minutes.", count=count, minutes=minutes
        )
    return _("The same person wrote %(count)s contributions within %(hours)s hours.", count=count, hours=minutes // 60)


def _links(details: Details) -> str:
    links = ngettext("It contains %(num)s link.", "It contains %(num)s links.", details["links"])
    if details["hidden"]:
        return f"{links} " + _("A short link does not show where it leads.")
    return links


def _repeated(details: Details) -> str:
    others, own = details["others"], details["own"]
    if details.get("more"):
        said = _("More than %(count)s other contributions say nearly the same.", count=others)
    else:
        said = ngettext(
            "%(num)s other contribution says nearly the same.",
            "%(num)s other contributions say nearly the same.",
            others,
        )
    if not own:
        return said
    return f"{said} " + ngettext(
        "%(num)s of them is by the same person.", "%(num)s of them are by the same person.", own
    )


def _words(details: Details) -> str:
    words = ", ".join(
        _("“%(word)s” (%(list)s)", word=one["word"], list=list_label(one["list"])) for one in details["words"]
    )
    return _("It contains words on a list: %(words)s. Whether they hurt anybody depends on the sentence.", words=words)


def _new_account(details: Details) -> str:
    minutes = details["minutes"]
    if minutes < 60:
        age = ngettext("The account was %(num)s minute old.", "The account was %(num)s minutes old.", minutes)
    else:
        age = ngettext("The account was %(num)s hour old.", "The account was %(num)s hours old.", minutes // 60)
    parts = [age]
    if details["count"] > 1:
        parts.append(
            ngettext("It was its %(num)s contribution.", "It was its contribution number %(num)s.", details["count"])
        )
    if details["links"]:
        parts.append(ngettext("It contains %(num)s link.", "It contains %(num)s links.", details["links"]))
    return " ".join(parts)


def _personal(details: Details) -> str:
    names = {
        "iban": _("a bank account"),
        "email": _("an e-mail address"),
        "phone": _("a phone number"),
        "plate": _("a licence plate"),
        "address": _("somebody's address"),
        "name": _("somebody's name"),
    }
    kinds = ", ".join(names.get(kind, kind) for kind in details["kinds"])
    return _("By its form this may give away: %(kinds)s.", kinds=kinds)


def _language(details: Details) -> str:
    return _(
        "It says that it is in this language: %(stated)s. It looks like this one: %(seems)s.",
        stated=language_name(details["stated"], shown_in=g.language),
        seems=language_name(details["seems"], shown_in=g.language),
    )


REASONS: dict[SignalKind, Callable[[Details], str]] = {
    SignalKind.RATE: _rate,
    SignalKind.LINKS: _links,
    SignalKind.REPEATED: _repeated,
    SignalKind.WORDS: _words,
    SignalKind.NEW_ACCOUNT: _new_account,
    SignalKind.PERSONAL: _personal,
    SignalKind.LANGUAGE: _language,
}
