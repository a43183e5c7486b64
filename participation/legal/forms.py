"""Forms with which legal texts are written, published and agreed to."""

from typing import Any, ClassVar, Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from participation.legal.models import LegalKind
from participation.legal.placeholders import NAMES, unknown_names
from participation.legal.service import Wording
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.texts.editorial import EditorialForm, EditorialText

TEXT_LONGEST, CHANGES_LONGEST = 40_000, 1_000
SHOWN_NAMES = " ".join(f"{{{name}}}" for name in NAMES)


class LegalForm(EditorialForm):
    """The next version of a legal text: the text, what is new in it, and whether people have to agree to it."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("text", _l("Text"), TEXT_LONGEST, required=True, prose=True),
        EditorialText("changes", _l("What is new"), CHANGES_LONGEST, prose=True),
    )

    asks_consent: BooleanField | None = BooleanField(
        _l("Who takes part has to agree to this version"),
        description=_l(
            "Until then nobody can propose, comment or vote. Reading, reporting and objecting stay possible."
        ),
    )
    stamp = HiddenField()

    def show(self, wording: Wording, stamp: str) -> Self:
        """Show a wording and remember which draft it is from; return the form."""
        self.fill("text", wording.text)
        self.fill("changes", wording.changes)
        if self.asks_consent:
            self.asks_consent.data = wording.asks_consent
        self.stamp.data = stamp
        return self

    def wording(self, before: Wording) -> Wording:
        """Return what was entered; languages that the form does not show stay as they were ``before``."""
        return Wording(
            reworded(before.text, self.translated("text")),
            reworded(before.changes, self.translated("changes")),
            bool(self.asks_consent and self.asks_consent.data),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether everything can be taken; braces must hold names that stand for something."""
        valid = super().validate(extra_validators=extra_validators)
        for wording in self.wordings("text"):
            names = unknown_names(wording.field.data or "")
            if names and not wording.field.errors:
                wording.field.errors = [_unknown(names)]
                valid = False
        return valid


class StampForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Publishes or throws away a draft; ``stamp`` says which one was looked at."""

    stamp = HiddenField()


class ConsentForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Agrees to the versions that were shown, and leads on."""

    agrees = BooleanField(_l("I have read these texts and agree to them."))
    shown = HiddenField()
    next = HiddenField()

    def validate_agrees(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(str(_l("Please confirm that you have read them and agree.")))


def legal_form(languages: Any, kind: LegalKind) -> LegalForm:
    """Return the form in ``languages``; nobody has to agree to a legal notice."""
    form: LegalForm = LegalForm.speaking(languages)()
    if kind is LegalKind.IMPRINT:
        del form.asks_consent
    return form


def _unknown(names: list[str]) -> str:
    shown = ", ".join(f"{{{name}}}" for name in names)
    return str(_l("%(names)s stands for nothing. Possible are: %(known)s", names=shown, known=SHOWN_NAMES))
