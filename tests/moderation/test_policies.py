"""Who may decide, tag, file and write: actors against services, each asked for real."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.curation.board.clusters import create_cluster, remove_cluster, rename_cluster
from participation.curation.board.filing import file_idea, unfile_idea
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_see_idea
from participation.ideas.service import tag_idea
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide, redact
from participation.moderation.text_blocks.service import TextBlockDraft, add_text_block
from participation.processes.service import grant_role, set_phases
from participation.strategy.policies import may_export
from participation.strategy.statements.service import (
    StatementDraft,
    rewrite_statement,
    send_back,
    sign_off,
    submit_statement,
    withdraw_statement,
    write_statement,
)
from participation.strategy.statements.sources import clusters_in_use
from tests import make
from tests.conftest import Sessions

TITLE = {"en": "Title"}
ROLES: dict[str, tuple[Role, str] | None] = {
    "anonymous": None,
    "resident": None,
    "moderator here": (Role.MODERATOR, "here"),
    "moderator elsewhere": (Role.MODERATOR, "elsewhere"),
    "staff here": (Role.STAFF, "here"),
    "staff elsewhere": (Role.STAFF, "elsewhere"),
    "admin here": (Role.ADMIN, "here"),
    "admin": (Role.ADMIN, "everywhere"),
}
MODERATORS = {"moderator here", "admin here", "admin"}
WRITERS = MODERATORS | {"staff here"}
ADMINS = {"admin here", "admin"}
WHY = {"reason": "No", "ground": "rule-respect"}
Action = Callable[..., Any]
ACTIONS: dict[str, tuple[set[str], Action]] = {
    "publish": (
        MODERATORS,
        lambda s, a, x, now: decide(
            s, a, subject=Subject("idea", x["waiting"]), kind=DecisionKind.PUBLISH, reason="", now=now
        ),
    ),
    "hide": (
        MODERATORS,
        lambda s, a, x, now: decide(s, a, subject=Subject("idea", x["idea"]), kind=DecisionKind.HIDE, **WHY, now=now),
    ),
    "hide comment": (
        MODERATORS,
        lambda s, a, x, now: decide(
            s, a, subject=Subject("comment", x["comment"]), kind=DecisionKind.HIDE, **WHY, now=now
        ),
    ),
    "keep": (
        MODERATORS,
        lambda s, a, x, now: decide(s, a, subject=Subject("idea", x["idea"]), kind=DecisionKind.KEEP, now=now),
    ),
    "ask for a change": (
        MODERATORS,
        lambda s, a, x, now: decide(
            s, a, subject=Subject("comment", x["comment"]), kind=DecisionKind.ASK_CHANGE, **WHY, now=now
        ),
    ),
    "warn": (
        MODERATORS,
        lambda s, a, x, now: decide(s, a, subject=Subject("idea", x["own"]), kind=DecisionKind.WARN, **WHY, now=now),
    ),
    "suspend": (
        MODERATORS,
        lambda s, a, x, now: decide(
            s,
            a,
            subject=Subject("idea", x["own"]),
            kind=DecisionKind.SUSPEND,
            lasts_until=now + timedelta(days=7),
            **WHY,
            now=now,
        ),
    ),
    "take a passage out": (
        MODERATORS,
        lambda s, a, x, now: redact(s, a, idea_id=x["idea"], passages=["the problem"], **WHY, now=now),
    ),
    "keep a text block": (
        MODERATORS,
        lambda s, a, x, now: add_text_block(
            s, a, process_id=x["process"], draft=TextBlockDraft("Names", "", TITLE), now=now
        ),
    ),
    "tag": (MODERATORS, lambda s, a, x, now: tag_idea(s, a, idea_id=x["idea"], principle_ids=[], now=now)),
    "make cluster": (
        MODERATORS,
        lambda s, a, x, now: create_cluster(s, a, process_id=x["process"], title=TITLE, description={}, now=now),
    ),
    "rename cluster": (
        MODERATORS,
        lambda s, a, x, now: rename_cluster(s, a, cluster_id=x["cluster"], title=TITLE, description={}, now=now),
    ),
    "remove cluster": (
        MODERATORS,
        lambda s, a, x, now: remove_cluster(s, a, cluster_id=x["unused"], in_use=clusters_in_use, now=now),
    ),
    "file": (MODERATORS, lambda s, a, x, now: file_idea(s, a, idea_id=x["idea"], cluster_id=x["unused"], now=now)),
    "unfile": (MODERATORS, lambda s, a, x, now: unfile_idea(s, a, idea_id=x["idea"], cluster_id=x["cluster"], now=now)),
    "write": (
        WRITERS,
        lambda s, a, x, now: write_statement(
            s, a, process_id=x["process"], draft=StatementDraft(TITLE, {}, [x["cluster"]]), now=now
        ),
    ),
    "rewrite": (
        WRITERS,
        lambda s, a, x, now: rewrite_statement(
            s, a, statement_id=x["statement"], draft=StatementDraft(TITLE, {}, [x["cluster"]]), now=now
        ),
    ),
    "submit": (WRITERS, lambda s, a, x, now: submit_statement(s, a, statement_id=x["statement"], now=now)),
    "sign off": (WRITERS, lambda s, a, x, now: sign_off(s, a, statement_id=x["submitted"], now=now)),
    "send back": (
        WRITERS,
        lambda s, a, x, now: send_back(s, a, statement_id=x["submitted"], remark="Too long", now=now),
    ),
    "withdraw": (
        WRITERS,
        lambda s, a, x, now: withdraw_statement(s, a, statement_id=x["statement"], reason=TITLE, now=now),
    ),
    "edit process": (
        ADMINS,
        lambda s, a, x, now: set_phases(s, a, process_id=x["process"], phases=[], now=now),
    ),
    "give role": (
        ADMINS,
        lambda s, a, x, now: grant_role(
            s, a, account_id=x["account"], role=Role.STAFF, process_id=x["process"], now=now
        ),
    ),
    "give role everywhere": (
        {"admin"},
        lambda s, a, x, now: grant_role(s, a, account_id=x["account"], role=Role.STAFF, process_id=None, now=now),
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("name", ROLES)
def test_services_ask_who_it_is(transact: Sessions, name: str, action: str) -> None:
    allowed, run = ACTIONS[action]
    with transact() as session:
        here = make.process(session)
        elsewhere = make.process(session, "elsewhere")
        idea = make.idea(session, here)
        cluster = make.cluster(session, here, ideas=[idea])
        things = {
            "process": here.id,
            "idea": idea,
            "waiting": make.idea(session, here, state=IdeaState.IN_REVIEW),
            "comment": make.comment(session, here, idea),
            "own": make.idea(session, here, author=make.participant(session, here, account_id=make.account(session))),
            "cluster": cluster,
            "unused": make.cluster(session, here, title="Unused"),
            "statement": make.statement(session, here, [cluster], published=False),
            "submitted": make.submitted_statement(session, here, [cluster]),
            "account": make.account(session),
        }
        held = ROLES[name]
        place = {"here": here.id, "elsewhere": elsewhere.id, "everywhere": None}
        actor = ANONYMOUS if name == "anonymous" else _actor(session, held, place)
        if name in allowed:
            run(session, actor, things, clock.now())
        else:
            with pytest.raises(Refused):
                run(session, actor, things, clock.now())


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("state", list(IdeaState))
def test_who_sees_an_idea(name: str, state: IdeaState) -> None:
    actor = _bare(name)
    seen = may_see_idea(actor, state=state, process_id=1, is_author=False)
    withdrawn = state is IdeaState.WITHDRAWN
    assert bool(seen) is (state is IdeaState.PUBLISHED or (name in MODERATORS and not withdrawn))
    assert bool(may_see_idea(actor, state=state, process_id=1, is_author=True)) is not withdrawn


@pytest.mark.parametrize("name", ROLES)
def test_who_exports(name: str) -> None:
    assert bool(may_export(_bare(name), 1)) is (name in {"staff here", "admin here", "admin"})


def _bare(name: str) -> Actor:
    held = ROLES[name]
    place = {"here": 1, "elsewhere": 2, "everywhere": None}
    return Actor(5, grants=frozenset({(held[0], place[held[1]])}) if held else frozenset())


def _actor(session: Any, held: tuple[Role, str] | None, place: dict[str, int | None]) -> Actor:
    account_id = make.account(session)
    if held is None:
        return make.actor(session, account_id)
    return make.actor(session, account_id, role=held[0], process_id=place[held[1]])
