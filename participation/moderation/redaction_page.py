"""The page on which moderators take passages out of an idea: what stands there, and what would be left of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.addenda import addenda_below
from participation.ideas.policies import may_redact
from participation.ideas.queries import idea_in
from participation.ideas.redaction import NotFound
from participation.kit.permissions import require
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.texts.differences import Piece, differences
from participation.texts.redaction import holds, take_out


@dataclass(frozen=True, slots=True)
class Part:
    """One text of the idea as it is, and (in a preview) what would change in it."""

    label: str
    text: str
    language: str
    preview: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class RedactionPage:
    """An idea with its addenda, from which passages are to be taken out."""

    workplace: Workplace
    idea_id: int
    title: str
    language: str
    parts: tuple[Part, ...]
    is_preview: bool


def redaction_page(
    session: Session, actor: Actor, process: ProcessOutline, idea_id: int, *, passages: Sequence[str] = ()
) -> RedactionPage:
    """Return the page, with ``passages`` as a preview; raises ``NotFound`` for passages that stand nowhere.

    A passage that stands in an earlier revision only is no mistake, but there is nothing of it to show here.
    """
    idea = idea_in(session, process.id, idea_id)
    require(may_redact(actor, process.id, idea.state))
    addenda = addenda_below(session, idea.id, sees_all=True)
    texts = [
        (_("Title"), idea.title, idea.language),
        (_("Text"), idea.text, idea.language),
        *((_("Addendum of %(moment)s", moment=moment(one.submitted_at)), one.text, one.language) for one in addenda),
    ]
    missing = [passage for passage in passages if not any(holds(text, passage) for _label, text, _code in texts)]
    if missing and idea.revision == 1:
        raise NotFound(missing)
    return RedactionPage(
        workplace=workplace(actor, process, g.language),
        idea_id=idea.id,
        title=idea.title,
        language=idea.language,
        parts=tuple(_part(label, text, language, passages) for label, text, language in texts),
        is_preview=bool(passages),
    )


def _part(label: str, text: str, language: str, passages: Sequence[str]) -> Part:
    return Part(label, text, language, differences(text, take_out(text, passages)) if passages else ())
