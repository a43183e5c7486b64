"""Where anybody reports a barrier and looks up what became of that."""

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from participation.accessibility.codes import barrier_code
from participation.accessibility.forms import BarrierCodeForm, BarrierForm
from participation.accessibility.pages import answer_within, barrier_status, promised_by
from participation.accessibility.queries import report_by_code
from participation.accessibility.service import BarrierText, report_barrier
from participation.accounts.guard import current_actor, public
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.destinations import own_path
from participation.kit.forms import UNPROCESSABLE
from participation.kit.headers import unnoticed
from participation.kit.limits import limited
from participation.kit.messages import say
from participation.multilingual import gettext as _
from participation.receipts.codes import LONGEST_INPUT, parse_code
from participation.texts import detect_language, without_controls

blueprint = Blueprint("barriers", __name__)
Answer = str | tuple[str, int] | Response
UNKNOWN = 404


@blueprint.route("/barriers/new", methods=["GET", "POST"])
@public
@limited("barrier")
def new() -> Answer:
    """Take the report of a barrier; the link to it brings the address of the page along."""
    form = BarrierForm().offer(is_signed_in=current_actor().is_signed_in)
    if form.validate_on_submit():
        return _reported(form)
    if not form.is_submitted():
        form.page.data = own_path(request.args.get("page")) or ""
    page = render_template("accessibility/barrier.html", form=form.prepare(), days=answer_within().days)
    return (page, UNPROCESSABLE) if form.is_submitted() else page


@blueprint.get("/barriers")
@public
@unnoticed
def enter() -> str | tuple[str, int]:
    """Ask for a code, or say what became of the report whose code was entered."""
    return _looked_up(request.args["code"]) if "code" in request.args else _form_page(None)


@blueprint.get("/barriers/<barrier_code>")
@public
@unnoticed
def status(barrier_code: str) -> str | tuple[str, int]:
    """Say what became of a report: where letters lead, and whoever has just sent one."""
    return _looked_up(barrier_code)


def language_of(text: str) -> str:
    """Return the language that somebody wrote in, where the interface speaks it; else that of the page."""
    language = detect_language(text, default=g.language)
    return language if language in current_app.config["LANGUAGES"] else g.language


def _reported(form: BarrierForm) -> Response:
    key, now, text = form.submission_key.data or "", clock.now(), form.text.data or ""
    code = barrier_code(current_app.config["SECRET_KEY"], key)
    said = BarrierText(
        page=_on_this_site(form.page.data or ""),
        text=text,
        uses=form.uses.data or "",
        wants=form.wants.data or "",
        language=language_of(text),
        contact=form.address,
    )
    with transaction() as session:
        report_barrier(
            session, current_actor(), said=said, code=code, submission_key=key, due_at=promised_by(now), now=now
        )
    say(_("Thank you. We have got what you wrote."))
    return redirect(url_for("barriers.status", barrier_code=code), 303)


def _on_this_site(typed: str) -> str:
    """Return what was typed as the address of a page, without the part that all pages here begin with."""
    for base in (request.host_url.rstrip("/"), str(current_app.config["BASE_URL"]).rstrip("/")):
        if typed.startswith(f"{base}/"):
            return typed.removeprefix(base)
    return typed


def _looked_up(typed: str) -> str | tuple[str, int]:
    code = parse_code(typed)
    if code is None:
        return _form_page(typed, _("This is not the code of a report. Please compare it again.")), UNPROCESSABLE
    report = report_by_code(db.session(), code)
    if report is None:
        return _form_page(typed, _("We know no report with this code.")), UNKNOWN
    page = barrier_status(db.session(), report, code, now=clock.now())
    return render_template("accessibility/barrier_status.html", page=page)


def _form_page(typed: str | None, problem: str = "") -> str:
    form = BarrierCodeForm(None, code=without_controls(typed or "")[:LONGEST_INPUT], meta={"csrf": False})
    if problem:
        form.code.errors = [problem]
    return render_template("accessibility/barrier_enter.html", form=form)
