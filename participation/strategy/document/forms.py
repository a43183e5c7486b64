"""Forms for the order of statements, and for saying that one has read a version."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import ValidationError

from participation.kit.numbers import whole_number
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.strategy.document.queries import OrderedStatement
from participation.texts.fields import CountField


class OnePlace:
    """A WTForms validator: the number must be one of so many places; what is no number at all is said elsewhere."""

    def __init__(self, places: int) -> None:
        self.places = places

    def __call__(self, _form: object, field: Any) -> None:
        """Raise ``ValidationError`` with a sentence for any other number."""
        if field.data is not None and not 1 <= field.data <= self.places:
            raise ValidationError(str(_l("This is not one of the places.")))


class OrderForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The place of each statement as a number; make it with ``order_form``."""

    statements: ClassVar[tuple[int, ...]] = ()
    seen = HiddenField()

    def place_of(self, statement_id: int) -> Any:
        """Return the field for the place of a statement."""
        return self[_name(statement_id)]

    @property
    def seen_ids(self) -> tuple[int, ...]:
        """The statements in the order that the page showed; empty where nobody of us says so."""
        ids = [whole_number(part) for part in (self.seen.data or "").split(",")]
        return tuple(id_ for id_ in ids if id_ is not None)

    @property
    def wanted_ids(self) -> tuple[int, ...]:
        """The statements of the page in the order that its numbers ask for."""
        shown = [id_ for id_ in self.seen_ids if id_ in self.statements]
        return arranged(shown, {id_: self.place_of(id_).data for id_ in shown})


class SeenForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The version that somebody has read."""

    number = HiddenField()

    @property
    def version(self) -> int:
        """The number of the version; 0 for anything that is none."""
        return whole_number(self.number.data, digits=9) or 0


def order_form(statements: Sequence[OrderedStatement]) -> OrderForm:
    """Return the form for the order of these statements."""
    fields: dict[str, Any] = {"statements": tuple(one.id for one in statements)}
    for one in statements:
        label = _("Place of statement %(number)s", number=one.number)
        fields[_name(one.id)] = CountField(label, validators=[OnePlace(len(statements))])
    made: OrderForm = type("OrderForm", (OrderForm,), fields)()
    return made


def arranged(shown: Sequence[int], places: Mapping[int, int | None]) -> tuple[int, ...]:
    """Return what was ``shown`` in the order of ``places``, counted from 1; without a place it stays where it is.

    Of two with the same place the one that was moved there wins: it comes before the other one when it came from
    below, and after it when it came from above.
    """

    def key(index: int) -> tuple[int, int, int]:
        place = places.get(shown[index]) or index + 1
        return place, (place > index + 1) - (place < index + 1), index

    return tuple(shown[index] for index in sorted(range(len(shown)), key=key))


def _name(statement_id: int) -> str:
    return f"place-{statement_id}"
