"""The page for a vote that came from a form with an older text: what has changed since, and the buttons anew."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.queries import idea_in
from participation.ideas.revisions import text_seen
from participation.kit.forms import opened_now
from participation.multilingual import direction, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import participant_of
from participation.texts import render, render_line
from participation.texts.differences import Piece, differences
from participation.voting.electorate import residence_url
from participation.voting.models import Stance
from participation.voting.policies import may_vote
from participation.voting.queries import stance_of


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """The text as it is now, what changed if both texts are public, and the vote that was about to be cast."""

    idea_id: int
    title: str
    title_html: Markup
    text_html: Markup
    language: str
    dir: str
    title_pieces: tuple[Piece, ...]
    text_pieces: tuple[Piece, ...]
    wanted: str
    idea_url: str
    process_title: str
    process_url: str
    action: str
    current: str
    revision: int
    reason: str
    residence_url: str
    opened: str


def changed_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    idea_id: int,
    *,
    seen: int,
    wanted: Stance | None,
    now: datetime,
) -> ChangedPage:
    """Return the page for a vote on the revision ``seen`` of a public idea, which stands there no more."""
    idea = idea_in(session, process.id, idea_id)
    before = text_seen(session, idea, seen)
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    stance = stance_of(session, idea_id=idea.id, participant_id=participant.id if participant else None)
    permission = may_vote(actor, process, idea.state, now=now)
    chosen = {Stance.AGREE: _("Agree"), Stance.UNSURE: _("Unsure"), Stance.DISAGREE: _("Disagree")}
    return ChangedPage(
        idea_id=idea.id,
        title=idea.title,
        title_html=render_line(idea.title),
        text_html=render(idea.text),
        language=idea.language,
        dir=direction(idea.language),
        title_pieces=differences(before.title, idea.title) if before and before.title != idea.title else (),
        text_pieces=differences(before.text, idea.text) if before and before.text != idea.text else (),
        wanted=chosen[wanted] if wanted else "",
        idea_url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        action=url_for("voting.vote", slug=process.slug, idea_id=idea.id),
        current=stance.value if stance else "",
        revision=idea.revision,
        reason="" if permission else str(permission.reason),
        residence_url=residence_url(actor, process, url_for("browse.idea", slug=process.slug, idea_id=idea.id)),
        opened=opened_now() if permission else "",
    )
