"""Forms with which moderators make and change clusters, and file ideas."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import Optional, ValidationError

from participation.curation.board.places import Placing
from participation.curation.models import LABEL_LONGEST
from participation.kit.forms import CheckboxesField, options
from participation.kit.numbers import whole_number
from participation.multilingual import lazy as _l
from participation.texts.editorial import EditorialForm, EditorialText, Needed
from participation.texts.fields import line_field, prose_field
from participation.texts.shape import without_controls

TITLE_LONGEST = 120
DESCRIPTION_LONGEST = 1000
NOTE_LONGEST = 2000
MOST_AT_ONCE = 200
NOWHERE = "0"
BOARD, CLUSTER, IDEA = "board", "cluster", "idea"
# An idea, and behind the point the cluster whose column it was chosen in.
_CHOICE = re.compile(r"(\d{1,18})(?:\.(\d{1,18}))?", re.ASCII)


class Choice(NamedTuple):
    """An idea that was chosen, and the cluster in whose column it stood; ``None`` among the unfiled ones."""

    idea_id: int
    cluster_id: int | None

    @property
    def token(self) -> str:
        """How forms name it."""
        return str(self.idea_id) if self.cluster_id is None else f"{self.idea_id}.{self.cluster_id}"


def choice_in(text: str | None) -> Choice | None:
    """Return what a form names; ``None`` where it names nothing."""
    match = _CHOICE.fullmatch(text or "")
    return Choice(int(match[1]), int(match[2]) if match[2] else None) if match else None


def shown_again(text: str | None) -> str | None:
    """Return what came with a form so that it can be shown again."""
    return None if text is None else without_controls(text)


class SeenForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form of a page of the board; ``seen`` is the number of the step that the page knew of."""

    seen = HiddenField(filters=[shown_again])
    back = HiddenField(filters=[shown_again])
    query = HiddenField(filters=[shown_again])
    parts = HiddenField(filters=[shown_again])

    @property
    def seen_version(self) -> int | None:
        """The board's step that whoever sends this has seen; ``None`` says nothing about it."""
        return whole_number(self.seen.data)


class FilingForm(SeenForm):
    """File the chosen ideas ``into`` a cluster, take them ``out`` of their columns, or ``take`` a proposed place."""

    ideas = SelectMultipleField(_l("Ideas"), validate_choice=False)
    into = SelectField(_l("Theme"), validators=[Optional()])
    cluster = SelectField(_l("Theme"), validators=[Optional(), Needed()])
    placing = SelectField(
        _l("How"),
        validators=[Optional()],
        choices=options(
            [
                (Placing.AUTO.value, _l("move there")),
                (Placing.ALSO.value, _l("only touches it")),
                (Placing.MAIN.value, _l("is its main theme")),
            ]
        ),
        default=Placing.AUTO.value,
    )
    out = HiddenField(filters=[shown_again])
    take = HiddenField(filters=[shown_again])
    bundles = HiddenField(filters=[shown_again])
    _mates: tuple[Choice, ...] = ()

    def bring(self, mates: Mapping[int, int]) -> None:
        """Let further ideas come along, each with a chosen one and out of the column of that."""
        columns = {choice.idea_id: choice.cluster_id for choice in self.chosen}
        self._mates = tuple(Choice(mate, columns.get(idea_id)) for mate, idea_id in mates.items())

    def offer(self, clusters: Sequence[tuple[int, str]]) -> "FilingForm":
        """Fill in the clusters of the process and return the form."""
        self._offered = {id_ for id_, _title in clusters}
        choices = options([(NOWHERE, "–"), *((str(id_), title) for id_, title in clusters)])
        self.into.choices = choices
        self.cluster.choices = choices
        return self

    def validate_ideas(self, field: SelectMultipleField) -> None:
        """Ask for something to file; refuse what are no ids."""
        if self.take.data:
            return
        if not field.data:
            raise ValidationError(str(_l("Please choose at least one idea.")))
        if len(field.data) > MOST_AT_ONCE or not all(map(choice_in, field.data)):
            raise ValidationError(str(_l("Please choose the ideas from the list.")))

    def validate_take(self, field: HiddenField) -> None:
        """Refuse what names no idea and no cluster on offer."""
        taken = choice_in(field.data)
        if field.data and (taken is None or taken.cluster_id not in self._offered):
            raise ValidationError(str(_l("This theme is not on the board any more.")))

    def validate_cluster(self, _field: SelectField) -> None:
        """Ask for a place to file in."""
        if not self.take.data and not self.out.data and self.target is None:
            raise ValidationError(str(_l("Please choose a theme.")))

    @property
    def is_accepting(self) -> bool:
        """Whether a proposed place is taken."""
        return bool(self.take.data)

    @property
    def chosen(self) -> tuple[Choice, ...]:
        """The chosen ideas and those that come along, each once; when a proposed place is taken, only that one."""
        if taken := choice_in(self.take.data):
            return (Choice(taken.idea_id, None), *self._mates)
        found = [choice for value in self.ideas.data or () if (choice := choice_in(value))]
        return (*tuple({choice.idea_id: choice for choice in reversed(found)}.values())[::-1], *self._mates)

    @property
    def target(self) -> int | None:
        """The cluster to file in; the button of a column wins over the list."""
        if taken := choice_in(self.take.data):
            return taken.cluster_id
        return None if self.out.data else _id(self.into.data) or _id(self.cluster.data)

    @property
    def sources(self) -> dict[int, int]:
        """The column that each chosen idea stands in, of those that stand in one."""
        return {choice.idea_id: choice.cluster_id for choice in self.chosen if choice.cluster_id is not None}

    @property
    def brings_bundles(self) -> bool:
        """Whether ideas that are bundled with a chosen one are filed along with it."""
        return bool(self.bundles.data) and self.target is not None

    @property
    def how(self) -> Placing:
        """How the ideas are to stand in the cluster."""
        return Placing(self.placing.data or Placing.AUTO.value)


