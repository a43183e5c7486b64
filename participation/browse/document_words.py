"""How versions of the living document and what changed in them are said, on its pages and in its feed."""

from flask import g, url_for

from participation.multilingual import gettext as _
from participation.multilingual import ngettext, phrase
from participation.multilingual.moments import day
from participation.strategy.document.changes import Changes
from participation.strategy.document.queries import Signed, Version

OVERVIEW, VERSIONS = "documents.document", "documents.versions"


def version_name(version: Version) -> str:
    """Return a version with its day, or what there was before the first one."""
    if version.made_at is None:
        return _("the beginning")
    return _("version %(number)s of %(day)s", number=version.number, day=day(version.made_at))


def in_short(changes: Changes) -> str:
    """Return what changed as a short list of numbers."""
    counted = (
        (len(changes.added), ngettext("%(num)s new statement", "%(num)s new statements", len(changes.added))),
        (len(changes.reworded), ngettext("%(num)s changed", "%(num)s changed", len(changes.reworded))),
        (len(changes.removed), ngettext("%(num)s withdrawn", "%(num)s withdrawn", len(changes.removed))),
        (len(changes.moved), ngettext("%(num)s moved", "%(num)s moved", len(changes.moved))),
    )
    return ", ".join(words for number, words in counted if number) or _("nothing changed")


def statement_name(signed: Signed) -> str:
    """Return the number by which a statement is quoted."""
    return _("Statement %(number)s", number=signed.number)


def statement_url(slug: str, statement_id: int) -> str:
    """Return the page of a statement."""
    return url_for("browse.statement", slug=slug, statement_id=statement_id)


def wording(signed: Signed) -> str:
    """Return a statement in the reader's language or a fallback."""
    return phrase(signed.text, g.language).text
