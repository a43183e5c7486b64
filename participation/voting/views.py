"""Taking a vote on an idea."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.forms import opened_at
from participation.multilingual import gettext as _
from participation.voting.models import Stance
from participation.voting.service import cast_vote

blueprint = Blueprint("voting", __name__)
WITHDRAW = "none"


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/vote")
@signed_in_only
def vote(slug: str, idea_id: int) -> Response:
    """Set, change or withdraw the own stance and return to the idea."""
    stance, revision = _stance(request.form.get("stance", "")), _revision(request.form.get("revision", ""))
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
    flash(_("Your vote is withdrawn.") if stance is None else _("Your vote is counted."), "success")
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
