"""Taking a vote on an idea."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.ideas.revisions import TextChanged
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import opened_at
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.receipts.models import ReceiptKind
from participation.receipts.thanks import say_with_receipt
from participation.voting.changed_page import changed_page
from participation.voting.models import Stance
from participation.voting.service import cast_vote

blueprint = Blueprint("voting", __name__)
WITHDRAW = "none"
CONFLICT = 409


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/vote")
@signed_in_only
def vote(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Set, change or withdraw the own stance and return to the idea, or show what has changed in its text."""
    stance, revision = _stance(request.form.get("stance", "")), _revision(request.form.get("revision", ""))
    try:
        with transaction() as session:
            cast_vote(
                session,
                current_actor(),
                slug=slug,
                idea_id=idea_id,
                stance=stance,
                revision=revision,
                opened_at=opened_at(request.form.get("opened", "")),
                now=clock.now(),
            )
    except TextChanged:
        process = process_by_slug(db.session(), slug)
        page = changed_page(
            db.session(), current_actor(), process, idea_id, seen=revision, wanted=stance, now=clock.now()
        )
        return render_template("voting/changed.html", page=page), CONFLICT
    if stance is None:
        flash(_("Your vote is withdrawn."), "success")
    else:
        say_with_receipt(_("Your vote is counted."), ReceiptKind.VOTE, idea_id)
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id, _anchor="vote"), 303)


def _stance(value: str) -> Stance | None:
    if value == WITHDRAW:
        return None
    try:
        return Stance(value)
    except ValueError:
        raise BadRequest from None


def _revision(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise BadRequest
    return int(value)
