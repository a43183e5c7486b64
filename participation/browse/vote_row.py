"""Voting in a row: the page of one idea after the other, and the one at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.accounts.actor import Actor
from participation.browse.about_me_invitation import about_me_url_at_the_end
from participation.browse.idea_addenda import AddendumItem, addenda_part
from participation.browse.idea_text import TextPart, text_part
from participation.browse.shared import remembered
from participation.browse.surroundings import names_around
from participation.browse.translations import shown_here
from participation.cases.models import SubjectKind
from participation.ideas.addenda import AddendumView, addenda_below
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import read_rows
from participation.kit.forms import opened_now
from participation.kit.numbers import asked_number
from participation.kit.permissions import Missing
from participation.listings.ideas import IdeaRow, idea_row
from participation.listings.names import PrincipleLink
from participation.listings.translated import ShownWordings, Written, title_in, written_idea
from participation.moderation.queries import redactions_of
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import number
from participation.processes.models import Capability, Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.processes.queries import participant_of
from participation.receipts.models import ReceiptKind
from participation.receipts.thanks import own_receipt_url
from participation.texts import render_line
from participation.voting.electorate import residence_url
from participation.voting.models import Stance
from participation.voting.next_idea import Reason
from participation.voting.policies import may_vote
from participation.voting.queries import VoteFigures, stance_of
from participation.voting.row_views import SKIP
from participation.voting.skips import Seen, has_skipped, seen_by


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the ideas that one can see in the row have been seen."""

    seen: int
    total: int
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class JustNow:
    """What was stored about the idea before this one, its figures if they may be seen, and the way back."""

    said: str
    stance: str
    title: str
    title_html: Markup
    language: str
    dir: str
    url: str
    receipt_url: str
    action: str
    revision: int
    opened: str
    agree: int
    unsure: int
    disagree: int
    shows_figures: bool


@dataclass(frozen=True, slots=True)
class RowFrame:
    """What all pages of the row have in common; ``closed`` says why nobody can vote now."""

    process_title: str
    process_url: str
    ideas_url: str
    row_url: str
    method_url: str
    results_url: str
    closed: str
    progress: Progress | None
    just_now: JustNow | None


@dataclass(frozen=True, slots=True)
class RowPage:
    """One idea of the row; ``reason`` says why this person may not vote."""

    id: int
    frame: RowFrame
    text: TextPart
    addenda: tuple[AddendumItem, ...]
    principles: tuple[PrincipleLink, ...]
    district: str
    field: str
    comments: int
    idea_url: str
    why: str
    action: str
    current: str
    revision: int
    opened: str
    reason: str
    residence_url: str
    sign_in_url: str
    another_url: str


@dataclass(frozen=True, slots=True)
class EndPage:
    """There is nothing left in the row, or nobody can vote at all."""

    frame: RowFrame
    voted: int
    skipped: int
    is_empty: bool
    again_url: str
    about_me_url: str


def row_page(session: Session, actor: Actor, process: ProcessOutline, idea_id: int, *, now: datetime) -> RowPage:
    """Return the page of a public idea in the row; raises ``Missing`` for any other."""
    idea = idea_row(session, process.id, idea_id)
    if idea.state is not IdeaState.PUBLISHED:
        raise Missing
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    addenda = addenda_below(session, idea.id, sees_all=False)
    redactions = redactions_of(session, idea.id) if idea.revision > 1 or addenda else ()
    names = names_around(process)
    permission = may_vote(actor, process, idea.state, now=now)
    own = stance_of(session, idea_id=idea.id, participant_id=participant.id if participant else None)
    here = url_for("voting.row_idea", slug=process.slug, idea_id=idea.id)
    seen = seen_by(session, participant.id) if participant else Seen()
    answered = _answered(session, process, participant)
    texts = (*_written(idea, addenda), *_written(answered.idea if answered else None))
    shown = shown_here(session, texts, announces=False)
    frame = _frame(session, process, participant, seen, _just_now(process, answered, shown, now), now=now)
    return RowPage(
        id=idea.id,
        frame=frame,
        text=text_part(session, process, idea, redactions, shown),
        addenda=addenda_part(session, process, addenda, redactions, shown, offers_reporting=False, voted_at=None),
        principles=tuple(names.principles[key] for key in idea.principle_ids),
        district=names.districts.get(idea.district_id or 0, ""),
        field=names.fields.get(idea.field_id or 0, ""),
        comments=idea.comments,
        idea_url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        why=_why(process, idea, now),
        action=url_for("voting.row_answer", slug=process.slug, idea_id=idea.id),
        current=own.value if own else "",
        revision=idea.revision,
        opened=opened_now() if permission else "",
        reason="" if permission or not actor.is_signed_in else str(permission.reason),
        residence_url="" if frame.closed else residence_url(actor, process, here),
        sign_in_url="" if actor.is_signed_in or frame.closed else url_for("accounts.sign_in", next=here),
        another_url=url_for("voting.row", slug=process.slug, left=idea.id),
    )


