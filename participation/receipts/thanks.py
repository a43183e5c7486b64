"""Where authors find their receipts, and the word of thanks that leads there."""

from flask import url_for

from participation.kit.messages import Said, say, worded
from participation.multilingual import gettext as _
from participation.receipts.models import ReceiptKind


def own_receipt_url(kind: ReceiptKind, number: int, revision: int | None = None) -> str:
    """Return where the author of a contribution finds its receipt, the latest one or that of a revision.

    ``number`` is that of the idea, addendum or comment, and for a vote that of the idea.
    """
    return url_for("mine.receipt", kind=kind.value, number=number, revision=revision)


def say_with_receipt(text: str, kind: ReceiptKind, number: int) -> None:
    """Let the next page say ``text``, with a link to the receipt of the contribution."""
    say(text, label=_("Your receipt"), url=own_receipt_url(kind, number))


@worded("vote")
def vote_counted(idea_id: int) -> Said:
    """Return what is said to somebody who voted on the idea."""
    url = own_receipt_url(ReceiptKind.VOTE, idea_id)
    return {"text": _("Your vote is counted."), "label": _("Your receipt"), "url": url}
