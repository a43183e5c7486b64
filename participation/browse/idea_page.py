"""The page of one idea, put together from its parts: each has a module here and a partial of the same name."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.comment_item import written_comments
from participation.browse.discussion import DiscussionPart, DiscussionRequest, comments_asked, discussion_part
from participation.browse.idea_addenda import AddendumItem, addenda_part
from participation.browse.idea_author import AuthorPart, author_part
from participation.browse.idea_outcome import OutcomePart, outcome_part
from participation.browse.idea_place import BundlePart, ElsewherePart, bundle_part, elsewhere_part
from participation.browse.idea_text import FactsPart, TextPart, facts_part, text_part
from participation.browse.idea_vote import VotePart, vote_part
from participation.browse.shared import note_version, outline_of
from participation.browse.similar import SimilarLink, similar_links, similar_to
from participation.browse.surroundings import aspects_mark, names_mark
from participation.browse.translations import shown_here
from participation.browse.unseen import another_url
from participation.browse.withdrawn import WithdrawnPage, withdrawn_page
from participation.cases.models import SubjectKind
from participation.comments.queries import CommentPage
from participation.curation.bundling.queries import BundledIdea, members_of
from participation.ideas.addenda import AddendumView, addenda_below
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_moderate, may_see_idea
from participation.ideas.queries import TitleView, public_titles
from participation.kit.db import read_rows
from participation.kit.permissions import Missing, found
from participation.listings.ideas import IdeaRow, idea_row
from participation.listings.translated import Written, written_idea
from participation.moderation.queries import redactions_of
from participation.multilingual import pick
from participation.processes.models import Process
from participation.processes.outline import ProcessOutline
from participation.processes.queries import participant_of
from participation.similarity.queries import SimilarIdea
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
    texts = _texts(session, actor, process, idea, asked, sees_all=is_author or moderates)
    # Whatever was taken out raised the revision of the text, or stood in an addendum.
    redactions = redactions_of(session, idea.id) if idea.revision > 1 or texts.addenda else ()
    answers = may_answer_idea(actor, process.id, idea.state)
    shown = shown_here(session, texts.written(idea), announces=False)
    bundle = bundle_part(session, process, idea, texts.bundled, shown, is_author=is_author, now=now)
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
        text=text_part(session, process, idea, redactions, shown),
        addenda=addenda_part(
            session,
            process,
            texts.addenda,
            redactions,
            shown,
            offers_reporting=not is_author,
            voted_at=vote.cast_at,
        ),
        author=author_part(session, actor, process, idea.id, now=now) if is_author else None,
        facts=facts_part(session, process, idea),
        vote=vote,
        elsewhere=elsewhere_part(process, idea.pointer, texts.pointed, shown),
        bundle=bundle,
        outcome=outcome_part(session, process, idea.id),
        similar=tuple(one for one in similar_links(texts.similar, process.slug, shown) if one.url not in same),
        discussion=discussion_part(session, actor, process, idea, texts.comments, shown, url=url, asked=asked, now=now),
    )


@dataclass(frozen=True, slots=True)
class _Texts:
    """What residents wrote around the text of the idea: read first, so that all is worded at once."""

    addenda: tuple[AddendumView, ...]
    comments: CommentPage
    bundled: tuple[BundledIdea, ...]
    similar: tuple[SimilarIdea, ...]
    pointed: Mapping[int, TitleView]

    def written(self, idea: IdeaRow) -> Iterator[Written]:
        """Yield everything that can be shown in another wording."""
        yield written_idea(idea.id, idea.language, idea.revision)
        for addendum in self.addenda:
            yield Written(SubjectKind.ADDENDUM, addendum.id, addendum.language, addendum.revision)
        yield from written_comments(self.comments.comments)
        yield from (written_idea(one.idea_id, one.language) for one in self.bundled if one.idea_id != idea.id)
        yield from (written_idea(one.idea_id, one.language) for one in self.similar)
        for idea_id, title in self.pointed.items():
            yield written_idea(idea_id, title.language)


def _texts(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    idea: IdeaRow,
    asked: DiscussionRequest,
    *,
    sees_all: bool,
) -> _Texts:
    pointer = idea.pointer.get("idea")
    return _Texts(
        addenda=addenda_below(session, idea.id, sees_all=sees_all),
        comments=comments_asked(session, actor, process, idea.id, asked),
        bundled=tuple(members_of(session, [idea.bundle_id])) if idea.bundle_id else (),
        similar=similar_to(session, actor, process, idea.id),
        pointed=public_titles(session, process.id, [pointer]) if pointer else {},
    )
