"""Where the legal texts stand that hold on a page, and where its reader agrees to new ones."""

from flask import g, request, url_for

from participation.accounts.actor import Actor
from participation.kit.db import db
from participation.multilingual import gettext as _
from participation.processes.queries import process_id_by_slug

WHERE_TEXTS_STAND = ("legal", "smallprint")


def legal_url(name: str) -> str:
    """Return where a legal text stands: on the pages of a process the one that holds there.

    A page that says what went wrong is about no process: there may be none.
    """
    slug = None if g.get("has_failed") else _slug()
    return f"{url_for('browse.process', slug=slug)}/{name}" if slug else url_for(f"browse.{name}")


def consent_url(actor: Actor, here: str | None) -> str:
    """Return where ``actor`` agrees to what is new, to come back ``here``; empty where nothing keeps from writing."""
    if not actor.owes or request.blueprint in WHERE_TEXTS_STAND:
        return ""
    slug = _slug()
    process_id = process_id_by_slug(db.session(), slug) if slug else None
    if None not in actor.owes and (process_id is None or process_id not in actor.owes):
        return ""
    return url_for("legal.consent", process=slug if process_id else None, next=here)


def what_is_owed() -> tuple[str, str]:
    """Return the sentence that asks to agree to what is new, and what its link is called."""
    return (
        _("The rules or the privacy notice are new. Please read them and agree before you go on."),
        _("Read what is new"),
    )


def _slug() -> str | None:
    return (request.view_args or {}).get("slug")
