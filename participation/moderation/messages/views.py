"""Where the team writes to authors and authors answer, each on a page of their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only, signed_in_only
from participation.cases.models import SubjectKind
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.limits import limited
from participation.kit.numbers import asked_number
from participation.kit.permissions import Permission, Refused, found
from participation.moderation.messages.conversations import (
    PAGE,
    About,
    MessageView,
    ThreadLine,
    contribution,
    conversation,
    own_conversation,
    own_conversations,
)
from participation.moderation.messages.forms import AnswerForm, ReturnForm, TeamMessageForm
from participation.moderation.messages.policies import may_answer_team, may_write_to_author
from participation.moderation.messages.service import answer_team, facts_of, settle, waits, write_to_author
from participation.moderation.returning import back_to_case
from participation.multilingual import Phrase, direction, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.texts import detect_language, excerpt

blueprint = Blueprint("messages", __name__)
Answer = Response | tuple[str, int]
SUBJECTS = {"ideas": SubjectKind.IDEA, "comments": SubjectKind.COMMENT, "addenda": SubjectKind.ADDENDUM}
EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One message as both sides see it; ``colleague`` is who of the team wrote it, for the team alone."""

    id: int
    from_team: bool
    text: str
    language: str
    when: str
    colleague: str


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A conversation as the team sees it; ``waits`` says that the author's last message has not been settled."""

    workplace: Workplace
    subject: str
    number: int
    about: About
    messages: tuple[Line, ...]
    waits: bool
    may_write: Permission


@dataclass(frozen=True, slots=True)
class OwnThreadPage:
    """A conversation as the author sees it; ``url`` is empty where the contribution is on no page any more."""

    kind: str
    own_text: str
    language: str
    dir: str
    url: str
    process: Phrase
    messages: tuple[Line, ...]
    may_answer: Permission


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """A conversation in the author's list."""

    url: str
    kind: str
    own_text: str
    own_language: str
    process: Phrase
    latest: str
    latest_language: str
    when: str
    from_team: bool
    messages: int


@dataclass(frozen=True, slots=True)
class OwnThreads:
    """A page of one's conversations."""

    entries: tuple[ThreadEntry, ...]
    first_url: str
    next_url: str


@blueprint.get("/desk/processes/<slug>/<any(ideas, comments, addenda):subject>/<int:number>/messages")
@moderators_only
def thread(slug: str, subject: str, number: int) -> str:
    """Show what the team and the author of a contribution wrote to each other, and the form for writing."""
    process = process_by_slug(db.session(), slug)
    form = TeamMessageForm()
    return render_template("moderation/messages.html", page=_thread(process, subject, number), form=form.prepare())


