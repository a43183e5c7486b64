"""Pages around the account: sign up, confirm, sign in and out, new password."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from participation.accounts import service
from participation.accounts.actor import Actor
from participation.accounts.agreeing import agreeing, ids_in, joined
from participation.accounts.forms import (
    ConfirmForm,
    NewPasswordForm,
    ResetRequestForm,
    ResidenceForm,
    SignInForm,
    SignUpForm,
)
from participation.accounts.guard import Visitor, current_actor, public, signed_in_only
from participation.accounts.models import Account, LinkPurpose
from participation.accounts.passwords import LONGEST, hash_password
from participation.accounts.residence import TooManyTries, use_code
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.destinations import own_path
from participation.kit.forms import UNPROCESSABLE
from participation.kit.limits import limited
from participation.multilingual import gettext as _

blueprint = Blueprint("accounts", __name__)
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page that says what happens next."""

    title: str
    text: str
    link_label: str = ""
    link_url: str = ""


@dataclass(frozen=True, slots=True)
class ResidencePage:
    """Where somebody enters the code from a letter, and where they go on afterwards."""

    is_verified: bool
    next_url: str


@blueprint.route("/sign-up", methods=["GET", "POST"])
@public
@limited("sign_up")
def sign_up() -> Page:
    """Create an account that waits for the confirmation of its address."""
    form = SignUpForm()
    if not form.is_submitted():
        form.shown.data = joined(agreeing().shown(db.session()))
    if not form.validate_on_submit():
        return _form_page("accounts/sign_up.html", form.prepare())
    shown, now = ids_in(form.shown.data), clock.now()
    password_hash = hash_password(form.password.data or "")
    with transaction() as database:
        service.sign_up(
            database,
            email=form.email.data or "",
            password_hash=password_hash,
            language=g.language,
            now=now,
            agree=lambda session, account_id: agreeing().agree(session, account_id, shown, now),
        )
    return redirect(url_for(".check_mail"), 303)


@blueprint.get("/account/check-mail")
@public
def check_mail() -> str:
    """Say that a message is on its way; the same for known and unknown addresses."""
    text = _(
        "We have sent a message to the address you entered. Please open the link in it; it is good for three days."
    )
    return _notice(NoticePage(_("Please look into your mailbox"), text))


