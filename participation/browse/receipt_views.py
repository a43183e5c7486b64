"""Routes of the pages where anybody checks a receipt: by code, by file, and with the public keys."""

from flask import Blueprint, Response, render_template, request
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from participation.accounts.guard import current_actor, public
from participation.browse import receipt_pages as pages
from participation.kit.db import db
from participation.kit.forms import UNPROCESSABLE
from participation.kit.headers import unnoticed
from participation.kit.permissions import found
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.receipts.codes import LONGEST_INPUT, parse_code
from participation.receipts.files import LONGEST_FILE, check_file
from participation.receipts.queries import public_key, receipt_by_code
from participation.receipts.signing import pem
from participation.texts import without_controls

blueprint = Blueprint("receipts", __name__)
UNKNOWN = 404


class CodeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The code of a receipt; sent as part of the address, so that checking needs no cookie."""

    code = StringField(_l("Code on the receipt"), validators=[InputRequired(_l("Please enter the code."))])


class FileForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The content of the file that belongs to a receipt."""

    content = TextAreaField(
        _l("Content of the file"),
        validators=[
            InputRequired(_l("Please paste what is in the file.")),
            Length(max=LONGEST_FILE, message=_l("This is too long to be a receipt.")),
        ],
    )


@blueprint.get("/receipt")
@public
@unnoticed
def enter() -> str | tuple[str, int]:
    """Ask for a code, or say what there is to say about the one that was entered."""
    return _checked(request.args["code"]) if "code" in request.args else _form_page(_code_form(None))


@blueprint.get("/receipts/<code>")
@public
@unnoticed
def check(code: str) -> str | tuple[str, int]:
    """Say what there is to say about a receipt: where its QR code leads."""
    return _checked(code)


@blueprint.route("/receipt/file", methods=["GET", "POST"])
@public
@unnoticed
def file() -> str | tuple[str, int]:
    """Check the file of a receipt, even where nothing is left of what it is about."""
    form = FileForm()
    if not form.validate_on_submit():
        page = render_template("browse/receipt_file.html", form=form, result=None)
        return (page, UNPROCESSABLE) if form.is_submitted() else page
    result = pages.file_page(db.session(), current_actor(), check_file(db.session(), form.content.data or ""))
    page = render_template("browse/receipt_file.html", form=form, result=result)
    return page if result.is_genuine else (page, UNPROCESSABLE)


@blueprint.get("/receipts/keys")
@public
def keys() -> str:
    """List the public keys and say how to check a receipt without us."""
    return render_template("browse/receipt_keys.html", keys=pages.keys_page(db.session()))


@blueprint.get("/receipts/keys/<fingerprint>")
@public
def key(fingerprint: str) -> Response:
    """Hand out one public key as a file that standard tools read."""
    text = pem(found(public_key(db.session(), fingerprint)))
    name = f"receipt-key-{fingerprint[:16]}.pem"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="application/x-pem-file", headers=headers)


def _checked(typed: str) -> str | tuple[str, int]:
    code = parse_code(typed)
    if code is None:
        problem = _("This is not the code of a receipt. Please compare it again, character by character.")
        return _form_page(_code_form(typed, problem)), UNPROCESSABLE
    receipt = receipt_by_code(db.session(), code)
    if receipt is None:
        problem = _("We have issued no receipt with this code.")
        return _form_page(_code_form(typed, problem)), UNKNOWN
    return render_template("browse/receipt.html", page=pages.check_page(db.session(), current_actor(), receipt))


def _code_form(typed: str | None, problem: str = "") -> CodeForm:
    form = CodeForm(None, code=without_controls(typed or "")[:LONGEST_INPUT], meta={"csrf": False})
    if problem:
        form.code.errors = [problem]
    return form


def _form_page(form: CodeForm) -> str:
    return render_template("browse/receipt_enter.html", form=form)
