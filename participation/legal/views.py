"""Where legal texts are written and published, and where people agree to new ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.agreeing import ids_in, joined
from participation.accounts.guard import current_actor, signed_in_only, staff_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.destinations import own_path
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Permission, found, require
from participation.legal.consent_page import consent_page
from participation.legal.forms import ConsentForm, LegalForm, StampForm, legal_form
from participation.legal.models import LegalKind
from participation.legal.pages import (
    Comparison,
    TextShown,
    comparison,
    page_url,
    text_shown,
    title_of,
)
from participation.legal.policies import may_write_legal
from participation.legal.product import product_text
from participation.legal.queries import (
    Draft,
    LegalVersion,
    VersionLine,
    draft_of,
    holding_text,
    owed_texts,
    version_lines,
)
from participation.legal.service import (
    ChangedMeanwhile,
    Wording,
    agree,
    discard_draft,
    lead_back,
    publish_draft,
    save_draft,
)
from participation.multilingual import Phrase, language_name, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, moment
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug, process_id_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("legal", __name__)
Page = str | tuple[str, int] | Response
GENERAL, PLACE = "/desk/legal", "/desk/processes/<slug>/legal"
KIND = "<any(imprint,privacy,rules):legal_kind>"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A legal text in the overview: what holds, which versions there are, and whether one is being written.

    ``own_number`` is that of the version with which a process stands apart from what holds everywhere.
    """

    kind: LegalKind
    title: str
    holds: str
    read_url: str
    versions: tuple[VersionLine, ...]
    drafted: str
    own_number: int | None
    may_write: Permission


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The legal texts of a process, or (without a ``workplace``) those that hold everywhere."""

    workplace: Workplace | None
    slug: str | None
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class WritingPage:
    """The form for the next version of a text."""

    workplace: Workplace | None
    slug: str | None
    kind: LegalKind
    title: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class LanguageTab:
    """The draft in another of its languages."""

    label: str
    url: str
    current: bool
    count: None = None


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A draft as readers will see it, and what is different from what holds now.

    ``lacking`` names the languages without a text, ``unchanged`` those whose text is the same as now while others are
    not: a translation that nobody thought of.
    """

    workplace: Workplace | None
    slug: str | None
    kind: LegalKind
    title: str
    text: TextShown
    languages: tuple[LanguageTab, ...]
    lacking: str
    unchanged: str
    changes: Phrase
    changed: Comparison | None
    asks_consent: bool


@blueprint.get(GENERAL, endpoint="overview")
@blueprint.get(PLACE, endpoint="overview")
@staff_only
def overview(slug: str | None = None) -> str:
    """Show the legal texts of a place with their versions."""
    process = _process(slug)
    lines = tuple(_line(db.session(), kind, process) for kind in LegalKind)
    return render_template("legal/overview.html", page=OverviewPage(_workplace(process), slug, lines))


@blueprint.route(f"{GENERAL}/{KIND}", methods=["GET", "POST"], endpoint="edit")
@blueprint.route(f"{PLACE}/{KIND}", methods=["GET", "POST"], endpoint="edit")
@staff_only
def edit(legal_kind: str, slug: str | None = None) -> Page:
    """Write the next version; it begins with what holds now."""
    kind, process, place = _asked(legal_kind, slug)
    draft = draft_of(db.session(), kind, place)
    before = _begun_with(db.session(), kind, place, draft)
    form = legal_form(current_app.config["LANGUAGES"], kind)
    if not form.is_submitted():
        form.show(before, draft.stamp if draft else "")
    if not form.validate_on_submit():
        return _writing(form, kind, process, draft)
    try:
        with transaction() as session:
            save_draft(
                session,
                current_actor(),
                kind=kind,
                process_id=place,
                wording=form.wording(before),
                seen=form.stamp.data or "",
                now=clock.now(),
            )
    except ChangedMeanwhile as problem:
        form.form_errors.append(str(problem.reason))
        return _writing(form, kind, process, draft)
    flash(_("The draft is saved. Nobody sees it yet."), "success")
    return redirect(url_for(".preview", legal_kind=legal_kind, slug=slug), 303)


