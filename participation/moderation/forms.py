"""Forms with which moderators decide about contributions and tag ideas."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from participation.ideas.service import MOST_PRINCIPLES
from participation.kit.forms import CheckboxesField, options
from participation.moderation.models import DecisionKind
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field
from participation.texts.redaction import SHORTEST
from participation.texts.shape import without_controls

REASON_LONGEST = 2000
REDACTION_REASON_LONGEST = 500
PASSAGE_LONGEST = 2000
# Taking something out needs more than a button.
DECIDED = (DecisionKind.PUBLISH, DecisionKind.HIDE, DecisionKind.RESTORE)
QUEUE, IDEA, DECISIONS = "queue", "idea", "decisions"


def _shown_again(text: str | None) -> str | None:
    return None if text is None else without_controls(text)


class ReturnForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Where a moderator came from and wants to go back to; ``after`` is the page of the queue."""

    back = HiddenField(filters=[_shown_again])
    after = HiddenField(filters=[_shown_again])

    def validate_back(self, field: HiddenField) -> None:
        """Refuse places that we do not know."""
        if field.data not in (QUEUE, IDEA, DECISIONS, "", None):
            raise ValidationError("back")


class DecisionForm(ReturnForm):
    """Publish, hide with a reason, or restore; ``read`` is the digest of the comment that the moderator read."""

    read = HiddenField(filters=[_shown_again])

    decision = SelectField(_l("Decision"), choices=options((kind.value, kind.value) for kind in DECIDED))
    # Publishing needs none; the page that asks for it again needs it.
    reason = prose_field(
        _l("Reason"),
        shortest=0,
        longest=REASON_LONGEST,
        description=_l("The author will read it. Say which rule is broken, and what would be fine."),
    )

    def validate_reason(self, field: TextAreaField) -> None:
        """Refuse to hide without a reason."""
        if self.decision.data == DecisionKind.HIDE.value and not field.data:
            raise ValidationError(str(_l("Please give the reason; the author will read it.")))


class PrinciplesForm(ReturnForm):
    """At most three principles for an idea; none means that it stays "not sure"."""

    principles = CheckboxesField(_l("Guiding principles"), validators=[Optional()])

    def offer(self, principles: Sequence[tuple[int, str]]) -> Self:
        """Fill in what can be chosen and return the form."""
        self.principles.choices = options((str(id_), title) for id_, title in principles)
        return self

    def validate_principles(self, field: CheckboxesField) -> None:
        """Refuse more than three."""
        if len(field.data or ()) > MOST_PRINCIPLES:
            raise ValidationError(str(_l("Please choose at most three principles.")))

    @property
    def principle_ids(self) -> tuple[int, ...]:
        """The chosen principles."""
        return tuple(int(value) for value in self.principles.data or ())


class IdeaDecisionForm(DecisionForm, PrinciplesForm):
    """A decision about an idea; where principles were offered along with it (``tagging``), they are saved too."""

    tagging = HiddenField(filters=[_shown_again])
    revision = HiddenField(filters=[_shown_again])

    @property
    def revision_read(self) -> int | None:
        """Which text of the idea the moderator read; ``None`` where the form does not say."""
        value = self.revision.data or ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _passage_field(number: int) -> TextAreaField:
    return prose_field(lazily(_l("Passage %(number)s"), number=number), shortest=0, longest=PASSAGE_LONGEST)


class RedactionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Which passages to take out of an idea, and why; ``step`` is the button: look first, or do it."""

    passage_1 = _passage_field(1)
    passage_2 = _passage_field(2)
    passage_3 = _passage_field(3)
    passage_4 = _passage_field(4)
    passage_5 = _passage_field(5)
    reason = prose_field(
        _l("Reason"),
        longest=REDACTION_REASON_LONGEST,
        description=_l("Everybody will read it below the idea, and the author gets it by mail."),
    )
    step = StringField()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # One passage there must be, so its field is not called optional.
        self.passage_1.flags.needed = True

    @property
    def passage_fields(self) -> tuple[TextAreaField, ...]:
        """The fields for passages, in order."""
        return (self.passage_1, self.passage_2, self.passage_3, self.passage_4, self.passage_5)

    @property
    def passages(self) -> list[str]:
        """The passages given, each once."""
        return list(dict.fromkeys(field.data for field in self.passage_fields if field.data))

    def complain(self, passages: Sequence[str], problem: str) -> None:
        """Put ``problem`` at each field that holds one of ``passages``."""
        for field in self.passage_fields:
            if field.data in passages:
                field.errors = [*field.errors, problem]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Ask for at least one passage, none of them so short that it says nothing."""
        fine = super().validate(extra_validators)
        short = [passage for passage in self.passages if len(passage) < SHORTEST]
        self.complain(short, str(_l("Please give a little more than that, or too much would match.")))
        if not self.passages:
            self.passage_1.errors = [*self.passage_1.errors, str(_l("Please give the passage to be taken out."))]
        return bool(fine and self.passages and not short)
