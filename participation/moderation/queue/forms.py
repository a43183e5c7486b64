"""Forms of the queue that decide nothing, and the one that decides about several cases at once."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from participation.kit.forms import options
from participation.kit.numbers import whole_number
from participation.moderation.forms import REASON_LONGEST
from participation.moderation.models import DecisionKind
from participation.moderation.queue.notes import NOTE_LONGEST
from participation.moderation.queue.whereabouts import CASE, PLACE_LONGEST, QUEUE
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field
from participation.texts.shape import without_controls

ME, NOBODY = "me", "nobody"
AT_ONCE = (DecisionKind.PUBLISH, DecisionKind.HIDE)
"""What can be decided about several cases at once; what is public already is kept instead of published."""


def _shown_again(text: str | None) -> str | None:
    return None if text is None else without_controls(text)[:PLACE_LONGEST]


class ManyField(Field):
    """Any number of values of the same name, as they are sent."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep all of them."""
        self.data = valuelist


class PlaceForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Where in the queue somebody works: ``back`` says whether in the list or on the page of a case."""

    back = HiddenField(filters=[_shown_again])
    place = HiddenField(filters=[_shown_again])

    def validate_back(self, field: HiddenField) -> None:
        """Refuse places that we do not know."""
        if field.data not in (QUEUE, CASE, "", None):
            raise ValidationError("back")


class AssignForm(PlaceForm):
    """To whom a case is given: oneself, nobody, or the account of a colleague."""

    to = StringField()

    def validate_to(self, field: StringField) -> None:
        """Refuse what is neither."""
        value = field.data or ""
        if value not in (ME, NOBODY) and whole_number(value) is None:
            raise ValidationError("to")

    @property
    def is_me(self) -> bool:
        """Whether somebody takes the case on."""
        return bool(self.to.data == ME)

    @property
    def account_id(self) -> int | None:
        """The colleague; ``None`` for nobody."""
        value = self.to.data or NOBODY
        return None if value in (ME, NOBODY) else int(value)


class NoteForm(PlaceForm):
    """A note for colleagues."""

    text = prose_field(_l("Note"), longest=NOTE_LONGEST, description=_l("Only colleagues read it."))


class BulkForm(PlaceForm):
    """One decision about several cases: those ticked, and those that stood together in groups."""

    decision = SelectField(choices=options((kind.value, kind.value) for kind in AT_ONCE))
    cases = ManyField(default=())
    groups = ManyField(default=())
    block = ManyField(default=())
    ground = StringField(_l("Rule or law"), filters=[_shown_again])
    reason = prose_field(_l("Reason"), shortest=0, longest=REASON_LONGEST)

    @property
    def kind(self) -> DecisionKind:
        """What is to be decided."""
        return DecisionKind(self.decision.data)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The cases that are meant, those of groups among them, with the texts that were shown."""
        # A group as it stood on the page: what has joined it since nobody has looked at.
        return (*self.cases.data, *(token for group in self.groups.data for token in group.split()))

    @property
    def block_ids(self) -> tuple[int, ...]:
        """The text blocks that are part of the reason, in order."""
        return _numbers(self.block.data)

    def complaints(self) -> list[str]:
        """Return what is wrong with the words, each a sentence."""
        return [str(error) for error in (*self.reason.errors, *self.form_errors)]


class UndoForm(PlaceForm):
    """Taking back what was decided in the same moment as one decision."""

    decision = HiddenField()

    @property
    def decision_id(self) -> int | None:
        """The decision; ``None`` where none is named."""
        return next(iter(_numbers([self.decision.data or ""])), None)


def _numbers(values: Sequence[str]) -> tuple[int, ...]:
    numbers = (whole_number(value) for value in values)
    return tuple(dict.fromkeys(number for number in numbers if number is not None))
