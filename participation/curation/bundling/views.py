"""Where moderators put ideas together and take them apart, and where an author takes an idea out of a bundle."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only, signed_in_only
from participation.curation.board.forms import BOARD, IDEA
from participation.curation.board.views import after_filing
from participation.curation.bundling.forms import CANDIDATES, QUEUE, BundleForm, MergeForm, ReturnForm
from participation.curation.bundling.queries import (
    PAGE,
    BundledIdea,
    BundleFigures,
    bundle_id_of,
    bundles_in,
    ended_bundles,
    figures_of,
    members_of,
)
from participation.curation.bundling.service import (
    InSeveral,
    bundle_ideas,
    dissolve,
    merge_bundles,
    put_back,
    take_out,
)
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import facts_about, idea_in
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing, Refused, found
from participation.multilingual import direction, ngettext, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process, may_see_results
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("bundles", __name__)
CONFLICT = 409
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class DeskBundle:
    """A bundle with its ideas in any state; ``figures`` is ``None`` while results are hidden."""

    id: int
    ideas: tuple[BundledIdea, ...]
    figures: BundleFigures | None = None

    @property
    def is_public(self) -> bool:
        """Whether readers see at least one of its ideas."""
        return any(idea.state is IdeaState.PUBLISHED for idea in self.ideas)


@dataclass(frozen=True, slots=True)
class BundlesPage:
    """The bundles of a process, the latest first, and on the first page those that ended lately."""

    workplace: Workplace
    bundles: tuple[DeskBundle, ...]
    ended: tuple[DeskBundle, ...]
    first_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """What was to be done when it could not be done; ``may_merge``: the ideas are in bundles that can be merged."""

    workplace: Workplace
    reason: str
    ideas: tuple[Idea, ...]
    may_merge: bool = False


@dataclass(frozen=True, slots=True)
class ExitPage:
    """An own idea that is about to leave its bundle, and the others in it."""

    slug: str
    title: str
    language: str
    dir: str
    idea_url: str
    ideas_url: str
    process_title: str
    process_url: str
    others: tuple[BundledIdea, ...]


@blueprint.get("/desk/processes/<slug>/bundles")
@moderators_only
def overview(slug: str) -> str:
    """Show the bundles of a process."""
    session, before = db.session(), asked_number("before")
    process = process_by_slug(session, slug)
    ids = bundles_in(session, process.id, before=before)
    page = BundlesPage(
        workplace=workplace(current_actor(), process, g.language),
        bundles=_bundles(session, process, ids[:PAGE]),
        ended=_ended(session, process) if before is None else (),
        first_url=url_for(".overview", slug=slug) if before is not None else "",
        next_url=url_for(".overview", slug=slug, before=ids[PAGE - 1]) if len(ids) > PAGE else "",
    )
    return render_template("curation/bundles.html", page=page)


@blueprint.post("/desk/processes/<slug>/bundles")
@moderators_only
def bundle(slug: str) -> Answer:
    """Put the chosen ideas together."""
    process = process_by_slug(db.session(), slug)
    form = BundleForm()
    if not form.validate():
        return _refused(process, " ".join(form.complaints), form.idea_ids, UNPROCESSABLE)
    try:
        with transaction() as session:
            for idea_id in form.idea_ids:
                idea_in(session, process.id, idea_id)
            bundle_ideas(
                session,
                current_actor(),
                idea_ids=form.idea_ids,
                merging=bool(form.merging.data),
                told_after=time_to_undo(),
                now=clock.now(),
            )
    except InSeveral as problem:
        return _refused(process, str(problem.reason), form.idea_ids, CONFLICT, may_merge=True)
    except Refused as problem:
        return _refused(process, str(problem.reason), form.idea_ids, CONFLICT)
    number = len(form.idea_ids)
    flash(ngettext("%(num)s idea is in the bundle.", "%(num)s ideas are in one bundle.", number), "success")
    return _onwards(slug, form, form.idea_ids[0])


@blueprint.post("/desk/processes/<slug>/bundles/merge")
@moderators_only
def merge(slug: str) -> Answer:
    """Make one of several bundles."""
    process, form = process_by_slug(db.session(), slug), MergeForm()
    if not form.validate():
        return _refused(process, " ".join(form.complaints), (), UNPROCESSABLE)
    try:
        with transaction() as session:
            merge_bundles(
                session,
                current_actor(),
                process_id=process.id,
                bundle_ids=form.bundle_ids,
                told_after=time_to_undo(),
                now=clock.now(),
            )
    except Refused as problem:
        return _refused(process, str(problem.reason), (), CONFLICT)
    flash(_("The bundles are one now. You can undo that below."), "success")
    return _onwards(slug, form, None)


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/bundle-exit")
@moderators_only
def remove(slug: str, idea_id: int) -> Answer:
    """Take an idea out of its bundle."""
    process, form = process_by_slug(db.session(), slug), ReturnForm()
    if not form.validate():
        raise BadRequest
    with transaction() as session:
        take_out(
            session,
            current_actor(),
            process_id=process.id,
            idea_id=idea_id,
            told_after=time_to_undo(),
            now=clock.now(),
        )
    flash(_("The idea is not part of the bundle any more. You can put it back."), "success")
    return _onwards(slug, form, idea_id)


@blueprint.post("/desk/processes/<slug>/bundles/<int:bundle_id>/end")
@moderators_only
def end(slug: str, bundle_id: int) -> Answer:
    """Take all ideas out of a bundle."""
    process, form = process_by_slug(db.session(), slug), ReturnForm()
    if not form.validate():
        raise BadRequest
    with transaction() as session:
        dissolve(
            session,
            current_actor(),
            process_id=process.id,
            bundle_id=bundle_id,
            told_after=time_to_undo(),
            now=clock.now(),
        )
    flash(_("The bundle is dissolved. You can put it together again."), "success")
    return _onwards(slug, form, None)


@blueprint.post("/desk/processes/<slug>/bundle-members/<int:member_id>/return")
@moderators_only
def restore(slug: str, member_id: int) -> Answer:
    """Undo that an idea left a bundle, or that a bundle was dissolved."""
    process, form = process_by_slug(db.session(), slug), ReturnForm()
    if not form.validate():
        raise BadRequest
    try:
        with transaction() as session:
            put_back(
                session,
                current_actor(),
                process_id=process.id,
                member_id=member_id,
                told_after=time_to_undo(),
                now=clock.now(),
            )
    except Refused as problem:
        return _refused(process, str(problem.reason), (), CONFLICT)
    flash(_("The bundle is together again."), "success")
    return _onwards(slug, form, request.form.get("idea", type=int))


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/bundle-exit")
@signed_in_only
def objection(slug: str, idea_id: int) -> str:
    """Ask an author whether the idea is really to leave its bundle."""
    _process, page = _own_exit(db.session(), slug, idea_id)
    return render_template("curation/bundle_exit.html", page=page, form=ReturnForm())


@blueprint.post("/processes/<slug>/ideas/<int:idea_id>/bundle-exit")
@signed_in_only
def leave(slug: str, idea_id: int) -> Response:
    """Take an own idea out of its bundle; moderators do not put it back."""
    process, _page = _own_exit(db.session(), slug, idea_id)
    with transaction() as session:
        take_out(session, current_actor(), process_id=process.id, idea_id=idea_id, now=clock.now())
    flash(_("Your idea stands for itself again."), "success")
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id), 303)


def _own_exit(session: Session, slug: str, idea_id: int) -> tuple[ProcessOutline, ExitPage]:
    process = process_by_slug(session, slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    idea = idea_in(session, process.id, idea_id)
    if not facts_about(session, current_actor(), idea).is_author:
        raise Missing
    bundle_id = found(bundle_id_of(session, idea_id))
    return process, ExitPage(
        slug=slug,
        title=idea.title,
        language=idea.language,
        dir=direction(idea.language),
        idea_url=url_for("browse.idea", slug=slug, idea_id=idea.id),
        ideas_url=url_for("browse.ideas", slug=slug),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        others=tuple(one for one in members_of(session, [bundle_id]) if one.idea_id != idea.id),
    )


def _bundles(session: Session, process: ProcessOutline, bundle_ids: list[int]) -> tuple[DeskBundle, ...]:
    shows_results = bool(may_see_results(process, now=clock.now()))
    inside: dict[int, list[BundledIdea]] = {bundle_id: [] for bundle_id in bundle_ids}
    for idea in members_of(session, bundle_ids, public=False):
        inside[idea.bundle_id].append(idea)
    figures = figures_of(session, bundle_ids) if shows_results else {}
    return tuple(DeskBundle(id_, tuple(ideas), figures.get(id_)) for id_, ideas in inside.items())


def _ended(session: Session, process: ProcessOutline) -> tuple[DeskBundle, ...]:
    ended: dict[int, list[BundledIdea]] = {}
    for idea in ended_bundles(session, process.id):
        ended.setdefault(idea.bundle_id, []).append(idea)
    return tuple(DeskBundle(id_, tuple(ideas)) for id_, ideas in ended.items())


def _refused(
    process: ProcessOutline, reason: str, idea_ids: tuple[int, ...], status: int, *, may_merge: bool = False
) -> tuple[str, int]:
    chosen = (db.session().get(Idea, idea_id) for idea_id in idea_ids)
    page = RefusedPage(
        workplace=workplace(current_actor(), process, g.language),
        reason=reason,
        ideas=tuple(idea for idea in chosen if idea and idea.process_id == process.id),
        may_merge=may_merge,
    )
    return render_template("curation/bundle_refused.html", page=page), status


def _onwards(slug: str, form: ReturnForm, idea_id: int | None) -> Response:
    if form.back.data == IDEA and idea_id:
        return redirect(url_for("desk.idea", slug=slug, idea_id=idea_id, _anchor="bundle"), 303)
    if form.back.data == BOARD:
        return redirect(after_filing(slug, form), 303)
    place = {CANDIDATES: ".candidates", QUEUE: "desk.queue"}.get(form.back.data or "", ".overview")
    return redirect(url_for(place, slug=slug), 303)


def time_to_undo() -> timedelta:
    """Return how long a step can be taken back before authors hear of it."""
    return timedelta(seconds=current_app.config["UNDO_SECONDS"])
