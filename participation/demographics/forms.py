"""The form on which people say something about themselves: one question per characteristic, all of them optional."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import Optional, ValidationError

from participation.demographics.queries import CharacteristicView
from participation.kit.forms import options
from participation.multilingual import lazy as _l
from participation.multilingual import pick

NOTHING = "none"
MOST_BUTTONS = 8
"""So many answers stand below each other; more of them are a list to choose from."""


class AboutMeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What somebody says about themselves; make it with ``asking(characteristics)``."""

    asked: ClassVar[tuple[int, ...]] = ()
    consent = BooleanField(
        _l("I agree that my answers are stored and counted in published sums."),
        description=_l("You can change or delete your answers whenever you like."),
    )

    @classmethod
    def asking(cls, characteristics: Sequence[CharacteristicView], *, language: str) -> Any:
        """Return the class of forms with these questions, in ``language``."""
        fields = {_name(one.id): _question(one, language) for one in characteristics}
        return type("AskingForm", (cls,), {**fields, "asked": tuple(one.id for one in characteristics)})

    @property
    def questions(self) -> list[Any]:
        """The fields of the questions, in order."""
        return [self[_name(number)] for number in self.asked]

    @property
    def answers(self) -> dict[int, int]:
        """The chosen option for each characteristic that was answered, by ids."""
        chosen = {number: self[_name(number)].data for number in self.asked}
        return {number: int(value) for number, value in chosen.items() if value not in (None, NOTHING)}

    def show(self, answers: dict[int, int]) -> "AboutMeForm":
        """Fill in what was said before and return the form."""
        for number in self.asked:
            self[_name(number)].data = str(answers.get(number, NOTHING))
        self.consent.data = bool(answers)
        return self

    def validate_consent(self, field: Any) -> None:
        """Refuse to store anything without consent; nothing said needs none."""
        if not field.data and any(self[_name(number)].data not in (None, NOTHING) for number in self.asked):
            raise ValidationError(str(_l("Without your consent we cannot store your answers. Please tick the box.")))


def _name(characteristic_id: int) -> str:
    return f"about_{characteristic_id}"


def _question(characteristic: CharacteristicView, language: str) -> Any:
    named = ((str(option.id), pick(option.title, language)) for option in characteristic.options)
    choices = options([(NOTHING, _l("I would rather not say")), *named])
    kind = RadioField if len(characteristic.options) <= MOST_BUTTONS else SelectField
    return kind(pick(characteristic.question, language), choices=choices, default=NOTHING, validators=[Optional()])
