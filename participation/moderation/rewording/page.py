"""What moderators see of one wording: the original, what readers are shown, what was suggested, and what changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.kit import clock
from participation.kit.permissions import Permission
from participation.moderation.queue.wordings import WordingSeen, wordings_seen
from participation.moderation.rewording.service import UndoableWording, undoable_wording
from participation.moderation.text_blocks.service import TextBlockView
from participation.multilingual import Phrase, direction, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.wordings.suggesting.pages import address_of
from participation.wordings.suggesting.policies import may_accept, may_correct, may_refuse, may_take_down
from participation.wordings.suggesting.queries import Original, facts_of, original, wording_in


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A saved text that can go into a reason."""

    id: int
    title: str
    text: Phrase
    ground: str


@dataclass(frozen=True, slots=True)
class RewordingPage:
    """One wording with everything that can be done about it now."""

    workplace: Workplace
    seen: WordingSeen
    original: Original
    dir: str
    url: str
    idea_url: str
    may_accept: Permission
    may_refuse: Permission
    may_correct: Permission
    may_take_down: Permission
    undoable: UndoableWording | None
    blocks: tuple[BlockLine, ...]


def rewording_page(
    session: Session, actor: Actor, process: ProcessOutline, wording_id: int, blocks: Iterable[TextBlockView]
) -> RewordingPage:
    """Return the page about a wording of this process; raises ``Missing``."""
    wording, now = wording_in(session, process.id, wording_id), clock.now()
    facts = facts_of(session, actor, wording)
    text = original(session, process.id, wording.subject_kind, wording.subject_id)
    anchor = f"{text.kind.value}-{text.id}" if text.title == "" else None
    return RewordingPage(
        workplace=workplace(actor, process, g.language),
        seen=wordings_seen(session, [wording_id])[wording_id],
        original=text,
        dir=direction(text.language),
        url=address_of(process.slug, text),
        idea_url=url_for("desk.idea", slug=process.slug, idea_id=text.idea_id, _anchor=anchor),
        may_accept=may_accept(actor, facts),
        may_refuse=may_refuse(actor, facts),
        may_correct=may_correct(actor, facts),
        may_take_down=may_take_down(actor, facts),
        undoable=undoable_wording(session, actor, process_id=process.id, wording_id=wording_id, now=now),
        blocks=tuple(BlockLine(one.id, one.title, phrase(one.texts, g.language), one.ground) for one in blocks),
    )
