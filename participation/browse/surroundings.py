"""What the pages of a process have around them, looked up once every few seconds: names, themes, filters."""

import hashlib
from datetime import datetime, timedelta

from flask import current_app, g, url_for

from participation.browse.shared import remembered
from participation.ideas.rotation import Turn, draw_number, turn_at
from participation.kit.db import db
from participation.listings.names import Entries, Names, Theme, entries_of, names, themes_of
from participation.principles.queries import AspectView, aspects_of
from participation.processes.outline import ProcessOutline


def names_around(process: ProcessOutline) -> Names:
    """Return the names around the ideas of a process in the reader's language."""
    key = ("names", process.framework_id, process.slug, g.language)
    return remembered(key, lambda: _names(process))


def _names(process: ProcessOutline) -> Names:
    return names(entries_around(process), g.language, list_url=url_for("browse.ideas", slug=process.slug))


def names_mark(process: ProcessOutline) -> str:
    """Return something that changes with any of the names around the ideas of a process."""
    key = ("names mark", process.framework_id)
    return remembered(key, lambda: hashlib.blake2b(repr(entries_around(process)).encode(), digest_size=12).hexdigest())


def entries_around(process: ProcessOutline) -> Entries:
    """Return what the ideas of a process can be tagged with."""
    return remembered(("entries", process.framework_id), lambda: entries_of(db.session(), process.framework_id))


def aspects_around(process: ProcessOutline) -> tuple[AspectView, ...]:
    """Return what the ideas of a process can touch beside the principles."""
    return remembered(("aspects", process.framework_id), lambda: aspects_of(db.session(), process.framework_id))


def aspects_mark(process: ProcessOutline) -> str:
    """Return something that changes with the words of any aspect."""
    key = ("aspects mark", process.framework_id)
    return remembered(key, lambda: hashlib.blake2b(repr(aspects_around(process)).encode(), digest_size=12).hexdigest())


def themes_around(process: ProcessOutline) -> tuple[Theme, ...]:
    """Return the themes of a process."""
    return remembered(("themes", process.slug, process.version), lambda: themes_of(db.session(), process.id))


def draw_around(process: ProcessOutline) -> int:
    """Return the number of the draw that the fair rotation of a process goes by."""
    return remembered(("draw", process.slug, process.version), lambda: draw_number(db.session(), process.id))


def turn_now(now: datetime) -> Turn:
    """Return where lists in fair rotation begin at ``now``, and until when."""
    return turn_at(now, timedelta(minutes=current_app.config["ROTATION_MINUTES"]))
