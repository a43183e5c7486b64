"""The pages around receipts: what anybody learns who checks one, and what its author takes away."""

import base64
from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.receipt_words import (
    finding_sentence,
    kind_label,
    receipt_notes,
    received,
    sentence,
    stance_label,
    state_label,
    what_it_does_not,
    what_it_proves,
)
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea, IdeaRevision
from participation.kit.links import page_url
from participation.kit.qr import Symbol, symbol
from participation.listings.own import own_subject
from participation.listings.receipts import Standing, Whereabouts, whereabouts
from participation.moderation.reasons import facts_of
from participation.multilingual import direction
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.receipts.files import Contribution, FileCheck, Finding
from participation.receipts.models import ReceiptKind
from participation.receipts.queries import ReceiptView, public_keys
from participation.receipts.signing import pem, text_digest
from participation.receipts.thanks import own_receipt_url
from participation.tallies.proofs import is_logged

KINDS_OF_STATE = {
    Standing.PUBLISHED: "success",
    Standing.COUNTED: "success",
    Standing.IN_REVIEW: "info",
    Standing.HIDDEN: "warning",
    Standing.WITHDRAWN: "neutral",
    Standing.ERASED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same thing."""

    label: str
    url: str
    current: bool
    count: str | None = None


@dataclass(frozen=True, slots=True)
class SignedPart:
    """What was signed, for those who want to check it themselves."""

    text: str
    signature: str
    fingerprint: str
    digest: str
    keys_url: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What anybody learns about a receipt; never who it belongs to, and of a vote neither idea nor stance."""

    code: str
    kind: str
    received: str
    is_genuine: bool
    state: str
    state_kind: str
    sentence: str
    reason: str
    notes: tuple[str, ...]
    link_url: str
    link_label: str
    own_url: str
    signed: SignedPart


@dataclass(frozen=True, slots=True)
class FileResult:
    """What the check of a file found; ``page`` is what we know of the receipt."""

    is_genuine: bool
    sentence: str
    text_note: str
    said: str
    page: CheckPage | None


@dataclass(frozen=True, slots=True)
class OwnReceipt:
    """A receipt as its author sees it; of a vote ``subject`` and ``stance`` stay out of print: they tell too much."""

    code: str
    kind: str
    received: str
    subject: str
    subject_language: str
    subject_dir: str
    subject_url: str
    is_vote: bool
    stance: str
    revision: int
    revisions: tuple[Tab, ...]
    check_url: str
    address: str
    symbol: Symbol
    proves: tuple[str, ...]
    does_not: tuple[str, ...]
    file_url: str
    back_url: str
    signed: SignedPart


@dataclass(frozen=True, slots=True)
class KeyItem:
    """A public key with its description."""

    fingerprint: str
    since: str
    pem: str
    url: str


def check_page(session: Session, actor: Actor, receipt: ReceiptView) -> CheckPage:
    """Return what is to be said about a receipt to ``actor``, whoever that is."""
    found = whereabouts(session, receipt)
    is_own = actor.account_id is not None and actor.account_id == found.account_id
    url, label = _link(receipt.kind, receipt.subject_id, found)
    return CheckPage(
        code=receipt.code,
        kind=kind_label(receipt.kind),
        received=received(receipt.kind, receipt.issued_at),
        is_genuine=receipt.is_valid,
        state=state_label(found.standing),
        state_kind=KINDS_OF_STATE[found.standing],
        sentence=sentence(receipt.kind, found),
        reason=facts_of(found.block_texts, found.reason, g.language),
        notes=(*receipt_notes(found), *_log_notes(session, receipt, found)),
        link_url=url,
        link_label=label,
        own_url=url_for("mine.contributions") if is_own else "",
        signed=signed_part(receipt),
    )


def own_receipt(session: Session, receipts: list[ReceiptView], receipt: ReceiptView, number: int) -> OwnReceipt:
    """Return the page of one of an author's ``receipts`` for the contribution with this number."""
    subject = own_subject(session, receipt.kind, number, subject_id=receipt.subject_id)
    target = page_url("receipts.check", language=g.language, code=receipt.code)
    return OwnReceipt(
        code=receipt.code,
        kind=kind_label(receipt.kind),
        received=received(receipt.kind, receipt.issued_at),
        subject=subject.text,
        subject_language=subject.language,
        subject_dir=direction(subject.language),
        subject_url=contribution_url(receipt.kind, number, slug=subject.slug, idea_id=subject.idea_id)
        if subject.text
        else "",
        is_vote=receipt.kind is ReceiptKind.VOTE,
        stance=stance_label(subject.stance) if subject.stance else "",
        revision=receipt.revision,
        revisions=tuple(
            Tab(
                _("Revision %(number)s", number=one.revision),
                own_receipt_url(receipt.kind, number, one.revision),
                one.revision == receipt.revision,
            )
            for one in receipts
            if len(receipts) > 1
        ),
        check_url=url_for("receipts.check", code=receipt.code),
        address=page_url("receipts.enter", language=g.language),
        symbol=symbol(target),
        proves=what_it_proves(receipt.kind),
        does_not=what_it_does_not(receipt.kind),
        file_url=url_for("mine.receipt_file", kind=receipt.kind.value, number=number, revision=receipt.revision),
        back_url=url_for("mine.contributions"),
        signed=signed_part(receipt),
    )


def contribution_of(session: Session, receipt: ReceiptView) -> Contribution | None:
    """Return the text a receipt is about as it was sent; ``None`` where we do not have just that text any more."""
    number = receipt.subject_id
    texts: list[Contribution] = []
    if receipt.kind is ReceiptKind.IDEA:
        earlier = select(IdeaRevision).where(
            IdeaRevision.idea_id == number, IdeaRevision.revision == receipt.revision, IdeaRevision.closed_at.is_(None)
        )
        ideas = (session.get(Idea, number), session.scalar(earlier))
        texts = [Contribution(one.title, one.text) for one in ideas if one]
    elif receipt.kind is ReceiptKind.ADDENDUM and (addendum := session.get(Addendum, number)):
        texts = [Contribution("", addendum.text)]
    elif receipt.kind is ReceiptKind.COMMENT and (comment := session.get(Comment, number)):
        texts = [Contribution("", comment.text)]
    return next((one for one in texts if text_digest(one.text, title=one.title) == receipt.digest), None)


def file_page(session: Session, actor: Actor, check: FileCheck) -> FileResult:
    """Return what is to be said about a file that somebody showed us."""
    return FileResult(
        is_genuine=check.finding in (Finding.GOOD, Finding.UNKNOWN_CODE),
        sentence=finding_sentence(check.finding),
        text_note=_("The text in the file is exactly the text that was sent.") if check.has_text else "",
        said=check.said.text() if check.said else "",
        page=check_page(session, actor, check.receipt) if check.receipt else None,
    )


def keys_page(session: Session) -> tuple[KeyItem, ...]:
    """Return the public keys, the latest first."""
    return tuple(
        KeyItem(key.fingerprint, day(key.first_used_at), pem(key.public_key), key_url(key.fingerprint))
        for key in public_keys(session)
    )


def contribution_url(kind: ReceiptKind, number: int, *, slug: str, idea_id: int) -> str:
    """Return where a contribution can be read; that of a vote is its idea."""
    if kind is ReceiptKind.COMMENT:
        url = url_for("discussion.comment", slug=slug, idea_id=idea_id, comment_id=number)
        return f"{url}#comment-{number}"
    url = url_for("browse.idea", slug=slug, idea_id=idea_id)
    return f"{url}#addendum-{number}" if kind is ReceiptKind.ADDENDUM else url


def key_url(fingerprint: str) -> str:
    """Return the address of a public key."""
    return url_for("receipts.key", fingerprint=fingerprint)


def signed_part(receipt: ReceiptView) -> SignedPart:
    """Return what was signed."""
    return SignedPart(
        text=receipt.signed_text,
        signature=base64.b64encode(receipt.signature).decode(),
        fingerprint=receipt.fingerprint,
        digest=receipt.digest,
        keys_url=url_for("receipts.keys"),
    )


def _log_notes(session: Session, receipt: ReceiptView, found: Whereabouts) -> tuple[str, ...]:
    """Return whether a vote is in the published log; nothing of its place there, which would tell what it says."""
    if found.standing is not Standing.COUNTED:
        return ()
    logged = is_logged(session, receipt.subject_id)
    if logged is None:
        return ()
    if logged:
        return (_("This vote is in the published vote log."),)
    return (_("This vote is not in the published vote log yet; it comes with the next release."),)


def _link(kind: ReceiptKind, subject_id: int, found: Whereabouts) -> tuple[str, str]:
    place = found.place
    if found.standing is not Standing.PUBLISHED or place is None or not place.is_public:
        return "", ""
    labels = {
        ReceiptKind.IDEA: _("Read the idea"),
        ReceiptKind.ADDENDUM: _("Read the addendum"),
        ReceiptKind.COMMENT: _("Read the comment"),
    }
    return contribution_url(kind, subject_id, slug=place.slug, idea_id=place.idea_id), labels[kind]
