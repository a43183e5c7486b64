"""Routes of open data: its pages, its files while they may be handed out, and the records for catalogues."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, send_file
from rdflib import Graph
from werkzeug.wrappers import Response as BaseResponse

from participation.accounts.guard import current_actor, public
from participation.exports.opendata.pages import catalogue_page, data_page, gone_page
from participation.exports.opendata.places import files_of, public_url
from participation.exports.opendata.policies import opens_data
from participation.exports.opendata.queries import Releases, offers_of, release_at, releases_of
from participation.exports.opendata.records import (
    FORMATS,
    Catalogue,
    Dataset,
    Publisher,
    catalogue_record,
    process_record,
    serialised,
)
from participation.kit import clock
from participation.kit.db import db
from participation.kit.links import short_url
from participation.kit.permissions import Missing
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import all_processes, process_by_slug

blueprint = Blueprint("opendata", __name__)
HERE = "/processes/<slug>/data"
ENDINGS = f"<any({', '.join(FORMATS)}):record_format>"
GONE = 410


def for_programs(view: Callable[..., BaseResponse]) -> Callable[..., BaseResponse]:
    """Let programs on other sites read what a view answers, and nobody keep it without asking whether it still holds.

    What is withdrawn must not be found in any memory on the way.
    """

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> BaseResponse:
        response = view(*args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache, must-revalidate"
        return response

    return inner


@blueprint.get(HERE)
@public
def process(slug: str) -> str:
    """Show what can be downloaded about a process."""
    page = data_page(db.session(), _visible(slug), now=clock.now())
    return render_template("exports/open_data.html", page=page)


@blueprint.get(f"{HERE}/<int:release>/<name>")
@public
@for_programs
def file(slug: str, release: int, name: str) -> BaseResponse:
    """Hand out a file of the current release; of another one, say what became of it."""
    outline = _visible(slug)
    view = release_at(db.session(), outline, release)
    if not view.is_offered:
        return Response(render_template("exports/open_data_gone.html", page=gone_page(outline, view)), GONE)
    found = view.file(name)
    # The name is one of those in the database, so it leads nowhere else.
    path = files_of(view.public_id) / found.name
    if not path.is_file():
        raise Missing
    response = send_file(
        path,
        mimetype=found.media,
        as_attachment=True,
        download_name=name if name.startswith(slug) else f"{slug}-{release}-{name}",
        etag=found.sha256,
        last_modified=view.built_at,
    )
    response.headers["Link"] = f'<{public_url("opendata.process", slug=slug)}>; rel="describedby"'
    return response


@blueprint.get(f"{HERE}/record.{ENDINGS}")
@public
@for_programs
def process_record_file(slug: str, record_format: str) -> BaseResponse:
    """Hand out the record of a process for catalogues."""
    outline = _visible(slug)
    if not opens_data(outline):
        raise Missing
    dataset = _dataset(outline, releases_of(db.session(), outline))
    return _record(process_record(dataset, _publisher()), record_format)


@blueprint.get("/data")
@public
def catalogue() -> str:
    """Show all processes with open data."""
    return render_template("exports/open_data_catalogue.html", page=catalogue_page(db.session(), _open_processes()))


@blueprint.get(f"/data/record.{ENDINGS}")
@public
@for_programs
def catalogue_record_file(record_format: str) -> BaseResponse:
    """Hand out the record of all processes with open data."""
    description, processes = short_url("api.openapi"), _open_processes()
    offers = offers_of(db.session(), processes)
    all_of_it = Catalogue(
        url=public_url("opendata.catalogue"),
        datasets=tuple(_dataset(outline, offers[outline.id]) for outline in processes),
        service_url=description.rpartition("/")[0],
        service_description=description,
        languages=tuple(current_app.config["LANGUAGES"]),
    )
    return _record(catalogue_record(all_of_it, _publisher()), record_format)


def _visible(slug: str) -> ProcessOutline:
    outline = process_by_slug(db.session(), slug)
    if not may_see_process(current_actor(), outline):
        raise Missing
    return outline


def _open_processes() -> list[ProcessOutline]:
    return [outline for outline in all_processes(db.session()) if opens_data(outline)]


def _dataset(outline: ProcessOutline, releases: Releases) -> Dataset:
    return Dataset(
        process=outline,
        releases=releases,
        url=public_url("opendata.process", slug=outline.slug),
        file_url=lambda number, name: public_url("opendata.file", slug=outline.slug, release=number, name=name),
    )


def _publisher() -> Publisher:
    config = current_app.config
    return Publisher(
        name=config["OPERATOR_NAME"],
        email=config["CONTACT_EMAIL"],
        phone=config["CONTACT_PHONE"],
        url=public_url("browse.front"),
        city=config["CITY_NAME"],
        ags=config["CITY_AGS"],
        contributor=config["DCAT_CONTRIBUTOR"],
    )


def _record(graph: Graph, ending: str) -> BaseResponse:
    response = Response(serialised(graph, ending), content_type=f"{FORMATS[ending][1]}; charset=utf-8")
    response.add_etag()
    return response.make_conditional(request)
