"""Where anybody points at a contribution, signed in or not."""

from datetime import timedelta

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, public
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.limits import limited
from participation.kit.messages import say
from participation.kit.permissions import Refused
from participation.multilingual import gettext as _
from participation.notices.codes import notice_code
from participation.notices.forms import NoticeForm
from participation.notices.models import NoticeReason
from participation.notices.pages import notice_page, noticed_place
from participation.notices.service import NoticeText, give_notice
from participation.processes.outline import ProcessOutline
from participation.texts import detect_language

blueprint = Blueprint("notices", __name__)
Answer = str | tuple[str, int] | Response


def is_urgent() -> bool:
    """Return whether somebody sends a notice of a threat to life."""
    return request.form.get("reason") == NoticeReason.THREAT_TO_LIFE.value


def is_ordinary() -> bool:
    """Return whether somebody sends any other notice."""
    return not is_urgent()


@blueprint.route("/processes/<slug>/ideas/<int:idea_id>/notice", methods=["GET", "POST"])
@public
@limited("notice", when=is_ordinary)
@limited("urgent_notice", when=is_urgent)
def idea(slug: str, idea_id: int) -> Answer:
    """Take a notice about an idea."""
    return _notice(slug, SubjectKind.IDEA, idea_id)


@blueprint.route("/processes/<slug>/comments/<int:comment_id>/notice", methods=["GET", "POST"])
@public
@limited("notice", when=is_ordinary)
@limited("urgent_notice", when=is_urgent)
def comment(slug: str, comment_id: int) -> Answer:
    """Take a notice about a comment."""
    return _notice(slug, SubjectKind.COMMENT, comment_id)


@blueprint.route("/processes/<slug>/addenda/<int:addendum_id>/notice", methods=["GET", "POST"])
@public
@limited("notice", when=is_ordinary)
@limited("urgent_notice", when=is_urgent)
def addendum(slug: str, addendum_id: int) -> Answer:
    """Take a notice about an addendum."""
    return _notice(slug, SubjectKind.ADDENDUM, addendum_id)


def _notice(slug: str, kind: SubjectKind, number: int) -> Answer:
    process, noticed = noticed_place(slug, kind, number)
    form = NoticeForm().offer(is_signed_in=current_actor().is_signed_in).begin(request.args.get("reason"))
    if form.validate_on_submit():
        try:
            return _given(process, kind, number, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
            process, noticed = noticed_place(slug, kind, number)
    page = render_template("notices/notice.html", page=notice_page(process, noticed), form=form.prepare())
    return (page, UNPROCESSABLE) if form.is_submitted() else page


def _given(process: ProcessOutline, kind: SubjectKind, number: int, form: NoticeForm) -> Response:
    key = form.submission_key.data or ""
    code = notice_code(current_app.config["SECRET_KEY"], key)
    text = form.text.data or ""
    with transaction() as session:
        give_notice(
            session,
            current_actor(),
            process=process,
            kind=kind,
            subject_id=number,
            said=NoticeText(form.chosen_reason, text, _language_of(text), form.address),
            code=code,
            submission_key=key,
            answered_within=timedelta(days=current_app.config["NOTICE_ANSWER_DAYS"]),
            now=clock.now(),
        )
    say(_("Thank you. We have got what you wrote."))
    return redirect(url_for("notices.status", notice_code=code), 303)


def _language_of(text: str) -> str:
    """Return the language that a notice is written in, where letters can be, too; else that of the page."""
    language = detect_language(text, default=g.language)
    return language if language in current_app.config["LANGUAGES"] else g.language
