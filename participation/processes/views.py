"""Pages on which admins edit processes and roles, and on which people choose their name in a process."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.actor import Role
from participation.accounts.guard import admins_only, current_actor, signed_in_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.dialect import violated
from participation.kit.forms import UNPROCESSABLE, options
from participation.kit.permissions import Missing, Refused, require
from participation.kit.schema import Translated
from participation.multilingual import Phrase, phrase, pick, reworded
from participation.multilingual import gettext as _
from participation.processes.forms import (
    AFTERWARDS,
    FIRST,
    POINTS,
    POINTS_MOST,
    PhaseForm,
    ProcessEditor,
    ProcessForm,
    PseudonymForm,
    RoleForm,
)
from participation.processes.models import (
    REVIEW_HOURS,
    DataLicence,
    Electorate,
    PhaseKind,
    Process,
    ProcessState,
    RoleGrant,
)
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import (
    RoleHolder,
    account_id_by_email,
    framework_titles,
    participant_of,
    process_by_slug,
    role_holders,
)
from participation.processes.service import (
    PhaseDraft,
    ProcessDraft,
    choose_pseudonym,
    create_process,
    edit_process,
    end_role,
    grant_role,
    set_phases,
)
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("processes", __name__)
Page = str | tuple[str, int] | Response
MOST_PHASES = 20
TEXTS = ("title", "question", "summary", "advice", "next_step", "licence")


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form for a process; ``workplace`` is ``None`` for a new one."""

    workplace: Workplace | None
    timezone: str
    most_phases: bool


@dataclass(frozen=True, slots=True)
class RolesPage:
    """Who holds which role in a process, or everywhere where ``workplace`` is ``None``."""

    workplace: Workplace | None
    holders: tuple[RoleHolder, ...]


@dataclass(frozen=True, slots=True)
class MyNamePage:
    """Where somebody chooses a name for one process; ``current`` is empty before the first contribution."""

    process_title: Phrase
    process_url: str
    current: str


@blueprint.route("/desk/processes/new", methods=["GET", "POST"])
@admins_only
def new() -> Page:
    """Create a process with its phases."""
    editor = _sent_editor() if request.method == "POST" else ProcessEditor(_process_form(), [])
    _offer_frameworks(db.session(), editor)
    if request.method != "POST" or _changes_rows(editor) or not editor.validate():
        return _editor_page(editor, None)
    try:
        with transaction() as session:
            framework_id = int(editor.process.framework.data)
            draft = _process_draft(editor.process, None)
            now = clock.now()
            process = create_process(session, current_actor(), framework_id=framework_id, draft=draft, now=now)
            set_phases(session, current_actor(), process_id=process.id, phases=_phase_drafts(editor), now=now)
    except IntegrityError as error:
        return _address_taken(error, editor, None)
    flash(_("The process is created."), "success")
    return redirect(url_for(".edit", slug=draft.slug), 303)


@blueprint.route("/desk/processes/<slug>/edit", methods=["GET", "POST"])
@admins_only
def edit(slug: str) -> Page:
    """Edit a process with its phases."""
    process = process_by_slug(db.session(), slug)
    editor = _sent_editor(process.phases) if request.method == "POST" else _stored_editor(process)
    _offer_frameworks(db.session(), editor)
    if request.method == "POST":
        # What the process rests on is chosen once; ideas are tagged with it.
        editor.process.framework.data = str(process.framework_id)
    if request.method != "POST" or _changes_rows(editor) or not editor.validate():
        return _editor_page(editor, process)
    draft = _process_draft(editor.process, process)
    try:
        with transaction() as session:
            now = clock.now()
            edit_process(session, current_actor(), process_id=process.id, draft=draft, now=now)
            set_phases(session, current_actor(), process_id=process.id, phases=_phase_drafts(editor), now=now)
    except IntegrityError as error:
        return _address_taken(error, editor, process)
    flash(_("Saved."), "success")
    return redirect(url_for(".edit", slug=draft.slug), 303)


@blueprint.route("/desk/processes/<slug>/roles", methods=["GET", "POST"])
@admins_only
def roles(slug: str) -> Page:
    """Show who holds a role in a process, and give one."""
    return _roles(process_by_slug(db.session(), slug), url_for(".roles", slug=slug))


@blueprint.post("/desk/processes/<slug>/roles/<int:grant_id>/end")
@admins_only
def end(slug: str, grant_id: int) -> Page:
    """Take a role in a process away."""
    process = process_by_slug(db.session(), slug)
    return _end(grant_id, process, url_for(".roles", slug=slug))


