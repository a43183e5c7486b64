"""The forms with which somebody points at a contribution, and moderators hold one as evidence."""

from typing import Self

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from participation.accounts.forms import check_email
from participation.kit.forms import ContributionForm, options
from participation.multilingual import lazy as _l
from participation.notices.models import NOTICE_LONGEST, NoticeReason
from participation.notices.words import REASONS
from participation.texts.fields import prose_field
from participation.texts.traps import TrappedForm

SHORTEST = 10
REASON_LONGEST = 1000


class NoticeForm(ContributionForm, TrappedForm):
    """Point at a contribution; whoever is signed in is told of the outcome without giving an address."""

    reason = RadioField(
        _l("What is wrong with it?"),
        choices=options((reason.value, label) for reason, label in REASONS.items()),
        validators=[InputRequired(_l("Please choose what is wrong with it."))],
    )
    text = prose_field(
        _l("What should we know?"),
        shortest=0,
        longest=NOTICE_LONGEST,
        description=_l("Which words do you mean, and what do they do? The author does not see what you write here."),
    )
    contact = EmailField(
        _l("Your e-mail address"),
        validators=[Optional(), Length(max=254), check_email],
        filters=[lambda value: value.strip() if value else value],
        description=_l(
            "Only if you want the outcome by mail. The author does not get it, and we delete it afterwards."
        ),
    )

    def offer(self, *, is_signed_in: bool) -> Self:
        """Ask for an address only where there is none; return the form."""
        if is_signed_in and "contact" in self:
            del self.contact
        self.text.flags.needed = True
        return self

    def begin(self, reason: str | None) -> Self:
        """Choose the reason that the address names, as long as nobody has chosen another; return the form."""
        if not self.is_submitted() and reason in {known.value for known in NoticeReason}:
            self.reason.data = reason
        return self

    def validate_text(self, field: TextAreaField) -> None:
        """Ask for a few words, except where every minute counts."""
        is_urgent = self.reason.data == NoticeReason.THREAT_TO_LIFE.value
        if len(field.data or "") < SHORTEST and not is_urgent:
            raise ValidationError(str(_l("Please tell us a little more, in a sentence or two.")))

    @property
    def chosen_reason(self) -> NoticeReason:
        """The reason that was chosen."""
        return NoticeReason(self.reason.data)

    @property
    def address(self) -> str | None:
        """Where the outcome shall be sent, if anywhere."""
        return (self.contact.data or None) if "contact" in self else None


class EvidenceForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Why a contribution is held."""

    reason = prose_field(
        _l("Why is it held?"),
        longest=REASON_LONGEST,
        description=_l("For example which law was probably broken, and who asked for it."),
    )
