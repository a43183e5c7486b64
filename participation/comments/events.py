"""What happens to comments."""

from dataclasses import dataclass

from participation.activity.events import Event


@dataclass(frozen=True, slots=True)
class CommentSubmitted(Event):
    """Somebody commented on an idea."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentPublished(Event):
    """A comment became public."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentHidden(Event):
    """A comment stopped being public by a decision."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentPutBack(Event):
    """A decision about a comment was taken back: it stands where it stood before."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentEdited(Event):
    """The author changed a comment within the time for that."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentWithdrawn(Event):
    """The author deleted a comment; its text is gone."""

    comment_id: int
