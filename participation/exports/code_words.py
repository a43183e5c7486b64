"""What the values in decisions, filings, answers and measures are called, in the language of the export."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from participation.cases.models import SubjectKind
from participation.curation.models import FilingOrigin
from participation.moderation.grounds import grounds
from participation.moderation.models import AppealOutcome, Automation, DecisionKind
from participation.moderation.words import automation_label, ground_label, kind_label, outcome_label, subject_label
from participation.multilingual import gettext as _
from participation.multilingual import in_language
from participation.strategy.answering.following import MEASURE_STATES
from participation.strategy.models import MeasureState

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class CodeWords:
    """The words for each value; an appeal without an outcome is ``appeal_open``."""

    decisions: dict[DecisionKind, str]
    subjects: dict[SubjectKind, str]
    automations: dict[Automation, str]
    appeals: dict[AppealOutcome, str]
    appeal_open: str
    grounds: dict[str, str]
    origins: dict[FilingOrigin, str]
    measures: dict[MeasureState, str]


def code_words(language: str) -> CodeWords:
    """Return the words in ``language``; needs an application context."""
    with in_language(language):
        return CodeWords(
            decisions=_said(DecisionKind, kind_label),
            subjects=_said(SubjectKind, subject_label),
            automations=_said(Automation, automation_label),
            appeals=_said(AppealOutcome, outcome_label),
            appeal_open=_("objection not answered yet"),
            grounds={ground.key: ground_label(ground.key, language) for ground in grounds()},
            origins={
                FilingOrigin.HAND: _("found by the team"),
                FilingOrigin.SUGGESTED: _("suggested by a program, decided by the team"),
                FilingOrigin.IMPORTED: _("import"),
            },
            measures=_said(MEASURE_STATES, MEASURE_STATES.__getitem__),
        )


def _said(values: Iterable[Key], label: Callable[[Key], Any]) -> dict[Key, str]:
    return {value: str(label(value)) for value in values}
