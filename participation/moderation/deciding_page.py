"""The page on which one contribution is decided about: what it says, and what can be decided."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.comments.models import Comment
from participation.ideas.addenda import addendum_in
from participation.ideas.models import Idea
from participation.ideas.queries import idea_in
from participation.kit.permissions import found
from participation.moderation.forms import KIND_LABELS
from participation.moderation.models import DecisionKind
from participation.moderation.policies import may_turn_to_author, possible_kinds
from participation.moderation.subjects import Contribution, author_of, digest_of, kind_of
from participation.moderation.text_blocks.service import TextBlockView
from participation.multilingual import Phrase, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace

ADDRESSES = {"ideas": SubjectKind.IDEA, "comments": SubjectKind.COMMENT, "addenda": SubjectKind.ADDENDUM}
"""What is decided about, as addresses name it."""


@dataclass(frozen=True, slots=True)
class BlockText:
    """A text block as the page shows it beside its box."""

    id: int
    title: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class DecidingPage:
    """One contribution with its author, and the decisions that are possible now; ``read`` names its text."""

    workplace: Workplace
    kind: SubjectKind
    id: int
    idea_id: int
    title: str
    text: str
    language: str
    state: str
    pseudonym: str
    suspended_until: datetime | None
    kinds: tuple[DecisionKind, ...]
    blocks: tuple[BlockText, ...]
    action: str
    read: str


def thing_in(session: Session, process_id: int, kind: SubjectKind, number: int) -> Contribution:
    """Return a contribution of this process, whoever asks; raises ``Missing``."""
    if kind is SubjectKind.IDEA:
        return idea_in(session, process_id, number)
    if kind is SubjectKind.ADDENDUM:
        return addendum_in(session, process_id, number)
    comment = session.get(Comment, number)
    return found(comment if comment and comment.process_id == process_id else None)


def deciding_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    thing: Contribution,
    blocks: tuple[TextBlockView, ...],
    *,
    now: datetime,
) -> DecidingPage:
    """Return the page about a contribution for ``actor``."""
    kind = kind_of(thing)
    idea = thing if isinstance(thing, Idea) else idea_in(session, process.id, thing.idea_id)
    author = author_of(session, thing)
    return DecidingPage(
        workplace=workplace(actor, process, g.language),
        kind=kind,
        id=thing.id,
        idea_id=idea.id,
        title=idea.title,
        text=thing.text,
        language=thing.language,
        state=thing.state.value,
        pseudonym=author.pseudonym,
        suspended_until=author.suspended_until if author.suspended_until and author.suspended_until > now else None,
        kinds=tuple(
            one
            for one in possible_kinds(actor, process.id, kind, thing.state.value)
            if one in KIND_LABELS and _reaches_author(actor, one, author.account_id, author.suspended_until, now)
        ),
        blocks=tuple(BlockText(one.id, one.title, phrase(one.texts, g.language)) for one in blocks),
        action=action_url(process.slug, kind, thing.id),
        read=str(thing.revision) if isinstance(thing, Idea) else digest_of(thing),
    )


def action_url(slug: str, kind: SubjectKind, number: int) -> str:
    """Return where a decision about a contribution is sent."""
    if kind is SubjectKind.IDEA:
        return url_for("moderation.decide_idea", slug=slug, idea_id=number)
    if kind is SubjectKind.COMMENT:
        return url_for("moderation.decide_comment", slug=slug, comment_id=number)
    return url_for("moderation.decide_addendum", slug=slug, addendum_id=number)


def _reaches_author(
    actor: Actor, kind: DecisionKind, account_id: int | None, suspended_until: datetime | None, now: datetime
) -> bool:
    about_authors = kind in (DecisionKind.WARN, DecisionKind.SUSPEND, DecisionKind.LIFT)
    return not about_authors or bool(
        may_turn_to_author(actor, kind, account_id=account_id, suspended_until=suspended_until, now=now)
    )