@blueprint.get(f"{GENERAL}/{KIND}/preview", endpoint="preview")
@blueprint.get(f"{PLACE}/{KIND}/preview", endpoint="preview")
@staff_only
def preview(legal_kind: str, slug: str | None = None) -> Page:
    """Show the draft as readers will see it."""
    kind, process, place = _asked(legal_kind, slug)
    return _preview(kind, process, found(draft_of(db.session(), kind, place)))


@blueprint.post(f"{GENERAL}/{KIND}/publish", endpoint="publish")
@blueprint.post(f"{PLACE}/{KIND}/publish", endpoint="publish")
@staff_only
def publish(legal_kind: str, slug: str | None = None) -> Page:
    """Let the draft hold from now on."""
    kind, process, place = _asked(legal_kind, slug)
    form = StampForm()
    try:
        with transaction() as session:
            text = publish_draft(
                session, current_actor(), kind=kind, process_id=place, seen=form.stamp.data or "", now=clock.now()
            )
            number = text.number
    except ChangedMeanwhile as problem:
        return _again(kind, process, place, str(problem.reason))
    flash(_("Version %(number)s holds from now on.", number=number), "success")
    return redirect(url_for(".overview", slug=slug), 303)


@blueprint.post(f"{GENERAL}/{KIND}/discard", endpoint="discard")
@blueprint.post(f"{PLACE}/{KIND}/discard", endpoint="discard")
@staff_only
def discard(legal_kind: str, slug: str | None = None) -> Page:
    """Throw the draft away."""
    kind, process, place = _asked(legal_kind, slug)
    form = StampForm()
    try:
        with transaction() as session:
            discard_draft(
                session, current_actor(), kind=kind, process_id=place, seen=form.stamp.data or "", now=clock.now()
            )
    except ChangedMeanwhile as problem:
        return _again(kind, process, place, str(problem.reason))
    flash(_("The draft is thrown away."), "success")
    return redirect(url_for(".overview", slug=slug), 303)


@blueprint.post(f"{PLACE}/{KIND}/general")
@staff_only
def general(legal_kind: str, slug: str) -> Page:
    """Let what holds everywhere hold in a process again."""
    kind, _outline, place = _asked(legal_kind, slug)
    form = StampForm()
    try:
        with transaction() as session:
            lead_back(
                session,
                current_actor(),
                kind=kind,
                process_id=found(place),
                seen=form.stamp.data or "",
                now=clock.now(),
            )
    except ChangedMeanwhile as problem:
        flash(str(problem.reason), "warning")
    else:
        flash(_("What holds everywhere holds here, too."), "success")
    return redirect(url_for(".overview", slug=slug), 303)


@blueprint.route("/my/consent", methods=["GET", "POST"])
@signed_in_only
def consent() -> Page:
    """Show what is new in rules and privacy notices, and take that somebody agrees."""
    form, account_id = ConsentForm(), current_actor().account_id or 0
    form.next.data = own_path(form.next.data if form.is_submitted() else request.args.get("next"))
    slug = request.args.get("process", "")
    process_id = process_id_by_slug(db.session(), slug) if slug else None
    owed = owed_texts(db.session(), account_id, process_id=process_id)
    if not form.validate_on_submit():
        form.shown.data = joined(one.version.id for one in owed)
        page = consent_page(owed, form.next.data or "")
        answer = render_template("legal/consent.html", page=page, form=form)
        return (answer, UNPROCESSABLE) if form.errors else answer
    with transaction() as session:
        agree(session, account_id=account_id, text_ids=ids_in(form.shown.data), now=clock.now())
    flash(_("Thank you. You can go on now."), "success")
    return redirect(form.next.data or url_for("accounts.account"), 303)


def _asked(legal_kind: str, slug: str | None) -> tuple[LegalKind, ProcessOutline | None, int | None]:
    """Return which text of which place an address means; refuses whoever may not write it."""
    process = _process(slug)
    kind, place = LegalKind(legal_kind), process.id if process else None
    require(may_write_legal(current_actor(), kind, place))
    return kind, process, place


