"""Provenance: where a statement comes from and what became of an idea, as W3C PROV; the same as on its pages."""

from typing import Any

from flask import current_app

from participation.api.asked import ProvenanceAsked
from participation.api.blueprint import reading, visible_process
from participation.api.ideas import IDEA
from participation.api.outcome_shapes import Provenance
from participation.api.paging import next_address
from participation.api.statements import STATEMENT
from participation.kit import clock
from participation.kit.db import db
from participation.provenance.prov import Places, named_next, places_of, prov_document
from participation.provenance.queries import lineage_of_idea, part_of_statement


@reading(f"{STATEMENT}/provenance", Provenance, asks=ProvenanceAsked)
def statement_provenance(asked: dict[str, Any], slug: str, statement_id: int) -> dict[str, Any]:
    """Return what a public statement rests on, so many ideas at a time, and what became of it."""
    outline = visible_process(slug)
    part = part_of_statement(db.session(), outline, statement_id, after=asked["after"], now=clock.now())
    document = prov_document(part.lineage, _places(slug))
    if address := next_address(part.next_after):
        named_next(document, statement_id, address)
    return document


@reading(f"{IDEA}/provenance", Provenance)
def idea_provenance(_asked: dict[str, Any], slug: str, idea_id: int) -> dict[str, Any]:
    """Return what a public idea rests on and what became of it."""
    outline = visible_process(slug)
    return prov_document(lineage_of_idea(db.session(), outline, idea_id, now=clock.now()), _places(slug))


def _places(slug: str) -> Places:
    # The same for all readers, whatever their language: names in data do not change.
    return places_of(current_app.config["PUBLIC_URL"], current_app.config["BABEL_DEFAULT_LOCALE"], slug)
