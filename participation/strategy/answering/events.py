"""What happens to answers, referrals and measures."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class IdeaAnswered(Event):
    """The city answered an idea."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class BundleAnswered(Event):
    """The city answered ideas that say the same."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class StatementAnswered(Event):
    """The city answered a statement."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class SubjectReferred(Event):
    """A department was asked for an answer."""

    referral_id: int


@dataclass(frozen=True, slots=True)
class ReferralTakenBack(Event):
    """A department is not asked for an answer any more."""

    referral_id: int


@dataclass(frozen=True, slots=True)
class MeasureBegun(Event):
    """The city said what it does after an answer."""

    measure_id: int


@dataclass(frozen=True, slots=True)
class MeasureReported(Event):
    """The city said how a measure goes; that it begins is the first such step."""

    step_id: int
