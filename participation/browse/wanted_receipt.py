"""The page on which a voter asks for the receipt of a vote: it is issued then, not with every vote."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from participation.listings.own import own_subject
from participation.multilingual import direction
from participation.receipts.models import ReceiptKind


@dataclass(frozen=True, slots=True)
class WantedReceipt:
    """A vote whose receipt is issued when its voter asks for it."""

    subject: str
    subject_language: str
    subject_dir: str
    subject_url: str
    action: str
    back_url: str


def wanted_receipt(session: Session, idea_id: int) -> WantedReceipt:
    """Return the page on which somebody who voted on an idea asks for the receipt."""
    subject = own_subject(session, ReceiptKind.VOTE, idea_id)
    return WantedReceipt(
        subject=subject.text,
        subject_language=subject.language,
        subject_dir=direction(subject.language),
        subject_url=url_for("browse.idea", slug=subject.slug, idea_id=idea_id) if subject.text else "",
        action=url_for("voting.receipt", idea_id=idea_id),
        back_url=url_for("mine.contributions"),
    )