@blueprint.route("/account/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> Page:
    """Confirm an address: whoever got the link has to know the password, too."""
    form = ConfirmForm()
    link = service.find_link(db.session(), token=token, purpose=LinkPurpose.CONFIRM, now=clock.now())
    if link is None:
        return _link_is_over()
    if not form.validate_on_submit():
        return _form_page("accounts/confirm.html", form)
    if not service.knows_password(db.session(), account_id=link.account_id, password=form.password.data or ""):
        form.form_errors.append(_("This is not the password with which somebody signed up with your address."))
        return _form_page("accounts/confirm.html", form)
    with transaction() as database:
        account = service.confirm(database, token=token, now=clock.now())
        sign_in_token = service.sign_in(database, account_id=account.id, now=clock.now()) if account else ""
    if account is None:
        return _link_is_over()
    _start(account, sign_in_token)
    flash(_("Your address is confirmed and you are signed in. Welcome!"), "success")
    return redirect(url_for("browse.front"), 303)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limited("sign_in_as", per_field="email", failures_only=True)
@limited("sign_in", failures_only=True)
def sign_in() -> Page:
    """Sign in with address and password; says the same for every way to fail."""
    form = SignInForm()
    form.next.data = own_path(form.next.data if form.is_submitted() else request.args.get("next"))
    if not form.validate_on_submit():
        return _form_page("accounts/sign_in.html", form)
    account = None
    if len(form.password.data or "") <= LONGEST:
        account = service.check_password(db.session(), email=form.email.data or "", password=form.password.data or "")
    if account is None:
        form.form_errors.append(_("Address and password do not fit together."))
        return _form_page("accounts/sign_in.html", form)
    if account.confirmed_at is None:
        form.form_errors.append(_("Please open the link in the message we sent you first."))
        return _form_page("accounts/sign_in.html", form)
    with transaction() as database:
        token = service.sign_in(database, account_id=account.id, now=clock.now())
    _start(account, token)
    return redirect(form.next.data or url_for("browse.front"), 303)


@blueprint.post("/sign-out")
@signed_in_only
def sign_out() -> Response:
    """End this sign-in, here and in the database."""
    with transaction() as database:
        service.sign_out(database, token=current_user.get_id(), now=clock.now())
    logout_user()
    session.clear()
    return redirect(url_for("browse.front"), 303)


@blueprint.get("/account")
@signed_in_only
def account() -> str:
    """Show what the account is."""
    actor = current_actor()
    agreed = agreeing().agreed(db.session(), actor.account_id or 0)
    return render_template(
        "accounts/account.html", email=actor.name, is_verified=actor.is_verified, agreed=agreed, owes=bool(actor.owes)
    )


@blueprint.route("/my/residence", methods=["GET", "POST"])
@signed_in_only
def residence() -> Page:
    """Take the code from a letter; says the same for a wrong one, a used one and one that is too old."""
    form, actor = ResidenceForm(), current_actor()
    form.next.data = own_path(form.next.data if form.is_submitted() else request.args.get("next"))
    page = ResidencePage(actor.is_verified, form.next.data or "")
    if actor.is_verified or not form.validate_on_submit():
        return _form_page("accounts/residence.html", form, page)
    try:
        with transaction() as database:
            taken = use_code(database, actor, typed=form.code.data or "", now=clock.now())
    except TooManyTries as problem:
        form.form_errors.append(str(problem.reason))
        return _form_page("accounts/residence.html", form, page)
    if not taken:
        form.code.errors = [_("This code is not known, has been used or is too old. Please look at the letter again.")]
        return _form_page("accounts/residence.html", form, page)
    flash(_("Thank you. You can vote wherever those who live here do."), "success")
    return redirect(form.next.data or url_for(".residence"), 303)


@blueprint.route("/account/reset", methods=["GET", "POST"])
@public
@limited("reset_of", per_field="email")
@limited("reset")
def request_reset() -> Page:
    """Ask for a link to set a new password; says the same for known and unknown addresses."""
    form = ResetRequestForm()
    if not form.validate_on_submit():
        return _form_page("accounts/request_reset.html", form)
    with transaction() as database:
        service.request_reset(database, email=form.email.data or "", now=clock.now())
    return redirect(url_for(".check_mail"), 303)


@blueprint.route("/account/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Page:
    """Set a new password; all sign-ins end."""
    return _set_password(token, LinkPurpose.RESET)


@blueprint.route("/account/invitation/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> Page:
    """Set the first password of an account that somebody else made."""
    return _set_password(token, LinkPurpose.INVITE)


def _set_password(token: str, purpose: LinkPurpose) -> Page:
    form = NewPasswordForm()
    if service.find_link(db.session(), token=token, purpose=purpose, now=clock.now()) is None:
        return _link_is_over()
    if not form.validate_on_submit():
        return _form_page("accounts/new_password.html", form)
    password_hash = hash_password(form.password.data or "")
    with transaction() as database:
        account = service.set_password(
            database, token=token, purpose=purpose, password_hash=password_hash, now=clock.now()
        )
    if account is None:
        return _link_is_over()
    flash(_("Your password is set. Please sign in with it."), "success")
    return redirect(url_for(".sign_in"), 303)


def _start(account: Account, token: str) -> None:
    """Begin a fresh session for a new sign-in: nothing of the session before survives."""
    session.clear()
    session.permanent = True
    login_user(Visitor(token, Actor(account.id, account.email), account.language))


def _form_page(template: str, form: FlaskForm, page: object = None) -> Page:
    answer = render_template(template, form=form, page=page)
    return (answer, UNPROCESSABLE) if form.is_submitted() else answer


def _notice(page: NoticePage) -> str:
    return render_template("accounts/notice.html", page=page)


def _link_is_over() -> tuple[str, int]:
    text = _("This link has been used already or is too old. You can ask for a new one.")
    page = NoticePage(_("This link is no longer good"), text, _("Ask for a new link"), url_for(".request_reset"))
    return _notice(page), 404
