"""The inbox as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.multilingual import Phrase
from participation.multilingual.moments import moment
from participation.notifications.matters import matters_of
from participation.notifications.queries import inbox_of
from participation.notifications.worded import matters_here
from participation.notifications.words import UNKNOWN, Item, items
from participation.texts import detect_language, excerpt

MOST_PARAGRAPHS = 3
LONGEST_PARAGRAPH = 300


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One piece of news; ``entries`` is what the button that marks it as read sends, ``note`` is about the title."""

    entries: str
    headline: str
    about: Phrase | None
    note: str
    paragraphs: tuple[Phrase, ...]
    url: str
    process: Phrase | None
    when: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox; ``through`` is the latest entry on it, so that nothing unseen is marked as read."""

    items: tuple[InboxItem, ...]
    unread: int
    through: int | None
    newest_url: str
    older_url: str


def inbox_page(session: Session, account_id: int, *, unread: int, before: int | None, now: datetime) -> InboxPage:
    """Return a page of somebody's inbox, from behind the entry ``before``."""
    entries, has_more = inbox_of(session, account_id, before=before)
    said = items(matters_here(session, matters_of(session, entries, now=now)), g.language, url_for)
    return InboxPage(
        items=tuple(_item(item) for item in said),
        unread=unread,
        through=entries[0].id if entries else None,
        newest_url=url_for("notifications.inbox") if before is not None else "",
        older_url=url_for("notifications.inbox", before=entries[-1].id) if has_more else "",
    )


def _item(item: Item) -> InboxItem:
    # What was read is one line to be found again; what leads nowhere else keeps its words.
    paragraphs = item.paragraphs[:MOST_PARAGRAPHS] if item.is_new or not item.url else ()
    return InboxItem(
        entries=" ".join(map(str, item.entry_ids)),
        headline=item.headline,
        about=item.about,
        note=item.note,
        paragraphs=tuple(_shortened(part) for part in paragraphs),
        url=item.url,
        process=item.process,
        when=moment(item.at),
        is_new=item.is_new,
    )


def _shortened(part: Phrase) -> Phrase:
    language = part.language if part.language != UNKNOWN else detect_language(part.text, default=g.language)
    return Phrase(excerpt(part.text, LONGEST_PARAGRAPH), language)
