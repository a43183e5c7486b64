"""The page on which staff ask for the strategy input as a file, call it off and fetch it."""

from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, staff_only
from participation.exports.files import export_dir, path_of
from participation.exports.forms import ExportForm
from participation.exports.page import exports_page
from participation.exports.service import Expired, cancel_export, record_download, remove_files, request_export
from participation.exports.writers import WRITERS
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Missing, Refused
from participation.multilingual import gettext as _
from participation.processes.queries import process_by_slug

blueprint = Blueprint("exports", __name__)
HERE = "/desk/processes/<slug>/exports"


@blueprint.get(HERE)
@staff_only
def overview(slug: str) -> str:
    """Show the form and the exports of the process."""
    return _page(slug)


@blueprint.post(HERE)
@staff_only
def order(slug: str) -> Response | tuple[str, int]:
    """Ask for a file."""
    form = ExportForm()
    if not form.validate():
        return _page(slug, form), UNPROCESSABLE
    try:
        with transaction() as session:
            request_export(
                session,
                current_actor(),
                process_id=process_by_slug(session, slug).id,
                file_format=form.format.data,
                language=form.language.data,
                options=form.chosen,
                now=clock.now(),
            )
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return _page(slug, form), UNPROCESSABLE
    flash(_("Your file is being written. It will appear in the list below."), "success")
    return redirect(url_for(".overview", slug=slug, _anchor="files"), 303)


@blueprint.post(f"{HERE}/<public_id>/cancel")
@staff_only
def cancel(slug: str, public_id: str) -> Response:
    """Call off an export that is not finished."""
    with transaction() as session:
        process_id = process_by_slug(session, slug).id
        cancel_export(session, current_actor(), process_id=process_id, public_id=public_id, now=clock.now())
    # What was read so far is of no use any more; a worker that is at it finds out by that, or at its next report.
    remove_files(export_dir(), public_id)
    flash(_("The export was cancelled."), "success")
    return redirect(url_for(".overview", slug=slug, _anchor="files"), 303)


@blueprint.post(f"{HERE}/<public_id>")
@staff_only
def download(slug: str, public_id: str) -> Response | tuple[str, int]:
    """Hand out a finished file; a POST, because every download is written down. Who may is looked up each time."""
    try:
        with transaction() as session:
            process_id = process_by_slug(session, slug).id
            export = record_download(
                session, current_actor(), process_id=process_id, public_id=public_id, now=clock.now()
            )
            path, name, writer = path_of(export.public_id, export.format), export.file_name, WRITERS[export.format]
            if not path.exists():
                raise Missing
    except Expired as problem:
        return _page(slug, problem=str(problem.reason)), HTTPStatus.GONE
    response = send_file(
        path, mimetype=writer.mimetype, as_attachment=True, download_name=name, conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "private, no-store"
    # Nobody shall ask later whether it is still the same.
    response.headers.remove("Last-Modified")
    return response


def _page(slug: str, form: ExportForm | None = None, *, problem: str = "") -> str:
    session = db.session()
    process = process_by_slug(session, slug)
    page = exports_page(session, current_actor(), process, language=g.language, now=clock.now())
    formats = {writer.format: writer.label for writer in WRITERS.values()}
    shown = form or ExportForm(paper_number=process.paper_number)
    return render_template("exports/overview.html", page=page, form=shown, formats=formats, problem=problem)
