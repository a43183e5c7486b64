"""Putting letters together from what is new: one entry, or everything of a day or a week, grouped by process."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from textwrap import indent

from flask import current_app
from sqlalchemy.orm import Session

from participation.accounts.models import MailRhythm
from participation.kit.links import page_url
from participation.kit.mail import Letter
from participation.multilingual import Phrase, in_language, ngettext, set_apart
from participation.multilingual import gettext as _
from participation.notifications.matters import Matter, matters_of
from participation.notifications.queries import Entry
from participation.notifications.recipients import Recipient, written
from participation.notifications.unsubscribing import unsubscribe_url
from participation.notifications.worded import matters_for
from participation.notifications.words import Item, items


def items_for(session: Session, recipient: Recipient, entries: Iterable[Entry], *, now: datetime) -> tuple[Item, ...]:
    """Return what entries say to ``recipient``, with addresses that lead here from outside."""
    matters = matters_of(session, entries, now=now)
    return items_from(recipient, matters_for(session, matters, {recipient.account_id: recipient.language}))


def items_from(recipient: Recipient, matters: Iterable[Matter]) -> tuple[Item, ...]:
    """Return what matters that were read already say to ``recipient``."""
    with in_language(recipient.language):
        return items(matters, recipient.language, partial(page_url, language=recipient.language))


def entry_letter(recipient: Recipient, item: Item) -> Letter:
    """Return the letter about one item."""
    return written(
        recipient.email,
        recipient.language,
        "entry",
        message_id=_message_id("entry", *item.entry_ids),
        unsubscribe_url=unsubscribe_url(recipient.account_id, language=recipient.language),
        settings_url=page_url("notifications.preferences", language=recipient.language),
        subject=item.subject(recipient.language),
        note=item.note,
        process=_set_apart(item.process, recipient.language) if item.process else "",
        text=_paragraphs(item, recipient.language),
        label=item.label,
        url=item.url,
    )


def digest_letter(recipient: Recipient, said: Sequence[Item], *, more: int, run_id: int) -> Letter:
    """Return the letter of one round to ``recipient``; ``more`` entries are only in the inbox.

    Sent again after a crash it is the same message, by its Message-ID.
    """
    with in_language(recipient.language):
        subject = _subject(recipient.rhythm, len(said) + more)
        text = "\n\n\n".join(_group(group, recipient.language) for group in _by_process(said))
    return written(
        recipient.email,
        recipient.language,
        "digest",
        message_id=_message_id("digest", run_id, recipient.account_id),
        unsubscribe_url=unsubscribe_url(recipient.account_id, language=recipient.language),
        settings_url=page_url("notifications.preferences", language=recipient.language),
        subject=subject,
        text=text,
        url=page_url("notifications.inbox", language=recipient.language),
        more=more,
    )


def _subject(rhythm: MailRhythm, number: int) -> str:
    if rhythm is MailRhythm.WEEKLY:
        return ngettext("Your week: %(num)d piece of news", "Your week: %(num)d pieces of news", number)
    return ngettext("Your day: %(num)d piece of news", "Your day: %(num)d pieces of news", number)


def _by_process(said: Sequence[Item]) -> list[list[Item]]:
    """Return the items process by process: first where the latest one is, and in each the latest first."""
    groups: dict[int | None, list[Item]] = {}
    for item in said:
        groups.setdefault(item.process_id, []).append(item)
    return list(groups.values())


def _group(group: list[Item], language: str) -> str:
    title = _set_apart(group[0].process, language) if group[0].process else _("Other news")
    return "\n\n".join((f"{title}\n{'=' * min(len(title), 60)}", *(_block(item, language) for item in group)))


def _block(item: Item, language: str) -> str:
    note = f"({item.note})" if item.note else ""
    lines = [part for part in (note, _paragraphs(item, language), item.url) if part]
    return "\n".join((f"* {item.subject(language)}", *(indent(line, "  ") for line in lines)))


def _paragraphs(item: Item, language: str) -> str:
    return "\n\n".join(set_apart(part.text.strip(), part.language, language) for part in item.paragraphs)


def _set_apart(title: Phrase, language: str) -> str:
    return set_apart(title.text, title.language, language)


def _message_id(kind: str, *numbers: int) -> str:
    """Return what is the same for the same letter, and gives no number of an account away."""
    key = str(current_app.secret_key).encode()[:64]
    named = ":".join((kind, *map(str, numbers))).encode()
    return f"{kind}-{hashlib.blake2b(named, key=key, digest_size=16).hexdigest()}"
