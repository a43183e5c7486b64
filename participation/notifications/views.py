"""Pages of the inbox: what is new, how often to get mail about it, and the link that ends mail."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, public, signed_in_only
from participation.accounts.models import MailRhythm
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.headers import unnoticed
from participation.kit.permissions import found
from participation.multilingual import gettext as _
from participation.notifications.forms import RhythmForm, UnsubscribeForm
from participation.notifications.inbox_page import inbox_page
from participation.notifications.recipients import recipients
from participation.notifications.service import choose_rhythm, mark_read
from participation.notifications.unsubscribing import account_of_token

blueprint = Blueprint("notifications", __name__)
Page = str | tuple[str, int] | Response
NUMBERS = re.compile(r"\d{1,18}( \d{1,18}){0,99}", re.ASCII)


@blueprint.get("/my/inbox")
@signed_in_only
@unnoticed
def inbox() -> str:
    """Show what is new for whoever is signed in, the latest first."""
    before = _number(request.args.get("before"))
    page = inbox_page(
        db.session(), found(current_actor().account_id), unread=current_user.unread, before=before, now=clock.now()
    )
    return render_template("notifications/inbox.html", page=page)


@blueprint.post("/my/inbox/read")
@signed_in_only
def read() -> Page:
    """Mark entries as read: those named, or all up to one."""
    through = _number(request.form.get("through"))
    named = request.form.get("entries", "")
    if named and not NUMBERS.fullmatch(named):
        raise BadRequest
    with transaction() as session:
        mark_read(
            session, current_actor(), entry_ids=[int(part) for part in named.split()], through=through, now=clock.now()
        )
    return redirect(url_for(".inbox", before=_number(request.form.get("before"))), 303)


@blueprint.route("/my/notifications", methods=["GET", "POST"])
@signed_in_only
@unnoticed
def preferences() -> Page:
    """Choose how often to get mail."""
    account_id = found(current_actor().account_id)
    own = recipients(db.session(), [account_id])[account_id]
    form = RhythmForm(rhythm=own.rhythm.value)
    if not form.validate_on_submit():
        answer = render_template("notifications/preferences.html", form=form, email=own.email)
        return (answer, UNPROCESSABLE) if form.is_submitted() else answer
    with transaction() as session:
        choose_rhythm(session, account_id=account_id, rhythm=MailRhythm(form.rhythm.data), now=clock.now())
    flash(_("Saved. From now on mail comes as you chose."), "success")
    return redirect(url_for(".preferences"), 303)


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@public
@unnoticed
def unsubscribe(token: str) -> Page:
    """End mail to the account that a letter's link names.

    Looking changes nothing: programs follow links. A POST is enough (RFC 8058), with no cookie and no redirect.
    """
    account_id = account_of_token(token)
    reader = recipients(db.session(), [account_id]).get(account_id) if account_id is not None else None
    asks = request.method == "POST"
    if account_id is None or reader is None:
        return render_template("notifications/unsubscribe.html", state="unknown"), 400 if asks else 404
    if asks:
        with transaction() as session:
            choose_rhythm(session, account_id=account_id, rhythm=MailRhythm.NEVER, now=clock.now())
    is_done = asks or reader.rhythm is MailRhythm.NEVER
    form = None if is_done else UnsubscribeForm()
    return render_template("notifications/unsubscribe.html", state="ask" if form else "done", form=form)


def _number(value: str | None) -> int | None:
    if not value:
        return None
    if not NUMBERS.fullmatch(value) or " " in value:
        raise BadRequest
    return int(value)
