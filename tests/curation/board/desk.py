"""Two moderators at one board: what they do there in one line each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from participation.accounts.actor import Actor, Role
from participation.curation.board.clusters import create_cluster, remove_cluster
from participation.curation.board.filing import file_ideas, set_main, unfile_ideas
from participation.curation.board.places import Places, places_now
from participation.curation.board.queries import board_version
from participation.curation.board.steps import Done
from participation.curation.board.undo import undo_change
from participation.kit import clock
from participation.strategy.statements.sources import clusters_in_use
from tests import make
from tests.conftest import Sessions
from tests.make import Place


@dataclass
class Desk:
    """The board of a process with a moderator and a colleague of hers; each call is a transaction of its own."""

    transact: Sessions
    place: Place
    moderator: Actor
    colleague: Actor

    @property
    def version(self) -> int:
        """The number of the latest step."""
        with self.transact() as session:
            return board_version(session, self.place.id)

    def ideas(self, number: int) -> list[int]:
        """Return so many public ideas."""
        with self.transact() as session:
            return [make.idea(session, self.place, title=f"Idea {one}") for one in range(number)]

    def themes(self, *titles: str) -> list[int]:
        """Return new themes."""
        with self.transact() as session:
            where: dict[str, Any] = {"process_id": self.place.id, "now": clock.now()}
            return [
                create_cluster(session, self.moderator, title=make.text(title), description={}, **where).id
                for title in titles
            ]

    def file(self, ideas: Collection[int], theme: int, *, by: Actor | None = None, **more: Any) -> Done:
        """File ideas under a theme."""
        with self.transact() as session:
            where: dict[str, Any] = {"process_id": self.place.id, "now": clock.now(), **more}
            return file_ideas(session, by or self.moderator, idea_ids=ideas, cluster_id=theme, **where)

    def unfile(
        self, ideas: Collection[int], theme: int | Mapping[int, int] | None, *, by: Actor | None = None, **more: Any
    ) -> Done:
        """Take ideas out of a theme."""
        with self.transact() as session:
            where: dict[str, Any] = {"process_id": self.place.id, "now": clock.now(), **more}
            return unfile_ideas(session, by or self.moderator, idea_ids=ideas, cluster_id=theme, **where)

    def main(self, idea: int, theme: int) -> Done:
        """Make a theme the main one of an idea."""
        with self.transact() as session:
            where: dict[str, Any] = {"process_id": self.place.id, "now": clock.now()}
            return set_main(session, self.moderator, idea_id=idea, cluster_id=theme, **where)

    def remove(self, theme: int, *, by: Actor | None = None) -> Done:
        """Take a theme off the board."""
        with self.transact() as session:
            who = by or self.moderator
            return remove_cluster(session, who, cluster_id=theme, in_use=clusters_in_use, now=clock.now())

    def undo(self, step: Done | int, *, by: Actor | None = None, partly: bool = False) -> Done:
        """Undo a step."""
        number = step if isinstance(step, int) else step.number
        assert number, "a step that changed something"
        with self.transact() as session:
            where: dict[str, Any] = {"process_id": self.place.id, "in_use": clusters_in_use, "now": clock.now()}
            return undo_change(session, by or self.moderator, number=number, partly=partly, **where)

    def places(self, *ideas: int) -> list[Places]:
        """Return where these ideas stand."""
        with self.transact() as session:
            found = places_now(session, ideas)
        return [found[idea] for idea in ideas]


def moderator_of(place: Place, account_id: int) -> Actor:
    """Return somebody who moderates the process."""
    return Actor(account_id, grants=frozenset({(Role.MODERATOR, place.id)}))
