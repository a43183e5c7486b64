"""Whether a vote is in the log: the path from its leaf to the published root, read from the tree of the release."""

import enum
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.tallies.files import TREE, paths_of
from participation.tallies.log import LoggedVote, leaf_of
from participation.tallies.merkle import BrokenTree, Step, TreeFile, leaf_hash
from participation.tallies.queries import ReleaseView, latest_release, logged_vote

IN_FLIGHT = timedelta(minutes=1)
"""A vote may be stored so much later than the moment it was cast at, and so miss a release made in between."""


class Presence(enum.Enum):
    """Whether a vote is in a release of the log."""

    IN = "in"
    LATER = "later"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class VoteProof:
    """A vote in a release: what its leaf says, the hash of that, and the path to the root where it is in the log."""

    presence: Presence
    leaf: str
    hash: bytes
    path: tuple[Step, ...] = ()

    def to_json(self) -> str:
        """Return what the program ``check_vote.py`` reads."""
        steps = [{"side": "left" if step.is_left else "right", "hash": step.hash.hex()} for step in self.path]
        return json.dumps({"leaf": self.leaf, "path": steps}, indent=1) + "\n"


def prove(release: ReleaseView, vote: LoggedVote, cast_at: datetime) -> VoteProof:
    """Return the proof of a vote in a release; the time it takes grows with the logarithm of the number of votes.

    Without a path the vote came after the release (``LATER``), should be there but is not (``MISSING``), or the tree of
    the release is gone (``UNKNOWN``).
    """
    leaf = leaf_of(vote, process_id=release.process_id, release=release.number)
    digest = leaf_hash(leaf.encode())
    try:
        with TreeFile(paths_of(release)[TREE], release.leaves) as tree:
            place = tree.place_of(digest)
            if place is not None:
                return VoteProof(Presence.IN, leaf, digest, tree.path_of(place))
    except (OSError, BrokenTree):
        return VoteProof(Presence.UNKNOWN, leaf, digest)
    return VoteProof(Presence.LATER if may_be_missing(release, vote.id, cast_at) else Presence.MISSING, leaf, digest)


def may_be_missing(release: ReleaseView, vote_id: int, cast_at: datetime) -> bool:
    """Return whether a vote may have been stored, or changed, after a release was made."""
    return vote_id > release.newest_vote or cast_at > release.made_at - IN_FLIGHT


def is_logged(session: Session, vote_id: int) -> bool | None:
    """Return whether a vote is in the latest release of its log, with this or an earlier stance.

    A vote that was changed since counts as being in it, so that the answer does not tell that it was changed. ``None``
    where there is nothing to say: no release yet, or no such vote any more.
    """
    found = logged_vote(session, vote_id)
    release = latest_release(session, found[0]) if found else None
    if found is None or release is None:
        return None
    _process_id, vote, cast_at = found
    if vote_id > release.newest_vote:
        return False
    presence = prove(release, vote, cast_at).presence
    return {Presence.IN: True, Presence.LATER: True, Presence.MISSING: False, Presence.UNKNOWN: None}[presence]
