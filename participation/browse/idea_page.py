"""The page of one idea: text, votes, discussion, and what became of it."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.shared import note_version, outline_of
from participation.browse.surroundings import names_around, names_mark
from participation.comments.models import CommentState
from participation.comments.policies import may_comment
from participation.comments.queries import CommentView, discussion
from participation.ideas.models import IdeaSource, IdeaState
from participation.ideas.policies import may_moderate, may_see_idea
from participation.kit.forms import opened_now
from participation.kit.permissions import Missing, found
from participation.listings.ideas import IdeaRow, idea_row
from participation.listings.names import PrincipleLink
from participation.listings.statements import outcome_of
from participation.moderation.queries import latest_decision
from participation.multilingual import Phrase, direction, language_name, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, moment
from participation.processes.models import Capability, Process
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.processes.queries import participant_of
from participation.texts import render
from participation.voting.models import Tally
from participation.voting.policies import may_vote
from participation.voting.queries import VoteFigures, stance_of


@dataclass(frozen=True, slots=True)
class CommentItem:
    """A comment as the thread shows it."""

    id: int
    pseudonym: str
    official: bool
    when: str
    text_html: Markup
    language: str
    dir: str
    state_label: str
    reply_url: str
    report_url: str
    replies: tuple["CommentItem", ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A place that an idea leads to."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class StatementLink:
    """A statement that rests on the idea."""

    number: int
    text: Phrase
    url: str


@dataclass(frozen=True, slots=True)
class Voting:
    """The figures and the own vote; ``reason`` says why there are no buttons."""

    action: str
    agree: int
    unsure: int
    disagree: int
    hidden: bool
    hidden_reason: str
    current: str
    revision: int
    reason: str
    sign_in_url: str
    opened: str


@dataclass(frozen=True, slots=True)
class IdeaPage:
    """Everything the page of an idea shows."""

    id: int
    title: str
    text_html: Markup
    language: str
    dir: str
    written_in: str
    pseudonym: str
    published: str
    state_label: str
    state_note: str
    source_label: str
    external_id: str
    principles: tuple[PrincipleLink, ...]
    district: str
    field: str
    process_title: str
    process_url: str
    ideas_url: str
    advice: str
    licence: str
    voting: Voting
    comments: tuple[CommentItem, ...]
    comment_count: int
    comment_action: str
    comment_reason: str
    may_comment: bool
    sign_in_url: str
    comment_previous_url: str
    comment_next_url: str
    clusters: tuple[Link, ...]
    statements: tuple[StatementLink, ...]
    desk_url: str


# Asked with every idea page: it stands ready, because putting a statement together takes longer than running it.
MARKS = (
    select(Process.version, Tally.agree, Tally.disagree, Tally.unsure)
    .outerjoin(Tally, Tally.idea_id == bindparam("idea_id"))
    .where(Process.slug == bindparam("slug"))
)


def idea_marks(session: Session, *, slug: str, idea_id: int) -> tuple[Hashable, ...]:
    """Return what the public page of an idea depends on: process version, figures, names; raises ``Missing``."""
    version, *figures = found(session.execute(MARKS, {"slug": slug, "idea_id": idea_id}).one_or_none())
    note_version(slug, version)
    return (version, *figures, names_mark(outline_of(slug)))


def idea_page(
    session: Session, actor: Actor, process: ProcessOutline, idea_id: int, *, after: int, now: datetime
) -> IdeaPage:
    """Return the page of an idea; raises ``Missing`` where ``actor`` may not see it."""
    idea = idea_row(session, process.id, idea_id)
    is_author = actor.account_id is not None and idea.account_id == actor.account_id
    if not may_see_idea(actor, state=idea.state, process_id=process.id, is_author=is_author):
        raise Missing
    names = names_around(process)
    url = url_for("browse.idea", slug=process.slug, idea_id=idea.id)
    ideas_url = url_for("browse.ideas", slug=process.slug)
    talk = discussion(session, actor, process_id=process.id, idea_id=idea.id, after=after)
    commenting = may_comment(actor, process, idea.state, now=now)
    can_answer = bool(is_possible(process, Capability.COMMENT, now=now)) and idea.state is IdeaState.PUBLISHED
    outcome = outcome_of(session, idea.id)
    answer_url = url_for("comments.new", slug=process.slug, idea_id=idea.id) if can_answer else ""
    moderates = bool(may_moderate(actor, process.id))
    return IdeaPage(
        id=idea.id,
        title=idea.title,
        text_html=render(idea.text),
        language=idea.language,
        dir=direction(idea.language),
        written_in="" if idea.language == g.language else language_name(idea.language, shown_in=g.language),
        pseudonym=idea.pseudonym,
        published=day(idea.published_at or idea.submitted_at),
        state_label=_state_label(idea.state),
        state_note=_state_note(session, idea),
        source_label=_("Imported") if idea.source is IdeaSource.IMPORTED else _("Online"),
        external_id=idea.external_id or "",
        principles=tuple(names.principles[key] for key in idea.principle_ids),
        district=names.districts.get(idea.district_id or 0, ""),
        field=names.fields.get(idea.field_id or 0, ""),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=ideas_url,
        advice=pick(process.advice, g.language),
        licence=pick(process.licence, g.language),
        voting=_voting(session, actor, process, idea, url, now),
        comments=tuple(_item(view, answer_url) for view in talk.threads),
        comment_count=idea.comments,
        comment_action=url_for("comments.write", slug=process.slug, idea_id=idea.id),
        comment_reason="" if can_answer else str(commenting.reason or ""),
        may_comment=bool(commenting),
        sign_in_url=url_for("accounts.sign_in", next=f"{url}#comments")
        if can_answer and not actor.is_signed_in
        else "",
        comment_previous_url=f"{url}#comments" if talk.has_previous else "",
        comment_next_url=f"{url}?after={talk.next_after}#comments" if talk.next_after else "",
        clusters=tuple(Link(pick(title, g.language), f"{ideas_url}?cluster={id_}") for id_, title in outcome.clusters),
        statements=tuple(
            StatementLink(
                position,
                phrase(text, g.language),
                url_for("browse.statement", slug=process.slug, statement_id=statement_id),
            )
            for position, statement_id, text in outcome.statements
        ),
        desk_url=url_for("desk.idea", slug=process.slug, idea_id=idea.id) if moderates else "",
    )


def _voting(session: Session, actor: Actor, process: ProcessOutline, idea: IdeaRow, url: str, now: datetime) -> Voting:
    results = may_see_results(process, now=now)
    figures = idea.figures if results else VoteFigures()
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    stance = stance_of(session, idea_id=idea.id, participant_id=participant.id if participant else None)
    permission = may_vote(actor, process, idea.state, now=now)
    possible = is_possible(process, Capability.VOTE, now=now) and idea.state is IdeaState.PUBLISHED
    return Voting(
        action=url_for("voting.vote", slug=process.slug, idea_id=idea.id),
        agree=figures.agree,
        unsure=figures.unsure,
        disagree=figures.disagree,
        hidden=not results,
        hidden_reason="" if results else str(results.reason),
        current=stance.value if stance else "",
        revision=idea.revision,
        reason="" if possible else str(permission.reason),
        sign_in_url=url_for("accounts.sign_in", next=f"{url}#vote") if possible and not actor.is_signed_in else "",
        opened=opened_now() if permission else "",
    )


def _item(view: CommentView, answer_url: str) -> CommentItem:
    answerable = answer_url and view.state is CommentState.PUBLISHED
    return CommentItem(
        id=view.id,
        pseudonym=view.pseudonym,
        official=False,
        when=moment(view.submitted_at),
        text_html=render(view.text) if view.text is not None else Markup(),
        language=view.language if view.text is not None else g.language,
        dir=direction(view.language if view.text is not None else g.language),
        state_label=_comment_label(view),
        reply_url=f"{answer_url}?answer_to={view.id}" if answerable else "",
        report_url="",
        replies=tuple(_item(reply, answer_url) for reply in view.replies),
    )


def _comment_label(view: CommentView) -> str:
    if view.text is None:
        return _("This comment is not public.")
    if view.state is CommentState.PUBLISHED:
        return ""
    labels = {
        CommentState.IN_REVIEW: _("In review"),
        CommentState.HIDDEN: _("Hidden"),
        CommentState.WITHDRAWN: _("Withdrawn"),
    }
    return labels[view.state]


def _state_label(state: IdeaState) -> str:
    labels = {
        IdeaState.PUBLISHED: "",
        IdeaState.IN_REVIEW: _("In review"),
        IdeaState.HIDDEN: _("Hidden"),
        IdeaState.WITHDRAWN: _("Withdrawn"),
    }
    return labels[state]


def _state_note(session: Session, idea: IdeaRow) -> str:
    if idea.state is IdeaState.IN_REVIEW:
        return _("Only you and the moderators can see this idea until a moderator has read it.")
    if idea.state is IdeaState.HIDDEN:
        decision = latest_decision(session, idea_id=idea.id)
        reason = decision.reason if decision else ""
        return _("Only you and the moderators can see this idea. Reason: %(reason)s", reason=reason)
    return ""
