"""Forms with which the team and authors write to each other."""

import hashlib
from typing import Any

from flask_wtf import FlaskForm

from participation.kit.forms import ContributionForm
from participation.moderation.models import MESSAGE_LONGEST
from participation.moderation.returning import ReturnFields
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field

MESSAGE_SHORTEST = 2


class TeamMessageForm(ReturnFields, ContributionForm):
    """Write to an author. Where a form has no key of its own, the same words from the same page count once."""

    text = prose_field(
        _l("Message to the author"),
        shortest=MESSAGE_SHORTEST,
        longest=MESSAGE_LONGEST,
        description=_l("The author reads it in the inbox and can answer. Your name and address are not shown."),
    )

    def validate_submission_key(self, field: Any) -> None:
        """Take a form without a key if it says when it was opened."""
        if field.data or self.opened_at is None:
            super().validate_submission_key(field)

    def key_for(self, subject: str, number: int) -> str:
        """Return what makes sending this form twice harmless."""
        said = "\0".join((self.opened.data or "", subject, str(number), self.text.data or ""))
        return self.submission_key.data or hashlib.sha256(said.encode()).hexdigest()


class ReturnForm(ReturnFields, FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Nothing but where the moderator came from."""


class AnswerForm(ContributionForm):
    """Answer the team."""

    text = prose_field(
        _l("Your answer"),
        shortest=MESSAGE_SHORTEST,
        longest=MESSAGE_LONGEST,
        description=_l("Only the moderation team of this process reads it. Your name and address are not shown to it."),
    )
