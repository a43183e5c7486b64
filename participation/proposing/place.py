"""Which process, which draft and which presets an address means, for whoever asks."""

from dataclasses import dataclass
from typing import Any

from flask import abort, g, redirect, request, url_for
from sqlalchemy.orm import Session

from participation.accounts.guard import current_actor
from participation.kit.db import db
from participation.kit.forms import KEY
from participation.kit.permissions import Missing
from participation.multilingual import pick
from participation.principles.queries import EntryView, fields_of, principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug
from participation.proposing.queries import DraftView, draft_of, idea_made_from
from participation.proposing.service import Preset


@dataclass(frozen=True, slots=True)
class LinkPreset:
    """What a link to the first step chose: ``arguments`` of the address that are known, and what they are called."""

    arguments: dict[str, Any]
    titles: tuple[str, ...]
    preset: Preset


def visible_process(slug: str) -> ProcessOutline:
    """Return the process at this address; raises ``Missing`` where the visitor may not see it."""
    process = process_by_slug(db.session(), slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    return process


def own_draft(process: ProcessOutline, key: str) -> DraftView:
    """Return the visitor's draft with this key; raises ``Missing``, also for somebody else's.

    Where it has become an idea, the request is answered with a redirect there.
    """
    if not KEY.fullmatch(key):
        raise Missing
    session, actor = db.session(), current_actor()
    try:
        return draft_of(session, actor, process_id=process.id, key=key)
    except Missing:
        if idea := idea_made_from(session, actor, process_id=process.id, key=key):
            abort(redirect(url_for("browse.idea", slug=process.slug, idea_id=idea.id), 303))
        raise


def link_preset(session: Session, process: ProcessOutline) -> LinkPreset:
    """Return what ``?principle=`` and ``?field=`` of the address choose; keys that nobody knows choose nothing."""
    wanted = {name: request.args.get(name, "") for name in ("principle", "field")}
    lists = {"principle": principles_of, "field": fields_of}
    principle, field = (
        _named(lists[name](session, process.framework_id), key) if key else None for name, key in wanted.items()
    )
    chosen = {"principle": principle, "field": field}
    known = {name: entry for name, entry in chosen.items() if entry}
    return LinkPreset(
        arguments={name: entry.key for name, entry in known.items()},
        titles=tuple(pick(entry.title, g.language) for entry in known.values()),
        preset=Preset((principle.id,) if principle else (), field.id if field else None),
    )


def _named(entries: tuple[EntryView, ...], key: str) -> EntryView | None:
    return next((entry for entry in entries if entry.key == key), None)
