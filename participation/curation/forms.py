"""Forms with which moderators make clusters and file ideas."""

from collections.abc import Sequence
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import Optional, ValidationError

from participation.kit.forms import CheckboxesField, options
from participation.multilingual import lazy as _l
from participation.texts.editorial import EditorialForm, EditorialText, Needed
from participation.texts.shape import without_controls

TITLE_LONGEST = 120
DESCRIPTION_LONGEST = 1000
MOST_AT_ONCE = 200
NOWHERE = "0"
BOARD, CLUSTER, IDEA = "board", "cluster", "idea"


def _shown_again(text: str | None) -> str | None:
    return None if text is None else without_controls(text)


class ClusterForm(EditorialForm):
    """Name and describe a cluster."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("title", _l("Name"), TITLE_LONGEST, required=True),
        EditorialText("description", _l("Description"), DESCRIPTION_LONGEST, prose=True),
    )


class FilingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """File the chosen ideas ``into`` a cluster, or take them out of the one they are in (``out_of``)."""

    ideas = SelectMultipleField(_l("Ideas"), validate_choice=False)
    into = SelectField(_l("Theme"), validators=[Optional()])
    cluster = SelectField(_l("Theme"), validators=[Optional(), Needed()])
    out_of = SelectField(validators=[Optional()])
    back = HiddenField(filters=[_shown_again])
    query = HiddenField(filters=[_shown_again])

    def offer(self, clusters: Sequence[tuple[int, str]]) -> "FilingForm":
        """Fill in the clusters of the process and return the form."""
        choices = options([(NOWHERE, "–"), *((str(id_), title) for id_, title in clusters)])
        self.into.choices = choices
        self.cluster.choices = choices
        self.out_of.choices = choices
        return self

    def validate_ideas(self, field: SelectMultipleField) -> None:
        """Ask for something to file; refuse what are no ids."""
        if not field.data:
            raise ValidationError(str(_l("Please choose at least one idea.")))
        if len(field.data) > MOST_AT_ONCE or not all(value.isdecimal() and len(value) < 19 for value in field.data):
            raise ValidationError(str(_l("Please choose the ideas from the list.")))

    def validate_cluster(self, _field: SelectField) -> None:
        """Ask for a place to file in."""
        if self.target is None and self.source is None:
            raise ValidationError(str(_l("Please choose a theme.")))

    @property
    def idea_ids(self) -> tuple[int, ...]:
        """The chosen ideas."""
        return tuple(int(value) for value in self.ideas.data or ())

    @property
    def target(self) -> int | None:
        """The cluster to file in; the button of a column wins over the list."""
        return _id(self.into.data) or _id(self.cluster.data)

    @property
    def source(self) -> int | None:
        """The cluster to take the ideas out of."""
        return _id(self.out_of.data)


class IdeaClustersForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """All the clusters that one idea belongs to."""

    clusters = CheckboxesField(_l("Themes"), validators=[Optional()])

    def offer(self, clusters: Sequence[tuple[int, str]]) -> "IdeaClustersForm":
        """Fill in the clusters of the process and return the form."""
        self.clusters.choices = options((str(id_), title) for id_, title in clusters)
        return self

    @property
    def cluster_ids(self) -> tuple[int, ...]:
        """The chosen clusters."""
        return tuple(int(value) for value in self.clusters.data or () if value.isdecimal())


def _id(value: str | None) -> int | None:
    # What is no number is no choice either; the field's own check says so.
    return int(value) if value and value.isdecimal() and value != NOWHERE else None
