"""The desk sees how texts get into other languages; admins alone decide whether any leave, and read to whom."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.cases.models import SubjectKind
from participation.commands import main
from participation.kit import clock
from participation.processes.models import Process
from participation.wordings.models import Errand, ErrandState, Wording
from participation.wordings.policies import may_choose_provider, may_see_errands
from participation.wordings.service import choose_provider
from tests import make
from tests.conftest import NewClient, Sessions
from tests.pages import PageClient
from tests.stand_in import StandIn, saying
from tests.wordings.conftest import Work

CHOICE = "form[action$=translations]"
Member = Callable[..., PageClient]


def url(place: make.Place, rest: str = "") -> str:
    return f"/en/desk/processes/{place.slug}/translations{rest}"


def chosen(database: Sessions) -> str:
    with database() as session:
        return session.scalars(select(Process.translator)).one()


def someone(role: Role, process_id: int | None = 1) -> Actor:
    return Actor(1, "", frozenset({(role, process_id)}))


@pytest.mark.parametrize(
    ("actor", "chooses", "sees"),
    [
        (ANONYMOUS, False, False),
        (Actor(1), False, False),
        (someone(Role.MODERATOR), False, True),
        (someone(Role.MODERATOR, 2), False, False),
        (someone(Role.STAFF), False, True),
        (someone(Role.ADMIN), True, True),
        (someone(Role.ADMIN, 2), False, False),
        (someone(Role.ADMIN, None), True, True),
        (SYSTEM, True, True),
    ],
)
def test_who_decides_and_who_sees(actor: Actor, chooses: bool, sees: bool) -> None:
    assert bool(may_choose_provider(actor, 1)) is chooses
    assert bool(may_see_errands(actor, 1)) is sees


def test_admins_read_what_leaves_and_to_whom_and_switch_it_on_and_off(
    transact: Sessions,
    database: Sessions,
    translated: make.Place,
    member: Member,
    server: StandIn,
    work: Work,
) -> None:
    with transact() as session:
        session.execute(update(Process).values(translator=""))
        make.idea(session, translated, title="Bäume", body="Bitte mehr davon.")
    admin = member(Role.ADMIN)
    page = admin.get(url(translated))
    assert page.h1 == "Translations"
    assert "No service is switched on. Nothing leaves the platform." in page.text
    assert page.texts("form .kern-form-check label") == [
        "None: nothing leaves the platform",
        "LibreTranslate, run by Stadt Dortmund (127.0.0.1)",
    ]
    assert "No names, no pseudonyms, no drafts" in page.text
    assert admin.submit(page, CHOICE, forge={"provider": "deepl"}).status == 422
    assert chosen(database) == ""
    assert admin.submit(admin.get(url(translated)), CHOICE, provider="libretranslate").status == 303
    assert chosen(database) == "libretranslate"
    work()
    page = admin.get(url(translated))
    assert "LibreTranslate is switched on, run by Stadt Dortmund (127.0.0.1)." in page.text
    cells = [page.texts(f"#languages-caption ~ tbody tr:nth-child({row}) td") for row in (1, 2, 3)]
    assert cells == [["0", "0", "0", "0", "0"], ["1", "1", "0", "0", "0"], ["1", "1", "0", "0", "0"]]
    assert "Nothing failed for good." in page.text
    admin.submit(page, CHOICE, provider="none")
    assert chosen(database) == ""
    work()
    with database() as session:
        assert session.scalars(select(Wording.id)).all() == []


def test_failures_are_told_in_plain_words_and_can_be_tried_again(
    transact: Sessions,
    database: Sessions,
    translated: make.Place,
    member: Member,
    new_client: NewClient,
    server: StandIn,
    work: Work,
) -> None:
    with transact() as session:
        idea_id = make.idea(session, translated, title="Bäume", body="Bitte mehr davon.")
        comment_id = make.comment(session, translated, idea_id, body="Ja, bitte!")
        for kind, number in ((SubjectKind.IDEA, idea_id), (SubjectKind.COMMENT, comment_id)):
            session.add(
                Errand(
                    process_id=translated.id,
                    idea_id=idea_id,
                    subject_kind=kind,
                    subject_id=number,
                    revision=1,
                    language="tr",
                    state=ErrandState.FAILED,
                    problem="link",
                    next_at=clock.now(),
                    asked_at=clock.now(),
                    ended_at=clock.now(),
                )
            )
    moderator = member(Role.MODERATOR, process_id=translated.id)
    page = moderator.get(url(translated), budget=14)
    sentence = "The answer held a link, an address or a number that the original does not have."
    assert page.text.count(sentence) == 3
    assert {f"Idea {idea_id} – Turkish", f"Comment {comment_id} on idea {idea_id} – Turkish"} <= page.links().keys()
    assert page.select("form input[name=provider]") == []
    token = page.select("input[name=csrf_token]")[0].get("value")
    sent = {"provider": "none", "csrf_token": token}
    assert moderator.post(url(translated), sent, headers={"Referer": page.url}).status == 403
    assert chosen(database) == "libretranslate"
    assert new_client().get(url(translated), status=None).status in {302, 303, 401}
    assert member().get(url(translated), status=None).status == 403
    again = moderator.submit(page)
    assert again.status == 303
    work()
    with database() as session:
        assert set(session.scalars(select(Errand.state).where(Errand.language == "tr"))) == {ErrandState.DONE}


def test_the_command_says_how_far_it_is_and_does_what_is_left(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn
) -> None:
    with transact() as session:
        make.idea(session, translated, title="Bäume", body="Bitte mehr davon.")
    run = CliRunner().invoke
    said = run(main, ["translate", translated.slug, "--status"], obj=app)
    assert "Turkish: 0 of 1 (0 by people), 0 waiting, 0 failed" in said.output
    assert server.received == []
    server.next = [saying(lambda _said, _text: "")] * 20
    assert "waiting" in run(main, ["translate", translated.slug], obj=app).output
    with transact() as session:
        session.execute(update(Errand).values(state=ErrandState.FAILED))
    server.next.clear()
    said = run(main, ["translate", translated.slug, "--again"], obj=app)
    assert "Turkish: 1 of 1 (0 by people), 0 waiting, 0 failed" in said.output
    with transact() as session:
        choose_provider(session, SYSTEM, process_id=translated.id, provider="", offered=(), now=clock.now())
    said = run(main, ["translate", translated.slug], obj=app)
    assert said.exit_code != 0
