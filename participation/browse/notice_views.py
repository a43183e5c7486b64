"""Where whoever gave a notice looks up what became of it, with the code and without an account."""

from flask import render_template, request
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from participation.accounts.guard import public
from participation.browse.notice_pages import notice_status
from participation.browse.receipt_views import UNKNOWN
from participation.kit.db import db
from participation.kit.forms import UNPROCESSABLE
from participation.kit.headers import unnoticed
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.notices.queries import notice_by_code
from participation.notices.views import blueprint
from participation.receipts.codes import LONGEST_INPUT, parse_code
from participation.texts import without_controls

__all__ = ["blueprint"]


class CodeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The code of a notice; sent as part of the address, so that looking it up needs no cookie."""

    code = StringField(_l("Code of your report"), validators=[InputRequired(_l("Please enter the code."))])


@blueprint.get("/notices")
@public
@unnoticed
def enter() -> str | tuple[str, int]:
    """Ask for a code, or say what became of the notice whose code was entered."""
    return _looked_up(request.args["code"]) if "code" in request.args else _form_page(None)


@blueprint.get("/notices/<notice_code>")
@public
@unnoticed
def status(notice_code: str) -> str | tuple[str, int]:
    """Say what became of a notice: where letters lead, and whoever has just given one."""
    return _looked_up(notice_code)


def _looked_up(typed: str) -> str | tuple[str, int]:
    code = parse_code(typed)
    if code is None:
        return _form_page(typed, _("This is not the code of a report. Please compare it again.")), UNPROCESSABLE
    notice = notice_by_code(db.session(), code)
    if notice is None:
        return _form_page(typed, _("We know no report with this code.")), UNKNOWN
    return render_template("browse/notice_status.html", page=notice_status(db.session(), notice, code))


def _form_page(typed: str | None, problem: str = "") -> str:
    form = CodeForm(None, code=without_controls(typed or "")[:LONGEST_INPUT], meta={"csrf": False})
    if problem:
        form.code.errors = [problem]
    return render_template("browse/notice_enter.html", form=form)
