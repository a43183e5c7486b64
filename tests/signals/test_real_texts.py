"""Signals on texts that moderators elsewhere let through or not: the page about the method says what happens here."""

import csv
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from participation.browse.methods import method_page
from participation.cases.models import Case
from participation.comments.models import Comment, CommentState
from participation.kit import clock
from participation.signals.findings import Circumstances, findings_in
from participation.signals.models import Signal, SignalKind
from participation.signals.service import look_at
from tests import make
from tests.architecture.sources import ROOT
from tests.conftest import Sessions

DATA = ROOT.parent / "shared" / "data"
pytestmark = [
    pytest.mark.accept,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside this checkout"),
]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_moderated_statements(transact: Sessions) -> None:
    statements = sorted(rows("votes-klimarat/comments.csv"), key=lambda row: int(row["timestamp"]))
    with transact() as session:
        place = make.process(session)
        idea_id = make.idea(session, place)
        admitted = {}
        for row in statements:
            comment_id = make.comment(session, place, idea_id, body=row["comment-body"], state=CommentState.IN_REVIEW)
            admitted[comment_id] = row["moderated"] == "1"
    with transact() as session:
        for case_id in session.scalars(select(Case.id).order_by(Case.id)).all():
            look_at(session, case_id, now=clock.now())
    with transact() as session:
        seen = session.execute(select(Signal.subject_id, Signal.kind)).all()
        counts = Counter(admitted[subject_id] for subject_id, _kind in seen)
        assert {kind for _subject_id, kind in seen} == {SignalKind.REPEATED}
        groups = Counter(session.scalars(select(Case.group_id)))
        assert session.scalar(select(Comment.id).where(Comment.state != CommentState.IN_REVIEW)) is None
    total = Counter(admitted.values())
    said = " ".join(method_page("signals", "en").limits)
    assert f"at {counts[False]} of the {total[False]} that were not admitted" in said
    assert f"at {counts[True]} of the {total[True]} that were" in said
    assert f"{sum(size > 1 for size in groups.values())} groups" in said


def test_published_ideas() -> None:
    ideas = rows("ideas-raddialog-bonn/ideas.csv")
    around = Circumstances(at=datetime.now(UTC))
    counts = Counter(
        finding.kind for row in ideas for finding in findings_in(f"{row['title']}\n{row['text']}", "de", around)
    )
    said = " ".join(method_page("signals", "en").limits)
    assert f"of {len(ideas):,} contributions" in said
    assert f"pointed at something {counts.total()} times: {counts[SignalKind.LINKS]} times at links" in said
    assert f"{counts[SignalKind.PERSONAL]} times at addresses or names" in said
    assert counts.keys() == {SignalKind.LINKS, SignalKind.PERSONAL, SignalKind.WORDS}
