"""Processes in every state, one of them with everything that a page tells apart."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accessibility.service import answer_barrier, put_off_barrier
from participation.accounts.actor import SYSTEM, Actor, Role
from participation.accounts.models import Account
from participation.cases.models import Case, SubjectKind
from participation.comments.models import Comment, CommentRevision, CommentStance, CommentState, Voice
from participation.curation.bundling.service import bundle_ideas, dissolve
from participation.exports.models import Export, ExportState
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.ideas.tagging import tags_of
from participation.insights.jobs import put_figures
from participation.kit import clock
from participation.legal.models import LegalKind
from participation.moderation.appeals.service import answer_appeal, withdraw_appeal
from participation.moderation.messages.conversations import contribution
from participation.moderation.messages.policies import MOST_IN_A_ROW
from participation.moderation.messages.service import answer_team, write_to_author
from participation.moderation.models import AppealOutcome, Decision, DecisionKind
from participation.moderation.openness.times import FEWEST_TIMES, note_time
from participation.moderation.service import Subject, decide
from participation.notices.models import Evidence, NoticeReason
from participation.principles.models import District, FieldOfAction
from participation.processes.models import Capability, Participant, PhaseKind, Process, ProcessState
from participation.processes.queries import process_by_id
from participation.receipts.models import ReceiptKind
from participation.receipts.service import issue_receipt
from participation.signals.models import Signal, SignalKind, WatchedWord
from participation.signals.watching import OWN, built_in_lists
from participation.strategy.models import AnswerOutcome, MeasureState
from participation.texts.personal import Personal
from participation.voting.models import Stance, Vote
from participation.wordings.models import WordingState
from tests import documents, group_runs, log_releases, make, revisions, self_descriptions
from tests.points import give

BUSY = "busy"
ELSEWHERE = "https://www.example.org/answer"
_OUTCOMES = ((NoticeReason.HATE, DecisionKind.HIDE), (NoticeReason.OTHER, DecisionKind.KEEP))
EARLIER, MONTH = timedelta(days=3), timedelta(days=30)


def fill(session: Session) -> None:
    """Make processes in every state, one of them with everything in every state that a page tells apart."""
    now = clock.now()
    # Those who will look; whoever else comes along later is only there to be counted.
    visitors = session.scalars(select(Account.id)).all()
    place = make.process(session, BUSY, review_first=True)
    _busy(session, place)
    _reported(session, place)
    _signalled(session, place)
    _objected(session, place)
    make.process(session, "empty")
    make.process(session, "draft", state=ProcessState.DRAFT)
    make.process(session, "archived", state=ProcessState.ARCHIVED)
    quiet = make.process(session, "quiet", hides_results=True, allows=frozenset({Capability.COMMENT}))
    make.votes(session, quiet, make.idea(session, quiet), agree=3)
    make.phase(session, quiet, kind=PhaseKind.VOTE, starts_at=now + 2 * MONTH, ends_at=now + 3 * MONTH)
    over = make.process(session, "over", starts_at=now - 2 * MONTH, ends_at=now - MONTH)
    make.comment(session, over, make.idea(session, over))
    # One that says the same as an idea, and one that lacks something and gives away a name and an address.
    make.idea(session, place, title="Telescope", body="Telescope")
    for account_id, where in product(visitors, (place, over)):
        make.draft(session, where, account_id, title="Telescope", body="Telescope")
        make.draft(session, where, account_id, title="Frau Muster", body="a.b@example.org", not_sure=False)
    make.process(session, "soon", starts_at=now + timedelta(hours=5), ends_at=now + MONTH)
    _lawful(session, place, quiet)
    _barriers(session)
    _worded(session, place)


def _worded(session: Session, place: make.Place) -> None:
    """Put an idea into other words: a machine's, people's, and one that waits."""
    published = select(Idea.id).where(Idea.process_id == place.id, Idea.state == IdeaState.PUBLISHED)
    idea = session.scalars(published.order_by(Idea.id)).first()
    assert idea
    make.wording(session, idea, language="uk", title="Telescope", body="Telescope", provider="libretranslate")
    make.wording(session, idea, language="fr", title="Telescope", body="Telescope")
    first = session.scalars(select(Account.id).order_by(Account.id)).first()
    author = make.participant(session, place, account_id=first)
    waiting = WordingState.WAITING
    make.wording(session, idea, language="ro", title="Bench", body="Telescope", state=waiting, author=author)


def _barriers(session: Session) -> None:
    """Report barriers: one that is late, one that was put off and one that is gone."""
    now = clock.now()
    make.barrier(session, days=-1)
    put_off = make.barrier(session, contact="who@example.org")
    days = {"until": now + timedelta(days=30), "latest": now + timedelta(days=42)}
    put_off_barrier(session, SYSTEM, report_id=put_off, text="Because", language="en", **days, now=now)
    gone = make.barrier(session)
    answer_barrier(session, SYSTEM, report_id=gone, text="Thank you", language="en", is_removed=True, now=now)


def _lawful(session: Session, place: make.Place, quiet: make.Place) -> None:
    """Publish rules in two versions and write a third one; who takes part in the quiet process has to agree."""
    for words in ("Telescope", "Bench"):
        make.legal_text(session, place, text={"de": words}, changes={"de": words})
    make.legal_draft(session, place, text={"de": "Telescope", "en": "Bench"}, asks_consent=True)
    agreed = make.legal_text(session, kind=LegalKind.PRIVACY, text={"de": "Telescope"})
    for account_id in session.scalars(select(Account.id)).all():
        make.consent(session, account_id, agreed)
    make.legal_text(session, quiet, text={"de": "Bench"}, changes={"de": "Bench"}, asks_consent=True)


def _signalled(session: Session, place: make.Place) -> None:
    """Let a program point at what waits in every way it can, and let moderators watch a word of their own."""
    now = clock.now()
    session.add(WatchedWord(process_id=None, language="de", word="idiot", added_at=now))
    seen: tuple[tuple[SignalKind, dict[str, object]], ...] = (
        (SignalKind.RATE, {"count": 6, "minutes": 10}),
        (SignalKind.RATE, {"count": 26, "minutes": 1440}),
        (SignalKind.LINKS, {"links": 3, "hidden": 1}),
        (SignalKind.REPEATED, {"others": 2, "own": 1, "more": False}),
        (SignalKind.REPEATED, {"others": 50, "own": 0, "more": True}),
        *((SignalKind.WORDS, {"words": [{"word": "idiot", "list": name}]}) for name in (OWN, *built_in_lists()["de"])),
        (SignalKind.NEW_ACCOUNT, {"minutes": 5, "count": 5, "links": 1}),
        (SignalKind.NEW_ACCOUNT, {"minutes": 500, "count": 1, "links": 1}),
        (SignalKind.PERSONAL, {"kinds": [kind.value for kind in Personal]}),
        (SignalKind.LANGUAGE, {"stated": "de", "seems": "en"}),
    )
    idea = make.idea(session, place, state=IdeaState.IN_REVIEW)
    for kind, details in seen:
        row = Signal(process_id=place.id, subject_kind=SubjectKind.IDEA, subject_id=idea, kind=kind, found_at=now)
        row.details = details
        session.add(row)
    session.execute(update(Case).where(Case.subject_id == idea).values(signals=len(seen), looked_at=now))


def _reported(session: Session, place: make.Place) -> None:
    """Let contributions be reported and held as evidence: what waits, what cannot wait, what is decided and emptied."""
    now = clock.now()
    moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)
    for reason, kind in ((NoticeReason.SPAM, None), (NoticeReason.THREAT_TO_LIFE, None), *_OUTCOMES):
        idea = make.idea(session, place, at=now - EARLIER)
        make.notice(session, place, idea, reason=reason, contact="somebody@example.org")
        make.evidence(session, place, idea, opened_by=moderator)
        if kind:
            subject, ground = Subject("idea", idea), "law-hatred" if kind is DecisionKind.HIDE else ""
            decide(session, moderator, subject=subject, kind=kind, reason="Reason", ground=ground, now=now)
    session.scalars(select(Evidence).limit(1)).one().deleted_at = now


def _objected(session: Session, place: make.Place) -> None:
    """Let the first visitor object to decisions of all kinds, wait for an answer, get one, or take it back."""
    now = clock.now()
    author = make.participant(
        session, place, account_id=session.scalars(select(Account.id).order_by(Account.id)).first()
    )
    decider, other = (
        make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id) for _number in range(2)
    )
    for kind in (DecisionKind.HIDE, DecisionKind.ASK_CHANGE, DecisionKind.WARN, DecisionKind.ELSEWHERE):
        for outcome in (None, *AppealOutcome):
            idea = make.idea(session, place, author=author, at=now - EARLIER)
            details = {"url": "https://example.org/"} if kind is DecisionKind.ELSEWHERE else {}
            decision, appeal = make.objection(
                session, idea, kind=kind, by=decider, details=details, subject=SubjectKind.IDEA
            )
            if outcome is AppealOutcome.WITHDRAWN:
                withdraw_appeal(session, _person(session, author), decision_id=decision, now=now)
            elif outcome:
                answer_appeal(session, other, appeal_id=appeal, outcome=outcome, answer="Because", now=now)
    comment = make.comment(session, place, idea, author=author, at=now - EARLIER)
    why = {"reason": "Reason", "ground": "law-insult", "lasts_until": now + EARLIER}
    decide(session, decider, subject=Subject("comment", comment), kind=DecisionKind.SUSPEND, **why, now=now)
    session.get_one(Process, place.id).measures_time = True
    session.flush()
    for _number in range(FEWEST_TIMES):
        note_time(session, process_by_id(session, place.id), DecisionKind.HIDE, timedelta(seconds=20), now=now)


def _person(session: Session, participant_id: int) -> Actor:
    return Actor(session.get_one(Participant, participant_id).account_id)


def _busy(session: Session, place: make.Place) -> None:
    now = clock.now()
    people = [make.participant(session, place, account_id=account) for account in session.scalars(select(Account.id))]
    district, field = session.scalar(select(District.id)), session.scalar(select(FieldOfAction.id))
    tagged = make.idea(
        session, place, author=people[0], principles=["innovation"], district_id=district, field_id=field, language="tr"
    )
    imported = make.idea(session, place, source=IdeaSource.IMPORTED, external_id="P-17")
    for idea_state in IdeaState:
        idea = make.idea(session, place, author=people[0], state=idea_state, at=now - EARLIER)
        if idea_state is IdeaState.HIDDEN:
            _hide(session, place, idea_id=idea)
    for comment_state in CommentState:
        comment = make.comment(session, place, tagged, author=people[0], state=comment_state, at=now - EARLIER)
        make.comment(session, place, tagged, parent_id=comment)
        if comment_state is CommentState.HIDDEN:
            _hide(session, place, comment_id=comment)
    _speak(session, place, tagged, people[0])
    revisions.revised(session, tagged, "A name", "Telescope", closed=["A name"])
    for addendum_state in (IdeaState.PUBLISHED, IdeaState.IN_REVIEW, IdeaState.HIDDEN):
        addendum = revisions.addendum(session, place, tagged, state=addendum_state)
        if addendum_state is IdeaState.HIDDEN:
            _hide(session, place, addendum_id=addendum)
    make.votes(session, place, tagged, agree=7, unsure=2, disagree=4)
    make.vote(session, place, imported, Stance.AGREE, by=people[0])
    for account_id in session.scalars(select(Account.id)).all():
        give(session, place, {tagged: 1, imported: 3}, account_id=account_id)
    give(session, place, {tagged: 1})
    _give_receipts(session, people[0])
    make.text_block(session, place, ground="rule-privacy")
    theme = make.cluster(session, place, ideas=[tagged, imported])
    further = make.cluster(session, place, title="Empty theme")
    make.suggestions(session, place, tagged, imported, [theme, further], word="Telescope")
    make.answer(session, statement_id=make.statement(session, place, [theme]))
    documents.everything(session, place)
    _curate(session, place, tagged, imported)
    make.touches(session, place, tagged, ["everybody", "water", "peace"])
    make.answer(session, idea_id=tagged, outcome=AnswerOutcome.PARTLY)
    answered = make.answer(session, idea_id=tagged, due_on=now.date())
    follow_up(session, answered, tagged, imported, now=now)
    ideas = [tagged, imported, tagged, imported]
    group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.shaken(ideas))
    make.statement(session, place, [theme], published=False)
    self_descriptions.figures(session, place)
    put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=now)
    for number in range(1, 8):
        log_releases.stored(session, place, number=number)
    make.actor(session, make.account(session), role=Role.STAFF, process_id=place.id)
    for export_state, output in product(ExportState, ("csv", "pdf")):
        _export(session, place, export_state, output)
    make.intake_run(session, place)
    make.open_upload(session, place)
    make.column_mapping(session)


def follow_up(session: Session, answered: int, tagged: int, imported: int, *, now: datetime) -> None:
    """Ask departments in time and too late, twice about the same, and let measures come to every state."""
    past, day = now.date() - timedelta(days=9), now.date() + timedelta(days=9)
    make.referral(session, idea_id=imported, due_on=past)
    make.referral(session, idea_id=imported, department="Another office", due_on=past + timedelta(days=1))
    make.referral(session, idea_id=tagged, due_on=day)
    for state in MeasureState:
        measure = make.measure(session, answered, title=f"Measure {state.value}", due_on=past)
        make.step(session, measure, state)
    make.step(session, measure, MeasureState.RUNNING, due_on=day)


def _curate(session: Session, place: make.Place, idea: int, other: int) -> None:
    """Move an idea and back, point elsewhere, bundle it, take another bundle apart, and let team and author write."""
    now = clock.now()

    def curated(kind: DecisionKind, number: int, **details: Any) -> None:
        subject = Subject("idea", number)
        decide(session, SYSTEM, subject=subject, kind=kind, reason="Reason", details=details, now=now)

    stood = tags_of(session, session.get_one(Idea, idea))
    curated(DecisionKind.MOVE, idea, principles=[], field=None)
    curated(DecisionKind.MOVE, idea, principles=stood.principle_ids, field=stood.field_id)
    curated(DecisionKind.ELSEWHERE, idea, url=ELSEWHERE)
    curated(DecisionKind.ELSEWHERE, other, idea=idea)
    bundle = bundle_ideas(session, SYSTEM, idea_ids=[idea, other], now=now)
    dissolve(session, SYSTEM, process_id=place.id, bundle_id=bundle.id, now=now)
    bundle_ideas(session, SYSTEM, idea_ids=[idea, other], now=now)
    about = contribution(session, place.id, SubjectKind.IDEA, idea)
    for number in range(MOST_IN_A_ROW + 1):
        said = {"about": about, "text": "Telescope", "language": "tr", "submission_key": f"said-{number}", "now": now}
        if number:
            answer_team(session, Actor(about.account_id), due_at=now, **said)
        else:
            write_to_author(session, SYSTEM, **said)


def _speak(session: Session, place: make.Place, idea: int, author: int) -> None:
    """Write comments of every stance and voice, one that was changed, and a thread longer than a page shows."""
    for stance, voice in product((None, *CommentStance), Voice):
        row = session.get_one(Comment, make.comment(session, place, idea))
        row.stance, row.voice, row.helpful, row.helpful_elsewhere = stance, voice, 2, 2
    parent = make.comment(session, place, idea)
    for _ in range(5):
        parent = make.comment(session, place, idea, parent_id=parent)
    for _ in range(5):
        make.comment(session, place, idea, parent_id=parent)
    changed = session.get_one(Comment, make.comment(session, place, idea, author=author))
    changed.edited_at = clock.now()
    session.add(CommentRevision(comment_id=changed.id, text="Earlier", written_at=clock.now(), replaced_at=clock.now()))


def _give_receipts(session: Session, author: int) -> None:
    """Give the author a receipt for each idea and comment, whatever its state, one for a vote, and one for nothing."""
    about: list[tuple[ReceiptKind, Any]] = [
        (ReceiptKind.IDEA, Idea),
        (ReceiptKind.COMMENT, Comment),
        (ReceiptKind.VOTE, Vote),
    ]
    subjects = [
        (kind, number)
        for kind, table in about
        for number in session.scalars(select(table.id).where(table.participant_id == author))
    ]
    for kind, number in [*subjects, (ReceiptKind.ADDENDUM, 999)]:
        issue_receipt(session, kind=kind, subject_id=number, revision=1, digest="0" * 64, now=clock.now() - MONTH)


def _hide(session: Session, place: make.Place, **subject: int) -> None:
    decided_by = session.scalar(select(Account.id))
    before, after = {"principles": [], "field": None}, {"principles": [], "field": 1}
    details = {DecisionKind.MOVE: {"before": before, "after": after}, DecisionKind.ELSEWHERE: {"idea": 1}}
    for kind in DecisionKind:
        at = clock.now() - EARLIER
        session.add(
            Decision(
                process_id=place.id,
                kind=kind,
                details=details.get(kind, {}),
                reason="Because of a rule",
                decided_by=decided_by,
                decided_at=at,
                **subject,
            )
        )


def _export(session: Session, place: make.Place, state: ExportState, output: str) -> None:
    now = clock.now()
    done = state is ExportState.DONE
    session.add(
        Export(
            public_id=f"{state.value}-{output}",
            process_id=place.id,
            format=output,
            language="de",
            requested_by=session.scalars(select(Account.id)).first(),
            requested_at=now - EARLIER,
            state=state,
            failure="no_space" if state is ExportState.FAILED else None,
            file_name="strategy" if done else None,
            size_bytes=123_456 if done else None,
            sha256="0" * 64 if done else None,
            finished_at=now - EARLIER if done else None,
            # One of the finished files has been taken away already.
            expires_at=(now + EARLIER if output == "csv" else now - EARLIER) if done else None,
            removed_at=now if done and output == "pdf" else None,
        )
    )
