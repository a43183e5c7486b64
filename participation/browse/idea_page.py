"""The page of one idea: text, votes, discussion, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.pages import names_of
from participation.comments.models import CommentState
from participation.comments.policies import may_comment
from participation.comments.queries import CommentView, comment_counts, discussion
from participation.curation.queries import clusters_with
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.ideas.policies import may_moderate, may_see_idea
from participation.ideas.queries import idea_in, principle_ids_of
from participation.kit.forms import opened_now
from participation.kit.permissions import Missing
from participation.listings.names import PrincipleLink
from participation.listings.statements import statements_on
from participation.moderation.queries import latest_decision
from participation.multilingual import Phrase, direction, language_name, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, moment
from participation.processes.models import Capability, Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.processes.queries import participant_of
from participation.texts import render
from participation.voting.policies import may_vote
from participation.voting.queries import stance_of, tallies


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


def idea_page(
    session: Session, actor: Actor, process: ProcessOutline, idea_id: int, *, after: int, now: datetime
) -> IdeaPage:
    """Return the page of an idea; raises ``Missing`` where ``actor`` may not see it."""
    idea = idea_in(session, process.id, idea_id)
    author = session.get_one(Participant, idea.participant_id)
    is_author = actor.account_id is not None and author.account_id == actor.account_id
    if not may_see_idea(actor, state=idea.state, process_id=process.id, is_author=is_author):
        raise Missing
    names = names_of(session, process)
    url = url_for("browse.idea", slug=process.slug, idea_id=idea.id)
    ideas_url = url_for("browse.ideas", slug=process.slug)
    talk = discussion(session, actor, process_id=process.id, idea_id=idea.id, after=after)
    commenting = may_comment(actor, process, idea.state, now=now)
    can_answer = bool(is_possible(process, Capability.COMMENT, now=now)) and idea.state is IdeaState.PUBLISHED
    clusters = clusters_with(session, idea.id)
    moderates = bool(may_moderate(actor, process.id))
    return IdeaPage(
        id=idea.id,
        title=idea.title,
        text_html=render(idea.text),
        language=idea.language,
        dir=direction(idea.language),
        written_in="" if idea.language == g.language else language_name(idea.language, shown_in=g.language),
        pseudonym=author.pseudonym,
        published=day(idea.published_at or idea.submitted_at),
        state_label=_state_label(idea.state),
        state_note=_state_note(session, idea),
        source_label=_("Imported") if idea.source is IdeaSource.IMPORTED else _("Online"),
        external_id=idea.external_id or "",
        principles=tuple(names.principles[key] for key in principle_ids_of(session, [idea.id])[idea.id]),
        district=names.districts.get(idea.district_id or 0, ""),
        field=names.fields.get(idea.field_id or 0, ""),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=ideas_url,
        advice=pick(process.advice, g.language),
        licence=pick(process.licence, g.language),
        voting=_voting(session, actor, process, idea, url, now),
        comments=tuple(_item(view, process.slug, idea.id, can_answer) for view in talk.threads),
        comment_count=comment_counts(session, [idea.id])[idea.id],
        comment_action=url_for("comments.write", slug=process.slug, idea_id=idea.id),
        comment_reason="" if can_answer else str(commenting.reason or ""),
        may_comment=bool(commenting),
        sign_in_url=url_for("accounts.sign_in", next=f"{url}#comments")
        if can_answer and not actor.is_signed_in
        else "",
        comment_previous_url=f"{url}#comments" if talk.has_previous else "",
        comment_next_url=f"{url}?after={talk.next_after}#comments" if talk.next_after else "",
        clusters=tuple(Link(pick(c.title, g.language), f"{ideas_url}?cluster={c.id}") for c in clusters),
        statements=tuple(
            StatementLink(
                statement.position,
                phrase(statement.text, g.language),
                url_for("browse.statement", slug=process.slug, statement_id=statement.id),
            )
            for statement in statements_on(session, [cluster.id for cluster in clusters])
        ),
        desk_url=url_for("desk.idea", slug=process.slug, idea_id=idea.id) if moderates else "",
    )


def _voting(session: Session, actor: Actor, process: ProcessOutline, idea: Idea, url: str, now: datetime) -> Voting:
    results = may_see_results(process, now=now)
    figures = tallies(session, [idea.id])[idea.id] if results else None
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    stance = stance_of(session, idea_id=idea.id, participant_id=participant.id if participant else None)
    permission = may_vote(actor, process, idea.state, now=now)
    possible = is_possible(process, Capability.VOTE, now=now) and idea.state is IdeaState.PUBLISHED
    return Voting(
        action=url_for("voting.vote", slug=process.slug, idea_id=idea.id),
        agree=figures.agree if figures else 0,
        unsure=figures.unsure if figures else 0,
        disagree=figures.disagree if figures else 0,
        hidden=not results,
        hidden_reason="" if results else str(results.reason),
        current=stance.value if stance else "",
        revision=idea.revision,
        reason="" if possible else str(permission.reason),
        sign_in_url=url_for("accounts.sign_in", next=f"{url}#vote") if possible and not actor.is_signed_in else "",
        opened=opened_now() if permission else "",
    )


def _item(view: CommentView, slug: str, idea_id: int, can_answer: bool) -> CommentItem:
    labels = {
        CommentState.PUBLISHED: "",
        CommentState.IN_REVIEW: _("In review"),
        CommentState.HIDDEN: _("Hidden"),
        CommentState.WITHDRAWN: _("Withdrawn"),
    }
    answerable = can_answer and view.state is CommentState.PUBLISHED
    return CommentItem(
        id=view.id,
        pseudonym=view.pseudonym,
        official=False,
        when=moment(view.submitted_at),
        text_html=render(view.text) if view.text is not None else Markup(),
        language=view.language if view.text is not None else g.language,
        dir=direction(view.language if view.text is not None else g.language),
        state_label=labels[view.state] if view.text is not None else _("This comment is not public."),
        reply_url=url_for("comments.new", slug=slug, idea_id=idea_id, answer_to=view.id) if answerable else "",
        report_url="",
        replies=tuple(_item(reply, slug, idea_id, can_answer) for reply in view.replies),
    )


def _state_label(state: IdeaState) -> str:
    labels = {
        IdeaState.PUBLISHED: "",
        IdeaState.IN_REVIEW: _("In review"),
        IdeaState.HIDDEN: _("Hidden"),
        IdeaState.WITHDRAWN: _("Withdrawn"),
    }
    return labels[state]


def _state_note(session: Session, idea: Idea) -> str:
    if idea.state is IdeaState.IN_REVIEW:
        return _("Only you and the moderators can see this idea until a moderator has read it.")
    if idea.state is IdeaState.HIDDEN:
        decision = latest_decision(session, idea_id=idea.id)
        reason = decision.reason if decision else ""
        return _("Only you and the moderators can see this idea. Reason: %(reason)s", reason=reason)
    return ""
