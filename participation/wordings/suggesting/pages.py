"""What the page shows on which people put a text into another language: the original, and what helps with it."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.kit.permissions import Missing, Permission, found, require
from participation.multilingual import base_language, direction, language_name, pick
from participation.multilingual.moments import deadline
from participation.principles.queries import TermView, terms_of
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.texts import render, render_line, render_markup
from participation.wordings.models import Wording
from participation.wordings.suggesting.policies import may_suggest, may_withdraw
from participation.wordings.suggesting.queries import (
    Original,
    facts_of,
    number_waiting,
    original,
    own_waiting,
    shown_for,
    target_languages,
)

MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Target:
    """A language that the text can be put into."""

    code: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class TermLine:
    """A word of the principles that stands in the original, and what it is called in the other language."""

    said: str
    language: str
    other: str
    other_language: str


@dataclass(frozen=True, slots=True)
class SuggestionPage:
    """A text, the language it is to be put into, and the wording that readers of that language see now.

    ``into`` is empty as long as no language is chosen; ``origin`` says who made the wording that is shown: "machine",
    "human" or nobody. ``waits`` says that an own suggestion is there already, which this one would replace.
    """

    kind: str
    process_title: str
    process_url: str
    idea_title: str
    idea_language: str
    url: str
    title_html: Markup
    text_html: Markup
    has_title: bool
    language: str
    dir: str
    language_name: str
    revision: int
    into: str
    into_dir: str
    into_name: str
    targets: tuple[Target, ...]
    shown_title: str
    shown_text: str
    shown_id: int | None
    origin: str
    waits: bool
    terms: tuple[TermLine, ...]
    read_by: str
    action: str
    report_url: str
    desk_url: str
    permission: Permission

    @property
    def start(self) -> tuple[str, str]:
        """Title and text that the form begins with: what is shown, to be made better."""
        return self.shown_title, self.shown_text


def suggestion_page(
    session: Session, actor: Actor, process: ProcessOutline, kind: SubjectKind, number: int, into: str | None
) -> SuggestionPage:
    """Return the page about a public text; raises ``Missing`` for others, and ``BadRequest`` for unknown languages."""
    text = original(session, process.id, kind, number)
    if not text.is_public or not may_see_process(actor, process):
        raise Missing
    targets = target_languages(text, current_app.config["LANGUAGES"])
    chosen = _chosen(into, targets)
    shown = shown_for(session, text, chosen) if chosen else None
    own = own_waiting(session, actor, text, chosen) if chosen else None
    return _page(session, actor, process, text, chosen, targets, shown, own)


@dataclass(frozen=True, slots=True)
class WithdrawalPage:
    """An own suggestion that waits; without its words where what it says is not public any more."""

    id: int
    title: str
    text_html: Markup
    language: str
    dir: str


def withdrawal_page(session: Session, actor: Actor, wording_id: int) -> WithdrawalPage:
    """Return the page about an own suggestion; raises ``Missing`` for others', and ``Refused`` when it is too late."""
    wording = found(session.get(Wording, wording_id))
    facts = facts_of(session, actor, wording)
    found(wording if facts.is_own else None)
    require(may_withdraw(actor, facts))
    rendered = render_markup(wording.text) if wording.subject_kind is SubjectKind.COMMENT else render(wording.text)
    title, text_html = (wording.title, rendered) if facts.is_current else ("", Markup())
    return WithdrawalPage(wording.id, title, text_html, wording.language, direction(wording.language))


def address_of(slug: str, text: Original) -> str:
    """Return where readers find a text."""
    anchor = f"{text.kind.value}-{text.id}"
    if text.kind is SubjectKind.COMMENT:
        return url_for("discussion.comment", slug=slug, idea_id=text.idea_id, comment_id=text.id, _anchor=anchor)
    below = None if text.kind is SubjectKind.IDEA else anchor
    return url_for("browse.idea", slug=slug, idea_id=text.idea_id, _anchor=below)


def suggestion_url(slug: str, kind: SubjectKind, number: int, into: str | None = None) -> str:
    """Return where people put a text into another language."""
    return _about(f"suggesting.{kind.value}", slug, kind, number, into=into)


def _about(endpoint: str, slug: str, kind: SubjectKind, number: int, **more: str | None) -> str:
    values: dict[str, Any] = {"slug": slug, f"{kind.value}_id": number, **more}
    return url_for(endpoint, **values)


def _chosen(into: str | None, targets: tuple[str, ...]) -> str:
    """Return the language that is asked for, else the reader's own where that is possible; empty for none."""
    if into is not None:
        if into not in targets:
            raise BadRequest
        return into
    own = base_language(g.language)
    return own if own in targets else ""


def _page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    text: Original,
    into: str,
    targets: tuple[str, ...],
    shown: Wording | None,
    own: Wording | None,
) -> SuggestionPage:
    now = clock.now()
    begun = own or shown
    waiting = number_waiting(session, actor, process.id) - (own is not None)
    rendered = render_markup(text.text) if text.kind is SubjectKind.COMMENT else render(text.text)
    moderates = shown is not None and actor.is_signed_in and actor.has_desk(process.id)
    return SuggestionPage(
        kind=text.kind.value,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        idea_title=text.idea_title,
        idea_language=text.idea_language,
        url=address_of(process.slug, text),
        title_html=render_line(text.title),
        text_html=rendered,
        has_title=bool(text.title),
        language=text.language,
        dir=direction(text.language),
        language_name=language_name(text.language, shown_in=g.language),
        revision=text.revision,
        into=into,
        into_dir=direction(into) if into else "",
        into_name=language_name(into, shown_in=g.language) if into else "",
        targets=_targets(process.slug, text, targets, into),
        shown_title=begun.title if begun else "",
        shown_text=begun.text if begun else "",
        shown_id=shown.id if shown else None,
        origin=shown.origin.value if shown else "",
        waits=own is not None,
        terms=_terms(session, process, text, into) if into else (),
        read_by=deadline(process.review_due(now)),
        action=suggestion_url(process.slug, text.kind, text.id, into) if into else "",
        report_url=_about(f"notices.{text.kind.value}", process.slug, text.kind, text.id, reason="translation"),
        desk_url=url_for("rewording.wording", slug=process.slug, wording_id=shown.id) if shown and moderates else "",
        permission=may_suggest(actor, process, is_public=text.is_public, waiting=waiting, now=now),
    )


def _targets(slug: str, text: Original, targets: tuple[str, ...], into: str) -> tuple[Target, ...]:
    return tuple(
        Target(
            code=code,
            label=language_name(code, shown_in=g.language),
            url=suggestion_url(slug, text.kind, text.id, code),
            current=code == into,
        )
        for code in targets
    )


def _terms(session: Session, process: ProcessOutline, text: Original, into: str) -> tuple[TermLine, ...]:
    """Return the words of the framework that the original uses and that have a name in the other language."""
    source = base_language(text.language)
    words = f"{text.title} {text.text}".casefold()
    found = (
        _term(term, source, into) for term in terms_of(session, process.framework_id) if _stands(term, source, words)
    )
    return tuple(line for line in found if line)[:MOST_TERMS]


def _stands(term: TermView, source: str, words: str) -> bool:
    forms = (term.title.get(source, ""), *term.forms.get(source, ()))
    return any(form and form.casefold() in words for form in forms)


def _term(term: TermView, source: str, into: str) -> TermLine | None:
    if not term.title.get(source) or not term.title.get(into):
        return None
    return TermLine(term.title[source], source, term.title[into], into)
