"""Letters that follow from events; each is written in the worker, outside any transaction, when it is sent."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale, format_timedelta

from participation.accounts.events import AccountCreated, PasswordResetRequested, SignUpRepeated
from participation.accounts.models import Account, LinkPurpose
from participation.accounts.service import LINK_LASTS, issue_link
from participation.comments.models import Comment
from participation.ideas.models import Idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.mail import Letter, send
from participation.moderation.events import Decided
from participation.moderation.models import Decision
from participation.multilingual import negotiate, pick
from participation.notifications.links import page_url
from participation.processes.models import Participant
from participation.processes.queries import process_by_id
from participation.texts import single_line


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a letter, free of the database; ``language`` is one that the interface speaks."""

    account_id: int
    email: str
    language: str
    is_confirmed: bool


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


def tell_author(event: Decided) -> None:
    """Tell an author what was decided about an idea or comment, and why; only people with an account can be told."""
    session = db.session()
    decision = session.get(Decision, event.decision_id)
    if decision is None:
        return
    comment = session.get(Comment, decision.comment_id) if decision.comment_id else None
    idea = session.get_one(Idea, comment.idea_id if comment else decision.idea_id)
    author = session.get_one(Participant, comment.participant_id if comment else idea.participant_id)
    recipient = _recipient(author.account_id)
    if recipient is None:
        return
    process = process_by_id(session, decision.process_id)
    url = page_url("browse.idea", language=recipient.language, slug=process.slug, idea_id=idea.id)
    _write(
        recipient,
        "decision",
        about="comment" if comment else "idea",
        decision=decision.kind.value,
        reason=decision.reason,
        title=single_line(idea.title),
        text=comment.text if comment else "",
        process=pick(process.title, recipient.language),
        url=f"{url}#comment-{comment.id}" if comment else url,
        rules_url=page_url("browse.rules", language=recipient.language),
    )


def _recipient(account_id: int | None) -> Recipient | None:
    account = db.session.get(Account, account_id) if account_id else None
    if account is None:
        return None
    config = current_app.config
    language = negotiate([account.language], config["LANGUAGES"], config["BABEL_DEFAULT_LOCALE"])
    return Recipient(account.id, account.email, language, account.confirmed_at is not None)


def _write_with_link(recipient: Recipient, template: str, purpose: LinkPurpose, endpoint: str) -> None:
    # Made only now, so that no queue or log ever holds a link that works.
    with transaction() as session:
        token = issue_link(session, account_id=recipient.account_id, purpose=purpose, now=clock.now())
    with force_locale(recipient.language):
        lasts = format_timedelta(LINK_LASTS[purpose], threshold=1.5)
    _write(recipient, template, link=page_url(endpoint, language=recipient.language, token=token), lasts=lasts)


def _write(recipient: Recipient, template: str, **values: Any) -> None:
    """Send one letter; the first line of the template becomes its subject."""
    config = current_app.config
    site = page_url("browse.front", language=recipient.language)
    with force_locale(recipient.language):
        text = render_template(f"mail/{template}.txt", site=site, config=config, **values)
    subject, _, body = text.strip().partition("\n")
    send(Letter(recipient.email, subject, body.strip() + "\n", recipient.language), config)
