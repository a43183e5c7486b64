"""Form fields for residents' texts: cleaned on the way in, refused in words when they cannot be taken."""

from datetime import date
from typing import Any

from wtforms import Field, IntegerField, StringField, TextAreaField, widgets
from wtforms.validators import StopValidation

from participation.multilingual import lazy as _l
from participation.texts.shape import TextProblem, normalise, text_problem, without_controls

MESSAGES = {
    TextProblem.EMPTY: _l("Please write something here."),
    TextProblem.TOO_SHORT: _l("Please write at least %(shortest)s characters."),
    TextProblem.TOO_LONG: _l("This is too long: %(length)s characters of at most %(longest)s."),
    TextProblem.CONTROL_CHARACTERS: _l("This contains characters that cannot be shown. Please type them anew."),
    TextProblem.DIRECTION_OVERRIDES: _l("This contains invisible marks that turn the order of words around."),
}

COUNT_DIGITS = 10
YEARS = range(2000, 2101)


class TextShape:
    """A WTForms validator: the text must have a length within bounds and contain nothing invisible that misleads."""

    def __init__(self, shortest: int, longest: int) -> None:
        self.shortest = shortest
        self.longest = longest
        self.field_flags = {"required": True} if shortest else {}
        self.field_flags |= {"maxlength": longest}  # type: ignore[dict-item]  # WTForms writes it as an attribute

    def __call__(self, _form: object, field: Any) -> None:
        """Raise ``StopValidation`` with a sentence when the field's text cannot be taken."""
        text = field.data or ""
        if not text and not self.shortest:
            return
        problem = text_problem(text, shortest=self.shortest, longest=self.longest)
        if problem:
            # What was typed goes back to its author, on a page that must stay valid.
            field.data = without_controls(text)
            values = {"shortest": self.shortest, "longest": self.longest, "length": len(text)}
            raise StopValidation(str(MESSAGES[problem]) % values)


def line_field(label: Any, *, longest: int, shortest: int = 1, **options: Any) -> StringField:
    """Return a field for one line; line breaks become spaces."""
    return StringField(label, validators=[TextShape(shortest, longest)], filters=[_one_line], **options)


def prose_field(label: Any, *, longest: int, shortest: int = 1, **options: Any) -> TextAreaField:
    """Return a field for a text of several paragraphs."""
    return TextAreaField(label, validators=[TextShape(shortest, longest)], filters=[_clean], **options)


class CountField(IntegerField):
    """A whole number from 0 on; ``None`` where nothing was typed."""

    def _value(self) -> str:
        if self.raw_data:
            return without_controls(str(self.raw_data[0]))
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; raises ``ValueError`` for anything but a few digits."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < COUNT_DIGITS):
            raise ValueError(str(_l("Please enter a whole number.")))
        if typed:
            self.data = int(typed)


class DayField(Field):
    """A day of the calendar; ``None`` where nothing was typed, unless it is ``needed``."""

    widget = widgets.DateInput()

    def __init__(self, label: Any, *, needed: bool, **options: Any) -> None:
        super().__init__(label, **options)
        self.needed = needed
        if needed:
            self.flags.needed = True

    def _value(self) -> str:
        if self.raw_data:
            return without_controls(str(self.raw_data[0]))
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; raises ``ValueError`` for what is no day."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not typed:
            if self.needed:
                raise ValueError(str(_l("Please choose a day.")))
            return
        try:
            self.data = date.fromisoformat(typed)
        except ValueError:
            raise ValueError(str(_l("Please enter a day, for example 2027-03-01."))) from None
        if self.data.year not in YEARS:
            raise ValueError(str(_l("Please enter a year between 2000 and 2100.")))


def _clean(text: str | None) -> str | None:
    return None if text is None else normalise(text)


def _one_line(text: str | None) -> str | None:
    # Only ordinary white space is folded: a NUL must reach the validator.
    return None if text is None else " ".join(normalise(text).replace("\n", " ").replace("\t", " ").split(" "))
