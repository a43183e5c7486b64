"""Forms with which statements are written and published, and with which the city answers."""

from collections.abc import Sequence
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from participation.kit.forms import CheckboxesField, options
from participation.multilingual import lazy as _l
from participation.strategy.answers import OUTCOMES
from participation.strategy.models import AnswerOutcome
from participation.texts.editorial import EditorialForm, EditorialText, Needed
from participation.texts.fields import line_field

TEXT_LONGEST = 500
REASONING_LONGEST = 5000
ANSWER_LONGEST = 4000
DEPARTMENT_LONGEST = 120


class StatementForm(EditorialForm):
    """A sentence for the strategy, why, and the clusters that it rests on."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("text", _l("Statement"), TEXT_LONGEST, required=True, prose=True),
        EditorialText("reasoning", _l("Reasoning"), REASONING_LONGEST, prose=True),
    )
    clusters = CheckboxesField(_l("Themes it rests on"), validators=[Needed()])

    def offer(self, clusters: Sequence[tuple[int, str]]) -> "StatementForm":
        """Fill in the clusters of the process and return the form."""
        self.clusters.choices = options((str(id_), title) for id_, title in clusters)
        return self

    def validate_clusters(self, field: CheckboxesField) -> None:
        """Refuse a statement that rests on nothing."""
        if not field.data:
            raise ValidationError(str(_l("A statement needs at least one theme as its source.")))

    @property
    def cluster_ids(self) -> tuple[int, ...]:
        """The chosen clusters."""
        return tuple(int(value) for value in self.clusters.data or ())


class AnswerForm(EditorialForm):
    """What the city says to an idea or a statement, who says it, and why."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText(
            "text",
            _l("Answer"),
            ANSWER_LONGEST,
            required=True,
            prose=True,
            hint=_l("Say what happens next, or why not. Everybody can read this."),
        ),
    )
    outcome = RadioField(
        _l("What will the city do?"),
        choices=options((outcome.value, label) for outcome, label in OUTCOMES.items()),
        validators=[InputRequired(_l("Please choose what the city will do."))],
    )
    department = line_field(_l("Responsible department"), longest=DEPARTMENT_LONGEST)

    @property
    def chosen(self) -> AnswerOutcome:
        """The chosen outcome."""
        return AnswerOutcome(self.outcome.data)


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Nothing but a button."""
