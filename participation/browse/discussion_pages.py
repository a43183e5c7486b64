"""The pages around a discussion: one thread, arguments side by side, and what a comment said before."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.comment_item import (
    CommentItem,
    Scene,
    author_of,
    comment_item,
    permalink,
    scene,
    stance_title,
    written_comments,
)
from participation.browse.discussion import cursor_arguments, cursor_in
from participation.browse.filters import address
from participation.browse.shared import version_of
from participation.browse.translations import carried, shown_here
from participation.comments.models import CommentStance
from participation.comments.policies import may_comment
from participation.comments.queries import (
    CommentPage,
    CommentView,
    comments_of_stance,
    one_comment,
    page_in_thread,
    stance_counts,
    thread,
    wordings,
)
from participation.comments.statements import CommentOrder, Cursor
from participation.ideas.models import Idea, IdeaState
from participation.ideas.policies import may_see_idea
from participation.ideas.queries import idea_in
from participation.kit.forms import opened_now
from participation.kit.permissions import Missing
from participation.listings.translated import ShownWordings, Written, title_in, written_idea
from participation.multilingual import Phrase, direction, ngettext, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment
from participation.processes.outline import ProcessOutline
from participation.processes.queries import participant_of
from participation.texts import excerpt
from participation.texts.differences import Piece, differences

SIDES = (CommentStance.SUPPORTS, CommentStance.OBJECTS)
OTHERS = (CommentStance.ASKS, CommentStance.ADDS)


@dataclass(frozen=True, slots=True)
class IdeaPlace:
    """The idea that a page belongs to, and whether its reader may comment on it."""

    title: str
    language: str
    dir: str
    url: str
    process_title: str
    process_url: str
    ideas_url: str
    opened: str
    reason: str


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One thread with a page of its answers."""

    place: IdeaPlace
    author: str
    comment: CommentItem
    count: str
    back_url: str
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Side:
    """The comments of one stance, the most helpful first."""

    stance: str
    title: str
    comments: tuple[CommentItem, ...]
    count: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class OtherComments:
    """Comments that are neither for nor against: how many, and where they are."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ArgumentsPage:
    """What speaks for an idea and what against it, side by side."""

    place: IdeaPlace
    sides: tuple[Side, ...]
    others: tuple[OtherComments, ...]
    back_url: str


@dataclass(frozen=True, slots=True)
class WordingItem:
    """What a comment said from a moment on, and how that differs from what it said before."""

    when: str
    pieces: tuple[Piece, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All wordings of a comment, the current one first."""

    place: IdeaPlace
    author: str
    comment_url: str
    language: str
    dir: str
    wordings: tuple[WordingItem, ...]


def discussion_marks(_session: Session, *, slug: str, **_others: object) -> tuple[Hashable, ...]:
    """Return what these pages depend on: comments, marks and edits raise the version of the process."""
    return (version_of(slug),)


def thread_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    idea_id: int,
    comment_id: int,
    *,
    cursor: Cursor | None,
    now: datetime,
) -> ThreadPage | str:
    """Return the thread that a comment began, or the address at which an answer stands; raises ``Missing``."""
    around, idea = _around(session, actor, process, idea_id, now)
    where = {"process_id": process.id, "idea_id": idea_id}
    comment = one_comment(session, actor, comment_id=comment_id, **where)
    if comment.parent_id is not None:
        return _address_of_answer(session, around, comment)
    page = thread(session, actor, root=comment, cursor=cursor, **where)
    shown = _shown(session, idea, page.comments)
    item = comment_item(page.comments[0], around, shown)
    url = around.address("discussion.comment", comment_id=comment.id)
    answers = page.comments[0].answer_count
    return ThreadPage(
        place=_place(around, idea, shown),
        author=item.author,
        comment=item,
        count=ngettext("%(num)s answer", "%(num)s answers", answers) if answers else "",
        back_url=_page_url(url, cursor, CommentOrder.OLDEST, ""),
        previous_url=_page_url(url, page.previous, CommentOrder.OLDEST, "") if page.previous else "",
        next_url=_page_url(url, page.next, CommentOrder.OLDEST, "") if page.next else "",
    )


def arguments_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    idea_id: int,
    *,
    arguments: Mapping[str, str],
    now: datetime,
) -> ArgumentsPage:
    """Return the arguments for and against an idea; raises ``Missing``, ``BadRequest`` for places that are none."""
    around, idea = _around(session, actor, process, idea_id, now)
    counts = stance_counts(session, idea_id)
    cursors = {stance: cursor_in(arguments, f"{stance.value}-") for stance in SIDES}
    pages = {stance: _comments(session, around, stance, cursors[stance]) for stance in SIDES}
    shown = _shown(session, idea, [one for page in pages.values() for one in page.comments])
    sides = tuple(_side(around, stance, counts[stance], cursors, pages[stance], shown) for stance in SIDES)
    others = tuple(
        OtherComments(
            f"{stance_title(stance)}: {counts[stance]}",
            f"{around.address('browse.idea', stance=stance.value)}#comments",
        )
        for stance in OTHERS
        if counts[stance]
    )
    place = _place(around, idea, shown)
    return ArgumentsPage(place, sides, others, address(around.address("discussion.arguments"), dict(arguments)))