@blueprint.route("/desk/roles", methods=["GET", "POST"])
@admins_only
def global_roles() -> Page:
    """Show who holds a role everywhere, and give one."""
    return _roles(None, url_for(".global_roles"))


@blueprint.post("/desk/roles/<int:grant_id>/end")
@admins_only
def end_global(grant_id: int) -> Page:
    """Take a role that holds everywhere away."""
    return _end(grant_id, None, url_for(".global_roles"))


@blueprint.route("/processes/<slug>/my-name", methods=["GET", "POST"])
@signed_in_only
def my_name(slug: str) -> Page:
    """Show and change the name by which the actor is known in a process."""
    process = process_by_slug(db.session(), slug)
    require(may_see_process(current_actor(), process))
    participant = participant_of(db.session(), process_id=process.id, account_id=current_actor().account_id)
    current = participant.pseudonym if participant else ""
    form = PseudonymForm()
    if not form.is_submitted():
        form.pseudonym.data = current
    page = MyNamePage(phrase(process.title, g.language), url_for("browse.process", slug=slug), current)
    if not form.validate_on_submit():
        return _with_status(render_template("processes/my_name.html", page=page, form=form), form.errors)
    name = form.pseudonym.data or ""
    try:
        with transaction() as session:
            choose_pseudonym(
                session,
                current_actor(),
                process_id=process.id,
                pseudonym=name,
                official_names=(current_app.config["CITY_NAME"], current_app.config["OPERATOR_NAME"]),
                now=clock.now(),
            )
    except (Refused, IntegrityError) as problem:
        form.pseudonym.errors = [_name_taken(problem)]
        return _with_status(render_template("processes/my_name.html", page=page, form=form), form.errors)
    flash(_("In this process you are now known as %(name)s.", name=name), "success")
    return redirect(url_for(".my_name", slug=slug), 303)


def _roles(process: ProcessOutline | None, here: str) -> Page:
    form = RoleForm()
    sent = form.validate_on_submit()
    account_id = account_id_by_email(db.session(), form.email.data or "") if sent else None
    if account_id is None:
        if sent:
            form.email.errors = [
                _("There is no confirmed account with this address. The person has to register first.")
            ]
        page = RolesPage(_workplace(process), tuple(role_holders(db.session(), process.id if process else None)))
        return _with_status(render_template("processes/roles.html", page=page, form=form), form.errors)
    with transaction() as session:
        grant_role(
            session,
            current_actor(),
            account_id=account_id,
            role=Role(form.role.data),
            process_id=process.id if process else None,
            now=clock.now(),
        )
    flash(_("The role is given."), "success")
    return redirect(here, 303)


def _end(grant_id: int, process: ProcessOutline | None, here: str) -> Page:
    grant = db.session().get(RoleGrant, grant_id)
    if grant is None or grant.process_id != (process.id if process else None):
        raise Missing
    with transaction() as session:
        end_role(session, current_actor(), grant_id=grant_id, now=clock.now())
    flash(_("The role is taken away."), "success")
    return redirect(here, 303)


def _sent_editor(stored: Sequence[PhaseOutline] = ()) -> ProcessEditor:
    rows = [row for row in request.form.getlist("phase") if row.isdecimal() and len(row) < 4][:MOST_PHASES]
    form_class = PhaseForm.speaking(current_app.config["LANGUAGES"])
    return ProcessEditor(_process_form(), [form_class(prefix=f"phase-{row}") for row in dict.fromkeys(rows)], stored)


def _stored_editor(process: ProcessOutline) -> ProcessEditor:
    form = _process_form()
    for name in TEXTS:
        form.fill(name, getattr(process, name))
    form.slug.data = process.slug
    form.state.data = process.state.value
    form.framework.data = str(process.framework_id)
    form.hides_results.data = process.hides_results
    form.electorate.data = process.electorate.value
    form.measures_time.data = process.measures_time
    form.suggests.data = process.suggests
    form.opens_data.data = process.opens_data
    form.data_licence.data = process.data_licence.value
    form.paper_number.data = process.paper_number
    form_class = PhaseForm.speaking(current_app.config["LANGUAGES"])
    phases = []
    for number, phase in enumerate(process.phases):
        row: PhaseForm = form_class(prefix=f"phase-{number}")
        row.fill("title", phase.title)
        row.fill("description", phase.description)
        row.kind.data = phase.kind.value
        row.starts_at.data = phase.starts_at
        row.ends_at.data = phase.ends_at
        row.allows.data = [capability.value for capability in phase.allows]
        row.points.data, row.points_most.data = phase.points or POINTS, phase.points_most or POINTS_MOST
        row.fill("review_rules", phase.review_rules)
        row.review.data = FIRST if phase.review_first else AFTERWARDS
        row.review_hours.data = phase.review_hours
        row.publishes_itself.data = phase.publishes_itself
        row.known.data = str(phase.id)
        phases.append(row)
    return ProcessEditor(form, phases, process.phases)


