"""Forms with which moderators decide about suggested wordings, correct what is shown, and take it down."""

from collections.abc import Sequence
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Optional

from participation.kit.forms import CheckboxesField, OpenedForm, options
from participation.moderation.forms import REASON_LONGEST
from participation.moderation.returning import ReturnFields
from participation.moderation.text_blocks.service import TextBlockView
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field
from participation.texts.shape import shown_again
from participation.wordings.suggesting.forms import WordingFields

ACCEPT, REFUSE = "accept", "refuse"


class SuggestionDecisionForm(ReturnFields, OpenedForm):
    """Accept or refuse a suggestion; which of the two, the button says that was pressed."""

    decision = HiddenField(filters=[shown_again])
    block = CheckboxesField(_l("Text blocks"), validators=[Optional()])
    reason = prose_field(
        _l("Reason"),
        shortest=0,
        longest=REASON_LONGEST,
        description=_l("Whoever suggested it will read it. Say what would be better."),
    )

    def offer(self, blocks: Sequence[TextBlockView]) -> Self:
        """Fill in what can be chosen and return the form."""
        self.block.choices = options((str(block.id), block.title) for block in blocks)
        self.reason.flags.needed = True
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether everything is fine: refusing needs a reason."""
        fine = super().validate(extra_validators)
        if fine and self.decision.data == REFUSE and not (self.reason.data or self.block.data):
            self.reason.errors = [
                *self.reason.errors,
                str(_l("Please give the reason; whoever suggested it will read it.")),
            ]
            return False
        return bool(fine)

    @property
    def block_ids(self) -> tuple[int, ...]:
        """The text blocks that were chosen, by id."""
        return tuple(int(value) for value in self.block.data or () if value.isdigit())

    def chosen(self, blocks: Sequence[TextBlockView]) -> list[TextBlockView]:
        """Return the text blocks that were chosen."""
        return [block for block in blocks if str(block.id) in (self.block.data or [])]


class CorrectionForm(WordingFields):
    """Put another wording in the place of the one that is shown."""


class TakeDownForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Take a wording down, and say why."""

    reason = prose_field(
        _l("Reason"),
        longest=REASON_LONGEST,
        description=_l("Everybody can read it in the history of the idea, so it must not repeat what is wrong."),
    )


class UndoForm(ReturnFields, FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Nothing but where the moderator came from."""
