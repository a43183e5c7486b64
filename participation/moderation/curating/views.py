"""Where moderators correct what an idea is tagged with, and say that it is answered elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.ideas.models import Idea
from participation.ideas.queries import idea_in
from participation.ideas.tagging import tags_of
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.moderation.curating.forms import CuratingForm, ElsewhereForm, MoveForm
from participation.moderation.curating.traces import current_pointer, target_of
from participation.moderation.models import DecisionKind
from participation.moderation.returning import back_to_case
from participation.moderation.service import Subject, decide
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.principles.queries import EntryView, fields_of, principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("curating", __name__)
CONFLICT = 409
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class CuratingPage:
    """The idea that is put into its place."""

    workplace: Workplace
    idea_id: int
    title: str
    text: str
    language: str
    is_marked: bool


@blueprint.route("/desk/processes/<slug>/ideas/<int:idea_id>/place", methods=["GET", "POST"])
@moderators_only
def move(slug: str, idea_id: int) -> Page:
    """Give an idea other principles or another field of action."""
    process = process_by_slug(db.session(), slug)
    idea = idea_in(db.session(), process.id, idea_id)
    form = move_form(db.session(), process)
    if not form.is_submitted():
        now = tags_of(db.session(), idea)
        return _page(process, idea, form.show(now.principle_ids, now.field_id), "move")
    if not form.validate():
        return _page(process, idea, form, "move", UNPROCESSABLE)
    return _decided(process, idea, form, "move", DecisionKind.MOVE, form.details)


@blueprint.route("/desk/processes/<slug>/ideas/<int:idea_id>/elsewhere", methods=["GET", "POST"])
@moderators_only
def elsewhere(slug: str, idea_id: int) -> Page:
    """Say that an idea is answered in another one or on a page of the city, or no more."""
    process = process_by_slug(db.session(), slug)
    idea = idea_in(db.session(), process.id, idea_id)
    form = ElsewhereForm().for_process(slug)
    if not form.is_submitted():
        return _page(process, idea, form.show(target_of(current_pointer(db.session(), idea_id))), "elsewhere")
    if not form.validate():
        return _page(process, idea, form, "elsewhere", UNPROCESSABLE)
    return _decided(process, idea, form, "elsewhere", DecisionKind.ELSEWHERE, form.details)


def move_form(session: Session, process: ProcessOutline) -> MoveForm:
    """Return the form with what an idea of ``process`` can be tagged with, in the reader's language."""

    def named(entries: tuple[EntryView, ...]) -> list[tuple[int, str]]:
        return [(entry.id, pick(entry.title, g.language)) for entry in entries]

    principles, fields = (find(session, process.framework_id) for find in (principles_of, fields_of))
    return MoveForm().offer(named(principles), named(fields))


def _decided(
    process: ProcessOutline, idea: Idea, form: CuratingForm, name: str, kind: DecisionKind, details: dict[str, Any]
) -> Page:
    actor, now = current_actor(), clock.now()
    try:
        with transaction() as session:
            decide(
                session,
                actor,
                subject=Subject("idea", idea.id),
                kind=kind,
                reason=form.reason.data or "",
                details=details,
                case_id=form.case_id,
                opened_at=form.opened_at,
                now=now,
            )
            onwards = back_to_case(session, actor, process, form, now=now)
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return _page(process, idea, form, name, CONFLICT)
    flash(_said(kind, details, idea.title), "success")
    return redirect(onwards or url_for("desk.idea", slug=process.slug, idea_id=idea.id, _anchor="place"), 303)


def _said(kind: DecisionKind, details: Mapping[str, Any], title: str) -> str:
    if kind is DecisionKind.MOVE:
        return _("The place of “%(title)s” is saved; its history shows what was changed.", title=title)
    if details:
        return _("“%(title)s” is marked as answered elsewhere.", title=title)
    return _("“%(title)s” is not marked as answered elsewhere any more.", title=title)


def _page(process: ProcessOutline, idea: Idea, form: CuratingForm, name: str, status: int = 200) -> Page:
    page = CuratingPage(
        workplace=workplace(current_actor(), process, g.language),
        idea_id=idea.id,
        title=idea.title,
        text=idea.text,
        language=idea.language,
        is_marked=bool(current_pointer(db.session(), idea.id)),
    )
    return render_template(f"moderation/{name}.html", page=page, form=form), status
