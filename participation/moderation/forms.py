"""Forms with which moderators decide about contributions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, StopValidation, ValidationError

from participation.kit.forms import CheckboxesField, OpenedForm, options
from participation.kit.numbers import whole_number
from participation.moderation.grounds import GroundKind, ground_by_key, grounds
from participation.moderation.models import DecisionKind
from participation.moderation.policies import NEEDS_FACTS, NEEDS_GROUND
from participation.moderation.terms import SUSPENSION_DAYS
from participation.moderation.text_blocks.service import TextBlockView
from participation.moderation.words import ground_label
from participation.multilingual import lazily, ngettext
from participation.multilingual import lazy as _l
from participation.texts.fields import prose_field
from participation.texts.redaction import SHORTEST
from participation.texts.shape import shown_again

REASON_LONGEST = 2000
REDACTION_REASON_LONGEST = 500
PASSAGE_LONGEST = 2000
KIND_LABELS = {
    DecisionKind.PUBLISH: _l("Publish"),
    DecisionKind.KEEP: _l("Leave it as it is"),
    DecisionKind.HIDE: _l("Hide"),
    DecisionKind.RESTORE: _l("Restore"),
    DecisionKind.ASK_CHANGE: _l("Ask for a change"),
    DecisionKind.WARN: _l("Warn the author"),
    DecisionKind.SUSPEND: _l("Suspend the author from writing"),
    DecisionKind.LIFT: _l("End the suspension of the author"),
}
"""What can be decided on the page of a decision; other decisions have forms of their own."""
QUEUE, CASE, IDEA, DECISIONS = "queue", "case", "idea", "decisions"
PLACES = frozenset({QUEUE, CASE, IDEA, DECISIONS, "", None})


def ground_choices(language: str) -> dict[str, list[Any]]:
    """Return the rules and laws as a select offers them, in two groups and with an empty choice before them."""

    def named(kind: GroundKind) -> list[Any]:
        return options((one.key, ground_label(one.key, language)) for one in grounds() if one.kind is kind)

    return {
        "": options([("", _l("Please choose"))]),
        str(_l("Rules of this platform")): named(GroundKind.RULE),
        str(_l("Laws")): named(GroundKind.LAW),
    }


class GroundField(SelectField):
    """A rule or law of the catalogue."""

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is not in the catalogue, without repeating it: it may hold anything."""
        if self.data and ground_by_key(self.data) is None:
            raise ValidationError(self.gettext("Not a valid choice."))


class KindField(RadioField):
    """What is decided; one has to be chosen."""

    def pre_validate(self, _form: Any) -> None:
        """Ask for one; what is chosen, the view looks at."""
        if not self.data:
            raise StopValidation(str(_l("Please choose what you decide.")))


class DecisionForm(OpenedForm):
    """What is decided about a contribution, on which ground, and why.

    ``revision`` of an idea and ``read``, the digest of a comment, say which text the moderator read, ``case`` which
    case was worked on, ``back`` and ``place`` where the moderator came from.
    """

    back = HiddenField(filters=[shown_again])
    place = HiddenField(filters=[shown_again])
    case = HiddenField(filters=[shown_again])
    read = HiddenField(filters=[shown_again])
    revision = HiddenField(filters=[shown_again])
    decision = KindField(_l("Decision"), choices=options((kind.value, label) for kind, label in KIND_LABELS.items()))
    ground = GroundField(
        _l("Rule or law"),
        default="",
        validate_choice=False,
        description=_l("Hiding, warning and suspending have to rest on one."),
    )
    block = CheckboxesField(_l("Text blocks"), validators=[Optional()])
    # Publishing needs none.
    reason = prose_field(
        _l("Reason"),
        shortest=0,
        longest=REASON_LONGEST,
        description=_l("The author will read it. Say what is the case, and what would be fine."),
    )
    days = SelectField(
        _l("How long the author cannot write here"),
        choices=options((str(days), days) for days in SUSPENSION_DAYS),
        default=str(SUSPENSION_DAYS[2]),
        validators=[Optional()],
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Which of them a decision needs, their hints say.
        for field in (self.decision, self.ground, self.reason, self.days):
            field.flags.needed = True

    def offer(self, blocks: Sequence[TextBlockView], language: str) -> Self:
        """Fill in what can be chosen and return the form."""
        self.ground.choices = ground_choices(language)
        self.block.choices = options((str(block.id), block.title) for block in blocks)
        self.days.choices = options((str(days), _days(days)) for days in SUSPENSION_DAYS)
        return self

    def offer_kinds(self, kinds: Iterable[DecisionKind]) -> Self:
        """Offer these decisions only and return the form."""
        self.decision.choices = options((kind.value, KIND_LABELS[kind]) for kind in kinds if kind in KIND_LABELS)
        return self

    def validate_back(self, field: HiddenField) -> None:
        """Refuse places that we do not know."""
        if field.data not in PLACES:
            raise ValidationError("back")

    def validate_ground(self, field: SelectField) -> None:
        """Ask for a rule or law where the decision rests on one."""
        if self.kind in NEEDS_GROUND and not field.data:
            raise ValidationError(str(_l("Please choose the rule or law that this rests on.")))

    def validate_reason(self, field: TextAreaField) -> None:
        """Ask for the facts where the decision needs any."""
        if self.kind in NEEDS_FACTS and not field.data and not self.block.data:
            raise ValidationError(str(_l("Please give the reason; the author will read it.")))

    @property
    def kind(self) -> DecisionKind | None:
        """What is to be decided; ``None`` for nothing that we know."""
        return next((kind for kind in KIND_LABELS if kind.value == self.decision.data), None)

    @property
    def revision_read(self) -> int | None:
        """Which text of the idea the moderator read; ``None`` where the form does not say."""
        return whole_number(self.revision.data)

    @property
    def case_id(self) -> int | None:
        """The case that was worked on; ``None`` where the form names none."""
        return whole_number(self.case.data)

    @property
    def duration(self) -> timedelta:
        """How long a suspension is to last."""
        return timedelta(days=int(self.days.data or SUSPENSION_DAYS[2]))

    def chosen(self, blocks: Iterable[TextBlockView]) -> list[TextBlockView]:
        """Return those of the text blocks that were chosen."""
        return [block for block in blocks if str(block.id) in (self.block.data or ())]


def _days(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


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
    ground = GroundField(_l("Rule or law"), default="", validate_choice=False)
    step = StringField()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # One passage there must be, so its field is not called optional.
        self.passage_1.flags.needed = True
        self.ground.flags.needed = True

    def offer(self, language: str) -> Self:
        """Fill in what can be chosen and return the form."""
        self.ground.choices = ground_choices(language)
        return self

    def validate_ground(self, field: SelectField) -> None:
        """Ask for the rule or law."""
        if not field.data:
            raise ValidationError(str(_l("Please choose the rule or law that this rests on.")))

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
