"""What somebody typed into the number fields beside ideas, and what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from participation.kit.numbers import whole_number
from participation.multilingual import gettext as _
from participation.texts import without_controls

FIELD = re.compile(r"points-([1-9][0-9]{0,17})", re.ASCII)
MOST_FIELDS = 300
LONGEST = 20


class TooManyFields(ValueError):
    """More ideas are named than any page of ours shows."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the summary of errors calls a field."""

    text: str


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """A field with errors, as the summary of errors reads it."""

    id: str
    label: Label
    errors: Sequence[str]


@dataclass(slots=True)
class PointsForm:
    """The number typed beside each idea; errors by idea, and those that belong to no field."""

    typed: dict[int, str] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    form_errors: list[str] = field(default_factory=list)

    @classmethod
    def sent(cls, values: MultiDict[str, str]) -> "PointsForm":
        """Return the form that was sent; raises ``TooManyFields``."""
        named = [(match, value) for name, value in values.items() if (match := FIELD.fullmatch(name))]
        if len(named) > MOST_FIELDS:
            raise TooManyFields
        return cls({int(match[1]): without_controls(value).strip()[:LONGEST] for match, value in named})

    @property
    def errors(self) -> bool:
        """Whether the summary has anything to show."""
        return bool(self.problems or self.form_errors)

    def __iter__(self) -> Iterator[ErrorEntry]:
        for idea_id, problem in self.problems.items():
            yield ErrorEntry(field_name(idea_id), Label(self.titles.get(idea_id, "")), [problem])

    def points(self) -> dict[int, int]:
        """Return what was typed as numbers, nothing being 0; what is none is left out."""
        return {idea_id: number for idea_id, text in self.typed.items() if (number := _number(text)) is not None}

    def check(self, stored: Mapping[int, int], *, in_all: int, on_one: int) -> None:
        """Note what is wrong: no number, too many for one idea, too many in all with what is ``stored`` beside it."""
        points = self.points()
        for idea_id in self.typed:
            if idea_id not in points:
                self.problems[idea_id] = _("Please enter a whole number from 0 to %(most)s.", most=on_one)
            elif points[idea_id] > on_one:
                self.problems[idea_id] = _("At most %(most)s points can go to one idea.", most=on_one)
        given = sum({**stored, **points}.values())
        if given > in_all:
            over = given - in_all
            self.form_errors.append(
                _(
                    "You have %(all)s points and gave %(given)s. Please take back %(over)s.",
                    all=in_all,
                    given=given,
                    over=over,
                )
            )


def field_name(idea_id: int) -> str:
    """Return what the field beside an idea is called; it is the field's id, too."""
    return f"points-{idea_id}"


def _number(text: str) -> int | None:
    return whole_number(text, digits=9) if text else 0
