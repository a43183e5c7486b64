"""The forms of the steps."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from participation.ideas.models import TEXT_LONGEST, TITLE_LONGEST
from participation.ideas.service import MOST_PRINCIPLES
from participation.kit.forms import KEY, CheckboxesField, ContributionForm, options
from participation.multilingual import language_name, pick
from participation.multilingual import lazy as _l
from participation.principles.models import AspectKind
from participation.principles.queries import AspectView, EntryView
from participation.proposing.queries import DraftView, text_mark
from participation.proposing.service import DraftText, Writing
from participation.proposing.steps import TEXT_SHORTEST, TITLE_SHORTEST
from participation.texts import detect_language
from participation.texts.fields import TextShape, line_field, prose_field
from participation.texts.language import KNOWN

NOT_SURE = "not-sure"
FIND_OUT = ""


class ChoiceMade:
    """Marks a field as one that wants an answer; the form's own check says which answers there are."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: object, _field: object) -> None:
        """Accept everything."""


class TextForm(ContributionForm):
    """Title and text of an idea, and the language it is in.

    ``submission_key`` is the key of the draft; ``form_key`` and ``seen`` say which form this is and which text it
    showed, so that two windows do not overwrite each other.
    """

    form_key = HiddenField()
    seen = HiddenField()
    title = line_field(
        _l("Your idea in one sentence"),
        shortest=TITLE_SHORTEST,
        longest=TITLE_LONGEST,
        description=_l("What should happen? For example: “Homework corner with laptops in every library”."),
    )
    text = prose_field(
        _l("What is it about?"),
        shortest=TEXT_SHORTEST,
        longest=TEXT_LONGEST,
        description=_l(
            "What is the problem, what would help, and whom? Please write nothing about other people by name."
        ),
    )
    language = SelectField(
        _l("Language of your text"),
        validators=[Optional()],
        description=_l("Write in the language you like best. We find out which one it is; here you can say so."),
    )

    def offer(self, *, shown_in: str, found_out: str = "") -> "TextForm":
        """Fill in the languages, named in the language ``shown_in``, and return the form.

        ``found_out`` is the name of the language that the machine found the text to be in.
        """
        find_out = (
            _l("Found out from the text: %(language)s", language=found_out)
            if found_out
            else _l("Find out from the text")
        )
        names = sorted((language_name(code, shown_in=shown_in), code) for code in KNOWN)
        self.language.choices = options([(FIND_OUT, find_out), *((code, name) for name, code in names)])
        return self

    def show(self, draft: DraftView) -> "TextForm":
        """Fill in what a draft holds and return the form, ready to be shown."""
        self.submission_key.data = draft.key
        self.title.data, self.text.data = draft.title, draft.text
        self.language.data = draft.language if draft.language_chosen else FIND_OUT
        self.seen.data = text_mark(draft.title, draft.text)
        self.prepare()
        return self

    def prepare(self) -> "TextForm":
        """Fill the hidden fields of a form that is about to be shown, unless it has them already; return the form."""
        super().prepare()
        if not KEY.fullmatch(self.form_key.data or ""):
            self.form_key.data = secrets.token_urlsafe(9)
        return self

    def loosely(self) -> "TextForm":
        """Take texts that are too short as well, for keeping what is not finished; return the form."""
        self.title.validators = [TextShape(0, TITLE_LONGEST)]
        self.text.validators = [TextShape(0, TEXT_LONGEST)]
        return self

    def validate_form_key(self, field: Any) -> None:
        if not KEY.fullmatch(field.data or ""):
            raise ValidationError("form key")

    def written(self, *, default_language: str) -> DraftText:
        """Return what was written, with its language found out unless the author named it."""
        title, text = self.title.data or "", self.text.data or ""
        chosen = self.language.data or ""
        language = chosen or detect_language(f"{title}\n{text}", default=default_language)
        return DraftText(title, text, language, chosen=bool(chosen))

    @property
    def writing(self) -> Writing:
        """Which form this is, and what it showed."""
        return Writing(self.form_key.data or "", self.seen.data or "", self.opened_at)


class PrinciplesForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """One to three principles, or "not sure"."""

    principles = CheckboxesField(_l("Which guiding principles does it serve?"), validators=[ChoiceMade()])

    def offer(self, principles: Sequence[EntryView], *, language: str) -> "PrinciplesForm":
        """Fill in what can be chosen, with labels in ``language``, and return the form."""
        named = ((str(entry.id), pick(entry.title, language)) for entry in principles)
        self.principles.choices = options([*named, (NOT_SURE, _l("I am not sure; moderators may choose"))])
        return self

    def show(self, draft: DraftView) -> "PrinciplesForm":
        """Fill in what a draft holds and return the form."""
        chosen = [str(principle_id) for principle_id in draft.principle_ids]
        self.principles.data = [NOT_SURE] if draft.not_sure else chosen
        return self

    def loosely(self) -> "PrinciplesForm":
        """Take no answer as well, for keeping what is not finished; return the form."""
        self.principles.validators = []
        return self

    def validate_principles(self, field: CheckboxesField) -> None:
        """Refuse more than three, and principles along with "not sure"."""
        chosen = field.data or []
        if not chosen and field.validators:
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
    def not_sure(self) -> bool:
        """Whether "not sure" was chosen."""
        return NOT_SURE in (self.principles.data or ())


class DetailsForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What else can be said about an idea; nothing of it must be."""

    field = SelectField(_l("Field of action"), validators=[Optional()])
    district = SelectField(_l("District"), validators=[Optional()])
    beneficiaries = CheckboxesField(_l("Who benefits most?"), validators=[Optional()])
    services = CheckboxesField(_l("Which basic service would get better?"), validators=[Optional()])
    goals = CheckboxesField(
        _l("Which sustainability goals of the United Nations does it help?"), validators=[Optional()]
    )

    def offer(
        self,
        *,
        districts: Sequence[EntryView],
        fields: Sequence[EntryView],
        aspects: Iterable[AspectView],
        language: str,
    ) -> "DetailsForm":
        """Fill in what can be chosen, with labels in ``language``, and return the form."""
        self.district.choices = _optional(districts, language, _l("The whole city"))
        self.field.choices = _optional(fields, language, _l("No particular one"))
        named = [(aspect.kind, (str(aspect.id), pick(aspect.title, language))) for aspect in aspects]
        for kind, boxes in self.boxes.items():
            boxes.choices = options(pair for of_kind, pair in named if of_kind is kind)
        return self

    def show(self, draft: DraftView) -> "DetailsForm":
        """Fill in what a draft holds and return the form."""
        self.district.data = str(draft.district_id or "")
        self.field.data = str(draft.field_id or "")
        for boxes in self.boxes.values():
            offered = {choice.value for choice in boxes.choices}
            boxes.data = [str(aspect_id) for aspect_id in draft.aspect_ids if str(aspect_id) in offered]
        return self

    @property
    def boxes(self) -> dict[AspectKind, Any]:
        """The lists of boxes by kind of aspect."""
        return {
            AspectKind.BENEFICIARY: self.beneficiaries,
            AspectKind.BASIC_SERVICE: self.services,
            AspectKind.GOAL: self.goals,
        }

    @property
    def district_id(self) -> int | None:
        """The chosen district."""
        return int(self.district.data) if self.district.data else None

    @property
    def field_id(self) -> int | None:
        """The chosen field of action."""
        return int(self.field.data) if self.field.data else None

    @property
    def aspect_ids(self) -> tuple[int, ...]:
        """The chosen aspects of all kinds."""
        return tuple(int(value) for boxes in self.boxes.values() for value in boxes.data or ())


class LanguageForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The language that a text is in."""

    language = SelectField(_l("Language of your text"), validators=[InputRequired()])

    def offer(self, *, shown_in: str) -> "LanguageForm":
        """Fill in the languages, named in the language ``shown_in``, and return the form."""
        names = sorted((language_name(code, shown_in=shown_in), code) for code in KNOWN)
        self.language.choices = options((code, name) for name, code in names)
        return self


def _optional(entries: Sequence[EntryView], language: str, none: Any) -> list[Any]:
    return options([("", none), *((str(entry.id), pick(entry.title, language)) for entry in entries)])
