"""The form with which moderators keep text blocks."""

from typing import Any, ClassVar, Self

from wtforms import BooleanField

from participation.moderation.forms import GroundField, ground_choices
from participation.moderation.models import TextBlock
from participation.moderation.text_blocks.service import TextBlockDraft, TextBlockView
from participation.multilingual import lazy as _l
from participation.texts.editorial import EditorialForm, EditorialText
from participation.texts.fields import line_field

TITLE_LONGEST: int = TextBlock.title.type.length
TEXT_LONGEST = 1500


class TextBlockForm(EditorialForm):
    """A text block: what moderators call it, what it rests on, and its text in several languages."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("text", _l("Text"), TEXT_LONGEST, required=True, prose=True),
    )

    title = line_field(
        _l("Name"), longest=TITLE_LONGEST, description=_l("Only moderators see it: a few words to find it by.")
    )
    ground = GroundField(
        _l("Rule or law"), default="", validate_choice=False, description=_l("It is chosen along with the block.")
    )
    for_all = BooleanField(_l("Offer it in all processes"))

    def offer(self, language: str) -> Self:
        """Fill in what can be chosen and return the form."""
        self.ground.choices = ground_choices(language)
        return self

    def show(self, block: TextBlockView) -> Self:
        """Show a block as it is and return the form."""
        self.title.data, self.ground.data = block.title, block.ground
        self.for_all.data = block.process_id is None
        self.fill("text", block.texts)
        return self

    @property
    def draft(self) -> TextBlockDraft:
        """What was entered."""
        return TextBlockDraft(self.title.data or "", self.ground.data or "", self.translated("text"))


def block_form(languages: Any, language: str) -> TextBlockForm:
    """Return the form in the ``languages`` of the interface, its choices named in ``language``."""
    form: TextBlockForm = TextBlockForm.speaking(languages)()
    return form.offer(language)
