"""What happens to ideas."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class IdeaSubmitted(Event):
    """Somebody proposed an idea."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaPublished(Event):
    """An idea became public."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaHidden(Event):
    """An idea stopped being public by a decision."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaTagged(Event):
    """Moderators set the principles of an idea."""

    idea_id: int
