"""Forms with which statements are written and published."""

from collections.abc import Sequence
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from participation.kit.forms import CheckboxesField, options
from participation.multilingual import lazy as _l
from participation.texts.editorial import EditorialForm, EditorialText, Needed

TEXT_LONGEST = 500
REASONING_LONGEST = 5000


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


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Nothing but a button."""
