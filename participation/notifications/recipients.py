"""Whom a letter goes to, and how it is written: in their language, from a template, with links that lead to us."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.models import Account, MailRhythm
from participation.kit.links import page_url
from participation.kit.mail import Letter
from participation.multilingual import in_language, negotiate


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a letter, free of the database; ``language`` is one that the interface speaks."""

    account_id: int
    email: str
    language: str
    is_confirmed: bool
    rhythm: MailRhythm


def recipients(session: Session, account_ids: Collection[int]) -> dict[int, Recipient]:
    """Return whom letters to these accounts go to."""
    columns = (Account.id, Account.email, Account.language, Account.confirmed_at, Account.mail_rhythm)
    config = current_app.config
    return {
        id_: Recipient(
            id_,
            email,
            negotiate([language], config["LANGUAGES"], config["BABEL_DEFAULT_LOCALE"]),
            confirmed_at is not None,
            rhythm,
        )
        for id_, email, language, confirmed_at, rhythm in session.execute(
            select(*columns).where(Account.id.in_(account_ids))
        )
    }


def written(
    email: str, language: str, template: str, *, message_id: str = "", unsubscribe_url: str = "", **values: Any
) -> Letter:
    """Return the letter that ``templates/mail/<template>.txt`` makes; its first line becomes the subject."""
    site = page_url("browse.front", language=language)
    with in_language(language):
        text = render_template(
            f"mail/{template}.txt",
            site=site,
            config=current_app.config,
            unsubscribe_url=unsubscribe_url,
            **values,
        )
    subject, _, body = text.strip().partition("\n")
    return Letter(email, subject, body.strip() + "\n", language, message_id, unsubscribe_url)
