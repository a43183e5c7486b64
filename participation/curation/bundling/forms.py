"""Forms with which ideas are put together and taken apart, and kept apart."""

from collections.abc import Iterable

from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import ValidationError

from participation.curation.board.forms import BOARD, IDEA, SeenForm, choice_in, shown_again
from participation.curation.bundling.policies import FEWEST_MEMBERS, MOST_MEMBERS
from participation.kit.numbers import whole_number
from participation.multilingual import lazy as _l

CANDIDATES, QUEUE = "candidates", "queue"
PLACES = (IDEA, BOARD, CANDIDATES, QUEUE, "", None)


class ReturnForm(SeenForm):
    """Where a moderator came from and wants to go back to."""

    def validate_back(self, field: HiddenField) -> None:
        """Refuse places that we do not know."""
        if field.data not in PLACES:
            raise ValidationError("back")


class BundleForm(ReturnForm):
    """Which ideas belong together; the first one is where the moderator was.

    With ``merging`` bundles that some of them are in become one.
    """

    ideas = SelectMultipleField(_l("Ideas"), validate_choice=False)
    merging = HiddenField(filters=[shown_again])

    def validate_ideas(self, field: SelectMultipleField) -> None:
        """Ask for at least two; refuse what are no ids."""
        chosen = _each(field.data)
        if len(chosen) < FEWEST_MEMBERS:
            raise ValidationError(str(_l("Please choose at least two ideas.")))
        if len(chosen) > MOST_MEMBERS:
            raise ValidationError(str(_l("These are too many ideas for one bundle. A theme may fit better.")))
        if not all(map(choice_in, chosen)):
            raise ValidationError(str(_l("Please choose the ideas from the list.")))

    @property
    def idea_ids(self) -> tuple[int, ...]:
        """The chosen ideas, each once, in their order."""
        found = (choice_in(text) for text in _each(self.ideas.data))
        return tuple(dict.fromkeys(choice.idea_id for choice in found if choice is not None))

    @property
    def complaints(self) -> list[str]:
        """What is wrong with what was chosen."""
        return [str(problem) for problem in self.ideas.errors]


class MergeForm(ReturnForm):
    """Which bundles become one."""

    bundles = SelectMultipleField(_l("Bundles"), validate_choice=False)

    def validate_bundles(self, field: SelectMultipleField) -> None:
        """Ask for at least two; refuse what are no ids."""
        if len(self.bundle_ids) < FEWEST_MEMBERS or len(self.bundle_ids) > MOST_MEMBERS:
            raise ValidationError(str(_l("Please choose at least two bundles.")))
        if len(self.bundle_ids) != len(set(field.data or ())):
            raise ValidationError(str(_l("Please choose the bundles from the list.")))

    @property
    def bundle_ids(self) -> tuple[int, ...]:
        """The chosen bundles, each once."""
        return _numbers(self.bundles.data or ())

    @property
    def complaints(self) -> list[str]:
        """What is wrong with what was chosen."""
        return [str(problem) for problem in self.bundles.errors]


class PairForm(ReturnForm):
    """Two ideas, in one value: ``12 15``."""

    pair = HiddenField(filters=[shown_again])

    def validate_pair(self, _field: HiddenField) -> None:
        """Refuse what are not two ids."""
        if len(self.idea_ids) != FEWEST_MEMBERS:
            raise ValidationError("pair")

    @property
    def idea_ids(self) -> tuple[int, ...]:
        """The two ideas."""
        return _numbers((self.pair.data or "").split(" "))


def _each(values: Iterable[str] | None) -> list[str]:
    """Return what was chosen, each once; one value may name several, with blanks between them."""
    return list(dict.fromkeys(text for value in values or () for text in value.split(" ")))


def _numbers(texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for number in map(whole_number, texts) if number is not None))
