"""What is left at the address of an idea that its author withdrew."""

from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea
from participation.ideas.queries import idea_in
from participation.ideas.withdrawal import REASONS
from participation.kit.permissions import Missing
from participation.multilingual import direction, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline
from participation.processes.queries import participant_of
from participation.texts import single_line
from participation.voting.models import Stance
from participation.voting.queries import own_vote


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What those who took part still see: the title, and how they voted themselves."""

    title: str
    language: str
    dir: str
    is_author: bool
    stance: str


@dataclass(frozen=True, slots=True)
class WithdrawnPage:
    """That an idea was withdrawn, when, and why if its author said so; ``own`` for those who took part in it."""

    id: int
    when: str
    reason: str
    process_title: str
    process_url: str
    ideas_url: str
    own: OwnPart | None


def withdrawn_page(session: Session, actor: Actor, process: ProcessOutline, idea_id: int) -> WithdrawnPage:
    """Return what ``actor`` sees in the place of a withdrawn idea.

    Raises ``Missing`` for one that was never public, but for its author: others need not know that it ever was.
    """
    idea = idea_in(session, process.id, idea_id)
    own = _own_part(session, actor, idea)
    if idea.published_at is None and own is None:
        raise Missing
    return WithdrawnPage(
        id=idea.id,
        when=day(idea.withdrawn_at) if idea.withdrawn_at else "",
        reason=str(REASONS[idea.withdrawn_for]) if idea.withdrawn_for else "",
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        own=own,
    )


def _own_part(session: Session, actor: Actor, idea: Idea) -> OwnPart | None:
    participant = participant_of(session, process_id=idea.process_id, account_id=actor.account_id)
    if participant is None:
        return None
    is_author = idea.participant_id == participant.id
    vote = own_vote(session, idea_id=idea.id, participant_id=participant.id)
    if not (is_author or vote or _commented(session, idea.id, participant.id)):
        return None
    stances = {Stance.AGREE: _("Agree"), Stance.UNSURE: _("Unsure"), Stance.DISAGREE: _("Disagree")}
    return OwnPart(
        title=single_line(idea.title),
        language=idea.language,
        dir=direction(idea.language),
        is_author=is_author,
        stance=stances[vote.stance] if vote else "",
    )


def _commented(session: Session, idea_id: int, participant_id: int) -> bool:
    own = (Comment.idea_id == idea_id) & (Comment.participant_id == participant_id)
    return bool(session.scalar(select(exists().where(own, Comment.state != CommentState.WITHDRAWN))))
