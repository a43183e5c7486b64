"""A form that somebody is filling in goes along into another language with what is typed, without a script."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask, Response, g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from participation.app.errors import refusal
from participation.multilingual import gettext as _

FORM = "carried_form"
"""Under this name the button of a language says which form of the page it belongs to."""
CARRIED = "participation.carried"
OF_A_BODY = ("CONTENT_TYPE", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH")


@dataclass(slots=True)
class Carried:
    """What was typed into the form called ``form_id``, and whether the page has such a form to show it in."""

    form_id: str
    typed: MultiDict[str, str]
    is_there: bool = False


def init_carrying(app: Flask) -> None:
    """Take forms on the way into another language, and let templates offer that way; behind the protection of forms."""

    @app.before_request
    def carry() -> BaseResponse | tuple[str, int] | None:
        if request.method != "POST" or not (form_id := request.form.get(FORM)):
            return None
        # Where an address takes no form, nobody has asked yet whether this one is ours.
        app.extensions["csrf"].protect()
        carried = Carried(form_id, request.form)
        page = Response.from_app(app.wsgi_app, _reading(carried))
        if page.status_code == 200 and carried.is_there:
            return page
        return refusal(_("Something in the address or the form was missing or wrong."), 409)

    app.jinja_env.globals.update(carry=carried_along, carried_forms=carried_forms, carried_name=FORM)


def carried_along(form: FlaskForm, form_id: str) -> None:
    """Let the page offer to take ``form`` along, and fill in what was typed where it has just been taken."""
    carried_forms().append(form_id)
    carried: Carried | None = request.environ.get(CARRIED)
    if carried and carried.form_id == form_id:
        carried.is_there = True
        form.process(carried.typed)


def carried_forms() -> list[str]:
    """Return the ids of the forms of this page, in their order, that can be taken along."""
    forms: list[str] = g.setdefault("carried_forms", [])
    return forms


def _reading(carried: Carried) -> dict[str, Any]:
    """Return the request that reads the page at this address and brings along what was typed: it writes nothing."""
    kept = {name: value for name, value in request.environ.items() if name not in OF_A_BODY}
    return kept | {"REQUEST_METHOD": "GET", "CONTENT_LENGTH": "0", "wsgi.input": BytesIO(), CARRIED: carried}
