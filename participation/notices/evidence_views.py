"""Where moderators hold contributions as evidence, and look at what is held; whoever looks is written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.cases.models import Case
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused, found
from participation.multilingual import gettext as _
from participation.notices.evidence import (
    Access,
    HeldView,
    accesses_to,
    digest_of,
    held_evidence,
    hold_evidence,
    one_held,
    open_evidence,
    written,
)
from participation.notices.forms import EvidenceForm
from participation.notices.subjects import NoticedText, noticed_text
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("evidence", __name__)


@dataclass(frozen=True, slots=True)
class EarlierText:
    """What a contribution said before."""

    title: str
    text: str
    written: datetime


@dataclass(frozen=True, slots=True)
class HeldContent:
    """What evidence says; ``raw`` is just what its digest was taken of."""

    title: str
    text: str
    language: str
    state: str
    author: str
    participant: int
    submitted: datetime
    published: datetime | None
    earlier: tuple[EarlierText, ...]
    raw: str
    is_intact: bool


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """One piece of evidence; ``content`` is there only for whoever has just opened it."""

    workplace: Workplace
    held: HeldView
    accesses: tuple[Access, ...]
    content: HeldContent | None = None


@dataclass(frozen=True, slots=True)
class HoldPage:
    """A contribution that is about to be held."""

    workplace: Workplace
    case_id: int
    title: str
    text: str
    language: str
    days: int


@blueprint.get("/desk/processes/<slug>/evidence")
@moderators_only
def held(slug: str) -> str:
    """List what is and was held."""
    place = _workplace(slug)
    return render_template("notices/evidence.html", workplace=place, held=held_evidence(db.session(), place.process_id))


@blueprint.get("/desk/processes/<slug>/evidence/<int:evidence_id>")
@moderators_only
def entry(slug: str, evidence_id: int) -> str:
    """Show why something is held and who looked at it, not what it says."""
    return render_template("notices/evidence_entry.html", page=_page(db.session(), _workplace(slug), evidence_id))


@blueprint.post("/desk/processes/<slug>/evidence/<int:evidence_id>/opening")
@moderators_only
def open_entry(slug: str, evidence_id: int) -> str:
    """Show what evidence says; no redirect, so that every time it is shown is written down."""
    place = _workplace(slug)
    with transaction() as session:
        evidence = open_evidence(
            session, current_actor(), process_id=place.process_id, evidence_id=evidence_id, now=clock.now()
        )
        content = _content(dict(evidence.snapshot), evidence.digest)
    page = _page(db.session(), place, evidence_id, content=content)
    return render_template("notices/evidence_entry.html", page=page)


@blueprint.route("/desk/processes/<slug>/cases/<int:case_id>/evidence", methods=["GET", "POST"])
@moderators_only
def hold(slug: str, case_id: int) -> str | tuple[str, int] | Response:
    """Hold the contribution that a case is about."""
    place = _workplace(slug)
    case = db.session().get(Case, case_id)
    case = found(case if case and case.process_id == place.process_id else None)
    noticed = noticed_text(db.session(), place.process_id, case.subject_kind, case.subject_id)
    form = EvidenceForm()
    if form.validate_on_submit():
        try:
            return _held(place, case, form)
        except Refused as problem:
            form.form_errors.append(str(problem.reason))
    page = render_template("notices/evidence_hold.html", page=_hold_page(place, case.id, noticed), form=form)
    return (page, UNPROCESSABLE) if form.is_submitted() else page


def _held(place: Workplace, case: Case, form: EvidenceForm) -> Response:
    kind, number = case.subject_kind, case.subject_id
    with transaction() as session:
        evidence = hold_evidence(
            session,
            current_actor(),
            process_id=place.process_id,
            kind=kind,
            subject_id=number,
            reason=form.reason.data or "",
            held_for=timedelta(days=current_app.config["EVIDENCE_DAYS"]),
            now=clock.now(),
        )
        evidence_id = evidence.id
    flash(_("It is held as evidence, whatever becomes of it."), "success")
    return redirect(url_for(".entry", slug=place.slug, evidence_id=evidence_id), 303)


def _hold_page(place: Workplace, case_id: int, noticed: NoticedText) -> HoldPage:
    return HoldPage(
        workplace=place,
        case_id=case_id,
        title=noticed.title,
        text=noticed.thing.text,
        language=noticed.thing.language,
        days=current_app.config["EVIDENCE_DAYS"],
    )


def _page(session: Session, place: Workplace, evidence_id: int, *, content: HeldContent | None = None) -> EvidencePage:
    return EvidencePage(
        workplace=place,
        held=one_held(session, place.process_id, evidence_id),
        accesses=tuple(accesses_to(session, evidence_id)),
        content=content,
    )


def _content(snapshot: dict[str, Any], digest: str) -> HeldContent:
    return HeldContent(
        title=snapshot["title"],
        text=snapshot["text"],
        language=snapshot["language"],
        state=snapshot["state"],
        author=snapshot["author"],
        participant=snapshot["participant"],
        submitted=datetime.fromisoformat(snapshot["submitted"]),
        published=datetime.fromisoformat(snapshot["published"]) if snapshot["published"] else None,
        earlier=tuple(
            EarlierText(one.get("title", ""), one["text"], datetime.fromisoformat(one["written"]))
            for one in snapshot["earlier"]
        ),
        raw=written(snapshot),
        is_intact=digest_of(snapshot) == digest,
    )


def _workplace(slug: str) -> Workplace:
    return workplace(current_actor(), process_by_slug(db.session(), slug), g.language)
