"""What the history of an idea says about its wordings in other languages: who made which, and what came after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.multilingual import direction, language_name
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment
from participation.texts import render, render_line
from participation.texts.differences import Piece, differences
from participation.wordings.history import WordingTrace, public_history
from participation.wordings.models import Origin
from participation.wordings.providers.registry import title_of


@dataclass(frozen=True, slots=True)
class WordingItem:
    """One wording; ``changes`` is what it made different from the one before in the same language."""

    id: int
    label: str
    about: str
    who: str
    when: str
    is_shown: bool
    is_taken_down: bool
    reason: str
    language: str
    dir: str
    title_html: Markup
    text_html: Markup
    changes: tuple[Piece, ...]


def wordings_part(session: Session, idea_id: int) -> tuple[WordingItem, ...]:
    """Return the wordings of an idea and its addenda that readers were shown, the latest first."""
    traces = public_history(session, idea_id)
    return tuple(_item(trace, _before(traces[place + 1 :], trace)) for place, trace in enumerate(traces))


def _before(earlier: Sequence[WordingTrace], trace: WordingTrace) -> WordingTrace | None:
    same = (trace.kind, trace.subject_id, trace.language)
    return next((one for one in earlier if (one.kind, one.subject_id, one.language) == same), None)


def _item(trace: WordingTrace, before: WordingTrace | None) -> WordingItem:
    compares = before is not None and before.text and trace.text and before.text != trace.text
    return WordingItem(
        id=trace.id,
        label=language_name(trace.language, shown_in=g.language),
        about=_("Addendum") if trace.kind is SubjectKind.ADDENDUM else "",
        who=_who(trace),
        when=moment(trace.shown_at),
        is_shown=trace.is_shown,
        is_taken_down=trace.is_taken_down,
        reason=trace.reason,
        language=trace.language,
        dir=direction(trace.language),
        title_html=render_line(trace.title),
        text_html=render(trace.text) if trace.text else Markup(),
        changes=differences(before.text, trace.text) if before is not None and compares else (),
    )


def _who(trace: WordingTrace) -> str:
    if trace.origin is Origin.MACHINE:
        return _("Made by a machine: %(provider)s", provider=title_of(trace.provider))
    if trace.pseudonym:
        return _("Suggested by %(name)s, read by moderators", name=trace.pseudonym)
    return _("Written by the moderation team")
