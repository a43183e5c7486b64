"""The page of one idea, put together from its parts: each has a module here and a partial of the same name."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.discussion import DiscussionPart, DiscussionRequest, discussion_part
from participation.browse.idea_addenda import AddendumItem, addenda_part
from participation.browse.idea_author import AuthorPart, author_part
from participation.browse.idea_outcome import OutcomePart, outcome_part
from participation.browse.idea_place import BundlePart, ElsewherePart, bundle_part, elsewhere_part
from participation.browse.idea_text import FactsPart, TextPart, facts_part, text_part
from participation.browse.idea_vote import VotePart, vote_part
from participation.browse.shared import note_version, outline_of
from participation.browse.similar import SimilarLink, similar_part
from participation.browse.surroundings import aspects_mark, names_mark
from participation.browse.unseen import another_url
from participation.browse.withdrawn import WithdrawnPage, withdrawn_page
from participation.ideas.addenda import addenda_below
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_moderate, may_see_idea
from participation.kit.db import read_rows
from participation.kit.permissions import Missing, found
from participation.listings.ideas import idea_row
from participation.moderation.queries import redactions_of
from participation.multilingual import pick
from participation.processes.models import Process
from participation.processes.outline import ProcessOutline
from participation.processes.queries import participant_of
from participation.strategy.answering.policies import may_answer_idea
from participation.voting.models import Tally


@dataclass(frozen=True, slots=True)
class IdeaPage:
    """Everything the page of an idea shows: where it hangs, and its parts."""

    id: int
    process_title: str
    process_url: str
    ideas_url: str
    another_url: str
    feed_url: str
    desk_url: str
    answer_url: str
    text: TextPart
    addenda: tuple[AddendumItem, ...]
    author: AuthorPart | None
    facts: FactsPart
    vote: VotePart
    elsewhere: ElsewherePart | None
    bundle: BundlePart | None
    outcome: OutcomePart
    similar: tuple[SimilarLink, ...]
    discussion: DiscussionPart


# Asked with every idea page: it stands ready, because putting a statement together takes longer than running it.
MARKS = (
    select(Process.version, Tally.agree, Tally.disagree, Tally.unsure)
    .outerjoin(Tally, Tally.idea_id == bindparam("idea_id"))
    .where(Process.slug == bindparam("slug"))
)


def idea_marks(session: Session, *, slug: str, idea_id: int) -> tuple[Hashable, ...]:
    """Return what the public page of an idea depends on: process version, figures, names; raises ``Missing``."""
    version, *figures = found(read_rows(session, MARKS, {"slug": slug, "idea_id": idea_id}).one_or_none())
    note_version(slug, version)
    process = outline_of(slug)
    return (version, *figures, names_mark(process), aspects_mark(process))


def idea_page(
    session: Session, actor: Actor, process: ProcessOutline, idea_id: int, *, asked: DiscussionRequest, now: datetime
) -> IdeaPage | WithdrawnPage:
    """Return the page of an idea, or what is left of a withdrawn one; raises ``Missing`` if ``actor`` sees neither."""
    idea = idea_row(session, process.id, idea_id)
    if idea.state is IdeaState.WITHDRAWN:
        return withdrawn_page(session, actor, process, idea_id)
    is_author = actor.account_id is not None and idea.account_id == actor.account_id
    if not may_see_idea(actor, state=idea.state, process_id=process.id, is_author=is_author):
        raise Missing
    url = url_for("browse.idea", slug=process.slug, idea_id=idea.id)
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    moderates = bool(may_moderate(actor, process.id))
    vote = vote_part(session, actor, process, idea, participant, url=url, now=now)
    addenda = addenda_below(session, idea.id, sees_all=is_author or moderates)
    # Whatever was taken out raised the revision of the text, or stood in an addendum.
    redactions = redactions_of(session, idea.id) if idea.revision > 1 or addenda else ()
    report_in = None if is_author else process.slug
    answers = may_answer_idea(actor, process.id, idea.state)
    bundle = bundle_part(session, process, idea, is_author=is_author, now=now)
    same = {one.url for one in bundle.others} if bundle else frozenset()
    return IdeaPage(
        id=idea.id,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        another_url=another_url(process, idea.id),
        feed_url=url_for("feeds.comments", slug=process.slug, idea_id=idea.id),
        desk_url=url_for("desk.idea", slug=process.slug, idea_id=idea.id) if moderates else "",
        answer_url=url_for("answering.answer_to_idea", slug=process.slug, idea_id=idea.id) if answers else "",
        text=text_part(session, process, idea, redactions),
        addenda=addenda_part(session, addenda, redactions, report_in=report_in, voted_at=vote.cast_at),
        author=author_part(session, actor, process, idea.id, now=now) if is_author else None,
        facts=facts_part(session, process, idea),
        vote=vote,
        elsewhere=elsewhere_part(session, process, idea.pointer),
        bundle=bundle,
        outcome=outcome_part(session, process, idea.id),
        similar=tuple(one for one in similar_part(session, actor, process, idea.id) if one.url not in same),
        discussion=discussion_part(session, actor, process, idea, url=url, asked=asked, now=now),
    )
