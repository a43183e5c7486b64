"""The forms with which people suggest a wording and take a suggestion back."""

from typing import Self

from flask_wtf import FlaskForm
from wtforms import HiddenField

from participation.ideas.models import TEXT_LONGEST
from participation.kit.forms import ContributionForm
from participation.kit.numbers import whole_number
from participation.multilingual import lazy as _l
from participation.texts.fields import line_field, prose_field
from participation.texts.shape import shown_again
from participation.texts.traps import TrappedForm
from participation.wordings.models import TRANSLATED_TITLE_LONGEST

TEXT_TRANSLATED_LONGEST = 2 * TEXT_LONGEST


class WordingFields(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A text in another language: a title where it has one, and what it says."""

    title = line_field(_l("Title"), longest=TRANSLATED_TITLE_LONGEST)
    text = prose_field(_l("Text"), longest=TEXT_TRANSLATED_LONGEST)

    def fit(self, *, has_title: bool) -> Self:
        """Ask for a title only where the original has one; return the form."""
        if not has_title and "title" in self:
            del self.title
        return self

    def fill(self, *, title: str, text: str) -> Self:
        """Show a wording that is there already; return the form."""
        if "title" in self:
            self.title.data = title
        self.text.data = text
        return self

    @property
    def written_title(self) -> str:
        """The title; empty where the original has none."""
        return (self.title.data or "") if "title" in self else ""


class SuggestionForm(WordingFields, ContributionForm, TrappedForm):
    """Suggest a wording; ``revision`` is the text that was read."""

    revision = HiddenField(filters=[shown_again])

    @property
    def revision_read(self) -> int:
        """The revision that was read; 0 where the form says none."""
        return whole_number(self.revision.data) or 0


class TakeBackForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Nothing but the token."""
