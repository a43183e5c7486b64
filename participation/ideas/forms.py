"""The form for proposing an idea."""

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from participation.ideas.models import TEXT_LONGEST, TITLE_LONGEST
from participation.ideas.service import MOST_PRINCIPLES
from participation.kit.forms import CheckboxesField, ContributionForm, options
from participation.multilingual import language_name, pick
from participation.multilingual import lazy as _l
from participation.principles.queries import EntryView
from participation.texts.fields import line_field, prose_field
from participation.texts.language import KNOWN

NOT_SURE = "not-sure"


class ChoiceMade:
    """Marks a field as one that wants an answer; the form's own check says which answers there are."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: object, _field: object) -> None:
        """Accept everything."""


class IdeaForm(ContributionForm):
    """Propose an idea."""

    title = line_field(
        _l("Your idea in one sentence"),
        shortest=8,
        longest=TITLE_LONGEST,
        description=_l("What should happen? For example: “Homework corner with laptops in every library”."),
    )
    text = prose_field(
        _l("What is it about?"),
        shortest=20,
        longest=TEXT_LONGEST,
        description=_l(
            "What is the problem, what would help, and whom? Please write nothing about other people by name."
        ),
    )
    principles = CheckboxesField(_l("Which guiding principles does it serve?"), validators=[ChoiceMade()])
    language = SelectField(_l("Language of your text"), validators=[InputRequired()])
    district = SelectField(_l("District"), validators=[Optional()])
    field = SelectField(_l("Field of action"), validators=[Optional()])

    def offer(
        self,
        *,
        principles: Sequence[tuple[str, str]],
        districts: Sequence[EntryView],
        fields: Sequence[EntryView],
        language: str,
    ) -> "IdeaForm":
        """Fill in what can be chosen, with labels in ``language``, and return the form."""
        self.principles.choices = options([*principles, (NOT_SURE, _l("I am not sure; moderators may choose"))])
        self.language.choices = options((code, language_name(code, shown_in=language)) for code in KNOWN)
        self.district.choices = _optional(districts, language, _l("The whole city"))
        self.field.choices = _optional(fields, language, _l("No particular one"))
        return self

    def validate_principles(self, field: CheckboxesField) -> None:
        """Refuse more than three, and principles along with "not sure"."""
        chosen = field.data or []
        if not chosen:
            raise ValidationError(str(_l("Please choose one to three principles, or “not sure”.")))
        if NOT_SURE in chosen and len(chosen) > 1:
            raise ValidationError(str(_l("Please choose either principles or “not sure”.")))
        if len(chosen) > MOST_PRINCIPLES:
            raise ValidationError(str(_l("Please choose at most three principles.")))

    @property
    def principle_ids(self) -> tuple[int, ...]:
        """The chosen principles; empty for "not sure"."""
        return tuple(int(value) for value in self.principles.data or () if value != NOT_SURE)

    @property
    def district_id(self) -> int | None:
        """The chosen district."""
        return int(self.district.data) if self.district.data else None

    @property
    def field_id(self) -> int | None:
        """The chosen field of action."""
        return int(self.field.data) if self.field.data else None


def _optional(entries: Sequence[EntryView], language: str, none: Any) -> list[Any]:
    return options([("", none), *((str(entry.id), pick(entry.title, language)) for entry in entries)])
