"""What the people of the demo say below the ideas of one process, and what they do with it afterwards."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.changes import edit_comment, withdraw_comment
from participation.comments.models import Comment, CommentStance, CommentState, HelpfulMark, Voice
from participation.comments.service import write_comment
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.review import REVIEWED_SOON, review
from participation.demo.timeline import Timeline
from participation.ideas.models import Idea
from participation.kit.dialect import insert_missing
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline

ANSWER_MINUTES = (4, 50)
EDIT_WINDOW = timedelta(minutes=15)
READ_AT_ONCE = (3, 7)


class Discussion:
    """The comments of one process; ``settled`` says since when the text of an idea stands as it is discussed."""

    def __init__(
        self,
        session: Session,
        process: ProcessOutline,
        cast: Cast,
        timeline: Timeline,
        chance: Random,
        *,
        ideas: Mapping[str, Idea],
        settled: Mapping[str, datetime],
    ) -> None:
        self._session = session
        self._process = process
        self._cast = cast
        self._timeline = timeline
        self._chance = chance
        self._ideas = ideas
        self._settled = settled
        self._comments: dict[str, Comment] = {}

    def play(self, entries: list[Entry]) -> None:
        """Write the comments, oldest first; an answer always follows what it answers. Then some are deleted."""
        dated: dict[str, tuple[datetime, Entry]] = {}
        for entry in entries:
            before = self._settled[entry["idea"]]
            if entry["parent"]:
                before = dated[entry["parent"]][0] + timedelta(minutes=REVIEWED_SOON[1])
            moment = max(self._timeline.moment(entry["days_ago"]), before)
            dated[entry["key"]] = (self._timeline.after(moment, minutes=ANSWER_MINUTES), entry)
        for moment, entry in sorted(dated.values(), key=lambda pair: pair[0]):
            self._comments[entry["key"]] = self._write(entry, moment)
        for entry in entries:
            comment = self._comments[entry["key"]]
            if entry["state"] == "withdrawn":
                self._delete(comment, entry)
            elif entry.get("helpful"):
                self._mark(comment, entry)

    def _write(self, entry: Entry, moment: datetime) -> Comment:
        author = self._author(entry)
        first = str(entry.get("first", entry["text"])).strip()
        stance = CommentStance(entry["stance"]) if "stance" in entry else None
        parent = self._comments[entry["parent"]] if entry["parent"] else None
        if parent is not None and parent.published_at is not None:
            # What was reviewed only the next morning cannot have been answered before.
            moment = max(moment, parent.published_at)
        comment = write_comment(
            self._session,
            author,
            slug=self._process.slug,
            idea_id=self._ideas[entry["idea"]].id,
            parent_id=parent.id if parent else None,
            text=first,
            language=entry["language"],
            submission_key=f"demo-{entry['key']}",
            opened_at=None,
            stance=stance,
            voice=Voice(entry.get("voice", Voice.RESIDENT.value)),
            now=moment,
        )
        if "first" in entry:
            published = self._review(comment, entry, moment, READ_AT_ONCE)
            moment = self._timeline.past(published + timedelta(minutes=READ_AT_ONCE[0]))
            self._edit(comment, author, entry, moment)
        self._review(comment, entry, moment, REVIEWED_SOON)
        return comment

    def _review(self, comment: Comment, entry: Entry, moment: datetime, minutes: tuple[int, int]) -> datetime:
        return review(self._session, self._cast, self._timeline, comment, entry, moment, minutes=minutes)

    def _edit(self, comment: Comment, author: Actor, entry: Entry, moment: datetime) -> None:
        edit_comment(
            self._session,
            author,
            slug=self._process.slug,
            comment_id=comment.id,
            text=entry["text"].strip(),
            language=entry["language"],
            stance=comment.stance,
            window=EDIT_WINDOW,
            now=moment,
        )

    def _delete(self, comment: Comment, entry: Entry) -> None:
        now = self._timeline.moment(entry["deleted_days_ago"])
        withdraw_comment(self._session, self._author(entry), slug=self._process.slug, comment_id=comment.id, now=now)

    def _mark(self, comment: Comment, entry: Entry) -> None:
        if comment.state is not CommentState.PUBLISHED or comment.published_at is None:
            return
        others = [number for number in range(len(self._cast.residents)) if number != entry.get("author")]
        rows: list[dict[str, Any]] = []
        for number in self._chance.sample(others, entry["helpful"]):
            moment = self._timeline.while_open(self._process, Capability.COMMENT, comment.published_at)
            if moment:
                participant_id = self._cast.participants[number]
                rows.append({"comment_id": comment.id, "participant_id": participant_id, "marked_at": moment})
        # All at once, as the votes are.
        insert_missing(self._session, HelpfulMark, rows, key=["comment_id", "participant_id"])
        comment.helpful = len(rows)

    def _author(self, entry: Entry) -> Actor:
        official = {Voice.ADMINISTRATION.value: self._cast.staff, Voice.MODERATION.value: self._cast.moderator}
        return official.get(entry.get("voice", "")) or self._cast.residents[entry["author"]]
