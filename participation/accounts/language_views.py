"""The language of an account: what the pages, the switch in their header and letters go by."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from participation.accounts import service
from participation.accounts.forms import LanguageForm
from participation.accounts.guard import current_actor, signed_in_only
from participation.accounts.views import blueprint
from participation.kit.db import transaction
from participation.kit.destinations import own_path
from participation.kit.forms import UNPROCESSABLE, options
from participation.kit.permissions import found
from participation.multilingual import gettext as _
from participation.multilingual import in_language, language_name

__all__ = ["blueprint"]


@blueprint.route("/account/language", methods=["GET", "POST"])
@signed_in_only
def language() -> str | tuple[str, int] | Response:
    """Choose the language of the account, on its page or with the switch of any page."""
    form = LanguageForm(language=current_user.language)
    form.language.choices = options((code, language_name(code)) for code in current_app.config["LANGUAGES"])
    if not form.validate_on_submit():
        answer = render_template("accounts/language.html", form=form)
        return (answer, UNPROCESSABLE) if form.is_submitted() else answer
    chosen, to = form.language.data, own_path(form.to.data)
    with transaction() as session:
        service.choose_language(session, account_id=found(current_actor().account_id), language=chosen)
    if to:
        return redirect(f"{request.script_root}/{chosen}{to}", 303)
    with in_language(chosen):
        flash(_("Saved. From now on we speak this language with you."), "success")
    return redirect(url_for(".language", language=chosen), 303)
