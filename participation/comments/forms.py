"""The forms for writing and for changing a comment."""

from collections.abc import Iterable

from wtforms import RadioField

from participation.comments.models import COMMENT_LONGEST, CommentStance, Voice
from participation.kit.forms import ContributionForm, options
from participation.multilingual import lazy as _l
from participation.texts.editorial import Needed
from participation.texts.fields import prose_field
from participation.texts.traps import TrappedForm

NO_STANCE = "none"
STANCES = (
    (NO_STANCE, _l("Nothing in particular")),
    (CommentStance.SUPPORTS.value, _l("It speaks for the idea")),
    (CommentStance.OBJECTS.value, _l("It speaks against the idea")),
    (CommentStance.ASKS.value, _l("It asks something")),
    (CommentStance.ADDS.value, _l("It adds something")),
)
VOICES = (
    (Voice.RESIDENT.value, _l("As myself, under my name in this process")),
    (Voice.MODERATION.value, _l("As the moderation team")),
    (Voice.ADMINISTRATION.value, _l("As the city administration")),
)


class CommentForm(ContributionForm, TrappedForm):
    """Write a comment or an answer; the choice of a voice is shown to those who have one."""

    text = prose_field(_l("Your comment"), shortest=2, longest=COMMENT_LONGEST)
    stance = RadioField(_l("What does your comment do?"), choices=options(STANCES), default=NO_STANCE)
    voice = RadioField(_l("You write"), choices=options(VOICES), default=Voice.RESIDENT.value, validators=[Needed()])

    def offer(self, voices: Iterable[Voice]) -> "CommentForm":
        """Offer just these voices; the service decides again about the one that is sent. Return the form."""
        offered = {voice.value for voice in voices}
        self.voice.choices = options((value, label) for value, label in VOICES if value in offered)
        if self.voice.data not in offered:
            self.voice.data = Voice.RESIDENT.value
        return self

    def fill(self, *, text: str, stance: CommentStance | None) -> "CommentForm":
        """Show a comment that is there already. Return the form."""
        self.text.data = text
        self.stance.data = stance.value if stance else NO_STANCE
        return self

    @property
    def chosen_stance(self) -> CommentStance | None:
        """What the comment does; ``None`` where its author does not say."""
        return None if self.stance.data == NO_STANCE else CommentStance(self.stance.data)

    @property
    def chosen_voice(self) -> Voice:
        """For whom the comment speaks."""
        return Voice(self.voice.data)