class ClusterForm(EditorialForm):
    """Name and describe a cluster; ``ideas`` are the first to be in it, ``seen`` is the page's step of the board."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("title", _l("Name"), TITLE_LONGEST, required=True),
        EditorialText("description", _l("Description"), DESCRIPTION_LONGEST, prose=True),
    )
    seen = HiddenField(filters=[shown_again])
    ideas = SelectMultipleField(_l("Ideas"), validate_choice=False)

    @property
    def seen_version(self) -> int | None:
        """The board's step that whoever sends this has seen; ``None`` says nothing about it."""
        return whole_number(self.seen.data)

    @property
    def chosen(self) -> tuple[Choice, ...]:
        """The ideas that come along."""
        return tuple(choice for value in self.ideas.data or () if (choice := choice_in(value)))[:MOST_AT_ONCE]


class SplitForm(ClusterForm):
    """Make a new cluster out of some of the ideas of another one."""

    def validate_ideas(self, field: SelectMultipleField) -> None:
        """Ask for at least one idea."""
        if not field.data:
            raise ValidationError(str(_l("Please choose at least one idea.")))
        if len(field.data) > MOST_AT_ONCE or not all(map(choice_in, field.data)):
            raise ValidationError(str(_l("Please choose the ideas from the list.")))


class LabelForm(SeenForm):
    """A short word of the team for a cluster."""

    label = line_field(_l("Label"), longest=LABEL_LONGEST, shortest=0)


class NoteForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A note about a cluster."""

    text = prose_field(_l("Note"), longest=NOTE_LONGEST)


class OrderForm(SeenForm):
    """Move one cluster along the board; which one and where to stands in the button."""

    earlier = HiddenField(filters=[shown_again])
    later = HiddenField(filters=[shown_again])
    first = HiddenField(filters=[shown_again])
    last = HiddenField(filters=[shown_again])

    @property
    def step(self) -> tuple[int, int] | None:
        """The cluster to move and by how many places; ``None`` where no button of ours sent it."""
        ways = ((self.earlier, -1), (self.later, 1), (self.first, -FAR), (self.last, FAR))
        return next(((number, places) for field, places in ways if (number := whole_number(field.data))), None)


FAR = 10_000
"""More places than a board has."""


class IdeaClustersForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """All the clusters that one idea belongs to, and the main one of them."""

    clusters = CheckboxesField(_l("Themes"), validators=[Optional()])
    main_theme = SelectField(_l("Main theme"), validators=[Optional()])
    seen = HiddenField(filters=[shown_again])

    def offer(self, clusters: Sequence[tuple[int, str]]) -> "IdeaClustersForm":
        """Fill in the clusters of the process and return the form."""
        choices = [(str(id_), title) for id_, title in clusters]
        self.clusters.choices = options(choices)
        self.main_theme.choices = options([(NOWHERE, "–"), *choices])
        return self

    @property
    def cluster_ids(self) -> tuple[int, ...]:
        """The chosen clusters, the main one among them."""
        chosen = tuple(int(value) for value in self.clusters.data or () if value.isdecimal())
        return chosen if self.main_id is None or self.main_id in chosen else (*chosen, self.main_id)

    @property
    def main_id(self) -> int | None:
        """The main one; ``None`` leaves the choice of it."""
        return _id(self.main_theme.data)

    @property
    def seen_version(self) -> int | None:
        """The board's step that whoever sends this has seen; ``None`` says nothing about it."""
        return whole_number(self.seen.data)


def _id(value: Any) -> int | None:
    # What is no number is no choice either; the field's own check says so.
    return whole_number(value) or None
