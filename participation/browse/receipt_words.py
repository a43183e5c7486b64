"""What the pages around receipts say in words."""

from datetime import datetime, timedelta

from participation.listings.receipts import Standing, Whereabouts
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, moment
from participation.receipts.files import Finding
from participation.receipts.models import ReceiptKind
from participation.voting.models import Stance


def kind_label(kind: ReceiptKind) -> str:
    """Return what kind of contribution it is, in words."""
    return {
        ReceiptKind.IDEA: _("Idea"),
        ReceiptKind.ADDENDUM: _("Addendum to an idea"),
        ReceiptKind.COMMENT: _("Comment"),
        ReceiptKind.VOTE: _("Vote on an idea"),
    }[kind]


def stance_label(stance: Stance) -> str:
    """Return what a vote says, in words for the voter."""
    return {
        Stance.AGREE: _("You agree"),
        Stance.DISAGREE: _("You disagree"),
        Stance.UNSURE: _("You are unsure"),
    }[stance]


def state_label(standing: Standing) -> str:
    """Return where a contribution stands, in a word or two."""
    return {
        Standing.PUBLISHED: _("Published"),
        Standing.IN_REVIEW: _("In review"),
        Standing.HIDDEN: _("Hidden"),
        Standing.WITHDRAWN: _("Withdrawn"),
        Standing.ERASED: _("Erased"),
        Standing.COUNTED: _("Counted"),
    }[standing]


def received(kind: ReceiptKind, issued_at: datetime) -> str:
    """Return when a contribution came in; of a vote the day, which is kept as its midnight in UTC."""
    return day(issued_at + timedelta(hours=12)) if kind is ReceiptKind.VOTE else moment(issued_at)


def sentence(kind: ReceiptKind, found: Whereabouts) -> str:
    """Return what became of a contribution, in a sentence."""
    if kind is ReceiptKind.VOTE:
        if found.standing is Standing.COUNTED:
            return _("This vote came in and is counted.")
        return _("This vote came in and was withdrawn. It is not counted any more.")
    if found.standing is Standing.PUBLISHED and found.place and not found.place.is_public:
        return _("This contribution came in and is published, but the idea it belongs to is not public at the moment.")
    return {
        Standing.PUBLISHED: _("This contribution came in and is published. Everybody can read it."),
        Standing.IN_REVIEW: _("This contribution came in. A moderator has not read it yet."),
        Standing.HIDDEN: _("This contribution came in. Moderation has hidden it."),
        Standing.WITHDRAWN: _("This contribution came in. Its author has withdrawn it."),
        Standing.ERASED: _("This contribution came in. It has been erased since, and nothing of it is kept."),
    }[found.standing]


def finding_sentence(finding: Finding) -> str:
    """Return what the check of a file found, in a sentence."""
    return {
        Finding.GOOD: _("This file is genuine: it comes from us, and nobody has changed it."),
        Finding.UNKNOWN_CODE: _(
            "This file was signed by us and nobody has changed it, but we keep nothing about this receipt any more."
        ),
        Finding.CHANGED: _("This file has been changed: the signature does not fit."),
        Finding.CHANGED_TEXT: _(
            "The receipt in this file is genuine, but the text beside it is not the one that was sent."
        ),
        Finding.UNKNOWN_KEY: _("This file was not signed by us: the key is none of ours."),
        Finding.NO_RECEIPT: _(
            "This is not the file of a receipt. Please paste all of it, from the first to the last brace."
        ),
    }[finding]


def receipt_notes(found: Whereabouts) -> tuple[str, ...]:
    """Return what has been done to the text since."""
    notes = []
    if found.revised:
        notes.append(_("Its author has changed the text since. The receipt is about the text as it was then."))
    if found.redacted and found.redaction:
        notes.append(_("Moderation has taken something out of the text. Reason: %(reason)s", reason=found.redaction))
    elif found.redacted:
        notes.append(_("Moderation has taken something out of the text."))
    return tuple(notes)


def what_it_proves(kind: ReceiptKind) -> tuple[str, ...]:
    """Return what a receipt proves."""
    if kind is ReceiptKind.VOTE:
        return (
            _("that a vote came in on this day, and that it is counted as long as you do not withdraw it"),
            _("that this receipt comes from us and that nobody has changed it"),
        )
    return (
        _("that your contribution came in, and when"),
        _("what it said: the receipt holds a fingerprint of your text"),
        _("that this receipt comes from us and that nobody has changed it"),
    )


def what_it_does_not(kind: ReceiptKind) -> tuple[str, ...]:
    """Return what a receipt does not say."""
    if kind is ReceiptKind.VOTE:
        return (
            _("who you are: no name and no address is in it"),
            _("how you voted and on which idea: nobody can make you prove that with it"),
        )
    return (
        _("who you are: no name and no address is in it"),
        _("that your contribution is public: the check page always says where it stands now"),
    )