def history_page(
    session: Session, actor: Actor, process: ProcessOutline, idea_id: int, comment_id: int, *, now: datetime
) -> HistoryPage:
    """Return everything a comment said; raises ``Missing`` where its text is not readable or never changed."""
    around, idea = _around(session, actor, process, idea_id, now)
    comment = one_comment(session, actor, process_id=process.id, idea_id=idea_id, comment_id=comment_id)
    said = wordings(session, comment)
    if len(said) < 2:
        raise Missing
    texts = ["", *(wording.text for wording in said)]
    items = [
        WordingItem(
            moment(wording.written_at),
            differences(texts[place_] if place_ else wording.text, wording.text),
            place_ == len(said) - 1,
        )
        for place_, wording in enumerate(said)
    ]
    # What a comment said is told as it was written; only where it stands is said in the reader's words.
    shown = _shown(session, idea, ())
    return HistoryPage(
        place=_place(around, idea, shown),
        author=author_of(comment.voice, comment.pseudonym),
        comment_url=permalink(around, comment.id),
        language=comment.language,
        dir=direction(comment.language),
        wordings=tuple(reversed(items)),
    )


def _around(session: Session, actor: Actor, process: ProcessOutline, idea_id: int, now: datetime) -> tuple[Scene, Idea]:
    idea = idea_in(session, process.id, idea_id)
    is_public = idea.state is IdeaState.PUBLISHED
    participant = None if is_public else participant_of(session, process_id=process.id, account_id=actor.account_id)
    is_author = participant is not None and participant.id == idea.participant_id
    if not may_see_idea(actor, state=idea.state, process_id=process.id, is_author=is_author):
        raise Missing
    return scene(actor, process, idea.id, idea.state, now), idea


def _shown(session: Session, idea: Idea, comments: Sequence[CommentView]) -> ShownWordings:
    written: list[Written] = [written_idea(idea.id, idea.language, idea.revision), *written_comments(comments)]
    return shown_here(session, written, announces=False)


def _place(around: Scene, idea: Idea, shown: ShownWordings) -> IdeaPlace:
    process = around.process
    title = title_in(shown, idea.id, idea.title, idea.language)
    if idea.state is IdeaState.WITHDRAWN:
        title = Phrase(_("Withdrawn idea"), g.language)
    commenting = may_comment(around.actor, process, idea.state, now=around.now)
    return IdeaPlace(
        title=excerpt(title.text, 80),
        language=title.language,
        dir=title.dir,
        url=around.address("browse.idea"),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        opened=opened_now() if around.can_mark else "",
        reason="" if around.can_answer else str(commenting.reason or ""),
    )


def _address_of_answer(session: Session, around: Scene, comment: CommentView) -> str:
    if comment.text is None:
        # Nobody can tell from here that there once was something else than nothing.
        raise Missing
    cursor = page_in_thread(
        session, around.actor, process_id=around.process.id, idea_id=around.idea_id, comment=comment
    )
    url = around.address("discussion.comment", comment_id=comment.thread_id)
    return f"{_page_url(url, cursor, CommentOrder.OLDEST, '')}#comment-{comment.id}"


def _comments(session: Session, around: Scene, stance: CommentStance, cursor: Cursor | None) -> CommentPage:
    return comments_of_stance(
        session, around.actor, process_id=around.process.id, idea_id=around.idea_id, stance=stance, cursor=cursor
    )


def _side(
    around: Scene,
    stance: CommentStance,
    count: int,
    cursors: Mapping[CommentStance, Cursor | None],
    page: CommentPage,
    shown: ShownWordings,
) -> Side:
    url = around.address("discussion.arguments")
    # Paging one side leaves the other where it is.
    kept = {
        name: value
        for other in SIDES
        if other is not stance
        for name, value in cursor_arguments(cursors[other], CommentOrder.HELPFUL, f"{other.value}-").items()
    } | carried()

    def page_url(cursor: Cursor | None) -> str:
        chosen = cursor_arguments(cursor, CommentOrder.HELPFUL, f"{stance.value}-")
        return f"{address(url, {**kept, **chosen})}#{stance.value}" if cursor else ""

    titles = {CommentStance.SUPPORTS: _("What speaks for it"), CommentStance.OBJECTS: _("What speaks against it")}
    return Side(
        stance=stance.value,
        title=titles[stance],
        comments=tuple(comment_item(view, around, shown, flat=True) for view in page.comments),
        count=count,
        previous_url=page_url(page.previous),
        next_url=page_url(page.next),
    )


def _page_url(url: str, cursor: Cursor | None, order: CommentOrder, prefix: str) -> str:
    return address(url, {**cursor_arguments(cursor, order, prefix), **carried()})
