"""When things happen in the demo: always the same distance from today, at hours when people are awake."""

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline

FIRST_MINUTE = 7 * 60
LAST_MINUTE = 22 * 60


class Timeline:
    """Moments around ``now`` in the city's time zone; the same ``chance`` gives the same moments of the day."""

    def __init__(self, now: datetime, zone: ZoneInfo, chance: Random) -> None:
        self.now = now
        self._today = now.astimezone(zone).date()
        self._zone = zone
        self._chance = chance

    def day(self, offset: int) -> datetime:
        """Return the first moment of the day ``offset`` days from today."""
        return datetime.combine(self._today + timedelta(days=offset), time.min, self._zone)

    def moment(self, days_ago: int) -> datetime:
        """Return a moment of that day which has passed already."""
        minute = self._chance.randint(FIRST_MINUTE, LAST_MINUTE)
        return self.past(self.day(-days_ago) + timedelta(minutes=minute))

    def after(self, moment: datetime, *, minutes: tuple[int, int]) -> datetime:
        """Return a moment that follows ``moment`` by so many minutes, from fewest to most, but has passed already."""
        return self.past(self._awake(moment + timedelta(minutes=self._chance.randint(*minutes))))

    def past(self, moment: datetime) -> datetime:
        """Return ``moment``, or a moment just before now when it is still to come."""
        if moment < self.now:
            return moment
        return self.now - timedelta(seconds=self._chance.randint(60, 3600))

    def while_open(
        self, process: ProcessOutline, capability: Capability, since: datetime, *, until: datetime | None = None
    ) -> datetime | None:
        """Return a moment after ``since`` at which ``capability`` was possible; ``None`` when there was none."""
        last = until or self.now
        spans = [
            (max(phase.starts_at, since), min(phase.ends_at, last))
            for phase in process.phases
            if capability in phase.allows
        ]
        spans = [(start, end) for start, end in spans if start < end]
        if not spans:
            return None
        start, end = self._chance.choice(spans)
        return start + (end - start) * self._chance.random()

    def _awake(self, moment: datetime) -> datetime:
        local = moment.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        if FIRST_MINUTE <= minute <= LAST_MINUTE:
            return moment
        morning = local.date() + timedelta(days=1 if minute > LAST_MINUTE else 0)
        start = datetime.combine(morning, time.min, self._zone) + timedelta(minutes=FIRST_MINUTE)
        return start + timedelta(minutes=self._chance.randint(0, 90))
