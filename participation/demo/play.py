"""What the people of the demo do in one process, station by station."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clusters import create_cluster
from participation.curation.board.filing import file_ideas
from participation.demo.camps import appeal_to, by_the_list, is_listed
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.discussion import Discussion
from participation.demo.points import give_points
from participation.demo.review import REVIEWED, review
from participation.demo.skipping import skip_some
from participation.demo.statements import Desk, write_statements
from participation.demo.timeline import Timeline
from participation.ideas.addenda import add_addendum
from participation.ideas.editing import edit_idea
from participation.ideas.models import Addendum, Idea, IdeaState, WithdrawalReason
from participation.ideas.service import IdeaDraft, freeze_text, submit_idea
from participation.ideas.standing import note_votes
from participation.ideas.withdrawal import withdraw_idea
from participation.kit.dialect import insert_missing
from participation.moderation.service import redact
from participation.principles.queries import EntryView, aspects_of, districts_of, fields_of, principles_of
from participation.principles.service import ASPECTS
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.proposing.queries import text_mark
from participation.proposing.service import DraftText, Preset, Writing, choose_principles, keep_text
from participation.strategy.answering.service import AnswerDraft, answer_idea, answer_statement
from participation.strategy.models import AnswerOutcome, Statement
from participation.voting.models import Stance, Tally, Vote
from participation.voting.service import cast_vote, receipt_of_vote

REWRITE_MINUTES = (20, 120)
UNSURE_SHARE = 0.3
DAYS_OF_WORK = 5
MORNING_HOUR = 9


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
        self._settled: dict[str, datetime] = {}
        self._clusters: dict[str, int] = {}
        self._comments: dict[str, str] = {}
        self._statements: dict[str, Statement] = {}
        self._principles = _by_key(principles_of(session, process.framework_id))
        self._districts = _by_key(districts_of(session, process.framework_id))
        self._fields = _by_key(fields_of(session, process.framework_id))
        aspects = aspects_of(session, process.framework_id)
        self._aspects = {(aspect.kind, aspect.key): aspect.id for aspect in aspects}

    def ideas(self, entries: list[Entry]) -> None:
        """Submit the ideas, oldest first, and bring each to the text and the state in which others find it."""
        dated = [(self._timeline.moment(entry["days_ago"]), entry) for entry in entries]
        for moment, entry in sorted(dated, key=lambda pair: pair[0]):
            idea = submit_idea(
                self._session,
                self._cast.residents[entry["author"]],
                process_id=self._process.id,
                draft=self._draft(entry | entry.get("earlier", {})),
                submission_key=f"demo-{entry['key']}",
                opened_at=None,
                now=moment,
            )
            self._ideas[entry["key"]] = idea
            settled = self._review(idea, entry, moment)
            if "earlier" in entry:
                settled = self._rewrite(idea, entry, settled)
            if "redacted" in entry:
                settled = self._redact(idea, entry["redacted"], settled)
            self._settled[entry["key"]] = settled

    def comments(self, entries: list[Entry]) -> None:
        """Let people discuss the ideas."""
        self._comments = {entry["key"]: entry["text"].strip() for entry in entries}
        discussion = Discussion(
            self._session,
            self._process,
            self._cast,
            self._timeline,
            self._chance,
            ideas=self._ideas,
            settled=self._settled,
        )
        discussion.play(entries)

    def votes(self, entries: list[Entry]) -> int:
        """Let residents vote on what is public, as many and as kindly as the content says; return how many."""
        public = [entry for entry in entries if self._ideas[entry["key"]].state is IdeaState.PUBLISHED]
        return sum(self._vote_on(self._ideas[entry["key"]], entry) for entry in public)

    def points(self) -> None:
        """Let residents give points to what is public, and one of them pass over some of it."""
        public = [idea.id for idea in self._ideas.values() if idea.state is IdeaState.PUBLISHED]
        give_points(self._session, self._process, self._cast, public, now=self._timeline.now)
        skip_some(self._session, self._process, self._cast, public, now=self._timeline.now)

    def afterwards(self, entries: list[Entry]) -> None:
        """Let authors add to their ideas, and take some back."""
        for entry in entries:
            idea, author = self._ideas[entry["key"]], self._cast.residents[entry["author"]]
            for number, addendum in enumerate(entry.get("addenda", ())):
                added = add_addendum(
                    self._session,
                    author,
                    process=self._process,
                    idea_id=idea.id,
                    text=addendum["text"].strip(),
                    language=addendum["language"],
                    submission_key=f"demo-{entry['key']}-addendum-{number}",
                    opened_at=None,
                    now=self._timeline.moment(addendum["days_ago"]),
                )
                self._review(added, addendum, added.submitted_at)
            if "withdrawn" in entry:
                withdraw_idea(
                    self._session,
                    author,
                    process=self._process,
                    idea_id=idea.id,
                    reason=WithdrawalReason(entry["withdrawn"]["reason"]),
                    now=self._timeline.moment(entry["withdrawn"]["days_ago"]),
                )

    def drafts(self, entries: list[Entry]) -> None:
        """Let residents begin ideas that they have not submitted yet."""
        for entry in entries:
            author, key = self._cast.residents[entry["author"]], f"demo-{entry['key']}"
            moment = self._timeline.moment(entry["days_ago"])
            keep_text(
                self._session,
                author,
                process_id=self._process.id,
                key=key,
                written=DraftText(entry["title"], entry["text"].strip(), entry["language"], chosen=False),
                writing=Writing(key, text_mark("", ""), moment),
                preset=Preset(),
                now=moment,
            )
            if entry["principles"]:
                choose_principles(
                    self._session,
                    author,
                    process_id=self._process.id,
                    key=key,
                    principle_ids=tuple(self._principles[name] for name in entry["principles"]),
                    not_sure=False,
                    now=moment,
                )

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
            ideas = [self._ideas[key] for key in entry["ideas"]]
            latest = max([moment, *(idea.published_at for idea in ideas if idea.published_at)])
            file_ideas(
                self._session,
                self._cast.moderator,
                process_id=self._process.id,
                idea_ids=[idea.id for idea in ideas],
                cluster_id=cluster.id,
                now=self._timeline.past(latest + timedelta(minutes=2)),
            )

    def statements(self, entries: list[Entry]) -> None:
        """Write the statements; staff sign off those that are public."""
        desk = Desk(
            session=self._session,
            process=self._process,
            cast=self._cast,
            timeline=self._timeline,
            ideas=self._ideas,
            clusters=self._clusters,
            comments=self._comments,
        )
        start = self._work_start() + timedelta(days=DAYS_OF_WORK // 2)
        self._statements = write_statements(desk, entries, start)

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
        return self._timeline.after(published_at or self._timeline.now, minutes=REVIEWED)

    def _rewrite(self, idea: Idea, entry: Entry, since: datetime) -> datetime:
        """Let the author change the text before anybody else has reacted; return since when the new one stands."""
        moment = self._timeline.after(since, minutes=REWRITE_MINUTES)
        edit_idea(
            self._session,
            self._cast.residents[entry["author"]],
            process=self._process,
            idea_id=idea.id,
            draft=self._draft(entry),
            revision=idea.revision,
            opened_at=None,
            now=moment,
        )
        return self._review(idea, entry, moment)

    def _redact(self, idea: Idea, redacted: Entry, since: datetime) -> datetime:
        """Let the moderator take something out of the text; return since when the rest stands alone."""
        moment = self._timeline.after(since, minutes=REVIEWED)
        redact(
            self._session,
            self._cast.moderator,
            idea_id=idea.id,
            passages=redacted["passages"],
            reason=redacted["reason"].strip(),
            ground=redacted["ground"],
            now=moment,
        )
        return moment

    def _review(self, thing: Idea | Addendum, entry: Entry, moment: datetime) -> datetime:
        return review(self._session, self._cast, self._timeline, thing, entry, moment)

    def _vote_on(self, idea: Idea, entry: Entry) -> int:
        """Cast the votes on one idea and return how many."""
        votes = self._opinions_on(entry)
        own = votes.pop(self._cast.resident, None) if self._cast.resident is not None else None
        # All at once instead of one by one through voting.service, which would take most of the time of the whole demo.
        rows = [
            {
                "idea_id": idea.id,
                "participant_id": self._cast.participants[number],
                "revision": idea.revision,
                "stance": stance,
                "cast_at": moment,
            }
            for number, (stance, moment) in votes.items()
        ]
        counts = Counter(stance for stance, _moment in votes.values())
        insert_missing(self._session, Vote, rows, key=["idea_id", "participant_id"])
        tally = {"idea_id": idea.id, **{stance.value: counts[stance] for stance in Stance}}
        insert_missing(self._session, Tally, tally, key=["idea_id"])
        note_votes(self._session, {idea.id: (counts[Stance.AGREE], counts[Stance.DISAGREE])})
        if votes:
            number, (_stance, moment) = min(votes.items(), key=lambda vote: vote[1][1])
            participant_id = self._cast.participants[number]
            freeze_text(self._session, idea_id=idea.id, participant_id=participant_id, now=moment)
        if own is not None and self._cast.resident is not None:
            self._vote_by_hand(idea, self._cast.residents[self._cast.resident], *own)
        return len(votes) + (own is not None)

    def _opinions_on(self, entry: Entry) -> dict[int, tuple[Stance, datetime]]:
        """Return who votes on an idea, by their number, how and when."""
        since = self._settled[entry["key"]]
        until = self._timeline.day(-entry["withdrawn"]["days_ago"]) if "withdrawn" in entry else None
        opinions = {}
        residents = len(self._cast.residents)
        for number in range(residents):
            if number == entry["author"]:
                continue
            if is_listed(number, residents):
                if listed := by_the_list(self._process, self._timeline, entry, number, since):
                    opinions[number] = listed
                continue
            moment = self._timeline.while_open(self._process, Capability.VOTE, since, until=until)
            if moment is not None and self._chance.random() <= entry["interest"]:
                opinions[number] = (self._stance(appeal_to(number, entry)), moment)
        return opinions

    def _vote_by_hand(self, idea: Idea, voter: Actor, stance: Stance, moment: datetime) -> None:
        """Vote as people do, with a receipt: whoever signs in to the demo finds them."""
        cast_vote(
            self._session,
            voter,
            slug=self._process.slug,
            idea_id=idea.id,
            stance=stance,
            revision=idea.revision,
            now=moment,
        )
        receipt_of_vote(self._session, voter, idea_id=idea.id, now=moment)

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
