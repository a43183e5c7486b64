"""The parts of an export besides ideas and comments: bundles, decisions, answers, measures, referrals; all public."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.curation.models import Bundle, BundleMember
from participation.exports.document import (
    AnswerRow,
    DecisionRow,
    MeasureRow,
    ReferralRow,
    StepRow,
    StrategyInput,
    TogetherFigures,
)
from participation.exports.queries import strategy_input
from participation.exports.reading import expected_rows, read_into, snapshot
from participation.exports.spool import streams
from participation.kit import clock
from participation.kit.db import db
from participation.moderation.models import Appeal, AppealOutcome, Automation, Decision, DecisionKind
from participation.processes.queries import process_by_id
from participation.strategy.models import (
    Answer,
    AnswerOutcome,
    Measure,
    MeasureState,
    MeasureStep,
    Referral,
    Statement,
    StatementState,
)
from tests.exports.consultation import SECRET, START, Consultation, Transact, build
from tests.exports.test_queries import PLACE

LATE, NIGHT = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 5, 2, 22, 30, tzinfo=UTC)
DUE = date(2026, 7, 1)


@pytest.fixture
def made(app: Flask, transact: Transact) -> Consultation:
    """A consultation with answers and all the rest."""
    made = build(transact)
    with transact() as session:
        _bundle(session, made)
        _decisions(session, made)
        _answers(session, made)
    return made


def _bundle(session: Session, made: Consultation) -> None:
    bundle = Bundle(process_id=made.process_id, made_at=START)
    session.add(bundle)
    session.flush()
    # One of the ideas is hidden.
    for idea_id in (made.ideas[0], made.ideas[2], made.hidden_ids[-1]):
        session.add(BundleMember(bundle_id=bundle.id, idea_id=idea_id, added_at=START))


def _decisions(session: Session, made: Consultation) -> None:
    def decide(kind: DecisionKind, at: datetime, **more: Any) -> Decision:
        decision = Decision(process_id=made.process_id, kind=kind, reason=SECRET, decided_at=at, **more)
        session.add(decision)
        session.flush()
        return decision

    hidden = decide(DecisionKind.HIDE, NIGHT, idea_id=made.hidden_ids[0], ground="rule-1", waited_seconds=5400)
    decide(DecisionKind.PUBLISH, START, comment_id=made.comments[0], automation=Automation.CLOCK, content_digest="ab")
    decide(DecisionKind.HIDE, START, idea_id=made.ideas[0], undone_at=START)
    decide(DecisionKind.HIDE, LATE, idea_id=made.ideas[1])
    session.add(
        Appeal(
            process_id=made.process_id,
            decision_id=hidden.id,
            participant_id=1,
            text=SECRET,
            language="en",
            submitted_at=START,
            due_at=START,
            outcome=AppealOutcome.UPHELD,
        )
    )


def _answers(session: Session, made: Consultation) -> None:
    draft = Statement(
        process_id=made.process_id, position=9, state=StatementState.DRAFT, text={}, reasoning={}, written_at=START
    )
    session.add(draft)
    session.flush()
    shared = {"process_id": made.process_id, "department": "Parks"}

    def answer(outcome: AnswerOutcome, day: int, text: str, **more: Any) -> Answer:
        said = {"en": text, "de": f"{text} (de)"}
        row = Answer(outcome=outcome, text=said, answered_at=START + timedelta(days=day), **shared, **more)
        session.add(row)
        session.flush()
        return row

    answer(AnswerOutcome.NO, 1, "Not yet.", idea_id=made.ideas[0])
    promised = answer(AnswerOutcome.YES, 2, "We will.", idea_id=made.ideas[0], due_on=DUE)
    done = answer(AnswerOutcome.PARTLY, 3, "Some of it.", statement_id=made.statement_id)
    secret = answer(AnswerOutcome.YES, 4, SECRET, idea_id=made.hidden_ids[0])
    answer(AnswerOutcome.YES, 5, SECRET, statement_id=draft.id)
    for row, title in ((done, "Benches"), (secret, SECRET)):
        measure = Measure(
            answer_id=row.id,
            title={"en": title},
            due_on=DUE + timedelta(days=9),
            state=MeasureState.RUNNING,
            made_at=START,
            **shared,
        )
        session.add(measure)
        session.flush()
        for state, text, due_on in ((MeasureState.PLANNED, "Begun", DUE), (MeasureState.RUNNING, "Later", None)):
            session.add(
                MeasureStep(
                    measure_id=measure.id, state=state, text={"en": text, "de": text}, due_on=due_on, reported_at=START
                )
            )
    asked = {"due_on": DUE, "first_due_on": DUE - timedelta(days=5), "referred_at": START, **shared}
    session.add(Referral(bundle_id=1, **asked))
    session.add(Referral(idea_id=made.hidden_ids[0], **asked))
    session.add(Referral(statement_id=made.statement_id, closed_at=START, answer_id=promised.id, **asked))


def test_what_everybody_may_read_and_nothing_else(
    app: Flask, made: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 30)
    with app.app_context(), snapshot(db.engine) as session:
        process = process_by_id(session, made.process_id)
        read = strategy_input(session, SYSTEM, process, language="en", now=LATE, place=PLACE)
        rows = {name: list(getattr(read, name)()) for name in streams()}
        counted = expected_rows(session, made.process_id, now=LATE)
    first, third = str(made.ideas[0]), str(made.ideas[2])
    assert SECRET not in repr(rows)
    # A decision that can still be taken back is counted before it is known to be left out.
    assert {name: len(found) for name, found in rows.items()} == {**counted, "decisions": counted["decisions"] - 1}
    together = TogetherFigures(people=6, agree=3, disagree=2, both=0)
    assert [(row.idea_id, row.ideas, row.figures) for row in rows["bundles"]] == [
        (first, 2, together),
        (third, 2, together),
    ]
    assert {idea.id: idea.together for idea in rows["ideas"] if idea.bundle_id} == {first: together, third: together}
    _check_decisions(rows["decisions"])
    _check_answers(read, rows, made)


def _check_decisions(found: list[DecisionRow]) -> None:
    assert found == [
        DecisionRow(
            id="1",
            subject="Idea",
            subject_code="idea",
            decision="Hidden",
            decision_code="hide",
            ground="rule-1",
            ground_code="rule-1",
            # Half past midnight in the city.
            decided_on=date(2026, 5, 3),
            automation_code="none",
            hours_waited=1.5,
            appeal="The decision stays",
            appeal_code="upheld",
        ),
        DecisionRow(
            id="2",
            subject="Comment",
            subject_code="comment",
            decision="Published",
            decision_code="publish",
            ground="",
            decided_on=date(2026, 5, 1),
            automation="published by itself",
            automation_code="clock",
            digest="ab",
        ),
    ]


def _check_answers(read: StrategyInput, rows: dict[str, list[Any]], made: Consultation) -> None:
    def answer(id_: str, kind: Any, target: int, text: str, day: int, **more: Any) -> AnswerRow:
        return AnswerRow(
            id=id_,
            kind=kind,
            target_id=str(target),
            department="Parks",
            text=text,
            text_in={"en": text, "de": f"{text} (de)"},
            answered_at=START + timedelta(days=day),
            **more,
        )

    assert rows["answers"] == [
        answer("1", "idea", made.ideas[0], "Not yet.", 1, outcome="No, we will not do this", outcome_code="no",
               is_latest=False),
        answer("2", "idea", made.ideas[0], "We will.", 2, outcome="Yes, we will do this", outcome_code="yes",
               due_on=DUE, is_overdue=True),
        answer("3", "statement", made.statement_id, "Some of it.", 3, outcome="Yes, in part", outcome_code="partly"),
    ]  # fmt: skip
    texts = {name: {"en": name, "de": name} for name in ("Begun", "Later")}
    begun = StepRow(
        state="Planned", state_code="planned", text="Begun", text_in=texts["Begun"], due_on=DUE, reported_at=START
    )
    later = StepRow(state="Under way", state_code="running", text="Later", text_in=texts["Later"], reported_at=START)
    assert rows["measures"] == [
        MeasureRow(
            id="1",
            answer_id="3",
            title="Benches",
            title_in={"en": "Benches"},
            department="Parks",
            state="Under way",
            state_code="running",
            due_on=DUE + timedelta(days=9),
            first_due_on=DUE,
            is_overdue=True,
            steps=(begun, later),
        )
    ]
    assert rows["referrals"] == [
        ReferralRow(
            id="1",
            kind="bundle",
            target_id="1",
            department="Parks",
            due_on=DUE,
            first_due_on=DUE - timedelta(days=5),
            referred_at=START,
            is_overdue=True,
        )
    ]
    [statement] = read.statements
    assert statement.answer.startswith("Yes, in part (Parks, 4 May 2026)")


def test_what_was_read_is_what_there_is(app: Flask, made: Consultation, tmp_path: Any) -> None:
    now = clock.now()
    with app.app_context(), snapshot(db.engine) as session:
        reading = read_into(tmp_path / "all", SYSTEM, process_id=made.process_id, language="en", now=now)
        process = process_by_id(session, made.process_id)
        live = strategy_input(session, SYSTEM, process, language="en", now=now, place=PLACE)
        kept = reading.document()
        for name in ("votes", "comments", "filings", "decisions", "bundles", "answers", "measures", "referrals"):
            assert list(getattr(kept, name)()) == list(getattr(live, name)())
        assert [idea.text for idea in kept.ideas()] == [idea.text for idea in live.ideas()]
    assert (kept.statements[0].text_in, kept.figures, kept.labels) == (
        live.statements[0].text_in,
        live.figures,
        live.labels,
    )
    assert (kept.url, kept.statements[0].url) == (
        f"/en/processes/{made.slug}",
        f"/en/processes/{made.slug}/statements/{made.statement_id}",
    )
    assert kept.languages["de"] == "German"
    assert kept.counts == {name: len(list(getattr(kept, name)())) for name in streams()}
