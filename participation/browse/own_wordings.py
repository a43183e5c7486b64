"""The shelf of one's own suggestions for other languages, and the question whether one is to be taken back."""

from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.listings.own_wordings import OwnWording, own_wordings
from participation.moderation.terms import terms
from participation.multilingual import gettext as _
from participation.multilingual import language_name
from participation.multilingual.moments import day
from participation.wordings.models import WordingState

STATE_KINDS = {WordingState.WAITING: "info", WordingState.SHOWN: "success", WordingState.REFUSED: "warning"}


@dataclass(frozen=True, slots=True)
class WordingEntry:
    """An own suggestion as the list of contributions shows it; ``withdrawal_url`` as long as it can be taken back."""

    title: str
    language: str
    url: str
    when: str
    text: str
    text_language: str
    state: str
    state_kind: str
    note: str
    withdrawal_url: str


@dataclass(frozen=True, slots=True)
class Translations:
    """A page of own suggestions, and behind which the next one begins."""

    entries: tuple[WordingEntry, ...] = ()
    next_before: int | None = None


def wording_entries(session: Session, participant_id: int, slug: str, *, before: int | None) -> Translations:
    """Return a page of own suggestions in a process, the latest first."""
    told_before = clock.now() - terms().undo
    page, next_before = own_wordings(session, participant_id, before=before, told_before=told_before)
    return Translations(tuple(_entry(slug, one) for one in page), next_before)


def _entry(slug: str, one: OwnWording) -> WordingEntry:
    is_waiting = one.state is WordingState.WAITING
    return WordingEntry(
        title=one.idea_title or _("An idea that is not public at the moment"),
        language=one.idea_language if one.idea_title else g.language,
        url=_url(slug, one) if one.idea_title else "",
        when=day(one.made_at),
        text=one.text,
        text_language=one.language,
        state=_state(one),
        state_kind=STATE_KINDS.get(one.state, "neutral"),
        note=one.reason or _into(one),
        withdrawal_url=url_for("suggesting.withdraw", wording_id=one.id) if is_waiting else "",
    )


def _url(slug: str, one: OwnWording) -> str:
    anchor = None if one.kind is SubjectKind.IDEA else f"{one.kind.value}-{one.subject_id}"
    if one.kind is SubjectKind.COMMENT:
        return url_for("discussion.comment", slug=slug, idea_id=one.idea_id, comment_id=one.subject_id, _anchor=anchor)
    return url_for("browse.idea", slug=slug, idea_id=one.idea_id, _anchor=anchor)


def _into(one: OwnWording) -> str:
    return _("Translation into %(language)s", language=language_name(one.language, shown_in=g.language))


def _state(one: OwnWording) -> str:
    if one.state is WordingState.REFUSED:
        return _("Taken down") if one.was_shown else _("Not taken over")
    return {
        WordingState.WAITING: _("In review"),
        WordingState.SHOWN: _("Shown to readers"),
        WordingState.REPLACED: _("Replaced") if one.was_shown else _("Not needed any more"),
        WordingState.WITHDRAWN: _("Withdrawn"),
    }[one.state]
