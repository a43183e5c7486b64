"""Forms with which authors object to decisions, and others answer."""

from flask_wtf import FlaskForm
from wtforms import SelectField

from participation.kit.forms import options
from participation.moderation.models import APPEAL_LONGEST, AppealOutcome
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field

ANSWERS = (AppealOutcome.UPHELD, AppealOutcome.CHANGED)
"""What somebody at the desk can answer; only authors take objections back."""


class AppealForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Why somebody objects to a decision."""

    text = prose_field(
        _l("Why do you object?"),
        longest=APPEAL_LONGEST,
        description=_l("Say what was overlooked or misunderstood. Any language is fine."),
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What becomes of an objection, and why; ``outcome`` is the button that sends it."""

    outcome = SelectField(_l("Answer"), choices=options((one.value, one.value) for one in ANSWERS))
    answer = prose_field(
        _l("Reason"),
        longest=APPEAL_LONGEST,
        description=_l("The author will read it. Say what you looked at again, and why the decision stays or changes."),
    )

    @property
    def chosen(self) -> AppealOutcome:
        """What was chosen."""
        return AppealOutcome(self.outcome.data)
