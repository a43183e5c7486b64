"""Taking a vote on an idea."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, current_token, signed_in_at_work, signed_in_only
from participation.ideas.revisions import TextChanged
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import opened_at
from participation.kit.messages import say_later
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.receipts.models import ReceiptKind
from participation.receipts.thanks import own_receipt_url
from participation.voting.answers import read_revision, read_stance
from participation.voting.changed_page import changed_page
from participation.voting.recall import recalled
from participation.voting.service import cast_vote, receipt_of_vote

blueprint = Blueprint("voting", __name__)
CONFLICT = 409


@blueprint.post("/my/receipts/vote/<int:idea_id>/new")
@signed_in_only
def receipt(idea_id: int) -> Response:
    """Issue the receipt of the own vote on an idea, the first time, and show it."""
    with transaction() as session:
        receipt_of_vote(session, current_actor(), idea_id=idea_id, now=clock.now())
    return redirect(own_receipt_url(ReceiptKind.VOTE, idea_id), 303)


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/vote")
@signed_in_at_work
def vote(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Set, change or withdraw the own stance and return to the idea, or show what has changed in its text."""
    stance, revision = read_stance(request.form.get("stance", "")), read_revision(request.form.get("revision", ""))
    try:
        with transaction() as session:
            cast_vote(
                session,
                current_token(),
                slug=slug,
                idea_id=idea_id,
                stance=stance,
                revision=revision,
                opened_at=lambda: opened_at(request.form.get("opened", "")),
                now=clock.now(),
                recall=recalled,
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
        say_later("vote", idea_id)
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id, _anchor="vote"), 303)
