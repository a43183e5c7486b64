"""Where moderators keep the text blocks that they give as reasons."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.moderation.policies import may_keep_blocks
from participation.moderation.text_blocks.forms import TextBlockForm, block_form
from participation.moderation.text_blocks.service import (
    TextBlockView,
    add_text_block,
    block_in,
    blocks_for,
    change_text_block,
    retire_text_block,
)
from participation.moderation.words import ground_label
from participation.multilingual import Phrase, language_name, phrase
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("blocks", __name__)
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One text block in the list; ``is_kept`` says that the reader may change it."""

    id: int
    title: str
    ground: str
    text: Phrase
    languages: str
    is_for_all: bool
    is_kept: bool


@dataclass(frozen=True, slots=True)
class BlocksPage:
    """The text blocks of a process."""

    workplace: Workplace
    blocks: tuple[BlockLine, ...]


@dataclass(frozen=True, slots=True)
class BlockPage:
    """One text block, or (without an id) a new one; ``asks_for_all`` says that it can be offered in all processes."""

    workplace: Workplace
    block_id: int | None
    title: str
    asks_for_all: bool


@blueprint.get("/desk/processes/<slug>/text-blocks")
@moderators_only
def overview(slug: str) -> str:
    """Show the text blocks that can be used in a process."""
    process = process_by_slug(db.session(), slug)
    blocks = tuple(_line(block) for block in blocks_for(db.session(), process.id))
    page = BlocksPage(workplace(current_actor(), process, g.language), blocks)
    return render_template("moderation/text_blocks.html", page=page)


@blueprint.route("/desk/processes/<slug>/text-blocks/new", methods=["GET", "POST"])
@moderators_only
def new(slug: str) -> Page:
    """Write a text block."""
    process = process_by_slug(db.session(), slug)
    form = block_form(current_app.config["LANGUAGES"], g.language)
    if not form.validate_on_submit():
        return _form_page(process, form, None)
    with transaction() as session:
        add_text_block(
            session,
            current_actor(),
            process_id=None if form.for_all.data else process.id,
            draft=form.draft,
            now=clock.now(),
        )
    return _saved(slug)


@blueprint.route("/desk/processes/<slug>/text-blocks/<int:block_id>", methods=["GET", "POST"])
@moderators_only
def edit(slug: str, block_id: int) -> Page:
    """Change a text block."""
    process = process_by_slug(db.session(), slug)
    block = block_in(db.session(), process.id, block_id)
    form = block_form(current_app.config["LANGUAGES"], g.language)
    if not form.is_submitted():
        form.show(block)
    if not form.validate_on_submit():
        return _form_page(process, form, block)
    with transaction() as session:
        change_text_block(
            session, current_actor(), process_id=process.id, block_id=block_id, draft=form.draft, now=clock.now()
        )
    return _saved(slug)


@blueprint.post("/desk/processes/<slug>/text-blocks/<int:block_id>/end")
@moderators_only
def end(slug: str, block_id: int) -> Response:
    """Offer a text block no more."""
    process = process_by_slug(db.session(), slug)
    with transaction() as session:
        retire_text_block(session, current_actor(), process_id=process.id, block_id=block_id, now=clock.now())
    flash(_("The text block is not offered any more. Decisions that used it keep their words."), "success")
    return redirect(url_for(".overview", slug=slug), 303)


def _line(block: TextBlockView) -> BlockLine:
    return BlockLine(
        id=block.id,
        title=block.title,
        ground=ground_label(block.ground, g.language),
        text=phrase(block.texts, g.language),
        languages=", ".join(language_name(code) for code in block.texts),
        is_for_all=block.process_id is None,
        is_kept=bool(may_keep_blocks(current_actor(), block.process_id)),
    )


def _form_page(process: ProcessOutline, form: TextBlockForm, block: TextBlockView | None) -> Page:
    page = BlockPage(
        workplace=workplace(current_actor(), process, g.language),
        block_id=block.id if block else None,
        title=_("Change the text block") if block else _("New text block"),
        asks_for_all=block is None and bool(may_keep_blocks(current_actor(), None)),
    )
    answer = render_template("moderation/text_block.html", page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer


def _saved(slug: str) -> Response:
    flash(_("The text block is saved."), "success")
    return redirect(url_for(".overview", slug=slug), 303)
