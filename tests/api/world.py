"""A city with everything that the interface can speak of, filled in once for all tests that only look at it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentStance, CommentState, Voice
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.principles.models import District, FieldOfAction
from participation.processes.models import Process, ProcessState
from participation.strategy.statements.losses import review_sources
from tests import lineages, make
from tests.make import Place
from tests.points import give

ROOT = "/api/v1/processes"
NASTY = "</script><svg onload=alert(1)> & \"'"
SECRET = "Unheard-of"
EARLY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class World:
    """The process that is full, with the numbers of what is in it; the slugs of the others."""

    scene: lineages.Scene
    nasty: int
    bare: tuple[int, ...]
    quiet: Place
    quiet_idea: int

    @property
    def address(self) -> str:
        """Where the full process is to be found."""
        return f"{ROOT}/{self.scene.place.slug}"

    def idea(self, rest: str = "") -> str:
        """Return an address of the idea about which there is most."""
        return f"{self.address}/ideas/{self.scene.ideas[0]}{rest}"

    def statement(self, rest: str = "") -> str:
        """Return an address of the statement."""
        return f"{self.address}/statements/{self.scene.statement}{rest}"


def filled(session: Session) -> World:
    """Return the world; whatever nobody may read has the word ``SECRET`` in it."""
    scene = lineages.scene(session)
    place, now = scene.place, clock.now()
    first = session.get_one(Idea, scene.ideas[0])
    first.district_id = session.scalars(select(District.id).where(District.key == "north")).first()
    first.field_id = session.scalars(select(FieldOfAction.id).where(FieldOfAction.key == "mobility")).first()
    nasty = make.idea(session, place, title=f"Nasty {NASTY}", body=f"Text {NASTY}", principles=["climate"], at=EARLY)
    bare = tuple(
        make.idea(session, place, title=f"Bare {number}", at=EARLY + timedelta(days=number), language="tr")
        for number in range(1, 6)
    )
    make.votes(session, place, nasty, agree=7, disagree=3, unsure=2)
    for _ in range(5):
        give(session, place, {nasty: make.POINTS_MOST, bare[0]: 1})
    session.add(
        Addendum(
            process_id=place.id,
            idea_id=scene.ideas[0],
            state=IdeaState.PUBLISHED,
            text="Added later",
            language="en",
            submitted_at=now,
            published_at=now,
        )
    )
    make.answer(session, idea_id=scene.ideas[0])
    make.referral(session, idea_id=scene.ideas[1])
    _talk(session, place, scene)
    _translated(session, scene, bare[0])
    _hidden(session, place, nasty, scene.clusters[1])
    quiet = make.process(session, "quiet", hides_results=True)
    quiet_idea = make.idea(session, quiet, title="Quiet")
    make.votes(session, quiet, quiet_idea, agree=9, disagree=4)
    make.process(session, "archived", state=ProcessState.ARCHIVED)
    review_sources(session, now=now)
    return World(scene, nasty, bare, quiet, quiet_idea)


def _talk(session: Session, place: Place, scene: lineages.Scene) -> None:
    objection = make.comment(session, place, scene.ideas[0], body=f"Too dear {NASTY}")
    session.get_one(Comment, objection).stance = CommentStance.OBJECTS
    answer = make.comment(session, place, scene.ideas[0], parent_id=objection, body="We will see")
    session.get_one(Comment, answer).voice = Voice.ADMINISTRATION
    for number in range(4):
        make.comment(session, place, scene.other, body=f"Comment {number}")


def _translated(session: Session, scene: lineages.Scene, idea: int) -> None:
    """Put three contributions into French, one by machine; and an earlier revision, which nobody is shown."""
    make.wording(session, idea, language="fr", title="Bibliothèques", body="Le soir", provider="libretranslate")
    make.wording(session, scene.ideas[1], language="fr", title=SECRET, body=SECRET, revision=7)
    addendum, comment = (
        session.scalars(select(table.id).where(table.idea_id == scene.ideas[0]).order_by(table.id)).first()
        for table in (Addendum, Comment)
    )
    assert addendum
    assert comment
    make.wording(session, addendum, kind=SubjectKind.ADDENDUM, language="fr", body="Ajouté après")
    make.wording(session, comment, kind=SubjectKind.COMMENT, language="fr", body="Trop sombre")


def _hidden(session: Session, place: Place, idea: int, cluster: int) -> None:
    filed: list[int] = []
    for state in (IdeaState.HIDDEN, IdeaState.IN_REVIEW, IdeaState.WITHDRAWN):
        hidden = make.idea(session, place, title=f"{SECRET} {state.value}", body=SECRET, state=state)
        make.comment(session, place, hidden, body=f"{SECRET} below")
        make.wording(session, hidden, language="fr", title=SECRET, body=SECRET)
        filed.append(hidden)
    for kind in (CommentState.HIDDEN, CommentState.IN_REVIEW, CommentState.WITHDRAWN):
        make.comment(session, place, idea, body=f"{SECRET} {kind.value}", state=kind)
    make.cluster(session, place, title="Open", ideas=filed)
    make.statement(session, place, [cluster], words=f"{SECRET} draft", published=False)
    make.idea(session, make.process(session, "draft", state=ProcessState.DRAFT), title=SECRET)
    closed = make.process(session, "closed")
    session.get_one(Process, closed.id).opens_data = False
    make.idea(session, closed, title=SECRET)
