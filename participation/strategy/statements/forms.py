"""Forms with which statements are written, quotes added, and revisions signed off, sent back or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import ValidationError

from participation.kit.forms import CheckboxesField, options
from participation.multilingual import lazy as _l
from participation.strategy.models import DEPARTMENT_LONGEST
from participation.strategy.statements.content import QuotePlace, quote_place
from participation.strategy.statements.quotes import LONGEST
from participation.texts.editorial import EditorialForm, EditorialText, Needed
from participation.texts.fields import line_field, prose_field

TEXT_LONGEST = 500
REASONING_LONGEST = 5000
REMARK_LONGEST = 2000
WITHDRAWAL_LONGEST = 2000
Choices = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a statement can rest on, serve and belong to, as pairs of id and name."""

    clusters: Choices
    principles: Choices
    fields: Choices


class StatementForm(EditorialForm):
    """A sentence for the strategy, why, who is responsible, what it serves, and the clusters that it rests on."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("text", _l("Statement"), TEXT_LONGEST, required=True, prose=True),
        EditorialText("reasoning", _l("Reasoning"), REASONING_LONGEST, prose=True),
    )
    seen = HiddenField()
    department = line_field(
        _l("Responsible department"), longest=DEPARTMENT_LONGEST, shortest=0, render_kw={"list": "departments"}
    )
    clusters = CheckboxesField(_l("Themes it rests on"), validators=[Needed()])
    principles = CheckboxesField(_l("Principles it serves"))
    fields = CheckboxesField(_l("Fields of action it belongs to"))

    def offer(self, offer: Offer) -> "StatementForm":
        """Fill in what the process offers and return the form."""
        for field, pairs in (
            (self.clusters, offer.clusters),
            (self.principles, offer.principles),
            (self.fields, offer.fields),
        ):
            field.choices = options((str(id_), title) for id_, title in pairs)
        return self

    def validate_clusters(self, field: CheckboxesField) -> None:
        """Refuse a statement that rests on nothing."""
        if not field.data:
            raise ValidationError(str(_l("A statement needs at least one theme as its source.")))

    def chosen(self, name: str) -> tuple[int, ...]:
        """Return the ids that were ticked in one of the lists."""
        return tuple(int(value) for value in self[name].data or ())


class QuoteForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Words from a source, pasted or selected there."""

    words = prose_field(_l("Words to quote"), longest=LONGEST, description=_l("Exactly as they stand in the original."))


class PlaceForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Which of the quotes is meant."""

    place = HiddenField()

    @property
    def quote(self) -> QuotePlace | None:
        """The quote that the form is about; ``None`` where nobody of us wrote that."""
        return quote_place(self.place.data or "")


class SignOffForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A second person agrees to a statement; ``seen`` says to which words."""

    seen = HiddenField()
    note = prose_field(
        _l("Note"), longest=REMARK_LONGEST, shortest=0, description=_l("For the team. It is kept with the sign-off.")
    )


class SendBackForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What should change before a statement is signed off."""

    remark = prose_field(_l("What should change?"), longest=REMARK_LONGEST)


class WithdrawalForm(EditorialForm):
    """Why a statement is taken back."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("reason", _l("Reason"), WITHDRAWAL_LONGEST, required=True, prose=True),
    )


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Nothing but a button."""
