"""Forms around the inbox."""

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from participation.accounts.models import MailRhythm
from participation.kit.forms import options
from participation.multilingual import lazy as _l

RHYTHMS = {
    MailRhythm.AT_ONCE: _l("At once, one message for each piece of news"),
    MailRhythm.DAILY: _l("Once a day, everything in one message"),
    MailRhythm.WEEKLY: _l("Once a week, everything in one message"),
    MailRhythm.NEVER: _l("Not at all; I look into my inbox here"),
}
"""How often mail comes, in the words of the form."""


class RhythmForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Choose how often to get mail."""

    rhythm = RadioField(
        _l("How often do you want to hear from us by e-mail?"),
        choices=options((rhythm.value, label) for rhythm, label in RHYTHMS.items()),
        validators=[InputRequired(_l("Please choose one."))],
    )


class UnsubscribeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Get no more mail; the signed link stands for the sign-in, so a mail program need not send more than that."""
