"""Forms with which moderators decide about contributions and tag ideas."""

from collections.abc import Sequence
from typing import Self

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Optional, ValidationError

from participation.ideas.service import MOST_PRINCIPLES
from participation.kit.forms import CheckboxesField, options
from participation.moderation.models import DecisionKind
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field
from participation.texts.shape import without_controls

REASON_LONGEST = 2000
QUEUE, IDEA, DECISIONS = "queue", "idea", "decisions"


def _shown_again(text: str | None) -> str | None:
    return None if text is None else without_controls(text)


class ReturnForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Where a moderator came from and wants to go back to; ``after`` is the page of the queue."""

    back = HiddenField(filters=[_shown_again])
    after = HiddenField(filters=[_shown_again])

    def validate_back(self, field: HiddenField) -> None:
        """Refuse places that we do not know."""
        if field.data not in (QUEUE, IDEA, DECISIONS, "", None):
            raise ValidationError("back")


class DecisionForm(ReturnForm):
    """Publish, hide with a reason, or restore."""

    decision = SelectField(_l("Decision"), choices=options((kind.value, kind.value) for kind in DecisionKind))
    # Publishing needs none; the page that asks for it again needs it.
    reason = prose_field(
        _l("Reason"),
        shortest=0,
        longest=REASON_LONGEST,
        description=_l("The author will read it. Say which rule is broken, and what would be fine."),
    )

    def validate_reason(self, field: TextAreaField) -> None:
        """Refuse to hide without a reason."""
        if self.decision.data == DecisionKind.HIDE.value and not field.data:
            raise ValidationError(str(_l("Please give the reason; the author will read it.")))


class PrinciplesForm(ReturnForm):
    """At most three principles for an idea; none means that it stays "not sure"."""

    principles = CheckboxesField(_l("Guiding principles"), validators=[Optional()])

    def offer(self, principles: Sequence[tuple[int, str]]) -> Self:
        """Fill in what can be chosen and return the form."""
        self.principles.choices = options((str(id_), title) for id_, title in principles)
        return self

    def validate_principles(self, field: CheckboxesField) -> None:
        """Refuse more than three."""
        if len(field.data or ()) > MOST_PRINCIPLES:
            raise ValidationError(str(_l("Please choose at most three principles.")))

    @property
    def principle_ids(self) -> tuple[int, ...]:
        """The chosen principles."""
        return tuple(int(value) for value in self.principles.data or ())


class IdeaDecisionForm(DecisionForm, PrinciplesForm):
    """A decision about an idea; where principles were offered along with it (``tagging``), they are saved too."""

    tagging = HiddenField(filters=[_shown_again])
