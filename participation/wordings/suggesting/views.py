"""Where people put a public text into another language, and take a suggestion back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.limits import limited
from participation.kit.permissions import Refused, require
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.wordings.suggesting.forms import SuggestionForm, TakeBackForm
from participation.wordings.suggesting.pages import SuggestionPage, suggestion_page, withdrawal_page
from participation.wordings.suggesting.service import Suggested, suggest_wording, withdraw_wording

blueprint = Blueprint("suggesting", __name__)
Answer = str | tuple[str, int] | Response


@blueprint.route("/processes/<slug>/ideas/<int:idea_id>/translate", methods=["GET", "POST"])
@signed_in_only
@limited("wording")
def idea(slug: str, idea_id: int) -> Answer:
    """Put an idea into another language."""
    return _suggest(slug, SubjectKind.IDEA, idea_id)


@blueprint.route("/processes/<slug>/comments/<int:comment_id>/translate", methods=["GET", "POST"])
@signed_in_only
@limited("wording")
def comment(slug: str, comment_id: int) -> Answer:
    """Put a comment into another language."""
    return _suggest(slug, SubjectKind.COMMENT, comment_id)


@blueprint.route("/processes/<slug>/addenda/<int:addendum_id>/translate", methods=["GET", "POST"])
@signed_in_only
@limited("wording")
def addendum(slug: str, addendum_id: int) -> Answer:
    """Put an addendum into another language."""
    return _suggest(slug, SubjectKind.ADDENDUM, addendum_id)


@blueprint.route("/my/wordings/<int:wording_id>/withdrawal", methods=["GET", "POST"])
@signed_in_only
def withdraw(wording_id: int) -> Answer:
    """Ask whether a suggestion is really to be taken back, and do it."""
    form = TakeBackForm()
    if not form.is_submitted():
        page = withdrawal_page(db.session(), current_actor(), wording_id)
        return render_template("wordings/withdrawal.html", page=page)
    if not form.validate():
        raise BadRequest
    with transaction() as session:
        withdraw_wording(session, current_actor(), wording_id=wording_id, now=clock.now())
    flash(_("Your suggestion is taken back."), "success")
    return redirect(url_for("mine.contributions", show="wordings"), 303)


def _suggest(slug: str, kind: SubjectKind, number: int) -> Answer:
    page = _page(slug, kind, number)
    form = SuggestionForm().fit(has_title=page.has_title)
    if not form.is_submitted():
        if page.into:
            require(page.permission)
        form.revision.data = str(page.revision)
        return _shown(page, form.fill(title=page.start[0], text=page.start[1]))
    if not page.into:
        # No form of ours sends it.
        raise BadRequest
    if form.validate():
        try:
            return _suggested(slug, kind, number, page, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
            page = _page(slug, kind, number)
    # Shown with the text as it stands now, so that sending it once more is about that.
    form.revision.data = str(page.revision)
    return _shown(page, form), UNPROCESSABLE


def _suggested(slug: str, kind: SubjectKind, number: int, page: SuggestionPage, form: SuggestionForm) -> Response:
    said = Suggested(page.into, form.written_title, form.text.data or "", form.revision_read)
    with transaction() as session:
        suggest_wording(
            session,
            current_actor(),
            slug=slug,
            kind=kind,
            number=number,
            suggested=said,
            submission_key=form.submission_key.data or "",
            now=clock.now(),
        )
    flash(_("Thank you! Your wording is shown to readers as soon as a moderator has read it."), "success")
    return redirect(page.url, 303)


def _page(slug: str, kind: SubjectKind, number: int) -> SuggestionPage:
    session = db.session()
    process = process_by_slug(session, slug)
    return suggestion_page(session, current_actor(), process, kind, number, request.args.get("into"))


def _shown(page: SuggestionPage, form: SuggestionForm) -> str:
    return render_template("wordings/suggestion.html", page=page, form=form.prepare())
