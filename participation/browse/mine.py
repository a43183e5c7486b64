"""What somebody has contributed, for themselves alone: the list of it all, and the receipt of each contribution."""

from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.accounts.guard import current_actor, signed_in_only
from participation.browse.own_titles import reactions_here
from participation.browse.own_wordings import Translations, WordingEntry, wording_entries
from participation.browse.receipt_pages import Tab, contribution_of, contribution_url, own_receipt
from participation.browse.receipt_words import stance_label
from participation.browse.untold import untold_on
from participation.browse.wanted_receipt import wanted_receipt
from participation.cases.models import SubjectKind
from participation.cases.queries import SubjectKey
from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.ideas.policies import IdeaFacts, may_add, may_edit, may_withdraw
from participation.kit import clock
from participation.kit.db import db
from participation.kit.headers import unnoticed
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing, found
from participation.listings.own import (
    EXCERPT,
    OwnAddendum,
    OwnIdea,
    OwnPage,
    OwnProcess,
    OwnReaction,
    Shelf,
    own_counts,
    own_page,
    own_processes,
)
from participation.listings.receipts import own_receipts
from participation.multilingual import direction, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, moment, number
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.proposing.frame import step_url
from participation.proposing.queries import drafts_of
from participation.receipts.files import signed_file
from participation.receipts.models import ReceiptKind
from participation.receipts.queries import ReceiptView
from participation.receipts.thanks import own_receipt_url
from participation.texts import excerpt
from participation.voting.models import Stance