@blueprint.post("/desk/processes/<slug>/<any(ideas, comments, addenda):subject>/<int:number>/messages")
@moderators_only
def write(slug: str, subject: str, number: int) -> Answer:
    """Write to the author."""
    process = process_by_slug(db.session(), slug)
    form = TeamMessageForm()
    if form.validate():
        try:
            onwards = _written(process, subject, number, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
        else:
            flash(_("Your message is sent. The author finds it in the inbox."), "success")
            return _onwards(slug, subject, number, onwards)
    page = _thread(process, subject, number)
    return render_template("moderation/messages.html", page=page, form=form.prepare()), UNPROCESSABLE


@blueprint.post("/desk/processes/<slug>/<any(ideas, comments, addenda):subject>/<int:number>/messages/settled")
@moderators_only
def settled(slug: str, subject: str, number: int) -> Response:
    """Say that the author's last message needs no answer."""
    process, form = process_by_slug(db.session(), slug), ReturnForm()
    if not form.validate():
        raise BadRequest
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        about = contribution(session, process.id, SUBJECTS[subject], number)
        settle(session, actor, about=about, now=now)
        onwards = back_to_case(session, actor, process, form, now=now)
    flash(_("Nothing waits in this conversation any more."), "success")
    return _onwards(slug, subject, number, onwards)


@blueprint.get("/my/messages")
@signed_in_only
def own() -> str:
    """List one's conversations with the team."""
    before = asked_number("before")
    lines = own_conversations(db.session(), found(current_actor().account_id), before=before)
    page = OwnThreads(
        entries=tuple(_entry(line) for line in lines[:PAGE]),
        first_url=url_for(".own") if before is not None else "",
        next_url=url_for(".own", before=lines[PAGE - 1].latest_id) if len(lines) > PAGE else "",
    )
    return render_template("moderation/own_messages.html", page=page)


@blueprint.get("/my/messages/<int:message_id>")
@signed_in_only
def own_thread(message_id: int) -> str:
    """Show a conversation to the author, whichever of its messages is asked for, and the form for answering."""
    page = _own_thread(db.session(), message_id)
    return render_template("moderation/own_message.html", page=page, form=AnswerForm().prepare())


@blueprint.post("/my/messages/<int:message_id>")
@signed_in_only
@limited("message")
def answer(message_id: int) -> Answer:
    """Take the author's answer."""
    form = AnswerForm()
    if form.validate():
        try:
            _answered(message_id, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
        else:
            flash(_("Your answer is sent. The moderation team will read it."), "success")
            return redirect(url_for(".own_thread", message_id=message_id), 303)
    page = _own_thread(db.session(), message_id)
    return render_template("moderation/own_message.html", page=page, form=form.prepare()), UNPROCESSABLE


def _written(process: ProcessOutline, subject: str, number: int, form: TeamMessageForm) -> str | None:
    text, actor, now = form.text.data or "", current_actor(), clock.now()
    with transaction() as session:
        write_to_author(
            session,
            actor,
            about=contribution(session, process.id, SUBJECTS[subject], number),
            text=text,
            language=detect_language(text, default=g.language),
            submission_key=form.key_for(subject, number),
            now=now,
        )
        return back_to_case(session, actor, process, form, now=now)


def _answered(message_id: int, form: AnswerForm) -> None:
    text, now = form.text.data or "", clock.now()
    with transaction() as session:
        own = own_conversation(session, found(current_actor().account_id), message_id)
        answer_team(
            session,
            current_actor(),
            about=own.about,
            text=text,
            language=detect_language(text, default=own.about.language),
            submission_key=form.submission_key.data or "",
            due_at=process_by_slug(session, own.slug).review_due(now),
            now=now,
        )


def _thread(process: ProcessOutline, subject: str, number: int) -> ThreadPage:
    session = db.session()
    about = contribution(session, process.id, SUBJECTS[subject], number)
    messages = conversation(session, about)
    return ThreadPage(
        workplace=workplace(current_actor(), process, g.language),
        subject=subject,
        number=number,
        about=about,
        messages=_lines(messages, for_team=True),
        waits=waits(session, about),
        may_write=may_write_to_author(current_actor(), facts_of(about, [one.from_team for one in messages])),
    )


def _own_thread(session: Session, message_id: int) -> OwnThreadPage:
    own = own_conversation(session, found(current_actor().account_id), message_id)
    about, messages = own.about, conversation(session, own.about)
    own_text = about.title if about.kind is SubjectKind.IDEA else excerpt(about.text, EXCERPT)
    return OwnThreadPage(
        kind=about.kind.value,
        own_text=own_text,
        language=about.language,
        dir=direction(about.language),
        url=_public_url(about, own.slug),
        process=phrase(own.process_title, g.language),
        messages=_lines(messages, for_team=False),
        may_answer=may_answer_team(current_actor(), facts_of(about, [one.from_team for one in messages])),
    )


def _lines(messages: Iterable[MessageView], *, for_team: bool) -> tuple[Line, ...]:
    return tuple(
        Line(one.id, one.from_team, one.text, one.language, moment(one.written_at), one.colleague if for_team else "")
        for one in messages
    )


def _public_url(about: About, slug: str) -> str:
    """Return where the author finds the contribution; an idea that one only commented on may be gone."""
    own_idea = about.kind is not SubjectKind.COMMENT and about.idea_state is not IdeaState.WITHDRAWN
    if not own_idea and about.idea_state is not IdeaState.PUBLISHED:
        return ""
    anchor = None if about.kind is SubjectKind.IDEA else f"{about.kind.value}-{about.id}"
    return url_for("browse.idea", slug=slug, idea_id=about.idea_id, _anchor=anchor)


def _entry(line: ThreadLine) -> ThreadEntry:
    return ThreadEntry(
        url=url_for(".own_thread", message_id=line.first_id, _anchor=f"message-{line.latest_id}"),
        kind=line.kind.value,
        own_text=excerpt(line.own_text, EXCERPT),
        own_language=line.own_language,
        process=phrase(line.process_title, g.language),
        latest=excerpt(line.latest_text, EXCERPT),
        latest_language=line.latest_language,
        when=moment(line.latest_at),
        from_team=line.from_team,
        messages=line.messages,
    )


def _onwards(slug: str, subject: str, number: int, onwards: str | None) -> Response:
    return redirect(onwards or url_for(".thread", slug=slug, subject=subject, number=number), 303)
