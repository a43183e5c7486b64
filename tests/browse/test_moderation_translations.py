"""Decisions about translations in public: in the log and its figures, without words or names; and about reports."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.cases.models import Case, CaseKind
from participation.kit import clock
from participation.moderation.models import DecisionKind
from participation.moderation.openness.log import decision_log, log_lines, whole_log
from participation.moderation.openness.month_counts import count_months, figures_by_month
from participation.moderation.openness.rewordings import Rewording
from participation.moderation.service import Subject, decide
from participation.notices.models import NoticeReason
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.wordings.models import WordingState
from participation.wordings.suggesting.deciding import (
    Corrected,
    accept_wording,
    correct_wording,
    refuse_wording,
    take_down_wording,
)
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
HERE = "/en/processes/digital/moderation"
SECRET, REASON, NAME = "Gizli sözler", "Wrong in each line", "Stille Weide"
DAYS = {Rewording.ACCEPTED: 4, Rewording.REFUSED: 3, Rewording.CORRECTED: 2, Rewording.TAKEN_DOWN: 1}


def decided(session: Session, place: Place) -> int:
    """Decide about one translation in each way, one a day, and about an idea in between; return the last wording."""
    now = clock.now()
    account = make.account(session, "decider@example.org")
    actor = make.actor(session, account, role=Role.MODERATOR, process_id=place.id)
    maker = make.participant(session, place, pseudonym=NAME)
    idea = make.idea(session, place)
    day = {decision: now - timedelta(days=days) for decision, days in DAYS.items()}
    waits = {"state": WordingState.WAITING, "author": maker, "body": SECRET}
    first, second = (make.wording(session, idea, language=one, **waits) for one in ("tr", "uk"))
    third, last = (make.wording(session, idea, language=one, provider="deepl", body=SECRET) for one in ("ar", "pl"))
    for case in session.query(Case):
        case.opened_at = case.due_at = now - timedelta(days=8)
    accept_wording(session, actor, wording_id=first, now=day[Rewording.ACCEPTED])
    refuse_wording(session, actor, wording_id=second, reason=REASON, now=day[Rewording.REFUSED])
    decide(session, actor, subject=Subject("idea", idea), kind=DecisionKind.KEEP, now=day[Rewording.CORRECTED])
    better = Corrected("Another", f"{SECRET} again")
    correct_wording(session, actor, wording_id=third, corrected=better, now=day[Rewording.CORRECTED])
    take_down_wording(session, actor, wording_id=last, reason=REASON, now=day[Rewording.TAKEN_DOWN])
    # Nothing of these was decided by people, or it may still be taken back.
    make.wording(session, idea, language="ro", **waits)
    make.wording(session, idea, language="bg", provider="deepl", body=SECRET)
    just_now = make.wording(session, idea, language="fr", **waits)
    accept_wording(session, actor, wording_id=just_now, now=now)
    return last


def test_decisions_about_translations_stand_in_the_log(
    app: Flask, client: PageClient, transact: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    with transact() as session:
        decided(session, make.process(session))
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HERE}.csv").text)))
    assert [(row["decision"], row["translation_into"]) for row in rows] == [
        ("translation_taken_down", "pl"),
        ("keep", ""),
        ("translation_corrected", "ar"),
        ("translation_refused", "uk"),
        ("translation_accepted", "tr"),
    ]
    whole = json.loads(client.get(f"{HERE}.json").text)
    assert [one["translation_into"] for one in whole["decisions"]] == ["pl", "", "ar", "uk", "tr"]
    counted = [one["translations"] for one in whole["months"]]
    assert sorted(name for one in counted for name in one) == sorted(one.value for one in Rewording)
    page = client.get(HERE)
    entries = [" ".join(text.split()) for text in page.texts(".moderation-log__entry")]
    assert [entry.partition(" had")[0].partition(" Fingerprint")[0] for entry in entries] == [
        "Translation taken down Idea · Polish",
        "Left as it is Idea",
        "Translation corrected Idea · Arabic",
        "Translation refused Idea · Ukrainian",
        "Translation shown Idea · Turkish",
    ]
    feed = client.get(f"{HERE}.atom").text
    assert feed.count("</entry>") == 5
    assert "Translation taken down: Idea · Polish" in feed
    for text in (page.text, feed, json.dumps(whole, ensure_ascii=False), str(rows)):
        assert [word for word in (SECRET, REASON, NAME, "decider@example.org") if word in text] == []


def test_pages_of_the_log_go_on_behind_either_kind(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        last = decided(session, place)
    now = clock.now() - timedelta(hours=1)
    with transact() as session:
        whole = [line for lines in whole_log(session, place.id, settled_before=now) for line in lines]
        assert len(whole) == 5
        for number, line in enumerate(whole):
            rest = log_lines(session, place.id, settled_before=now, before=line.key)
            assert rest == whole[number + 1 :]
        alone = [line for lines in decision_log(session, place.id, settled_before=now) for line in lines]
        assert alone == [line for line in whole if not line.language]
    assert len(client.get(f"{HERE}?before=w{last}", budget=5).select(".moderation-log__entry")) >= 4
    client.get(f"{HERE}?before=w{last + 1000}", status=404)
    for other in ("w", "wx", "-1", "0"):
        client.get(f"{HERE}?before={other}", status=400)


def test_figures_of_months_that_are_over_keep_them(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        decided(session, place)
        now = clock.now()
        months = [now - timedelta(days=9), now - timedelta(hours=5)]

        def counted() -> list[dict[Rewording, int]]:
            figures = figures_by_month(session, place.id, months, settled_before=now, now=now)
            assert sum(one.kept.total() for one in figures) == 4
            assert [kind for one in figures for kind, _kept in one.kept if kind is not CaseKind.WORDING] == []
            return [dict(one.rewordings) for one in figures]

        before = counted()
        assert before == [dict.fromkeys(Rewording, 1), {Rewording.ACCEPTED: 1}]
    with app.app_context():
        count_months(lambda: None)
    with transact() as session:
        assert counted() == before


@pytest.mark.parametrize("is_put_right", [True, False])
def test_a_report_of_a_translation_has_an_outcome_of_its_own(
    client: PageClient, member: Member, transact: Sessions, is_put_right: bool
) -> None:
    with transact() as session:
        place = make.process(session)
        account = make.account(session, "decider@example.org")
        actor = make.actor(session, account, role=Role.MODERATOR, process_id=place.id)
        idea = make.idea(session, place)
        wording = make.wording(session, idea, language="en", provider="deepl")
        other = make.wording(session, make.idea(session, place), language="en", provider="deepl")
        code = make.notice(session, place, idea, reason=NoticeReason.TRANSLATION)
        take_down_wording(session, actor, wording_id=wording if is_put_right else other, reason=REASON, now=clock.now())
        decide(session, actor, subject=Subject("idea", idea), kind=DecisionKind.KEEP, now=clock.now())
        reader = make.account(session, "reader@example.org", language="en")
        tell(session, [reader], EntryKind.NOTICE, 1, process_id=place.id, now=clock.now())
    expected = (
        "The translation was put right or taken down."
        if is_put_right
        else "We have looked at the translation and left it as it is."
    )
    assert client.get(f"/en/notices/{code}", budget=7).one(".lead") == expected
    assert expected in member(email="reader@example.org").get("/en/my/inbox").texts(".inbox-item__text p")
