"""Routes of legal texts: what holds everywhere, what holds in a process, and all versions of both."""

from collections.abc import Hashable

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from participation.accounts.guard import current_actor, public
from participation.browse.legal_pages import legal_page, version_page, versions_page
from participation.browse.shared import marked_page, outline_of, version_of
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.legal.models import LegalKind
from participation.legal.queries import published_count
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process

blueprint = Blueprint("smallprint", __name__)
IN_PROCESS = "/processes/<slug>"
KIND = "/<any(imprint,privacy,rules):legal_kind>"


def legal_marks(session: Session, slug: str | None = None, **_others: object) -> tuple[Hashable, ...]:
    """Return what legal texts depend on: which versions there are, and how the process is called."""
    return published_count(session), version_of(slug) if slug else 0


@marked_page(legal_marks)
def general_text(legal_kind: str) -> str:
    """Show the text that holds everywhere."""
    return render_template("browse/legal.html", page=legal_page(db.session(), LegalKind(legal_kind), None))


@blueprint.get(f"{IN_PROCESS}{KIND}")
@public
@marked_page(legal_marks)
def current(slug: str, legal_kind: str) -> str:
    """Show the text that holds in a process."""
    process = _visible(slug)
    return render_template("browse/legal.html", page=legal_page(db.session(), LegalKind(legal_kind), process))


@blueprint.get(f"{KIND}/versions", endpoint="versions")
@blueprint.get(f"{IN_PROCESS}{KIND}/versions", endpoint="versions")
@public
@marked_page(legal_marks)
def versions(legal_kind: str, slug: str | None = None) -> str:
    """Show all versions of a text, with the day and what was new."""
    page = versions_page(db.session(), LegalKind(legal_kind), _visible(slug))
    return render_template("browse/legal_versions.html", page=page)


@blueprint.get(f"{KIND}/versions/<int:version>", endpoint="version")
@blueprint.get(f"{IN_PROCESS}{KIND}/versions/<int:version>", endpoint="version")
@public
@marked_page(legal_marks)
def version(legal_kind: str, version: int, slug: str | None = None) -> str:
    """Show one version and what is different from the one before."""
    page = version_page(db.session(), LegalKind(legal_kind), _visible(slug), version)
    return render_template("browse/legal.html", page=page)


def _visible(slug: str | None) -> ProcessOutline | None:
    if slug is None:
        return None
    outline = outline_of(slug)
    if not may_see_process(current_actor(), outline):
        raise Missing
    return outline
