"""Forms with which ideas are put together and taken apart."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import ValidationError

from participation.curation.bundle_policies import FEWEST_MEMBERS, MOST_MEMBERS
from participation.kit.numbers import whole_number
from participation.multilingual import lazy as _l
from participation.texts.shape import without_controls

IDEA = "idea"


def _shown_again(text: str | None) -> str | None:
    return None if text is None else without_controls(text)


class ReturnForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Where a moderator came from and wants to go back to."""

    back = HiddenField(filters=[_shown_again])

    def validate_back(self, field: HiddenField) -> None:
        """Refuse places that we do not know."""
        if field.data not in (IDEA, "", None):
            raise ValidationError("back")


class BundleForm(ReturnForm):
    """Which ideas belong together; the first one is where the moderator was."""

    ideas = SelectMultipleField(_l("Ideas"), validate_choice=False)

    def validate_ideas(self, field: SelectMultipleField) -> None:
        """Ask for at least two; refuse what are no ids."""
        chosen = set(field.data or ())
        if len(chosen) < FEWEST_MEMBERS:
            raise ValidationError(str(_l("Please choose at least two ideas.")))
        if len(chosen) > MOST_MEMBERS or len(self.idea_ids) != len(chosen):
            raise ValidationError(str(_l("Please choose the ideas from the list.")))

    @property
    def idea_ids(self) -> tuple[int, ...]:
        """The chosen ideas, each once, in their order."""
        typed = dict.fromkeys(self.ideas.data or ())
        return tuple(number for number in map(whole_number, typed) if number is not None)

    @property
    def complaints(self) -> list[str]:
        """What is wrong with what was chosen."""
        return [str(problem) for problem in self.ideas.errors]