blueprint = Blueprint("mine", __name__)
STATE_KINDS = {"in_review": "info", "hidden": "warning"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One contribution; ``title`` may be empty where the idea it belongs to is not public any more."""

    title: str
    language: str
    dir: str
    url: str
    when: str
    text: str = ""
    text_language: str = ""
    text_dir: str = ""
    state: str = ""
    state_kind: str = "neutral"
    stance: str = ""
    stance_label: str = ""
    note: str = ""
    receipt_url: str = ""
    receipt_for: str = ""
    actions: tuple["Action", ...] = ()
    parts: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the author can still do with a contribution."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """Something begun and not submitted yet."""

    title: str
    excerpt: str
    language: str
    dir: str
    changed: str
    url: str
    process: str


@dataclass(frozen=True, slots=True)
class ContributionsPage:
    """Everything of one shelf in one process, and the ways to the others."""

    drafts: tuple[DraftEntry, ...]
    processes: tuple[Tab, ...]
    process_title: str
    process_language: str
    process_url: str
    pseudonym: str
    shelves: tuple[Tab, ...]
    entries: tuple[Entry, ...]
    translations: tuple[WordingEntry, ...]
    empty: str
    ideas_url: str
    previous_url: str
    next_url: str
    check_url: str
    log_url: str


@blueprint.get("/my/contributions")
@signed_in_only
@unnoticed
def contributions() -> str:
    """List what the reader has contributed to a process: ideas, comments or votes."""
    shelf, before = _asked()
    account_id = found(current_actor().account_id)
    session = db.session()
    processes = own_processes(session, account_id)
    slug = request.args.get("process", processes[0].slug if processes else "")
    chosen = next((process for process in processes if process.slug == slug), None)
    if chosen is None and "process" in request.args:
        raise Missing
    page = _page(session, account_id, processes, chosen, shelf, before)
    return render_template("browse/contributions.html", page=page)


@blueprint.get("/my/receipts/<any(idea, addendum, comment, vote):kind>/<int:number>")
@signed_in_only
@unnoticed
def receipt(kind: str, number: int) -> str:
    """Show the receipt of an own contribution, or where to ask for that of a vote.

    For a vote, ``number`` is that of the idea.
    """
    receipts, wanted = _own_receipt(kind, number)
    if wanted is None:
        return render_template("browse/wanted_receipt.html", page=wanted_receipt(db.session(), number))
    return render_template("browse/own_receipt.html", page=own_receipt(db.session(), receipts, wanted, number))


@blueprint.get("/my/receipts/<any(idea, addendum, comment, vote):kind>/<int:number>/file")
@signed_in_only
@unnoticed
def receipt_file(kind: str, number: int) -> Response:
    """Hand out the signed file of an own receipt."""
    wanted = found(_own_receipt(kind, number)[1])
    content = signed_file(wanted, contribution_of(db.session(), wanted))
    headers = {"Content-Disposition": f'attachment; filename="receipt-{wanted.code}.json"'}
    return Response(content, mimetype="application/json", headers=headers)


def _own_receipt(kind: str, number: int) -> tuple[list[ReceiptView], ReceiptView | None]:
    """Return all receipts of an own contribution and the one asked for; none for a vote that has none yet."""
    receipts = own_receipts(db.session(), found(current_actor().account_id), kind=ReceiptKind(kind), number=number)
    if not receipts and "revision" not in request.args:
        return [], None
    wanted = request.args.get("revision", str(receipts[0].revision) if receipts else "")
    return receipts, found(next((one for one in receipts if str(one.revision) == wanted), None))


def _asked() -> tuple[Shelf, int | None]:
    try:
        shelf = Shelf(request.args.get("show", Shelf.IDEAS.value))
    except ValueError:
        raise BadRequest from None
    return shelf, asked_number("before")


def _page(
    session: Session,
    account_id: int,
    processes: list[OwnProcess],
    chosen: OwnProcess | None,
    shelf: Shelf,
    before: int | None,
) -> ContributionsPage:
    listed, translations = OwnPage(), Translations()
    if chosen and shelf is Shelf.WORDINGS:
        translations = wording_entries(session, chosen.participant_id, chosen.slug, before=before)
    elif chosen:
        listed = own_page(session, chosen.participant_id, shelf, before=before)
    next_before = listed.next_before or translations.next_before
    title = phrase(chosen.title, g.language) if chosen else None
    return ContributionsPage(
        drafts=_drafts(session, account_id),
        processes=_process_tabs(processes, chosen),
        process_title=title.text if title else "",
        process_language=title.language if title else g.language,
        process_url=url_for("browse.process", slug=chosen.slug) if chosen else "",
        pseudonym=chosen.pseudonym if chosen else "",
        shelves=_shelf_tabs(session, chosen, shelf) if chosen else (),
        entries=_entries(session, chosen, shelf, listed) if chosen else (),
        translations=translations.entries,
        empty=_empty(shelf),
        ideas_url=url_for("browse.ideas", slug=chosen.slug) if chosen else url_for("browse.processes"),
        previous_url=_address(chosen, shelf) if chosen and before is not None else "",
        next_url=_address(chosen, shelf, next_before) if chosen and next_before else "",
        check_url=url_for("receipts.enter"),
        log_url=url_for("results.own_votes", slug=chosen.slug) if chosen and shelf is Shelf.VOTES else "",
    )


def _drafts(session: Session, account_id: int) -> tuple[DraftEntry, ...]:
    return tuple(
        DraftEntry(
            title=line.title,
            excerpt=excerpt(line.text, EXCERPT),
            language=line.language,
            dir=direction(line.language),
            changed=moment(line.changed_at),
            url=step_url(line.slug, line.key, line.step),
            process=phrase(line.process_title, g.language).text,
        )
        for line in drafts_of(session, account_id)
    )


def _process_tabs(processes: list[OwnProcess], chosen: OwnProcess | None) -> tuple[Tab, ...]:
    if len(processes) < 2:
        return ()
    return tuple(
        Tab(phrase(process.title, g.language).text, _address(process, Shelf.IDEAS), process is chosen)
        for process in processes
    )


def _shelf_tabs(session: Session, chosen: OwnProcess, current: Shelf) -> tuple[Tab, ...]:
    counts = own_counts(session, chosen.participant_id)
    labels = {Shelf.IDEAS: _("Ideas"), Shelf.COMMENTS: _("Comments"), Shelf.VOTES: _("Votes")}
    if counts[Shelf.WORDINGS] or current is Shelf.WORDINGS:
        # Few people translate: the others need not wonder what that is.
        labels[Shelf.WORDINGS] = _("Translations")
    return tuple(
        Tab(label, _address(chosen, shelf), shelf is current, number(counts[shelf])) for shelf, label in labels.items()
    )


def _address(process: OwnProcess, shelf: Shelf, before: int | None = None) -> str:
    return url_for("mine.contributions", process=process.slug, show=shelf.value, before=before)


def _entries(session: Session, process: OwnProcess, shelf: Shelf, listed: OwnPage) -> tuple[Entry, ...]:
    if shelf is Shelf.WORDINGS:
        return ()
    untold = untold_on(session, listed)
    if shelf is Shelf.IDEAS:
        outline = process_by_slug(session, process.slug)
        return tuple(_idea(outline, idea, untold) for idea in listed.ideas)
    if shelf is Shelf.COMMENTS:
        return tuple(_comment(process, one, untold) for one in reactions_here(session, listed.reactions))
    return tuple(_vote(process, one) for one in reactions_here(session, listed.reactions))


def _idea(process: ProcessOutline, idea: OwnIdea, untold: set[SubjectKey]) -> Entry:
    url = url_for("browse.idea", slug=process.slug, idea_id=idea.id)
    state = IdeaState.IN_REVIEW if (SubjectKind.IDEA, idea.id) in untold else idea.state
    return Entry(
        title=idea.title,
        language=idea.language,
        dir=direction(idea.language),
        url=url,
        when=day(idea.submitted_at),
        state=_idea_state(state),
        state_kind=STATE_KINDS.get(state.value, "neutral"),
        receipt_url=own_receipt_url(ReceiptKind.IDEA, idea.id) if idea.has_receipt else "",
        receipt_for=idea.title,
        actions=(*_actions(process, idea), *_objecting(state)),
        parts=tuple(_addendum(url, addendum, untold) for addendum in idea.addenda),
    )


def _actions(process: ProcessOutline, idea: OwnIdea) -> tuple[Action, ...]:
    actor, now = current_actor(), clock.now()
    facts = IdeaFacts(
        idea.state, is_author=True, is_frozen=idea.frozen, addenda=len(idea.addenda), is_asked=idea.is_asked
    )
    possible = (
        (may_edit(actor, process, facts, now=now), _("Change the text"), "editing.edit"),
        (may_add(actor, process, facts, now=now), _("Add something"), "ideas.new_addendum"),
        (may_withdraw(actor, process, facts), _("Withdraw"), "ideas.withdrawal"),
    )
    return tuple(
        Action(label, url_for(endpoint, slug=process.slug, idea_id=idea.id))
        for permission, label, endpoint in possible
        if permission
    )


def _objecting(state: IdeaState | CommentState) -> tuple[Action, ...]:
    if state not in (IdeaState.HIDDEN, CommentState.HIDDEN):
        return ()
    return (Action(_("Why, and how to object"), url_for("appeals.decisions")),)


def _addendum(idea_url: str, addendum: OwnAddendum, untold: set[SubjectKey]) -> Entry:
    state = IdeaState.IN_REVIEW if (SubjectKind.ADDENDUM, addendum.id) in untold else addendum.state
    return Entry(
        title=_("Addendum"),
        language=g.language,
        dir=direction(g.language),
        url=f"{idea_url}#addendum-{addendum.id}",
        when=day(addendum.submitted_at),
        text=addendum.text,
        text_language=addendum.language,
        text_dir=direction(addendum.language),
        state=_idea_state(state),
        state_kind=STATE_KINDS.get(state.value, "neutral"),
        receipt_url=own_receipt_url(ReceiptKind.ADDENDUM, addendum.id) if addendum.has_receipt else "",
        actions=_objecting(state),
        receipt_for=addendum.text,
    )


def _comment(process: OwnProcess, reaction: OwnReaction, untold: set[SubjectKey]) -> Entry:
    is_untold = (SubjectKind.COMMENT, reaction.number) in untold
    state = CommentState.IN_REVIEW if is_untold else reaction.state or CommentState.PUBLISHED
    title, language = _idea_title(reaction)
    url = contribution_url(ReceiptKind.COMMENT, reaction.number, slug=process.slug, idea_id=reaction.idea_id)
    return Entry(
        title=title,
        language=language,
        dir=direction(language),
        url=url if reaction.title else "",
        when=day(reaction.at),
        text=reaction.text,
        text_language=reaction.text_language,
        text_dir=direction(reaction.text_language),
        state=_comment_state(state),
        state_kind=STATE_KINDS.get(state.value, "neutral"),
        receipt_url=own_receipt_url(ReceiptKind.COMMENT, reaction.number) if reaction.has_receipt else "",
        actions=_objecting(state),
        receipt_for=reaction.text,
    )


def _vote(process: OwnProcess, reaction: OwnReaction) -> Entry:
    stance = reaction.stance or Stance.UNSURE
    title, language = _idea_title(reaction)
    return Entry(
        title=title,
        language=language,
        dir=direction(language),
        url=url_for("browse.idea", slug=process.slug, idea_id=reaction.idea_id) if reaction.title else "",
        when=day(reaction.at),
        state=_("Withdrawn by its author") if reaction.idea_state is IdeaState.WITHDRAWN else "",
        stance=stance.value,
        stance_label=stance_label(stance),
        note=_("The text of this idea has changed since you voted.") if reaction.changed_since else "",
        receipt_url=own_receipt_url(ReceiptKind.VOTE, reaction.number) if reaction.has_receipt else "",
        receipt_for=title,
    )


def _idea_title(reaction: OwnReaction) -> tuple[str, str]:
    if reaction.title:
        return reaction.title, reaction.language
    return _("An idea that is not public at the moment"), g.language


def _idea_state(state: IdeaState) -> str:
    return {
        IdeaState.PUBLISHED: "",
        IdeaState.IN_REVIEW: _("In review"),
        IdeaState.HIDDEN: _("Hidden"),
        IdeaState.WITHDRAWN: _("Withdrawn"),
    }[state]


def _comment_state(state: CommentState) -> str:
    return {
        CommentState.PUBLISHED: "",
        CommentState.IN_REVIEW: _("In review"),
        CommentState.HIDDEN: _("Hidden"),
        CommentState.WITHDRAWN: _("Deleted"),
    }[state]


def _empty(shelf: Shelf) -> str:
    return {
        Shelf.IDEAS: _("You have not proposed an idea here yet."),
        Shelf.COMMENTS: _("You have not written a comment here yet."),
        Shelf.VOTES: _("You have not voted here yet."),
        Shelf.WORDINGS: _("You have not translated anything here yet."),
    }[shelf]
