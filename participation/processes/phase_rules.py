"""What a phase may be set to: its limits for points, and what stays once people have given some."""

from collections.abc import Collection
from dataclasses import dataclass

from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.processes.models import Capability

MOST_POINTS = 100
MOST_REVIEW_HOURS = 720

CANNOT_GO = _l("People have given points in this phase, so it cannot be removed.")
CANNOT_END_POINTS = _l(
    "People have given points in this phase, so giving points stays part of it. You can end it earlier."
)
NEEDS_POINTS = _l("Please say how many points each person has, from 1 to %(most)s.")
NEEDS_POINTS_MOST = _l("Please say how many points an idea may get from one person: at least 1, at most all of them.")
NEEDS_HOURS = _l("Please say how many hours contributions wait at most, from 1 to %(most)s.")
PUBLISHES_AT_ONCE = _l("Where contributions are published at once there is nothing that could be published by itself.")
TOO_FEW_POINTS = _l("Somebody has given %(given)s points already, so it cannot be fewer.")
TOO_FEW_ON_ONE = _l("Somebody has given %(given)s points to one idea already, so it cannot be fewer.")


@dataclass(frozen=True, slots=True)
class PointLimits:
    """What a phase says about points: whether they are given at all, how many in all, how many to one idea."""

    allowed: bool
    points: int
    most: int

    @classmethod
    def of(cls, allows: Collection[Capability], points: int, most: int) -> "PointLimits":
        return cls(Capability.PRIORITISE in allows, points, most)


def may_have_points(limits: PointLimits) -> Permission:
    """Whether one person can have so many points in all."""
    if not limits.allowed or 1 <= limits.points <= MOST_POINTS:
        return ALLOWED
    return refuse(lazily(NEEDS_POINTS, most=MOST_POINTS))


def may_have_points_most(limits: PointLimits) -> Permission:
    """Whether so many points can go to one idea."""
    if not limits.allowed or 1 <= limits.most <= max(limits.points, 1):
        return ALLOWED
    return refuse(NEEDS_POINTS_MOST)


def may_remove_phase(points_given: int) -> Permission:
    """Whether a phase can go in which the one who gave most has given ``points_given`` points."""
    return refuse(CANNOT_GO) if points_given else ALLOWED


def may_end_points(limits: PointLimits, points_given: int) -> Permission:
    """Whether giving points can stop, or go on, being part of a phase."""
    return refuse(CANNOT_END_POINTS) if points_given and not limits.allowed else ALLOWED


def may_limit_points(limits: PointLimits, points_given: int) -> Permission:
    """Whether a person can have only so many points, where somebody gave ``points_given`` of them already."""
    if not points_given or limits.points >= points_given:
        return ALLOWED
    return refuse(lazily(TOO_FEW_POINTS, given=points_given))


def may_limit_points_most(limits: PointLimits, points_given_most: int) -> Permission:
    """Whether only so many can go to one idea, where somebody gave ``points_given_most`` to one already."""
    if not points_given_most or limits.most >= points_given_most:
        return ALLOWED
    return refuse(lazily(TOO_FEW_ON_ONE, given=points_given_most))


def may_wait(hours: int) -> Permission:
    """Whether contributions can wait so many hours for moderators."""
    return ALLOWED if 1 <= hours <= MOST_REVIEW_HOURS else refuse(lazily(NEEDS_HOURS, most=MOST_REVIEW_HOURS))


def may_publish_itself(*, wanted: bool, review_first: bool) -> Permission:
    """Whether a phase can publish what has waited too long: only where something waits."""
    return refuse(PUBLISHES_AT_ONCE) if wanted and not review_first else ALLOWED