def _process(slug: str | None) -> ProcessOutline | None:
    return process_by_slug(db.session(), slug) if slug else None


def _workplace(process: ProcessOutline | None) -> Workplace | None:
    return workplace(current_actor(), process, g.language) if process else None


def _line(session: Session, kind: LegalKind, process: ProcessOutline | None) -> TextLine:
    place = process.id if process else None
    holding, draft = holding_text(session, kind, place), draft_of(session, kind, place)
    return TextLine(
        kind=kind,
        title=title_of(kind),
        holds=_holds(holding, place),
        read_url=page_url(kind, process.slug if process else None),
        versions=version_lines(session, kind, place),
        drafted=moment(draft.written_at) if draft else "",
        own_number=holding.number if holding and place and holding.process_id == place else None,
        may_write=may_write_legal(current_actor(), kind, place),
    )


def _holds(holding: LegalVersion | None, place: int | None) -> str:
    if holding is None:
        return _("The text that came with the platform holds.")
    values = {"number": holding.number, "day": day(holding.published_at)}
    if holding.process_id == place:
        return _("Version %(number)s holds since %(day)s.", **values)
    return _("The text that holds everywhere does here, too: version %(number)s of %(day)s.", **values)


def _begun_with(session: Session, kind: LegalKind, place: int | None, draft: Draft | None) -> Wording:
    """Return what somebody goes on writing: the draft, else what holds now."""
    if draft:
        return Wording(draft.text, draft.changes, draft.asks_consent)
    return Wording(_text_now(session, kind, place), {}, asks_consent=False)


def _text_now(session: Session, kind: LegalKind, place: int | None) -> dict[str, str]:
    holding = holding_text(session, kind, place)
    return holding.text if holding else product_text(kind)


def _writing(form: LegalForm, kind: LegalKind, process: ProcessOutline | None, draft: Draft | None) -> Page:
    slug = process.slug if process else None
    page = WritingPage(_workplace(process), slug, kind, title_of(kind), draft is not None)
    answer = render_template("legal/edit.html", page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer


def _preview(kind: LegalKind, process: ProcessOutline | None, draft: Draft) -> Page:
    language = request.args.get("text", g.language)
    if language not in current_app.config["LANGUAGES"]:
        abort(400)
    slug = process.slug if process else None
    shown = text_shown(draft.text, language)
    languages = current_app.config["LANGUAGES"]
    now = _text_now(db.session(), kind, process.id if process else None)
    same = [code for code in languages if code in draft.text and draft.text[code] == now.get(code)]
    page = PreviewPage(
        workplace=_workplace(process),
        slug=slug,
        kind=kind,
        title=title_of(kind),
        text=shown,
        languages=tuple(
            LanguageTab(
                language_name(code, shown_in=g.language),
                url_for(".preview", legal_kind=kind.value, text=code, slug=slug),
                code == shown.language,
            )
            for code in languages
            if code in draft.text
        ),
        lacking=_named(code for code in languages if code not in draft.text),
        unchanged=_named(same) if draft.text != now else "",
        changes=phrase(draft.changes, shown.language),
        changed=comparison(now, draft.text, shown.language),
        asks_consent=draft.asks_consent,
    )
    form = StampForm(formdata=None, data={"stamp": draft.stamp})
    return render_template("legal/preview.html", page=page, form=form)


def _named(languages: Iterable[str]) -> str:
    return ", ".join(language_name(code, shown_in=g.language) for code in languages)


def _again(kind: LegalKind, process: ProcessOutline | None, place: int | None, problem: str) -> Page:
    """Show the draft as it is now to somebody who had looked at another one; without one, lead to the overview."""
    flash(problem, "warning")
    if draft_of(db.session(), kind, place) is None:
        return redirect(url_for(".overview", slug=process.slug if process else None), 303)
    return redirect(url_for(".preview", legal_kind=kind.value, slug=process.slug if process else None), 303)
