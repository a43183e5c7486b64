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
class IdeaPutBack(Event):
    """A decision about an idea was taken back: it stands where it stood before."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaTagged(Event):
    """Moderators set the principles of an idea."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaEdited(Event):
    """The author changed the text of an idea, or what it is tagged with."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaRedacted(Event):
    """Moderators took passages out of an idea, its addenda or its earlier revisions."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaWithdrawn(Event):
    """The author took an idea back."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class AddendumSubmitted(Event):
    """The author added something below an idea."""

    addendum_id: int


@dataclass(frozen=True, slots=True)
class AddendumPublished(Event):
    """An addendum became public."""

    addendum_id: int


@dataclass(frozen=True, slots=True)
class AddendumHidden(Event):
    """An addendum stopped being public by a decision."""

    addendum_id: int


@dataclass(frozen=True, slots=True)
class AddendumPutBack(Event):
    """A decision about an addendum was taken back: it stands where it stood before."""

    addendum_id: int
