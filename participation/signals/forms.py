"""The form with which moderators put a word on their list."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField

from participation.kit.forms import options
from participation.multilingual import language_name
from participation.multilingual import lazy as _l
from participation.texts.editorial import Needed
from participation.texts.fields import line_field
from participation.texts.language import KNOWN

WORD_LONGEST = 80


class WordForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A word to watch."""

    word = line_field(
        _l("Word or phrase"),
        longest=WORD_LONGEST,
        description=_l("A star stands for any beginning or end: spam* finds “spammer”."),
    )
    language = SelectField(_l("Language of the texts"), validators=[Needed()])
    for_all = BooleanField(_l("In all processes"))

    def offer(self, first: Sequence[str], shown_in: str) -> "WordForm":
        """Offer the languages that a text can be in, those in ``first`` before all others; return the form."""
        others = sorted(set(KNOWN) - set(first), key=lambda code: language_name(code, shown_in=shown_in))
        self.language.choices = options((code, language_name(code, shown_in=shown_in)) for code in (*first, *others))
        return self
