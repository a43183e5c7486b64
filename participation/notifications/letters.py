"""Letters that follow from events; each is written in the worker, outside any transaction, when it is sent."""

from typing import Any

from flask import current_app
from flask_babel import format_timedelta

from participation.accounts.events import AccountCreated, PasswordResetRequested, SignUpRepeated
from participation.accounts.models import LinkPurpose
from participation.accounts.service import LINK_LASTS, issue_link
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.links import page_url
from participation.kit.mail import send
from participation.multilingual import in_language
from participation.notifications.composing import entry_letter, items_for
from participation.notifications.events import EntryAdded
from participation.notifications.queries import REACTIONS, entry_by_id, has_letter_about
from participation.notifications.recipients import Recipient, recipients, written
from participation.notifications.service import note_mailed


def ask_for_confirmation(event: AccountCreated) -> None:
    """Send the link that confirms an address; nothing once it is confirmed."""
    recipient = _recipient(event.account_id)
    if recipient and not recipient.is_confirmed:
        _write_with_link(recipient, "confirm", LinkPurpose.CONFIRM, "accounts.confirm")


def hint_at_existing_account(event: SignUpRepeated) -> None:
    """Tell somebody who signs up again that there is an account already, and the ways into it."""
    recipient = _recipient(event.account_id)
    if recipient:
        sign_in_url = page_url("accounts.sign_in", language=recipient.language)
        reset_url = page_url("accounts.request_reset", language=recipient.language)
        _write(recipient, "existing_account", sign_in_url=sign_in_url, reset_url=reset_url)


def send_reset_link(event: PasswordResetRequested) -> None:
    """Send the link that sets a new password."""
    recipient = _recipient(event.account_id)
    if recipient:
        _write_with_link(recipient, "reset", LinkPurpose.RESET, "accounts.reset")


def mail_entry(event: EntryAdded) -> None:
    """Send what is new in an inbox to somebody who wants mail at once.

    Nothing when it has been read or was mailed meanwhile, or is not there any more. A repetition is the same message.
    """
    session = db.session()
    entry = entry_by_id(session, event.entry_id)
    recipient = _recipient(entry.account_id) if entry else None
    if entry is None or recipient is None or not recipient.is_confirmed:
        return
    if entry.kind in REACTIONS and has_letter_about(session, entry):
        return
    (item,) = items_for(session, recipient, [entry], now=clock.now())
    if item.is_gone:
        return
    send(entry_letter(recipient, item), current_app.config)
    with transaction() as writing:
        note_mailed(writing, [entry.id], now=clock.now())


def write_letter(email: str, language: str, template: str, **values: Any) -> None:
    """Send one letter made from ``templates/mail/<template>.txt`` to any address; nothing of it is kept."""
    send(written(email, language, template, **values), current_app.config)


def _recipient(account_id: int) -> Recipient | None:
    return recipients(db.session(), [account_id]).get(account_id)


def _write_with_link(recipient: Recipient, template: str, purpose: LinkPurpose, endpoint: str) -> None:
    # Made only now, so that no queue or log ever holds a link that works.
    with transaction() as session:
        token = issue_link(session, account_id=recipient.account_id, purpose=purpose, now=clock.now())
    with in_language(recipient.language):
        lasts = format_timedelta(LINK_LASTS[purpose], threshold=1.5)
    _write(recipient, template, link=page_url(endpoint, language=recipient.language, token=token), lasts=lasts)


def _write(recipient: Recipient, template: str, **values: Any) -> None:
    write_letter(recipient.email, recipient.language, template, **values)
