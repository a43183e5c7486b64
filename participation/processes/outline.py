"""A process as everything above it reads it: one frozen object with its phases, free of the database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from participation.kit.schema import Translated
from participation.processes.models import REVIEW_HOURS, Capability, DataLicence, Electorate, PhaseKind, ProcessState


@dataclass(frozen=True, slots=True)
class PhaseOutline:
    """One phase; it lasts from ``starts_at`` until just before ``ends_at``."""

    id: int
    kind: PhaseKind
    title: Translated
    description: Translated
    starts_at: datetime
    ends_at: datetime
    allows: frozenset[Capability]
    review_first: bool
    points: int = 0
    points_most: int = 0
    points_given: int = 0
    points_given_most: int = 0
    review_hours: int = REVIEW_HOURS
    review_rules: Translated = field(default_factory=dict)
    publishes_itself: bool = False

    def covers(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class ProcessOutline:
    """One process with its phases in order of time."""

    id: int
    slug: str
    framework_id: int
    state: ProcessState
    title: Translated
    question: Translated
    summary: Translated
    advice: Translated
    next_step: Translated
    licence: Translated
    hides_results: bool
    version: int
    phases: tuple[PhaseOutline, ...]
    electorate: Electorate = Electorate.CONFIRMED
    measures_time: bool = False
    suggests: bool = True
    opens_data: bool = True
    data_licence: DataLicence = DataLicence.DL_DE_BY
    paper_number: str = ""
    losses: int = 0

    def phase_at(self, moment: datetime) -> PhaseOutline | None:
        """Return the phase that covers ``moment``; where phases overlap, the one that began last."""
        covering = [phase for phase in self.phases if phase.covers(moment)]
        return covering[-1] if covering else None

    def is_open(self, capability: Capability, moment: datetime) -> bool:
        """Return whether ``capability`` is possible at ``moment``."""
        return any(capability in phase.allows and phase.covers(moment) for phase in self.phases)

    def phase_for(self, capability: Capability, moment: datetime) -> PhaseOutline | None:
        """Return the phase in which ``capability`` is possible at ``moment``, or was last possible before."""
        begun = [phase for phase in self.phases if capability in phase.allows and phase.starts_at <= moment]
        return begun[-1] if begun else None

    def open_until(self, capability: Capability, moment: datetime) -> datetime | None:
        """Return when ``capability`` ends, across phases that follow each other without a gap."""
        end = None
        for phase in self.phases:
            if capability in phase.allows and (phase.covers(moment) if end is None else phase.starts_at <= end):
                end = phase.ends_at if end is None else max(end, phase.ends_at)
        return end

    def opens_at(self, capability: Capability, moment: datetime) -> datetime | None:
        """Return when ``capability`` becomes possible next after ``moment``."""
        starts = [phase.starts_at for phase in self.phases if capability in phase.allows and phase.starts_at > moment]
        return min(starts, default=None)

    def closed_since(self, capability: Capability, moment: datetime) -> datetime | None:
        """Return when ``capability`` was last possible before ``moment``."""
        ends = [phase.ends_at for phase in self.phases if capability in phase.allows and phase.ends_at <= moment]
        return max(ends, default=None)

    def next_change(self, moment: datetime) -> datetime | None:
        """Return the next start or end of a phase after ``moment``."""
        edges = [edge for phase in self.phases for edge in (phase.starts_at, phase.ends_at) if edge > moment]
        return min(edges, default=None)

    def reviews_first(self, moment: datetime) -> bool:
        """Return whether contributions wait for moderation at ``moment``; outside all phases they do."""
        phase = self.phase_at(moment)
        return phase.review_first if phase else True

    def review_due(self, moment: datetime) -> datetime:
        """Return until when moderators promise to have read what comes in at ``moment``."""
        phase = self.phase_at(moment)
        return moment + timedelta(hours=phase.review_hours if phase else REVIEW_HOURS)
