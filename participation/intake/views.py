"""The pages on which staff upload a file, say what its columns hold, try it out, import it and see what came of it."""

from dataclasses import replace
from functools import partial

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from participation.accounts.guard import current_actor, staff_only
from participation.intake import uploads
from participation.intake.choices import Choices, first_choices
from participation.intake.forms import KINDS, MappingForm, UploadForm, clean_name, mapping_form
from participation.intake.layouts import Layout, layout_by_key
from participation.intake.models import IntakeKind, IntakeState
from participation.intake.pages import (
    ImportsPage,
    Link,
    RunPage,
    failure_of,
    fitting,
    layout_label,
    report_of,
    run_line,
)
from participation.intake.policies import may_keep_mappings
from participation.intake.preview import Preview, preview
from participation.intake.queries import MappingView, RunView, mappings, run_by_id, runs_of
from participation.intake.reasons import in_words
from participation.intake.rows import ImportProblem
from participation.intake.service import add_upload, cancel_run, save_mapping, start_run
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug
from participation.processes.workplace import workplace

blueprint = Blueprint("imports", __name__)
HERE = "/desk/processes/<slug>/imports"
Answer = str | tuple[str, int] | Response
# What stands around a file in a form.
FORM_BYTES = 256 * 1024


@blueprint.url_value_preprocessor
def allow_files(endpoint: str | None, _values: dict[str, str] | None) -> None:
    """Let staff send more than others may: before anything looks into what they send."""
    if endpoint != f"{blueprint.name}.upload" or request.method != "POST" or not may_keep_mappings(current_actor()):
        return
    request.max_content_length = uploads.most_bytes() + FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge


@blueprint.get(HERE)
@staff_only
def overview(slug: str) -> str:
    """Show the form for a file and the imports of the process."""
    return _overview(slug, UploadForm())


@blueprint.post(HERE)
@staff_only
def upload(slug: str) -> Answer:
    """Take a file in, and look what it is."""
    form = UploadForm()
    if not form.validate():
        return _overview(slug, form), UNPROCESSABLE
    process = process_by_slug(db.session(), slug)
    db.session.rollback()
    kept = None
    try:
        kept = uploads.keep(form.file.data.stream, form.file.data.filename)
        kind, choices = _first_look(kept, IntakeKind(form.kind.data) if form.kind.data else None)
        with transaction() as current:
            add_upload(
                current,
                current_actor(),
                process_id=process.id,
                public_id=kept.public_id,
                file_name=kept.file_name,
                size_bytes=kept.size_bytes,
                sha256=kept.sha256,
                kind=kind,
                origin=choices.layout,
                choices=choices.stored(),
                now=clock.now(),
            )
    except (ImportProblem, Refused) as problem:
        if kept:
            uploads.remove(kept.public_id)
        is_file = isinstance(problem, ImportProblem)
        form.file.errors = [in_words(problem.reason.stored())] if is_file else [str(problem.reason)]
        return _overview(slug, form), UNPROCESSABLE
    return redirect(url_for(".run", slug=slug, public_id=kept.public_id), 303)


@blueprint.get(f"{HERE}/<public_id>")
@staff_only
def run(slug: str, public_id: str) -> str:
    """Show one import: what its file looks like, how far it is, or what came of it."""
    wanted = request.args.get("kind", "")
    if wanted and wanted not in {kind.value for kind in IntakeKind}:
        abort(400)
    found = _found(slug, public_id)
    if not found.may_start:
        return _page(slug, found, None, None)
    try:
        seen = _look(found)
    except ImportProblem as problem:
        return _page(slug, found, None, None, reason=in_words(problem.reason.stored()))
    kind, choices = found.kind, found.choices
    if wanted and IntakeKind(wanted) is not kind:
        kind = IntakeKind(wanted)
        choices = first_choices(None, seen.columns, kind)
    if name := request.args.get("mapping"):
        chosen = next((one for one in _mappings(kind, seen) if one.name == name), None)
        if chosen is None:
            abort(404)
        choices = Choices.read(chosen.columns)
    form = mapping_form(kind, seen, layout_by_key(choices.layout))
    form.show(choices, all_or_nothing=found.all_or_nothing)
    return _page(slug, replace(found, kind=kind, choices=choices), seen, form)


@blueprint.post(f"{HERE}/<public_id>")
@staff_only
def start(slug: str, public_id: str) -> Answer:
    """Import a file, try it out, or save what was chosen for it."""
    found = _found(slug, public_id)
    try:
        seen = _look(found)
    except ImportProblem as problem:
        return _page(slug, found, None, None, reason=in_words(problem.reason.stored())), UNPROCESSABLE
    kind, layout = _posted(seen)
    form = mapping_form(kind, seen, layout)
    choices = form.choices_made if form.validate() else found.choices
    shown = replace(found, kind=kind, choices=choices)
    if form.errors or (missing := form.missing()):
        if not form.errors:
            form.first_empty.errors = [missing]
        return _page(slug, shown, seen, form), UNPROCESSABLE
    action = request.form.get("action", "try")
    try:
        if action == "save":
            return _save(slug, public_id, form, choices) or (_page(slug, shown, seen, form), UNPROCESSABLE)
        with transaction() as current:
            start_run(
                current,
                current_actor(),
                process_id=process_by_slug(current, slug).id,
                public_id=public_id,
                kind=kind,
                choices=choices.stored(),
                all_or_nothing=form.all_or_nothing.data,
                is_trial=action != "import",
                now=clock.now(),
            )
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return _page(slug, shown, seen, form), UNPROCESSABLE
    return redirect(url_for(".run", slug=slug, public_id=public_id), 303)


