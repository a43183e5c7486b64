"""Forms around the account."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from participation.accounts.passwords import LONGEST, SHORTEST
from participation.multilingual import lazy as _l
from participation.texts import without_controls
from participation.texts.fields import line_field
from participation.texts.traps import TrappedForm


def _strip(value: str | None) -> str | None:
    return value.strip() if value else value


def check_email(_form: object, field: Any) -> None:
    """Raise ``ValidationError`` unless the field holds something shaped like an address."""
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        field.data = without_controls(field.data or "")
        raise ValidationError(str(_l("This is not a complete e-mail address, such as name@example.org."))) from None


def email_field() -> EmailField:
    """Return the field for an e-mail address."""
    return EmailField(
        _l("E-mail address"),
        validators=[DataRequired(_l("Please enter your e-mail address.")), Length(max=254), check_email],
        filters=[_strip],
    )


def new_password_field() -> PasswordField:
    """Return the field for choosing a password."""
    too_short = _l("Please use between %(min)d and %(max)d characters.")
    return PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Please choose a password.")), Length(SHORTEST, LONGEST, too_short)],
        description=_l("At least ten characters; a few words in a row are easy to remember and hard to guess."),
    )


class SignUpForm(TrappedForm):
    """Create an account."""

    email = email_field()
    password = new_password_field()
    agrees = BooleanField(
        _l("I have read the rules and the privacy notice."),
        validators=[DataRequired(_l("Please confirm that you have read both."))],
    )
    shown = HiddenField()


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Sign in."""

    email = email_field()
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Please enter your password."))])
    next = HiddenField()


class ResetRequestForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Ask for a link to set a new password."""

    email = email_field()


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Set a new password."""

    password = new_password_field()


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Confirm an address: a form, since mail scanners follow links but send none.

    It asks for the password: somebody else may have signed up with this address, and must not be let in by its owner.
    """

    password = PasswordField(
        _l("Password"), validators=[InputRequired(_l("Please enter the password you chose when you signed up."))]
    )


class ResidenceForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Enter the code from a letter."""

    code = line_field(
        _l("Code from the letter"),
        longest=80,
        description=_l("For example 7K3M-9QXA-2B4C-8DYW-5E6F. Capitals and dashes do not matter."),
    )
    next = HiddenField()


class LanguageForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Choose a language; ``to`` is the page to go on with, as an address without its language."""

    language = RadioField(
        _l("Language"),
        description=_l("Pages begin in this language, and letters are written in it."),
        validators=[InputRequired(_l("Please choose one."))],
    )
    to = HiddenField()
