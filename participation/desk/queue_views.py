"""The queue and single cases: what waits, what is done about several at once, and how cases stand just now."""

from collections.abc import Sequence

from flask import Response, abort, g, jsonify, render_template, request
from sqlalchemy.orm import Session

from participation.accounts.guard import current_actor, moderators_only
from participation.desk.case_panel import block_choices, case_panel, ground_choices
from participation.desk.queries.queue import PrincipleChoice, QueuePage, principle_choices, queue_page
from participation.desk.queries.undo import taken_together
from participation.desk.views import blueprint
from participation.desk.words import DeskWords
from participation.kit import clock
from participation.kit.db import db
from participation.kit.forms import UNPROCESSABLE
from participation.kit.numbers import asked_number, whole_number
from participation.moderation.grounds import GroundKind, ground_by_key
from participation.moderation.models import Automation
from participation.moderation.policies import may_say_why
from participation.moderation.queue.bulk import (
    MOST_AT_ONCE,
    BulkDecision,
    BulkResult,
    Wanted,
    decide_all,
    undo_all,
    wanted_from,
)
from participation.moderation.queue.filters import UnknownFilter, queue_filter
from participation.moderation.queue.forms import BulkForm, UndoForm
from participation.moderation.queue.holds import statuses
from participation.moderation.queue.keys import decode_place, encode_place
from participation.moderation.queue.listing import backlogs
from participation.moderation.queue.whereabouts import Whereabouts, whereabouts_in
from participation.moderation.rewording.service import UndoableWording, undoable_wording
from participation.moderation.rewording.views import JUST_DECIDED
from participation.moderation.text_blocks.service import blocks_for, texts_of
from participation.moderation.undoing import undoable
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug

# The queue is one of the work places; whoever registers them takes it along with this module.
__all__ = ["blueprint"]
MOST_LOOKED_AT = 200


@blueprint.get("/desk/processes/<slug>/queue")
@moderators_only
def queue(slug: str) -> str:
    """Show what waits for a decision, urgent and oldest promise first, and one case in full beside."""
    process = process_by_slug(db.session(), slug)
    principles = principle_choices(db.session(), process, g.language)
    return _queue(process, _where_asked(process, principles), case_id=asked_number("case"), principles=principles)


@blueprint.get("/desk/processes/<slug>/queue/state")
@moderators_only
def queue_state(slug: str) -> Response:
    """Say how some cases stand just now: open, and with whom."""
    session, actor, now = db.session(), current_actor(), clock.now()
    process = process_by_slug(session, slug)
    parts = request.args.get("cases", "").split(",")[:MOST_LOOKED_AT]
    wanted = [number for number in map(whole_number, parts) if number is not None]
    cases = [
        {
            "id": status.case_id,
            "open": status.is_open,
            "held_by": status.held_by,
            "sentence": _held_sentence(status.held_by) if status.held_by else "",
        }
        for status in statuses(session, actor, process_id=process.id, case_ids=wanted, now=now)
    ]
    return jsonify(cases=cases, waiting=backlogs(session, [process.id], now=now)[process.id].whole)


@blueprint.get("/desk/processes/<slug>/cases/<int:case_id>")
@moderators_only
def case(slug: str, case_id: int) -> str:
    """Show one case with everything about it, to decide there."""
    session, actor, now = db.session(), current_actor(), clock.now()
    process = process_by_slug(session, slug)
    where = _where_asked(process, principle_choices(session, process, g.language))
    panel = case_panel(session, actor, process, case_id=case_id, where=where, language=g.language, now=now)
    return render_template(
        "desk/case.html",
        panel=panel,
        undoable=undoable(session, actor, process.id, now),
        reworded=_reworded(process),
        words=DeskWords(g.language),
    )


