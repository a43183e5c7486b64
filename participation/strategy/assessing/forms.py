"""The form with which a statement is held against every criterion and value at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import Optional

from participation.kit.forms import options
from participation.kit.numbers import whole_number
from participation.kit.schema import Translated
from participation.multilingual import gettext as _
from participation.multilingual import language_name
from participation.strategy.assessing.queries import AssessmentLine, Held
from participation.strategy.assessing.service import Judgement
from participation.strategy.assessing.yardsticks import VERDICTS, Yardstick
from participation.strategy.models import Verdict
from participation.texts.fields import prose_field

REASON_LONGEST = 1500


@dataclass(frozen=True, slots=True)
class ReasonField:
    """The field for a reason in one language."""

    language: str
    field: Any


@dataclass(frozen=True, slots=True)
class YardstickFields:
    """The fields for one criterion or value; ``others`` are those for the reason in languages but the reader's.

    ``confirmed`` is a box that says: this holds for the wording as it is now, too.
    """

    yardstick: Yardstick
    verdict: Any
    confirmed: Any
    reason: ReasonField
    others: tuple[ReasonField, ...]

    @property
    def has_wrong_others(self) -> bool:
        """Whether something is wrong in one of the other languages, so that these must be seen."""
        return any(one.field.errors for one in self.others)

    @property
    def written(self) -> tuple[str, ...]:
        """The other languages in which the reason is there."""
        return tuple(one.language for one in self.others if one.field.data)


class AssessmentForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Verdict and reason for each criterion and value; make it with ``assessment_form``."""

    yardsticks: ClassVar[tuple[Yardstick, ...]] = ()
    languages: ClassVar[tuple[str, ...]] = ()
    seen = HiddenField()

    def rows(self, reader: str) -> list[YardstickFields]:
        """Return the fields of each criterion and value, the reason in the language of the ``reader`` first."""
        own = reader if reader in self.languages else self.languages[0]
        return [
            YardstickFields(
                one,
                self[one.name],
                self[_confirmed(one.name)],
                ReasonField(own, self[_reason(one.name, own)]),
                tuple(ReasonField(code, self[_reason(one.name, code)]) for code in self.languages if code != own),
            )
            for one in self.yardsticks
        ]

    def show(self, lines: Iterable[AssessmentLine], held: Held) -> None:
        """Fill in what holds."""
        self.seen.data = str(held.newest)
        for line in lines:
            if line.current:
                self.put(line.yardstick.name, line.current.verdict, held.reasons.get(line.yardstick.name, {}))

    def put(self, name: str, verdict: Verdict, reason: Translated) -> None:
        """Fill in one criterion or value."""
        self[name].data = verdict.value
        for code in self.languages:
            self[_reason(name, code)].data = reason.get(code, "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether all can be taken: a verdict needs a reason, and a reason a verdict."""
        valid = bool(super().validate(extra_validators=extra_validators))
        for one in self.yardsticks:
            verdict, reasons = self[one.name], [self[_reason(one.name, code)] for code in self.languages]
            written = any(field.data for field in reasons)
            if verdict.data and not verdict.errors and not written and not any(field.errors for field in reasons):
                # Where the reader's own language stands, the message is seen at once.
                reasons[0].errors = [*reasons[0].errors, _("Please say why, in at least one language.")]
                valid = False
            if written and not verdict.data and not verdict.errors:
                verdict.errors = [*verdict.errors, _("Please choose what your reason is about.")]
                valid = False
        return valid

    @property
    def seen_number(self) -> int:
        """The newest assessment that the form showed; 0 where nobody of us says so."""
        return whole_number(self.seen.data) or 0

    @property
    def confirmed(self) -> frozenset[str]:
        """The names of what still holds although the wording has changed."""
        return frozenset(one.name for one in self.yardsticks if self[_confirmed(one.name)].data)

    @property
    def judgements(self) -> dict[str, Judgement]:
        """What was entered, by name of criterion or value; those without a verdict are left out."""
        return {
            one.name: Judgement(
                Verdict(self[one.name].data),
                {code: self[_reason(one.name, code)].data or "" for code in self.languages},
            )
            for one in self.yardsticks
            if self[one.name].data
        }


def assessment_form(against: Sequence[Yardstick], languages: Sequence[str], reader: str) -> AssessmentForm:
    """Return the form for these criteria and values, with a reason in each of ``languages``."""
    own_first = tuple(sorted(languages, key=lambda code: code != reader))
    fields: dict[str, Any] = {"yardsticks": tuple(against), "languages": own_first}
    for one in against:
        fields[one.name] = RadioField(
            one.title.text,
            choices=options((verdict.value, label) for verdict, label in VERDICTS.items()),
            validators=[Optional()],
        )
        fields[_confirmed(one.name)] = BooleanField(_("This still holds for the wording as it is now."))
        for code in own_first:
            label = _("%(title)s Reason (%(language)s)", title=one.title.text, language=language_name(code))
            fields[_reason(one.name, code)] = prose_field(label, longest=REASON_LONGEST, shortest=0)
    made: AssessmentForm = type("AssessmentForm", (AssessmentForm,), fields)()
    return made


def _confirmed(name: str) -> str:
    return f"{name}-confirmed"


def _reason(name: str, language: str) -> str:
    return f"{name}-reason-{language}"
