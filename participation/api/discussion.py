"""The discussion: public comments on one idea, or on all ideas of a process."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from participation.api.addresses import reader_url
from participation.api.asked import NO_MARK, CommentsAsked, NotThere
from participation.api.blueprint import reading, visible_process
from participation.api.ideas import IDEA
from participation.api.paging import NoMark, mark, next_address, place
from participation.api.processes import PROCESS
from participation.api.queries import comments_in_process, comments_on_idea
from participation.api.shapes import Comment, CommentList
from participation.api.translated import text_shown, wordings_asked
from participation.cases.models import SubjectKind
from participation.kit.db import db
from participation.listings.ideas.orders import LATEST, microseconds, moment_of
from participation.listings.translated import ShownWordings, Written

ON_IDEA, IN_PROCESS = "idea", "process"


@reading(f"{PROCESS}/comments", CommentList, asks=CommentsAsked)
def comments(asked: dict[str, Any], slug: str) -> CommentList:
    """Return the public comments of a process, those that came first at the beginning."""
    outline, most = visible_process(slug), asked["limit"]
    moment, number = _after(asked, IN_PROCESS, 2) or (-1, 0)
    if moment > LATEST:
        raise _no_mark()
    after = (moment_of(moment), number) if number else None
    rows = comments_in_process(db.session(), outline.id, since=asked["since"], after=after, most=most + 1)
    following = mark(IN_PROCESS, microseconds(_came(rows[most - 1])), rows[most - 1].id) if len(rows) > most else None
    return CommentList(_comments(asked, slug, rows[:most]), next_address(following))


@reading(f"{IDEA}/comments", CommentList, asks=CommentsAsked)
def idea_comments(asked: dict[str, Any], slug: str, idea_id: int) -> CommentList:
    """Return the public comments on an idea, those that came first at the beginning."""
    outline, most = visible_process(slug), asked["limit"]
    (after,) = _after(asked, ON_IDEA, 1) or (0,)
    rows = comments_on_idea(db.session(), outline.id, idea_id, since=asked["since"], after=after, most=most + 1)
    following = mark(ON_IDEA, rows[most - 1].id) if len(rows) > most else None
    return CommentList(_comments(asked, slug, rows[:most]), next_address(following))


def _after(asked: dict[str, Any], kind: str, count: int) -> tuple[int, ...] | None:
    if asked["after"] is None:
        return None
    try:
        return place(asked["after"], kind, count)
    except NoMark:
        raise _no_mark() from None


def _no_mark() -> NotThere:
    return NotThere("after", NO_MARK)


def _came(row: Any) -> datetime:
    moment: datetime = row.submitted_at
    return moment


def _comments(asked: dict[str, Any], slug: str, rows: Sequence[Any]) -> tuple[Comment, ...]:
    written = [Written(SubjectKind.COMMENT, row.id, row.language, row.revision) for row in rows]
    shown = wordings_asked(asked, written)
    return tuple(_comment(slug, row, shown) for row in rows)


def _comment(slug: str, row: Any, shown: ShownWordings) -> Comment:
    subject = (SubjectKind.COMMENT, row.id)
    return Comment(
        id=row.id,
        idea_id=row.idea_id,
        parent_id=row.parent_id,
        thread_id=row.thread_id or row.id,
        **text_shown(shown.get(subject), row.text, row.language),
        stance=row.stance,
        voice=row.voice,
        helpful=row.helpful,
        published_at=row.published_at or row.submitted_at,
        edited_at=row.edited_at,
        page_url=reader_url("discussion.comment", slug=slug, idea_id=row.idea_id, comment_id=row.id),
    )