def end_page(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> EndPage:
    """Return the page for when there is no idea left to show, or none can be voted on."""
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    seen = seen_by(session, participant.id) if participant else Seen()
    answered = _answered(session, process, participant)
    shown = shown_here(session, _written(answered.idea if answered else None), announces=False)
    return EndPage(
        frame=_frame(session, process, participant, seen, _just_now(process, answered, shown, now), now=now),
        voted=seen.voted,
        skipped=seen.skipped,
        is_empty=_public_ideas(session, process) == seen.own,
        again_url=url_for("voting.row_again", slug=process.slug),
        about_me_url=about_me_url_at_the_end(session, process, participant_id=participant.id)
        if participant and seen.voted
        else "",
    )


def _written(idea: IdeaRow | None, addenda: Sequence[AddendumView] = ()) -> Iterator[Written]:
    if idea is not None:
        yield written_idea(idea.id, idea.language, idea.revision)
    for one in addenda:
        yield Written(SubjectKind.ADDENDUM, one.id, one.language, one.revision)


def _frame(
    session: Session,
    process: ProcessOutline,
    participant: Participant | None,
    seen: Seen,
    just_now: JustNow | None,
    *,
    now: datetime,
) -> RowFrame:
    possible = is_possible(process, Capability.VOTE, now=now)
    return RowFrame(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        row_url=url_for("voting.row", slug=process.slug),
        method_url=url_for("methods.method", method="next-idea"),
        results_url=url_for("results.overview", slug=process.slug),
        closed="" if possible else str(possible.reason),
        progress=_progress(session, process, seen) if participant else None,
        just_now=just_now,
    )


def _progress(session: Session, process: ProcessOutline, seen: Seen) -> Progress:
    total = max(_public_ideas(session, process) - seen.own, seen.ideas)
    values = {"seen": number(seen.ideas), "total": number(total)}
    return Progress(
        seen=seen.ideas,
        total=total,
        label=_("%(seen)s of %(total)s ideas seen", **values),
        note=_("%(number)s of them skipped", number=number(seen.skipped)) if seen.skipped else "",
    )


def _public_ideas(session: Session, process: ProcessOutline) -> int:
    # The version goes up with every idea that appears or goes away.
    return remembered(("public ideas", process.id, process.version), lambda: _count(session, process.id))


def _count(session: Session, process_id: int) -> int:
    counted = select(func.count()).where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
    return read_rows(session, counted).scalar() or 0


@dataclass(frozen=True, slots=True)
class _Answered:
    """The idea that this person answered a moment ago; without a stance it was skipped."""

    idea: IdeaRow
    stance: Stance | None


def _answered(session: Session, process: ProcessOutline, participant: Participant | None) -> _Answered | None:
    idea_id = asked_number("after")
    if idea_id is None or participant is None:
        return None
    stance = stance_of(session, idea_id=idea_id, participant_id=participant.id)
    if stance is None and not has_skipped(session, idea_id=idea_id, participant_id=participant.id):
        return None
    idea = idea_row(session, process.id, idea_id)
    return _Answered(idea, stance) if idea.state is IdeaState.PUBLISHED else None


def _just_now(
    process: ProcessOutline, answered: _Answered | None, shown: ShownWordings, now: datetime
) -> JustNow | None:
    if answered is None:
        return None
    idea, stance = answered.idea, answered.stance
    shows_figures = bool(stance and may_see_results(process, now=now))
    figures = idea.figures if shows_figures else VoteFigures()
    title = title_in(shown, idea.id, idea.title, idea.language)
    return JustNow(
        said=_said(stance),
        stance=stance.value if stance else SKIP,
        title=title.text,
        title_html=render_line(title.text),
        language=title.language,
        dir=title.dir,
        url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        receipt_url=own_receipt_url(ReceiptKind.VOTE, idea.id) if stance else "",
        action=url_for("voting.row_answer", slug=process.slug, idea_id=idea.id),
        revision=idea.revision,
        opened=opened_now(),
        agree=figures.agree,
        unsure=figures.unsure,
        disagree=figures.disagree,
        shows_figures=shows_figures,
    )


def _said(stance: Stance | None) -> str:
    if stance is None:
        return _("Skipped, without a vote:")
    return {
        Stance.AGREE: _("Stored: you agree with"),
        Stance.UNSURE: _("Stored: you are unsure about"),
        Stance.DISAGREE: _("Stored: you disagree with"),
    }[stance]


def _why(process: ProcessOutline, idea: IdeaRow, now: datetime) -> str:
    try:
        reason = Reason(request.args["why"]) if "why" in request.args else None
    except ValueError:
        raise BadRequest from None
    if reason is None:
        return ""
    if reason is Reason.CHANCE:
        return _("Drawn entirely at random, as one in five is, so that every idea keeps coming.")
    if not may_see_results(process, now=now):
        return _("Drawn from ideas that you have not seen. Those with few votes are drawn more often.")
    return ngettext(
        "Drawn from ideas that you have not seen, those with few votes more often. This one has %(num)s vote so far.",
        "Drawn from ideas that you have not seen, those with few votes more often. This one has %(num)s votes so far.",
        idea.figures.people,
    )