@blueprint.post("/desk/processes/<slug>/queue/decisions")
@moderators_only
def decide_several(slug: str) -> tuple[str, int]:
    """Decide about several cases, each for itself, and say what became of each."""
    session, actor, now = db.session(), current_actor(), clock.now()
    process, form = process_by_slug(session, slug), BulkForm()
    fine = form.validate()
    if form.decision.errors or form.back.errors:
        # No button of ours sends it.
        abort(400)
    where = whereabouts_in(session, process, form.place.data)
    wanted = _wanted(form)
    decision = _decision(session, process, form)
    given = may_say_why(
        decision.kind,
        has_ground=bool(decision.ground),
        has_facts=bool(decision.reason or decision.block_texts),
        automation=Automation.NONE,
    )
    if not wanted:
        form.form_errors.append(_("Please choose what you want to decide about."))
    elif fine and not given:
        form.form_errors.append(str(given.reason))
    if form.errors:
        return _queue(process, where, refused=form), UNPROCESSABLE
    done = decide_all(actor, process_id=process.id, wanted=wanted, decision=decision, now=now)
    return _queue(process, where, done=done), 200


@blueprint.post("/desk/processes/<slug>/queue/undo")
@moderators_only
def undo_several(slug: str) -> tuple[str, int]:
    """Take back what was decided in one go, each for itself, and say what became of each."""
    session, actor = db.session(), current_actor()
    process, form = process_by_slug(session, slug), UndoForm()
    if not form.validate() or form.decision_id is None:
        abort(400)
    where = whereabouts_in(session, process, form.place.data)
    together = taken_together(session, actor, process.id, form.decision_id)[:MOST_AT_ONCE]
    done = undo_all(actor, process_id=process.id, decision_ids=together, now=clock.now())
    return _queue(process, where, done=done, is_undone=True), 200


def _queue(
    process: ProcessOutline,
    where: Whereabouts,
    *,
    case_id: int | None = None,
    principles: tuple[PrincipleChoice, ...] | None = None,
    done: Sequence[BulkResult] = (),
    is_undone: bool = False,
    refused: BulkForm | None = None,
) -> str:
    session, actor, now = db.session(), current_actor(), clock.now()
    after = decode_place(where.after)
    page = queue_page(
        session,
        actor,
        process,
        wanted=where.wanted,
        after=after,
        principles=principles,
        language=g.language,
        now=now,
    )
    opened = case_id or _first(page)
    panel = (
        case_panel(session, actor, process, case_id=opened, where=where, language=g.language, now=now, beside=page)
        if opened and page.groups
        else None
    )
    return render_template(
        "desk/queue.html",
        page=page,
        where=where,
        panel=panel,
        done=done,
        is_undone=is_undone,
        refused=refused,
        blocks=block_choices(session, process.id, g.language) if panel is None else panel.blocks,
        rules=ground_choices(GroundKind.RULE, g.language),
        laws=ground_choices(GroundKind.LAW, g.language),
        undoable=None if done else undoable(session, actor, process.id, now),
        reworded=None if done else _reworded(process),
        words=DeskWords(g.language),
        now=now,
    )


def _reworded(process: ProcessOutline) -> UndoableWording | None:
    """Return what was decided last about a wording, where the address says so and it can still be taken back."""
    number, now = asked_number(JUST_DECIDED), clock.now()
    if number is None:
        return None
    return undoable_wording(db.session(), current_actor(), process_id=process.id, wording_id=number, now=now)


def _first(page: QueuePage) -> int | None:
    free = [item.case_id for item in page.items if not item.held_by]
    return next(iter(free or [item.case_id for item in page.items]), None)


def _where_asked(process: ProcessOutline, principles: Sequence[PrincipleChoice]) -> Whereabouts:
    try:
        wanted = queue_filter(request.args, principle_ids={principle.id for principle in principles})
    except UnknownFilter:
        abort(400)
    return Whereabouts(process.slug, wanted, encode_place(decode_place(request.args.get("after"))))


def _wanted(form: BulkForm) -> tuple[Wanted, ...]:
    try:
        return wanted_from(form.tokens)
    except ValueError:
        abort(400)


def _decision(session: Session, process: ProcessOutline, form: BulkForm) -> BulkDecision:
    chosen = [block for block in blocks_for(session, process.id) if block.id in form.block_ids]
    ground = ground_by_key(form.ground.data or "")
    key = ground.key if ground else next((block.ground for block in chosen if block.ground), "")
    return BulkDecision(kind=form.kind, reason=form.reason.data or "", ground=key, block_texts=texts_of(chosen))


def _held_sentence(colleague: str) -> str:
    return _("%(colleague)s is working on it at the moment.", colleague=colleague)
