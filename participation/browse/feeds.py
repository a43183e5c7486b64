"""Atom feeds of the public lists (RFC 4287): ideas, statements, versions of the document, comments, processes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from markupsafe import Markup

from participation.accounts.actor import ANONYMOUS
from participation.accounts.guard import public
from participation.browse.comment_item import author_of
from participation.browse.document_changes import versions_in_words
from participation.browse.document_words import OVERVIEW as DOCUMENT
from participation.browse.filters import address, list_request
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.browse.surroundings import names_around
from participation.browse.translations import sentence_on, shown_here
from participation.cases.models import SubjectKind
from participation.kit import clock
from participation.kit.db import db
from participation.kit.links import page_url
from participation.kit.permissions import Missing
from participation.listings.ideas import IdeaRow
from participation.listings.names import Names
from participation.listings.recent import (
    RecentComment,
    recent_comments,
    recent_ideas,
    recent_processes,
    recent_statements,
)
from participation.listings.translated import ShownWordings, text_in, title_in, written_idea
from participation.multilingual import Phrase, phrase, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.texts import excerpt, render, render_markup

MOST = 30
MIMETYPE = "application/atom+xml"
# Part of the identifiers, which must never change: when the names below it were first given out.
SINCE = "2026"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

blueprint = Blueprint("feeds", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``content`` is cleaned HTML."""

    id: str
    url: str
    title: str
    language: str
    author: str
    published: datetime
    updated: datetime
    content: Markup
    categories: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its entries, the newest first; ``page_url`` is the list that it follows."""

    id: str
    title: str
    subtitle: str
    feed_url: str
    page_url: str
    author: str
    rights: str
    updated: datetime
    entries: tuple[Entry, ...]


@blueprint.get("/processes.atom")
@public
@shared_page
def processes() -> Response:
    """Answer with the processes."""
    entries = [
        Entry(
            id=tag_of(f"process/{row.slug}"),
            url=page_url("browse.process", language=g.language, slug=row.slug),
            title=(title := phrase(row.title, g.language)).text,
            language=title.language,
            author=current_app.config["OPERATOR_NAME"],
            published=row.created_at,
            updated=row.created_at,
            content=render(f"{pick(row.question, g.language)}\n\n{pick(row.summary, g.language)}"),
        )
        for row in recent_processes(db.session(), most=MOST)
    ]
    return feed_of(_("Processes"), "", "browse.processes", entries)


@blueprint.get("/processes/<slug>/ideas.atom")
@public
@shared_page
def ideas(slug: str) -> Response:
    """Answer with the newest ideas, filtered like the list of which this is the feed."""
    process = followed_process(slug)
    asked = list_request(process, url_for("browse.ideas", slug=slug), now=clock.now())
    filters = {name: value for name, value in asked.query.items() if name not in ("sort", "explain")}
    names = names_around(process)
    rows = recent_ideas(db.session(), process.id, asked.wanted, most=MOST)
    written = (written_idea(row.id, row.language, row.revision) for row in rows)
    shown = shown_here(db.session(), written, announces=False)
    entries = [_idea(process, row, names, shown) for row in rows]
    chosen = ", ".join(chosen.label for chosen in asked.chosen)
    title = _("Ideas: %(process)s", process=pick(process.title, g.language))
    return feed_of(title, chosen, "browse.ideas", entries, process=process, filters=filters)


@blueprint.get("/processes/<slug>/statements.atom")
@public
@shared_page
def statements(slug: str) -> Response:
    """Answer with the statements that go to the council."""
    process = followed_process(slug)
    entries = [
        Entry(
            id=tag_of(f"statement/{row.id}"),
            url=page_url("browse.statement", language=g.language, slug=slug, statement_id=row.id),
            title=excerpt((text := phrase(row.text, g.language)).text),
            language=text.language,
            author=current_app.config["OPERATOR_NAME"],
            published=row.published_at,
            updated=row.published_at,
            content=render(f"{text.text}\n\n{pick(row.reasoning, g.language)}"),
        )
        for row in recent_statements(db.session(), process.id, most=MOST)
    ]
    title = _("Input for the strategy: %(process)s", process=pick(process.title, g.language))
    return feed_of(title, "", "browse.statements", entries, process=process)


@blueprint.get("/processes/<slug>/strategy.atom")
@public
@shared_page
def document(slug: str) -> Response:
    """Answer with the versions of the living document."""
    process = followed_process(slug)
    entries = [
        Entry(
            id=tag_of(f"document/{process.slug}/{version.number}"),
            url=page_url(DOCUMENT, language=g.language, slug=slug, version=version.number, since=version.number - 1),
            title=_("Version %(number)s: %(changes)s", number=version.number, changes=version.changes),
            language=g.language,
            author=current_app.config["OPERATOR_NAME"],
            published=version.made_at,
            updated=version.made_at,
            content=render(version.words),
        )
        for version in versions_in_words(db.session(), process.id, most=MOST)
    ]
    title = _("The living document: %(process)s", process=pick(process.title, g.language))
    return feed_of(title, "", DOCUMENT, entries, process=process)


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>/comments.atom")
@public
@shared_page
def comments(slug: str, idea_id: int) -> Response:
    """Answer with the newest comments on an idea."""
    process = followed_process(slug)
    idea, rows = recent_comments(db.session(), process.id, idea_id, most=MOST)
    written = (written_idea(idea.id, idea.language, idea.revision), *(row.written for row in rows))
    shown = shown_here(db.session(), written, announces=False)
    entries = [
        Entry(
            id=tag_of(f"comment/{row.id}"),
            url=page_url("discussion.comment", language=g.language, slug=slug, idea_id=idea_id, comment_id=row.id),
            title=_("Comment by %(pseudonym)s", pseudonym=(author := author_of(row.voice, row.pseudonym))),
            language=text_of(shown, row).language,
            author=author,
            published=row.published_at,
            updated=row.edited_at or row.published_at,
            content=comment_content(shown, row),
        )
        for row in rows
    ]
    title = _("Comments: %(idea)s", idea=title_in(shown, idea.id, idea.title, idea.language).text)
    return feed_of(title, "", "browse.idea", entries, process=process, idea_id=idea_id)


def text_of(shown: ShownWordings, comment: RecentComment) -> Phrase:
    """Return what a comment says to readers of the feed."""
    return text_in(shown, SubjectKind.COMMENT, comment.id, comment.text, comment.language)


def comment_content(shown: ShownWordings, comment: RecentComment) -> Markup:
    """Return a comment as the content of an entry; below a translated one stands that it is."""
    return render_markup(text_of(shown, comment).text) + _label(shown, SubjectKind.COMMENT, comment.id)


def _label(shown: ShownWordings, kind: SubjectKind, number: int) -> Markup:
    wording = shown.get((kind, number))
    return render(sentence_on(wording)) if wording else Markup()


def _idea(process: ProcessOutline, row: IdeaRow, names: Names, shown: ShownWordings) -> Entry:
    published = row.published_at or row.submitted_at
    text = text_in(shown, SubjectKind.IDEA, row.id, row.text, row.language)
    return Entry(
        id=tag_of(f"idea/{row.id}"),
        url=page_url("browse.idea", language=g.language, slug=process.slug, idea_id=row.id),
        title=title_in(shown, row.id, row.title, row.language).text,
        language=text.language,
        author=row.pseudonym,
        published=published,
        updated=max(published, row.revised_at or published),
        content=render(text.text) + _label(shown, SubjectKind.IDEA, row.id),
        categories=tuple(
            (principle.key, principle.title)
            for key in row.principle_ids
            if (principle := names.principles.get(key)) is not None
        ),
    )


def followed_process(slug: str) -> ProcessOutline:
    """Return the process whose feed is asked for; raises ``Missing`` for one that not everybody may see."""
    process = outline_of(slug)
    # A feed is read by programs without an account: what is for the desk only has none.
    if not may_see_process(ANONYMOUS, process):
        raise Missing
    holds_until(process.next_change(clock.now()))
    return process


def feed_of(
    title: str,
    subtitle: str,
    page: str,
    entries: Iterable[Entry],
    *,
    process: ProcessOutline | None = None,
    filters: dict[str, str] | None = None,
    idea_id: int | None = None,
) -> Response:
    """Return the feed that is asked for, of the page whose endpoint is ``page``."""
    values: dict[str, object] = {"slug": process.slug} if process else {}
    if idea_id is not None:
        values["idea_id"] = idea_id
    endpoint = str(request.endpoint)
    own = address(page_url(endpoint, language=g.language, **values), filters or {})
    listed = tuple(entries)
    feed = Feed(
        id=tag_of(urlsplit(own)._replace(scheme="", netloc="").geturl().lstrip("/")),
        title=title,
        subtitle=subtitle,
        feed_url=own,
        page_url=address(page_url(page, language=g.language, **values), filters or {}),
        author=current_app.config["OPERATOR_NAME"],
        rights=pick(process.licence, g.language) if process else "",
        updated=max((entry.updated for entry in listed), default=LONG_AGO),
        entries=listed,
    )
    return Response(render_template("browse/feed.xml", feed=feed), mimetype=MIMETYPE)


def tag_of(name: str) -> str:
    """Return an identifier that stays the same wherever the entry is shown (RFC 4151)."""
    host = urlsplit(current_app.config["BASE_URL"]).hostname
    return f"tag:{host},{SINCE}:{name}"