def _changes_rows(editor: ProcessEditor) -> bool:
    """Add or remove a phase where that button was pressed; everything typed stays and nothing is saved."""
    if "add-phase" in request.form and len(editor.phases) < MOST_PHASES:
        used = [int(row) for row in request.form.getlist("phase") if row.isdecimal() and len(row) < 4]
        form_class = PhaseForm.speaking(current_app.config["LANGUAGES"])
        editor.add_phase(form_class, f"phase-{max(used, default=-1) + 1}")
        return True
    if gone := request.form.get("remove-phase"):
        editor.phases[:] = [phase for phase in editor.phases if row_of(phase) != gone or editor.has_points(phase)]
        return True
    return False


def row_of(phase: PhaseForm) -> str:
    """Return the number that the fields of a phase carry."""
    return str(phase.kind.name).split("-")[1]


def _process_draft(form: ProcessForm, before: ProcessOutline | None) -> ProcessDraft:
    def text(name: str) -> Translated:
        return reworded(getattr(before, name) if before else {}, form.translated(name))

    return ProcessDraft(
        slug=form.slug.data or "",
        title=text("title"),
        question=text("question"),
        summary=text("summary"),
        advice=text("advice"),
        next_step=text("next_step"),
        licence=text("licence"),
        state=ProcessState(form.state.data),
        hides_results=form.hides_results.data,
        electorate=Electorate(form.electorate.data),
        measures_time=form.measures_time.data,
        suggests=form.suggests.data,
        opens_data=form.opens_data.data,
        data_licence=DataLicence(form.data_licence.data),
        paper_number=form.paper_number.data or "",
    )


def _phase_drafts(editor: ProcessEditor) -> list[PhaseDraft]:
    return [
        PhaseDraft(
            kind=PhaseKind(phase.kind.data),
            title=reworded({}, phase.translated("title")),
            description=reworded({}, phase.translated("description")),
            starts_at=phase.starts_at.data,
            ends_at=phase.ends_at.data,
            allows=phase.capabilities,
            review_first=phase.review_first,
            review_hours=phase.review_hours.data or REVIEW_HOURS,
            review_rules=reworded({}, phase.translated("review_rules")),
            publishes_itself=phase.publishes_itself.data,
            points=phase.limits.points,
            points_most=phase.limits.most,
            id=phase.known_id,
        )
        for phase in editor.phases
    ]


def _process_form() -> ProcessForm:
    form: ProcessForm = ProcessForm.speaking(current_app.config["LANGUAGES"])()
    return form


def _offer_frameworks(session: Session, editor: ProcessEditor) -> None:
    titles = framework_titles(session)
    editor.process.framework.choices = options((str(id_), pick(title, g.language)) for id_, title in titles)


def _editor_page(editor: ProcessEditor, process: ProcessOutline | None) -> Page:
    page = EditPage(_workplace(process), current_app.config["TIMEZONE"], len(editor.phases) >= MOST_PHASES)
    return _with_status(render_template("processes/edit.html", page=page, editor=editor, row_of=row_of), editor.errors)


def _address_taken(error: IntegrityError, editor: ProcessEditor, process: ProcessOutline | None) -> Page:
    if violated(error) != f"uq_{Process.__tablename__}_slug":
        raise error
    editor.process.slug.errors = [_("Another process has this address already.")]
    return _editor_page(editor, process)


def _name_taken(problem: Refused | IntegrityError) -> str:
    if isinstance(problem, Refused):
        return str(problem.reason)
    if violated(problem) != "uq_participant_process_id_pseudonym":
        raise problem
    return str(_("Somebody in this process already has this name. Please choose another one."))


def _workplace(process: ProcessOutline | None) -> Workplace | None:
    return workplace(current_actor(), process, g.language) if process else None


def _with_status(page: str, errors: object) -> Page:
    return (page, UNPROCESSABLE) if errors else page
