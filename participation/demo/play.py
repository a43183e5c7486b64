"""What the people of the demo do in one process, station by station."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment
from participation.comments.service import write_comment
from participation.curation.service import create_cluster, file_idea
from participation.demo.content import Entry
from participation.demo.timeline import Timeline
from participation.ideas.models import Idea, IdeaState
from participation.ideas.service import IdeaDraft, submit_idea
from participation.ideas.standing import note_votes
from participation.kit.dialect import insert_missing
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.principles.queries import EntryView, aspects_of, districts_of, fields_of, principles_of
from participation.principles.service import ASPECTS
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.queries import participant_of
from participation.strategy.models import AnswerOutcome, Statement
from participation.strategy.service import (
    AnswerDraft,
    answer_idea,
    answer_statement,
    publish_statement,
    write_statement,
)
from participation.voting.models import Stance, Tally, Vote

REVIEW_MINUTES = (40, 600)
COMMENT_REVIEW_MINUTES = (5, 45)
ANSWER_MINUTES = (4, 50)
UNSURE_SHARE = 0.3
DAYS_OF_WORK = 5
MORNING_HOUR = 9


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: residents by the number that the content gives them, the moderator of the process, and staff."""

    residents: list[Actor]
    moderator: Actor
    staff: Actor


class Play:
    """One process of the demo; the stations are played in their order."""

    def __init__(
        self, session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, chance: Random
    ) -> None:
        self._session = session
        self._process = process
        self._cast = cast
        self._timeline = timeline
        self._chance = chance
        self._ideas: dict[str, Idea] = {}
        self._comments: dict[str, Comment] = {}
        self._clusters: dict[str, int] = {}
        self._statements: dict[str, Statement] = {}
        self._principles = _by_key(principles_of(session, process.framework_id))
        self._districts = _by_key(districts_of(session, process.framework_id))
        self._fields = _by_key(fields_of(session, process.framework_id))
        aspects = aspects_of(session, process.framework_id)
        self._aspects = {(aspect.kind, aspect.key): aspect.id for aspect in aspects}

    def ideas(self, entries: list[Entry]) -> None:
        """Submit the ideas, oldest first, and decide about those that do not wait any more."""
        dated = [(self._timeline.moment(entry["days_ago"]), entry) for entry in entries]
        for moment, entry in sorted(dated, key=lambda pair: pair[0]):
            idea = submit_idea(
                self._session,
                self._cast.residents[entry["author"]],
                process_id=self._process.id,
                draft=self._draft(entry),
                submission_key=f"demo-{entry['key']}",
                opened_at=None,
                now=moment,
            )
            self._ideas[entry["key"]] = idea
            self._decide(Subject("idea", idea.id), entry, moment, REVIEW_MINUTES)

    def comments(self, entries: list[Entry]) -> None:
        """Write the comments, oldest first; an answer always follows what it answers."""
        dated: dict[str, tuple[datetime, Entry]] = {}
        for entry in entries:
            before = self._ideas[entry["idea"]].published_at or self._timeline.now
            if entry["parent"]:
                before = dated[entry["parent"]][0] + timedelta(minutes=COMMENT_REVIEW_MINUTES[1])
            moment = max(self._timeline.moment(entry["days_ago"]), before)
            dated[entry["key"]] = (self._timeline.after(moment, minutes=ANSWER_MINUTES), entry)
        for moment, entry in sorted(dated.values(), key=lambda pair: pair[0]):
            comment = write_comment(
                self._session,
                self._cast.residents[entry["author"]],
                slug=self._process.slug,
                idea_id=self._ideas[entry["idea"]].id,
                parent_id=self._comments[entry["parent"]].id if entry["parent"] else None,
                text=entry["text"].strip(),
                language=entry["language"],
                submission_key=f"demo-{entry['key']}",
                opened_at=None,
                now=moment,
            )
            self._comments[entry["key"]] = comment
            self._decide(Subject("comment", comment.id), entry, moment, COMMENT_REVIEW_MINUTES)

    def votes(self, entries: list[Entry]) -> int:
        """Let residents vote on what is public, as many and as kindly as the content says; return how many."""
        participants = [
            participant_of(self._session, process_id=self._process.id, account_id=resident.account_id)
            for resident in self._cast.residents
        ]
        voters = [(number, one.id) for number, one in enumerate(participants) if one]
        count = 0
        for entry in entries:
            idea = self._ideas[entry["key"]]
            if idea.state is IdeaState.PUBLISHED and idea.published_at:
                others = [participant_id for number, participant_id in voters if number != entry["author"]]
                count += self._vote_on(idea, idea.published_at, entry, others)
        return count

    def clusters(self, entries: list[Entry]) -> None:
        """Make the clusters and file ideas in them."""
        start = self._work_start()
        for number, entry in enumerate(entries):
            moment = start + timedelta(hours=number)
            cluster = create_cluster(
                self._session,
                self._cast.moderator,
                process_id=self._process.id,
                title=entry["title"],
                description=entry["description"],
                now=moment,
            )
            self._clusters[entry["key"]] = cluster.id
            for key in entry["ideas"]:
                moment = self._timeline.past(
                    max(moment, self._ideas[key].published_at or moment) + timedelta(minutes=2)
                )
                file_idea(
                    self._session,
                    self._cast.moderator,
                    idea_id=self._ideas[key].id,
                    cluster_id=cluster.id,
                    now=moment,
                )

    def statements(self, entries: list[Entry]) -> None:
        """Write the statements; staff publish those that are public."""
        start = self._work_start() + timedelta(days=DAYS_OF_WORK // 2)
        for number, entry in enumerate(entries):
            moment = self._timeline.past(start + timedelta(hours=number))
            statement = write_statement(
                self._session,
                self._cast.moderator,
                process_id=self._process.id,
                text=entry["text"],
                reasoning=entry["reasoning"],
                cluster_ids=[self._clusters[key] for key in entry["clusters"]],
                now=moment,
            )
            self._statements[entry["key"]] = statement
            if entry["state"] == "published":
                later = self._timeline.after(moment, minutes=REVIEW_MINUTES)
                publish_statement(self._session, self._cast.staff, statement_id=statement.id, now=later)

    def answers(self, entries: list[Entry]) -> None:
        """Let staff answer ideas and statements."""
        for entry in entries:
            draft = AnswerDraft(AnswerOutcome(entry["outcome"]), entry["department"], entry["text"])
            if "idea" in entry:
                idea = self._ideas[entry["idea"]]
                now = self._answered_at(idea.published_at)
                answer_idea(self._session, self._cast.staff, idea_id=idea.id, draft=draft, now=now)
            else:
                statement = self._statements[entry["statement"]]
                now = self._answered_at(statement.published_at)
                answer_statement(self._session, self._cast.staff, statement_id=statement.id, draft=draft, now=now)

    def _answered_at(self, published_at: datetime | None) -> datetime:
        return self._timeline.after(published_at or self._timeline.now, minutes=REVIEW_MINUTES)

    def _vote_on(self, idea: Idea, since: datetime, entry: Entry, voters: list[int]) -> int:
        rows = []
        for participant_id in voters:
            moment = self._timeline.while_open(self._process, Capability.VOTE, since)
            if moment is None or self._chance.random() > entry["interest"]:
                continue
            vote = {"idea_id": idea.id, "participant_id": participant_id, "revision": idea.revision}
            rows.append({**vote, "stance": self._stance(entry["appeal"]), "cast_at": moment})
        # All at once instead of one by one through voting.service, which would take most of the time of the whole demo.
        counts = Counter(row["stance"] for row in rows)
        if rows:
            insert_missing(self._session, Vote, rows, key=["idea_id", "participant_id"])
        tally = {"idea_id": idea.id, **{stance.value: counts[stance] for stance in Stance}}
        insert_missing(self._session, Tally, tally, key=["idea_id"])
        note_votes(self._session, {idea.id: (counts[Stance.AGREE], counts[Stance.DISAGREE])})
        return len(rows)

    def _draft(self, entry: Entry) -> IdeaDraft:
        return IdeaDraft(
            title=entry["title"],
            text=entry["text"].strip(),
            language=entry["language"],
            principle_ids=tuple(self._principles[key] for key in entry["principles"]),
            district_id=self._districts[entry["district"]] if entry["district"] else None,
            field_id=self._fields[entry["field"]] if entry["field"] else None,
            aspect_ids=tuple(self._aspects[kind, key] for name, kind in ASPECTS.items() for key in entry.get(name, ())),
        )

    def _decide(self, subject: Subject, entry: Entry, moment: datetime, minutes: tuple[int, int]) -> None:
        waits = self._process.reviews_first(moment)
        if entry["state"] == "in_review" or (entry["state"] == "published" and not waits):
            return
        kind = DecisionKind.HIDE if entry["state"] == "hidden" else DecisionKind.PUBLISH
        decide(
            self._session,
            self._cast.moderator,
            subject=subject,
            kind=kind,
            reason=entry.get("reason", "").strip(),
            now=self._timeline.after(moment, minutes=minutes),
        )

    def _stance(self, appeal: float) -> Stance:
        if self._chance.random() < appeal:
            return Stance.AGREE
        return Stance.UNSURE if self._chance.random() < UNSURE_SHARE else Stance.DISAGREE

    def _work_start(self) -> datetime:
        """Return the morning on which moderators began to sort: when voting had ended, or some days ago."""
        now = self._timeline.now
        ended = self._process.closed_since(Capability.VOTE, now)
        if ended is None or self._process.is_open(Capability.VOTE, now):
            ended = self._timeline.day(-DAYS_OF_WORK)
        return ended + timedelta(hours=MORNING_HOUR)


def _by_key(entries: Iterable[EntryView]) -> dict[str, int]:
    return {entry.key: entry.id for entry in entries}
