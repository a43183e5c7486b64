"""What happens to clusters and filings."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class ClusterChanged(Event):
    """A cluster was made, renamed or removed."""

    cluster_id: int


@dataclass(frozen=True, slots=True)
class IdeaFiled(Event):
    """An idea was filed in a cluster."""

    idea_id: int
    cluster_id: int


@dataclass(frozen=True, slots=True)
class IdeaUnfiled(Event):
    """An idea was taken out of a cluster."""

    idea_id: int
    cluster_id: int


@dataclass(frozen=True, slots=True)
class IdeaBundled(Event):
    """An idea became part of a bundle."""

    member_id: int


@dataclass(frozen=True, slots=True)
class IdeaUnbundled(Event):
    """An idea left a bundle."""

    member_id: int