@blueprint.post(f"{HERE}/<public_id>/cancel")
@staff_only
def cancel(slug: str, public_id: str) -> Response:
    """Call off an import, or throw a file away that was not imported."""
    with transaction() as current:
        process_id = process_by_slug(current, slug).id
        called_off = cancel_run(current, current_actor(), process_id=process_id, public_id=public_id, now=clock.now())
        is_over = called_off.state is IntakeState.CANCELLED
    if not is_over:
        flash(_("The trial was stopped. The file is still here."), "success")
        return redirect(url_for(".run", slug=slug, public_id=public_id), 303)
    uploads.remove(public_id)
    flash(_("The import was cancelled and the file deleted."), "success")
    return redirect(url_for(".overview", slug=slug, _anchor="runs"), 303)


def _save(slug: str, public_id: str, form: MappingForm, choices: Choices) -> Answer | None:
    """Save what was chosen under a name; ``None`` where there is none. Raises ``Refused``."""
    try:
        name = clean_name(form.mapping_name.data or "")
    except ValidationError as problem:
        form.mapping_name.errors = [str(problem)]
        return None
    with transaction() as current:
        save_mapping(
            current,
            current_actor(),
            name=name,
            kind=form.intake_kind,
            origin=choices.layout,
            columns=choices.stored(),
            now=clock.now(),
        )
    flash(_("The columns were saved as “%(name)s”.", name=name), "success")
    return redirect(url_for(".run", slug=slug, public_id=public_id, mapping=name, kind=form.intake_kind.value), 303)


def _first_look(kept: uploads.Upload, wanted: IntakeKind | None) -> tuple[IntakeKind, Choices]:
    """Return what a new file brings, and which column holds what; raises ``ImportProblem``."""
    seen = preview(uploads.table_of(kept.public_id, kept.file_name))
    layout = seen.layout if seen.layout and wanted in (None, seen.layout.kind) else None
    if layout:
        return layout.kind, first_choices(layout, seen.columns, layout.kind)
    saved = fitting(mappings(db.session(), current_actor(), wanted), seen.columns)
    db.session.rollback()
    if saved:
        return saved[0].kind, Choices.read(saved[0].columns)
    kind = wanted or IntakeKind.IDEAS
    return kind, first_choices(None, seen.columns, kind)


def _posted(seen: Preview) -> tuple[IntakeKind, Layout | None]:
    """Return for which kind and layout the form was made; what does not fit the file is not believed."""
    kinds = {kind.value: kind for kind in IntakeKind}
    kind = kinds.get(request.form.get("kind", ""))
    if kind is None:
        abort(400)
    layout = layout_by_key(request.form.get("layout", ""))
    return kind, layout if layout and layout.kind is kind and layout.fits(seen.columns) else None


def _found(slug: str, public_id: str) -> RunView:
    return run_by_id(db.session(), current_actor(), process_by_slug(db.session(), slug).id, public_id)


def _look(found: RunView) -> Preview:
    """Return the beginning of the file of an import; raises ``ImportProblem``."""
    wanted = [column for columns in found.choices.columns.values() for column in columns if not column.endswith("/*")]
    file = uploads.table_of(found.public_id, found.file_name)
    try:
        return preview(file, wanted)
    except ImportProblem:
        return preview(file)


def _mappings(kind: IntakeKind, seen: Preview) -> list[MappingView]:
    return fitting(mappings(db.session(), current_actor(), kind), seen.columns)


def _overview(slug: str, form: UploadForm) -> str:
    process = process_by_slug(db.session(), slug)
    runs, has_older = runs_of(db.session(), current_actor(), process.id)
    page = ImportsPage(
        workplace=workplace(current_actor(), process, g.language),
        runs=tuple(run_line(one, g.language) for one in runs),
        is_running=any(one.state is IntakeState.WAITING for one in runs),
        has_older=has_older,
        most_megabytes=current_app.config["IMPORT_MEGABYTES"],
    )
    return render_template("intake/imports.html", page=page, form=form)


def _page(slug: str, found: RunView, seen: Preview | None, form: MappingForm | None, *, reason: str = "") -> str:
    process = process_by_slug(db.session(), slug)
    saved = [one.name for one in _mappings(found.kind, seen)] if seen else []
    own = partial(url_for, ".run", slug=slug, public_id=found.public_id)
    layout = layout_by_key(found.choices.layout)
    page = RunPage(
        workplace=workplace(current_actor(), process, g.language),
        run=found,
        state=found.state.value,
        kind=found.kind,
        kind_label=str(KINDS[found.kind]),
        seen=seen,
        read_as=in_words(seen.description.stored()) if seen else "",
        looks_like=layout_label(layout, g.language),
        report=report_of(found),
        failure=failure_of(found),
        reason=reason,
        takes_left_out=bool(layout and layout.left_out),
        mappings=tuple(Link(name, own(mapping=name, kind=found.kind.value)) for name in saved),
        kinds=tuple(Link(str(name), own(kind=kind.value)) for kind, name in KINDS.items() if kind is not found.kind),
    )
    return render_template("intake/import.html", page=page, form=form)
