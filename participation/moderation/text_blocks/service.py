"""Text blocks: reasons that are given again and again, kept in several languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.kit.permissions import Missing, Refused, found, require
from participation.kit.schema import Translated
from participation.moderation.grounds import ground_by_key
from participation.moderation.models import TextBlock
from participation.moderation.policies import may_keep_blocks
from participation.multilingual import lazy as _l


@dataclass(frozen=True, slots=True)
class TextBlockView:
    """One text block; ``process_id`` is empty for those that are there for all processes."""

    id: int
    process_id: int | None
    title: str
    ground: str
    texts: Translated


@dataclass(frozen=True, slots=True)
class TextBlockDraft:
    """What moderators enter about a text block."""

    title: str
    ground: str
    texts: Translated


def blocks_for(session: Session, process_id: int) -> tuple[TextBlockView, ...]:
    """Return the text blocks that can be used in a process: its own, then those for all, each by title."""
    statement = (
        select(TextBlock)
        .where(or_(TextBlock.process_id == process_id, TextBlock.process_id.is_(None)), TextBlock.retired_at.is_(None))
        .order_by(TextBlock.process_id.is_(None), TextBlock.title, TextBlock.id)
    )
    return tuple(_view(block) for block in session.scalars(statement))


def block_in(session: Session, process_id: int, block_id: int) -> TextBlockView:
    """Return a text block that can be used in a process; raises ``Missing``."""
    return _view(_block_in(session, process_id, block_id))


def texts_of(blocks: Iterable[TextBlockView]) -> Translated:
    """Return the texts of several blocks, one below the other, in each language in which any of them exists."""
    chosen = list(blocks)
    languages = dict.fromkeys(language for block in chosen for language in block.texts)
    return {language: "\n\n".join(_in(block, language) for block in chosen) for language in languages}


def add_text_block(
    session: Session, actor: Actor, *, process_id: int | None, draft: TextBlockDraft, now: datetime
) -> TextBlock:
    """Return a new text block for one process, or for all."""
    require(may_keep_blocks(actor, process_id))
    _check(draft)
    block = TextBlock(process_id=process_id, written_by=actor.account_id, written_at=now, texts={}, title="")
    _fill(block, draft)
    session.add(block)
    session.flush()
    return block


def change_text_block(
    session: Session, actor: Actor, *, process_id: int, block_id: int, draft: TextBlockDraft, now: datetime
) -> TextBlock:
    """Change a text block and return it; decisions that used it keep the words that it had then."""
    block = _block_in(session, process_id, block_id)
    require(may_keep_blocks(actor, block.process_id))
    _check(draft)
    _fill(block, draft)
    block.written_by, block.written_at = actor.account_id, now
    return block


def retire_text_block(session: Session, actor: Actor, *, process_id: int, block_id: int, now: datetime) -> None:
    """Offer a text block no more."""
    block = _block_in(session, process_id, block_id)
    require(may_keep_blocks(actor, block.process_id))
    block.retired_at = now


def _check(draft: TextBlockDraft) -> None:
    if not draft.title.strip() or not any(text.strip() for text in draft.texts.values()):
        raise Refused(_l("A text block needs a name and a text."))
    if draft.ground and ground_by_key(draft.ground) is None:
        raise Refused(_l("This rule or law is not in the list."))


def _fill(block: TextBlock, draft: TextBlockDraft) -> None:
    block.title, block.ground = draft.title.strip(), draft.ground
    block.texts = {language: text.strip() for language, text in draft.texts.items() if text.strip()}


def _block_in(session: Session, process_id: int, block_id: int) -> TextBlock:
    block = found(session.get(TextBlock, block_id))
    if block.process_id not in (None, process_id) or block.retired_at is not None:
        raise Missing
    return block


def _view(block: TextBlock) -> TextBlockView:
    return TextBlockView(block.id, block.process_id, block.title, block.ground, block.texts)


def _in(block: TextBlockView, language: str) -> str:
    return block.texts.get(language) or next(iter(block.texts.values()))
