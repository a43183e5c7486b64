"""Routes of provenance: pages, pictures and data, of a statement down to its ideas and of an idea up to measures."""

from flask import Blueprint, Response, jsonify, render_template, url_for

from participation.accounts.guard import public
from participation.browse.provenance_page import (
    idea_drawing,
    idea_page,
    public_base,
    statement_drawing,
    statement_page,
)
from participation.browse.results_shared import visible_process
from participation.browse.shared import shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.numbers import asked_number
from participation.provenance.prov import named_next, places_of, prov_document
from participation.provenance.queries import lineage_of_idea, part_of_statement

blueprint = Blueprint("provenance", __name__)

STATEMENT = "/processes/<slug>/statements/<int:statement_id>/provenance"
IDEA = "/processes/<slug>/ideas/<int:idea_id>/provenance"
SVG = "image/svg+xml"


@blueprint.get(STATEMENT)
@public
@shared_page
def statement(slug: str, statement_id: int) -> str:
    """Show a statement down to ideas, comments and votes, and what became of it."""
    page = statement_page(db.session(), visible_process(slug), statement_id, now=clock.now())
    return render_template("browse/provenance.html", page=page)


@blueprint.get(f"{STATEMENT}.svg")
@public
@shared_page
def statement_picture(slug: str, statement_id: int) -> Response:
    """Draw a statement with what it rests on and what became of it, as a file."""
    drawing = statement_drawing(db.session(), visible_process(slug), statement_id, now=clock.now())
    return Response(render_template("browse/provenance.svg", drawing=drawing), mimetype=SVG)


@blueprint.get(f"{STATEMENT}.json")
@public
@shared_page
def statement_data(slug: str, statement_id: int) -> Response:
    """Hand out a statement and what it rests on as PROV-JSON, so many ideas at a time."""
    process, after = visible_process(slug), asked_number("after") or 0
    part = part_of_statement(db.session(), process, statement_id, after=after, now=clock.now())
    document = prov_document(part.lineage, places_of(*public_base(), slug))
    if part.next_after is not None:
        address = url_for(".statement_data", slug=slug, statement_id=statement_id, after=part.next_after)
        named_next(document, statement_id, f"{public_base()[0].rstrip('/')}{address}")
    return jsonify(document)


@blueprint.get(IDEA)
@public
@shared_page
def idea(slug: str, idea_id: int) -> str:
    """Show an idea with its votes and comments, and up to what became of it."""
    page = idea_page(db.session(), visible_process(slug), idea_id, now=clock.now())
    return render_template("browse/provenance.html", page=page)


@blueprint.get(f"{IDEA}.svg")
@public
@shared_page
def idea_picture(slug: str, idea_id: int) -> Response:
    """Draw an idea with what became of it, as a file."""
    drawing = idea_drawing(db.session(), visible_process(slug), idea_id, now=clock.now())
    return Response(render_template("browse/provenance.svg", drawing=drawing), mimetype=SVG)


@blueprint.get(f"{IDEA}.json")
@public
@shared_page
def idea_data(slug: str, idea_id: int) -> Response:
    """Hand out an idea and what became of it as PROV-JSON."""
    lineage = lineage_of_idea(db.session(), visible_process(slug), idea_id, now=clock.now())
    return jsonify(prov_document(lineage, places_of(*public_base(), slug)))
