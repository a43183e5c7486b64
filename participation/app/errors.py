"""What people see when something cannot be done; nothing they typed is lost."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import format_timedelta
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from participation.accounts.service import SignedOut
from participation.api.problems import is_for_programs, problem
from participation.kit.dialect import is_passing
from participation.kit.limits import TooOften, seconds_left
from participation.kit.permissions import Missing, Refused
from participation.multilingual import gettext as _
from participation.texts import without_controls

NEVER_SHOWN_AGAIN = ("csrf_token", "password")
BUSY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page that says what went wrong; ``fields`` are what was typed, to be sent again from here."""

    title: str
    text: str
    action: str = ""
    csrf_token: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    sign_in_url: str = ""

    def shows(self, value: str) -> bool:
        """Whether what was typed is shown; the rest goes along unseen."""
        return len(value) > 40 or " " in value

    @property
    def shown(self) -> int:
        """How much of what was typed is shown."""
        return sum(self.shows(value) for _name, value in self.fields)


def init_errors(app: Flask) -> None:
    """Register a page for every way to fail."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Refused, lambda problem: refusal(str(problem.reason), 403))
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(SignedOut, lambda _problem: ask_to_sign_in())
    app.register_error_handler(RateLimitExceeded, lambda _problem: _too_often(seconds_left()))
    app.register_error_handler(TooOften, lambda problem: _too_often(problem.seconds))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_failed)
    app.register_error_handler(Exception, _unexpected)


def refusal(text: str, status: int) -> tuple[str, int]:
    """Return a page that says no, politely, with everything that was typed ready to be copied or sent again."""
    again = _resend()
    # A button alone would only be refused once more.
    return _render(ErrorPage(_("This is not possible"), text, **(again if again.get("fields") else {})), status)


def ask_to_sign_in() -> Any:
    """Send a reader to the sign-in page; keep what a writer typed on a page that leads there."""
    if request.method in ("GET", "HEAD"):
        flash(_("Please sign in first."), "info")
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    text = _(
        "You are not signed in (any more). Sign in through the link, it opens a second window; then send this again."
    )
    page = ErrorPage(_("Please sign in"), text, sign_in_url=url_for("accounts.sign_in"), **_resend())
    return _render(page, 401)


def _stale_form(_problem: CSRFError) -> tuple[str, int]:
    if not _from_here():
        return _render(ErrorPage(_("This is not possible"), _("The form did not come from this site.")), 400)
    text = _("The page with this form had been open for too long. Nothing is lost: please check and send it again.")
    return _render(ErrorPage(_("Please send this again"), text, **_resend()), 400)


def _from_here() -> bool:
    """Return whether a form was sent by one of our own pages; browsers say so, and scripts elsewhere cannot lie."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    return site in (None, "same-origin", "none") and origin in (None, request.host_url.rstrip("/"))


def _resend() -> dict[str, Any]:
    if request.method != "POST":
        return {}
    fields = tuple(
        (without_controls(name), without_controls(value))
        for name, value in request.form.items(multi=True)
        if not any(word in name for word in NEVER_SHOWN_AGAIN)
    )
    return {"action": request.full_path.rstrip("?"), "csrf_token": generate_csrf(), "fields": fields}


def _too_often(seconds: int) -> Any:
    text = _(
        "You have done this many times in a short while, so please wait: %(time)s. Nothing that you typed is lost.",
        time=format_timedelta(timedelta(seconds=seconds), granularity="minute"),
    )
    page, status = _render(ErrorPage(_("Please wait a little"), text, **_resend()), 429)
    return page, status, {"Retry-After": str(seconds)}


def _missing(_problem: Missing) -> tuple[str, int]:
    return _not_found()


def _not_found() -> tuple[str, int]:
    text = _("There is nothing at this address (any more). The link may be old or mistyped.")
    return _render(ErrorPage(_("Page not found"), text, **_typed()), 404)


def _typed() -> dict[str, Any]:
    """Return what was written into a form whose place is gone or closed to its writer; nothing where nobody wrote."""
    # Without a route nothing has checked where the form came from, so its words are not repeated.
    again = _resend() if request.endpoint else {}
    return again if any(" " in value for _name, value in again.get("fields", ())) else {}


def _http_error(problem: HTTPException) -> Any:
    code = problem.code or 500
    if code < 400 or problem.response is not None:
        return problem
    if code == 404:
        return _not_found()
    texts = {
        400: (_("The request was incomplete"), _("Something in the address or the form was missing or wrong.")),
        403: (_("This is not possible"), _("Your account does not have the role that this page needs.")),
        405: (_("This is not possible"), _("This address cannot be used in that way.")),
        413: (_("That is too much"), _("What you sent is too large. Please shorten the text and try again.")),
    }
    title, text = texts.get(code, (_("This did not work"), _("Please try again in a moment.")))
    # Only our own refusals carry a sentence that is meant for readers.
    text = str(getattr(problem, "reason", text))
    # What is too large cannot be read either.
    kept = {} if code == 413 else _typed()
    page, status = _render(ErrorPage(title, text, **kept), code)
    allowed = {"Allow": ", ".join(problem.valid_methods or ())} if isinstance(problem, MethodNotAllowed) else {}
    return page, status, allowed


def _database_failed(problem: OperationalError) -> Any:
    if not is_passing(problem):
        return _unexpected(problem)
    current_app.logger.warning("the database was too busy for %s", request.endpoint, exc_info=problem)
    text = _("Please try again in a moment.")
    page, status = _render(ErrorPage(_("This did not work"), text, **_resend()), 503)
    return page, status, {"Retry-After": str(BUSY_SECONDS)}


def _unexpected(problem: Exception) -> Any:
    if current_app.testing or current_app.debug:
        raise problem
    current_app.logger.error("unexpected error on %s", request.endpoint, exc_info=problem)
    text = _("Something went wrong on our side. It has been noted. Please try again in a moment.")
    return _render(ErrorPage(_("This did not work"), text, **_resend()), 500)


def _render(page: ErrorPage, status: int) -> tuple[Any, int]:
    if is_for_programs():
        return problem(page.title, page.text, status), status
    # What surrounds the page must not rest on what may not exist.
    g.has_failed = True
    return render_template("errors/error.html", page=page), status
