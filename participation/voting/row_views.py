"""Taking the answers of somebody who votes in a row, and leading on to the next idea."""

from dataclasses import replace
from datetime import datetime
from random import SystemRandom

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.actor import Actor
from participation.accounts.guard import current_actor, signed_in_only
from participation.ideas.models import IdeaState
from participation.ideas.queries import idea_in
from participation.ideas.revisions import TextChanged
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import opened_at
from participation.kit.permissions import Missing
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process, may_see_results
from participation.processes.queries import participant_of, process_by_slug
from participation.voting.answers import WITHDRAW, read_revision, read_stance
from participation.voting.changed_page import changed_page
from participation.voting.models import Stance
from participation.voting.next_idea import next_idea
from participation.voting.service import cast_vote
from participation.voting.skips import forget_skips, skip_idea, take_back
from participation.voting.views import CONFLICT, blueprint

SKIP = "skip"


@blueprint.post("/processes/<slug>/vote/<int:idea_id>")
@signed_in_only
def row_answer(slug: str, idea_id: int) -> Response | tuple[str, int]:
    """Store a stance or a skip and lead to the next idea; taking it back leads to the same one again."""
    answer, revision = request.form.get("stance", ""), read_revision(request.form.get("revision", ""))
    stance = None if answer == SKIP else read_stance(answer)
    process, actor, now = _visible(slug), current_actor(), clock.now()
    if _is_gone(db.session(), process.id, idea_id):
        flash(_("That idea is not public any more. Here is the next one."), "info")
        return _onward(actor, process, now)
    try:
        _store(actor, slug, idea_id, answer, stance, revision, now)
    except TextChanged:
        page = changed_page(db.session(), actor, process, idea_id, seen=revision, wanted=stance, now=now)
        page = replace(page, action=url_for("voting.row_answer", slug=slug, idea_id=idea_id))
        return render_template("voting/changed.html", page=page), CONFLICT
    if answer == WITHDRAW:
        flash(_("Taken back. Nothing is stored about this idea now."), "info")
        return redirect(url_for("voting.row_idea", slug=slug, idea_id=idea_id), 303)
    return _onward(actor, process, now, after=idea_id)


@blueprint.post("/processes/<slug>/vote/again")
@signed_in_only
def row_again(slug: str) -> Response:
    """Let the ideas come again that were skipped."""
    process = _visible(slug)
    with transaction() as session:
        forget_skips(session, current_actor(), process_id=process.id)
    return _onward(current_actor(), process, clock.now())


def next_url(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    now: datetime,
    after: int | None = None,
    left: int | None = None,
) -> str | None:
    """Return the address of the idea that comes next; ``None`` when there is none left.

    ``after`` is the idea that was answered just before, ``left`` one that was not answered.
    """
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    choice = next_idea(
        session,
        process_id=process.id,
        participant_id=participant.id if participant else None,
        random=SystemRandom(),
        results_hidden=not may_see_results(process, now=now),
        left_out=left,
    )
    if choice is None:
        return None
    address = url_for(
        "voting.row_idea", slug=process.slug, idea_id=choice.idea_id, why=choice.reason.value, after=after
    )
    return str(address)


def _onward(actor: Actor, process: ProcessOutline, now: datetime, *, after: int | None = None) -> Response:
    # Where there is none left the page of the row says so.
    url = next_url(db.session(), actor, process, now=now, after=after)
    return redirect(url or url_for("voting.row", slug=process.slug, after=after), 303)


def _visible(slug: str) -> ProcessOutline:
    process = process_by_slug(db.session(), slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    return process


def _store(
    actor: Actor, slug: str, idea_id: int, answer: str, stance: Stance | None, revision: int, now: datetime
) -> None:
    opened = opened_at(request.form.get("opened", ""))
    with transaction() as session:
        if answer == SKIP:
            skip_idea(session, actor, slug=slug, idea_id=idea_id, now=now, opened_at=opened)
        elif answer == WITHDRAW:
            take_back(session, actor, slug=slug, idea_id=idea_id, revision=revision, now=now, opened_at=opened)
        else:
            cast_vote(
                session,
                actor,
                slug=slug,
                idea_id=idea_id,
                stance=stance,
                revision=revision,
                now=now,
                opened_at=opened,
            )


def _is_gone(session: Session, process_id: int, idea_id: int) -> bool:
    """Return whether an idea was public and is no more."""
    idea = idea_in(session, process_id, idea_id)
    return idea.state is not IdeaState.PUBLISHED and idea.published_at is not None
