"""Where moderators' decisions arrive; what cannot be taken comes back on a page of its own."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.cases.models import SubjectKind
from participation.ideas.redaction import NotFound
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.moderation.deciding_page import ADDRESSES, DecidingPage, deciding_page, thing_in
from participation.moderation.forms import CASE, DECISIONS, IDEA, QUEUE, DecisionForm, RedactionForm
from participation.moderation.models import DecisionKind
from participation.moderation.queue.whereabouts import after_deciding
from participation.moderation.redaction_page import redaction_page
from participation.moderation.service import Subject, decide, redact
from participation.moderation.text_blocks.service import TextBlockView, blocks_for, texts_of
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug

blueprint = Blueprint("moderation", __name__)
CONFLICT = 409
PREVIEW = "preview"
Page = Response | tuple[str, int]


@blueprint.get("/desk/processes/<slug>/<any(ideas, comments, addenda):subject>/<int:number>/decision")
@moderators_only
def decision(slug: str, subject: str, number: int) -> str:
    """Show a contribution with everything that can be decided about it."""
    process = process_by_slug(db.session(), slug)
    page, form, _blocks = _page_and_form(process, ADDRESSES[subject], number)
    form.back.data = IDEA if request.args.get("back") != DECISIONS else DECISIONS
    return render_template("moderation/decision.html", page=page, form=_for_showing(form, page))


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/decision")
@moderators_only
def decide_idea(slug: str, idea_id: int) -> Page:
    """Decide about an idea."""
    return _decide(slug, SubjectKind.IDEA, idea_id)


@blueprint.post("/desk/processes/<slug>/comments/<int:comment_id>/decision")
@moderators_only
def decide_comment(slug: str, comment_id: int) -> Page:
    """Decide about a comment."""
    return _decide(slug, SubjectKind.COMMENT, comment_id)


@blueprint.post("/desk/processes/<slug>/addenda/<int:addendum_id>/decision")
@moderators_only
def decide_addendum(slug: str, addendum_id: int) -> Page:
    """Decide about an addendum."""
    return _decide(slug, SubjectKind.ADDENDUM, addendum_id)


@blueprint.get("/desk/processes/<slug>/ideas/<int:idea_id>/redaction")
@moderators_only
def redaction(slug: str, idea_id: int) -> str:
    """Show the form for taking passages out of an idea."""
    page = redaction_page(db.session(), current_actor(), process_by_slug(db.session(), slug), idea_id)
    return render_template("moderation/redaction.html", page=page, form=RedactionForm().offer(g.language))


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/redaction")
@moderators_only
def take_out(slug: str, idea_id: int) -> Page:
    """Take passages out of an idea, or show first what would become of it."""
    process = process_by_slug(db.session(), slug)
    page = redaction_page(db.session(), current_actor(), process, idea_id)
    form = RedactionForm().offer(g.language)
    if not form.validate():
        return render_template("moderation/redaction.html", page=page, form=form), UNPROCESSABLE
    try:
        if form.step.data == PREVIEW:
            page = redaction_page(db.session(), current_actor(), process, idea_id, passages=form.passages)
            return render_template("moderation/redaction.html", page=page, form=form), 200
        with transaction() as session:
            redact(
                session,
                current_actor(),
                idea_id=idea_id,
                passages=form.passages,
                reason=form.reason.data or "",
                ground=form.ground.data or "",
                now=clock.now(),
            )
    except NotFound as problem:
        form.complain(problem.passages, str(problem.reason))
        return render_template("moderation/redaction.html", page=page, form=form), UNPROCESSABLE
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return render_template("moderation/redaction.html", page=page, form=form), UNPROCESSABLE
    flash(_("It is taken out, and the author will read your reason."), "success")
    return redirect(url_for("desk.idea", slug=slug, idea_id=idea_id), 303)


def _decide(slug: str, kind: SubjectKind, number: int) -> Page:
    process = process_by_slug(db.session(), slug)
    page, form, blocks = _page_and_form(process, kind, number)
    if form.decision.data and form.kind is None:
        # Nothing of ours sends it.
        abort(400)
    if not form.validate():
        return render_template("moderation/decision.html", page=page, form=_for_showing(form, page)), UNPROCESSABLE
    chosen = form.kind
    assert chosen is not None, "a valid form names a decision"
    try:
        with transaction() as session:
            url = _carry_out(session, process, page, form, chosen, blocks)
    except Refused as problem:
        # Somebody else was faster: what was typed stays, and the page shows the state and the text that hold now.
        page = _page_and_form(process, kind, number)[0]
        form.case.data = form.revision.data = form.read.data = ""
        form.form_errors.append(str(problem.reason))
        return render_template("moderation/decision.html", page=page, form=_for_showing(form, page)), CONFLICT
    if form.back.data not in (QUEUE, CASE):
        # Elsewhere the page itself says it, and how to take it back.
        flash(_done(chosen, kind, page.title), "success")
    return redirect(url, 303)


def _carry_out(
    session: Session,
    process: ProcessOutline,
    page: DecidingPage,
    form: DecisionForm,
    kind: DecisionKind,
    blocks: tuple[TextBlockView, ...],
) -> str:
    """Take the decision, and return where to go on."""
    now = clock.now()
    decide(
        session,
        current_actor(),
        subject=Subject(page.kind.value, page.id, form.revision_read, form.read.data or ""),
        kind=kind,
        reason=form.reason.data or "",
        ground=form.ground.data or "",
        block_texts=texts_of(form.chosen(blocks)),
        lasts_until=now + form.duration if kind is DecisionKind.SUSPEND else None,
        case_id=form.case_id,
        opened_at=form.opened_at,
        now=now,
    )
    back = form.back.data
    if back in (QUEUE, CASE):
        return after_deciding(
            session, current_actor(), process, back=back, place=form.place.data, case_id=form.case_id, now=now
        )
    if back == DECISIONS:
        return url_for("desk.decisions", slug=process.slug)
    return url_for("desk.idea", slug=process.slug, idea_id=page.idea_id, _anchor=f"{page.kind.value}-{page.id}")


def _page_and_form(
    process: ProcessOutline, kind: SubjectKind, number: int
) -> tuple[DecidingPage, DecisionForm, tuple[TextBlockView, ...]]:
    session = db.session()
    thing = thing_in(session, process.id, kind, number)
    blocks = blocks_for(session, process.id)
    page = deciding_page(session, current_actor(), process, thing, blocks, now=clock.now())
    return page, DecisionForm().offer(blocks, g.language), blocks


def _for_showing(form: DecisionForm, page: DecidingPage) -> DecisionForm:
    """Offer what is possible now, about the text that the page shows; the time so far counts on."""
    if page.kind is SubjectKind.IDEA:
        form.revision.data = page.read
    elif page.kind is SubjectKind.COMMENT:
        form.read.data = page.read
    form.offer_kinds(page.kinds).prepare()
    return form


def _done(kind: DecisionKind, subject: SubjectKind, title: str) -> str:
    special = {
        DecisionKind.ASK_CHANGE: _("The author is asked for a change and has two weeks for it."),
        DecisionKind.WARN: _("The author gets a warning with your reason."),
        DecisionKind.SUSPEND: _("The author cannot write in this process for now, and will read your reason."),
        DecisionKind.LIFT: _("The author may write again."),
        DecisionKind.KEEP: _("It stays as it is."),
    }
    return str(special.get(kind) or _turned(kind, subject, title))


def _turned(kind: DecisionKind, subject: SubjectKind, title: str) -> str:
    if subject is SubjectKind.IDEA:
        sentences = {
            DecisionKind.PUBLISH: _("“%(title)s” is published.", title=title),
            DecisionKind.HIDE: _("“%(title)s” is hidden; the author will read your reason.", title=title),
            DecisionKind.RESTORE: _("“%(title)s” is public again.", title=title),
        }
    elif subject is SubjectKind.ADDENDUM:
        sentences = {
            DecisionKind.PUBLISH: _("The addendum to “%(title)s” is published.", title=title),
            DecisionKind.HIDE: _(
                "The addendum to “%(title)s” is hidden; its author will read the reason.", title=title
            ),
            DecisionKind.RESTORE: _("The addendum to “%(title)s” is public again.", title=title),
        }
    else:
        sentences = {
            DecisionKind.PUBLISH: _("The comment on “%(title)s” is published.", title=title),
            DecisionKind.HIDE: _("The comment on “%(title)s” is hidden; its author will read the reason.", title=title),
            DecisionKind.RESTORE: _("The comment on “%(title)s” is public again.", title=title),
        }
    return str(sentences[kind])
