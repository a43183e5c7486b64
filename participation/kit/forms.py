"""What forms have in common: when they were opened, traps for programs, a key that makes sending twice harmless."""

import enum
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Self

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


OPEN = "open"
# What token_urlsafe makes; a NUL, for one, would be an error of the database.
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class OpenedForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form that carries a signed moment of opening."""

    opened = HiddenField()

    def prepare(self) -> Self:
        """Fill the hidden fields of a form that is about to be shown, unless it has them already; return the form."""
        if self.opened_at is None:
            self.opened.data = opened_now(self.once)
        return self

    @property
    def opened_at(self) -> datetime | None:
        """When the form was opened; ``None`` when nobody of us says so."""
        return opened_at(self.opened.data or "", self.once)

    @property
    def once(self) -> str:
        """What the moment is signed along with, so that it is good for nothing else; nothing in forms of this kind."""
        return ""


class ContributionForm(OpenedForm):
    """A form with which somebody contributes: carries ``submission_key``, too."""

    submission_key = HiddenField()

    def prepare(self) -> Self:
        """Fill the hidden fields of a form that is about to be shown, unless it has them already; return the form."""
        if not KEY.fullmatch(self.submission_key.data or ""):
            self.submission_key.data = secrets.token_urlsafe(24)
        return super().prepare()

    def validate_submission_key(self, field: Any) -> None:
        if not KEY.fullmatch(field.data or ""):
            raise ValidationError("submission key")


class Trap(enum.Enum):
    """What gave a program away that fills in forms: a field that people do not see, or how quickly it was done."""

    FILLED = "filled"
    QUICK = "quick"


def trap_of(opened: datetime | None, unseen: str | None, *, shortest: timedelta, now: datetime) -> Trap | None:
    """Return the trap that whoever sent a form fell into; one that says not when it was opened counts as quick."""
    if unseen:
        return Trap.FILLED
    if shortest and (opened is None or now - opened < shortest):
        return Trap.QUICK
    return None


def opened_now(once: str = "") -> str:
    """Return a signed value that says that a form is opened at this moment, the one with the key ``once`` if any."""
    signed = _signer().sign(once or OPEN).decode()
    return signed.removeprefix(f"{once}.") if once else signed


def opened_at(value: str, once: str = "") -> datetime | None:
    """Return the moment in a value of ``opened_now``; ``None`` when it is not from us, or of another form."""
    try:
        signed, moment = _signer().unsign(f"{once}.{value}" if once else value, return_timestamp=True)
    except BadSignature:
        return None
    return moment.astimezone(UTC) if signed.decode() == (once or OPEN) else None


def _signer() -> QuickSigner:
    return _signer_with(current_app.secret_key or "")


@lru_cache(maxsize=4)
def _signer_with(secret: str | bytes) -> QuickSigner:
    return QuickSigner(secret, salt="form-opened")
