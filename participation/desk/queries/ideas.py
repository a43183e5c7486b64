"""One idea with everything that moderators can do about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.comments.models import CommentState
from participation.comments.queries import CommentView, whole_discussion
from participation.curation.board.places import positions_of
from participation.curation.board.queries import board_version
from participation.curation.queries import clusters_of
from participation.desk.queries.place import Place, place_of
from participation.ideas.addenda import AddendumView, addenda_below
from participation.ideas.models import Idea, IdeaState
from participation.kit.permissions import found
from participation.listings.translated import ORIGINALS, ShownWordings, Written, wordings_for, written_idea
from participation.moderation.queries import DecisionView, decisions_about_idea, reasons_for_hiding
from participation.moderation.undoing import LatestDecision, undoable
from participation.multilingual import Phrase, base_language, phrase
from participation.processes.models import Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.workplace import Workplace, workplace
from participation.similarity.queries import SimilarIdea, neighbours_of
from participation.voting.queries import VoteFigures, tallies
from participation.wordings.history import MOST, WordingLine, wordings_below
from participation.wordings.models import WordingState
from participation.wordings.queries import ShownWording


@dataclass(frozen=True, slots=True)
class DeskComment:
    """One comment of the discussion; ``depth`` counts from 0, ``reason`` says why it is hidden."""

    id: int
    depth: int
    pseudonym: str
    text: str
    language: str
    state: CommentState
    submitted_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClusterChoice:
    """A cluster that an idea can be filed in."""

    id: int
    title: Phrase
    chosen: bool
    is_main: bool


@dataclass(frozen=True, slots=True)
class DeskIdeaPage:
    """An idea in any state; ``figures`` is ``None`` while results are hidden.

    ``shown`` are the wordings that readers are shown instead of it and of what stands below.
    """

    workplace: Workplace
    id: int
    title: str
    text: str
    language: str
    state: IdeaState
    revision: int
    pseudonym: str
    submitted_at: datetime
    place: Place
    clusters: tuple[ClusterChoice, ...]
    board_version: int
    decisions: tuple[DecisionView, ...]
    undoable: LatestDecision | None
    figures: VoteFigures | None
    similar: tuple[SimilarIdea, ...]
    addenda: tuple[AddendumView, ...]
    wordings: tuple[WordingLine, ...]
    comments: tuple[DeskComment, ...]
    shown: ShownWordings
    after: int
    next_after: int | None

    def shown_of(self, kind: str, number: int) -> ShownWording | None:
        """Return the wording that stands beside a contribution, if there is one; ``kind`` as in addresses."""
        return self.shown.get((SubjectKind(kind), number))


def idea_page(
    session: Session, actor: Actor, process: ProcessOutline, *, idea_id: int, after: int, language: str, now: datetime
) -> DeskIdeaPage:
    """Return an idea of ``process`` with a page of its discussion; raises ``Missing``."""
    idea = session.get(Idea, idea_id)
    idea = found(idea if idea and idea.process_id == process.id else None)
    comments, next_after = whole_discussion(session, actor, process_id=process.id, idea_id=idea.id, after=after)
    shows_results = may_see_results(process, now=now)
    version = board_version(session, process.id)
    filed = {position.cluster_id: position.is_main for position in positions_of(session, [idea.id])[idea.id]}
    addenda = addenda_below(session, idea.id, sees_all=True)
    wordings = wordings_below(session, idea.id)
    is_worded = len(wordings) == MOST or any(
        one.state is WordingState.SHOWN and one.language == base_language(language) for one in wordings
    )
    return DeskIdeaPage(
        workplace=workplace(actor, process, language),
        id=idea.id,
        title=idea.title,
        text=idea.text,
        language=idea.language,
        state=idea.state,
        revision=idea.revision,
        pseudonym=session.get_one(Participant, idea.participant_id).pseudonym,
        submitted_at=idea.submitted_at,
        place=place_of(session, process, idea, language),
        clusters=tuple(
            ClusterChoice(cluster.id, phrase(cluster.title, language), cluster.id in filed, bool(filed.get(cluster.id)))
            for cluster in clusters_of(session, process.id)
        ),
        board_version=version,
        decisions=tuple(decisions_about_idea(session, idea.id, language=language)),
        undoable=undoable(session, actor, process.id, now),
        similar=neighbours_of(session, actor, process_id=process.id, idea_id=idea.id, with_unpublished=True),
        figures=tallies(session, [idea.id])[idea.id] if shows_results else None,
        addenda=addenda,
        wordings=wordings,
        comments=_comments(session, comments, language),
        shown=_shown(session, idea, addenda, comments, language) if is_worded else ORIGINALS,
        after=after,
        next_after=next_after,
    )


def _shown(
    session: Session,
    idea: Idea,
    addenda: tuple[AddendumView, ...],
    comments: list[tuple[int, CommentView]],
    language: str,
) -> ShownWordings:
    written = [written_idea(idea.id, idea.language, idea.revision)]
    written += [Written(SubjectKind.ADDENDUM, one.id, one.language, one.revision) for one in addenda]
    written += [Written(SubjectKind.COMMENT, one.id, one.language, one.revision) for _depth, one in comments]
    return wordings_for(session, language, written)


def _comments(session: Session, order: list[tuple[int, CommentView]], language: str) -> tuple[DeskComment, ...]:
    hidden = [view.id for _depth, view in order if view.state is CommentState.HIDDEN]
    reasons = reasons_for_hiding(session, hidden, language=language)
    return tuple(
        DeskComment(
            id=view.id,
            depth=depth,
            pseudonym=view.pseudonym,
            text=view.text or "",
            language=view.language,
            state=view.state,
            submitted_at=view.submitted_at,
            reason=reasons.get(view.id, ""),
        )
        for depth, view in order
    )
