"""What forms have in common: when they were opened, and a key that makes sending twice harmless."""

import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_wtf import FlaskForm
from itsdangerous import BadSignature
from wtforms import HiddenField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published types
from wtforms.validators import ValidationError

from participation.kit.sessions import QuickSigner

UNPROCESSABLE = 422


class CheckboxesField(SelectMultipleField):
    """Several of a list, each with its own box."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not offered, without repeating it: it may hold anything."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(self.gettext("Not a valid choice.")) from None


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return what a select or a list of boxes offers, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]


# What token_urlsafe makes; a NUL, for one, would be an error of the database.
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class ContributionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form with which somebody contributes: carries ``submission_key`` and a signed moment of opening."""

    submission_key = HiddenField()
    opened = HiddenField()

    def prepare(self) -> "ContributionForm":
        """Fill the hidden fields of a form that is about to be shown, unless it has them already; return the form."""
        if not KEY.fullmatch(self.submission_key.data or ""):
            self.submission_key.data = secrets.token_urlsafe(24)
        if self.opened_at is None:
            self.opened.data = opened_now()
        return self

    def validate_submission_key(self, field: Any) -> None:
        if not KEY.fullmatch(field.data or ""):
            raise ValidationError("submission key")

    @property
    def opened_at(self) -> datetime | None:
        """When the form was opened; ``None`` when nobody of us says so."""
        return opened_at(self.opened.data or "")


def opened_now() -> str:
    """Return a signed value that says that a form is opened at this moment."""
    return _signer().sign("open").decode()


def opened_at(value: str) -> datetime | None:
    """Return the moment in a value of ``opened_now``; ``None`` when it is not from us."""
    try:
        _value, moment = _signer().unsign(value, return_timestamp=True)
    except BadSignature:
        return None
    return moment.astimezone(UTC)


def _signer() -> QuickSigner:
    return _signer_with(current_app.secret_key or "")


@lru_cache(maxsize=4)
def _signer_with(secret: str | bytes) -> QuickSigner:
    return QuickSigner(secret, salt="form-opened")
