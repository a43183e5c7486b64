"""Contributions of one author, each with its receipt."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, IdeaState
from participation.kit import clock
from participation.moderation.models import Decision, DecisionKind
from participation.receipts.models import ReceiptKind
from participation.receipts.service import issue_receipt, receipt_for_text
from participation.voting.models import Stance, Vote
from participation.voting.service import put_vote
from tests import make
from tests.make import Place

AUTHOR = "author@example.org"
REASON = "Names a neighbour"


def author_in(session: Session, place: Place) -> int:
    """Return the participant that the author is."""
    return make.participant(session, place, account_id=make.account(session, AUTHOR), pseudonym="Stille Weide")


def idea_receipt(session: Session, place: Place, state: IdeaState = IdeaState.PUBLISHED) -> tuple[int, str]:
    """Return an idea of the author in this state, and the code of its receipt."""
    idea = make.idea(
        session, place, author=author_in(session, place), title="A bench", body="By the river", state=state
    )
    receipt = receipt_for_text(
        session, kind=ReceiptKind.IDEA, subject_id=idea, title="A bench", text="By the river", now=clock.now()
    )
    return idea, receipt.code


def comment_receipt(session: Session, place: Place, state: CommentState = CommentState.PUBLISHED) -> tuple[int, str]:
    """Return a comment of the author in this state, and the code of its receipt."""
    idea = make.idea(session, place, title="A tree")
    text = "" if state is CommentState.WITHDRAWN else "Good"
    comment = make.comment(session, place, idea, author=author_in(session, place), body="Good", state=state)
    session.execute(update(Comment).where(Comment.id == comment).values(text=text))
    receipt = receipt_for_text(session, kind=ReceiptKind.COMMENT, subject_id=comment, text="Good", now=clock.now())
    return comment, receipt.code


def addendum_receipt(session: Session, place: Place, state: IdeaState = IdeaState.PUBLISHED) -> tuple[int, str]:
    """Return an addendum of the author in this state, and the code of its receipt."""
    idea = make.idea(session, place, author=author_in(session, place))
    moment = clock.now()
    row = Addendum(process_id=place.id, idea_id=idea, state=state, text="More", language="en", submitted_at=moment)
    session.add(row)
    session.flush()
    receipt = receipt_for_text(session, kind=ReceiptKind.ADDENDUM, subject_id=row.id, text="More", now=moment)
    return row.id, receipt.code


def vote_receipt(session: Session, place: Place, stance: Stance = Stance.DISAGREE) -> tuple[int, str]:
    """Return an idea that the author voted on, and the code of the receipt."""
    idea, voter = make.idea(session, place, title="A tree"), author_in(session, place)
    put_vote(session, idea_id=idea, participant_id=voter, stance=stance, revision=1, now=clock.now())
    vote = session.scalars(select(Vote.id).where(Vote.idea_id == idea)).one()
    receipt = issue_receipt(session, kind=ReceiptKind.VOTE, subject_id=vote, revision=1, digest="", now=clock.now())
    return idea, receipt.code


def decide(session: Session, place: Place, kind: DecisionKind, **subject: int) -> None:
    """Record a decision of moderation."""
    session.add(Decision(process_id=place.id, kind=kind, reason=REASON, decided_at=clock.now(), **subject))
