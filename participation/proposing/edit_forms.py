"""The form for changing an idea: the fields of all the steps on one page."""

from collections.abc import Iterable, Sequence
from typing import cast

from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from participation.ideas.models import TEXT_LONGEST, TITLE_LONGEST, Idea
from participation.ideas.service import IdeaDraft
from participation.kit.forms import CheckboxesField, ContributionForm
from participation.kit.numbers import whole_number
from participation.multilingual import lazy as _l
from participation.principles.queries import AspectView, EntryView
from participation.proposing.forms import NOT_SURE, DetailsForm, LanguageForm, PrinciplesForm
from participation.proposing.steps import TEXT_SHORTEST, TITLE_SHORTEST
from participation.texts.fields import line_field, prose_field


class EditForm(ContributionForm, DetailsForm):
    """Change an idea; ``revision`` is the text that the form was opened on."""

    revision = HiddenField()
    title = line_field(_l("Your idea in one sentence"), shortest=TITLE_SHORTEST, longest=TITLE_LONGEST)
    text = prose_field(_l("What is it about?"), shortest=TEXT_SHORTEST, longest=TEXT_LONGEST)
    language = SelectField(_l("Language of your text"), validators=[InputRequired()])
    principles = cast("CheckboxesField", PrinciplesForm.principles)
    validate_principles = PrinciplesForm.validate_principles
    principle_ids = PrinciplesForm.principle_ids

    def offer_choices(
        self,
        *,
        principles: Sequence[EntryView],
        districts: Sequence[EntryView],
        fields: Sequence[EntryView],
        aspects: Iterable[AspectView],
        shown_in: str,
    ) -> "EditForm":
        """Fill in what can be chosen, named in the language ``shown_in``, and return the form."""
        super().offer(districts=districts, fields=fields, aspects=aspects, language=shown_in)
        alone = {"csrf": False}
        self.principles.choices = PrinciplesForm(meta=alone).offer(principles, language=shown_in).principles.choices
        self.language.choices = LanguageForm(meta=alone).offer(shown_in=shown_in).language.choices
        return self

    def show_idea(self, idea: Idea, *, principle_ids: Iterable[int], aspect_ids: Iterable[int]) -> "EditForm":
        """Fill in what the idea says now and return the form, ready to be shown."""
        self.title.data, self.text.data, self.language.data = idea.title, idea.text, idea.language
        self.revision.data = str(idea.revision)
        self.principles.data = [str(principle_id) for principle_id in principle_ids] or [NOT_SURE]
        self.district.data = str(idea.district_id or "")
        self.field.data = str(idea.field_id or "")
        touched = {str(aspect_id) for aspect_id in aspect_ids}
        for boxes in self.boxes.values():
            boxes.data = [choice.value for choice in boxes.choices if choice.value in touched]
        self.prepare()
        return self

    @property
    def opened_on(self) -> int:
        """The revision that the form was opened on; 0 where it does not say."""
        return whole_number(self.revision.data, digits=9) or 0

    def written(self) -> IdeaDraft:
        """Return what was entered."""
        return IdeaDraft(
            title=self.title.data or "",
            text=self.text.data or "",
            language=self.language.data,
            principle_ids=self.principle_ids,
            district_id=self.district_id,
            field_id=self.field_id,
            aspect_ids=self.aspect_ids,
        )
