"""Text blocks: who keeps them, where they are offered, and that decisions keep the words they had."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.moderation.grounds import GroundKind, ground_by_key, grounds
from participation.moderation.models import TextBlock
from participation.moderation.reasons import facts_of
from participation.moderation.text_blocks.service import (
    TextBlockDraft,
    TextBlockView,
    add_text_block,
    block_in,
    blocks_for,
    change_text_block,
    retire_text_block,
    texts_of,
)
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
URL = "/en/desk/processes/digital/text-blocks"
NAMES = TextBlockDraft("Names", "rule-privacy", {"de": "Bitte ohne Namen.", "en": " No names, please. ", "ar": ""})


def test_where_they_are_offered(transact: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        here, elsewhere = make.process(session), make.process(session, "elsewhere")
        everywhere = make.actor(session, make.account(session), role=Role.MODERATOR)
        one = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=here.id)
        for_all = add_text_block(session, everywhere, process_id=None, draft=NAMES, now=now).id
        own = add_text_block(session, one, process_id=here.id, draft=NAMES, now=now).id
        assert [block.id for block in blocks_for(session, here.id)] == [own, for_all]
        assert [block.id for block in blocks_for(session, elsewhere.id)] == [for_all]
        with pytest.raises(Missing):
            block_in(session, elsewhere.id, own)
        changed = TextBlockDraft("No names", "", {"de": "Keine Namen."})
        for process_id, block_id in ((here.id, for_all), (elsewhere.id, for_all)):
            with pytest.raises(Refused):
                change_text_block(session, one, process_id=process_id, block_id=block_id, draft=changed, now=now)
        with pytest.raises(Refused):
            add_text_block(session, one, process_id=None, draft=NAMES, now=now)
        change_text_block(session, one, process_id=here.id, block_id=own, draft=changed, now=now)
        assert block_in(session, here.id, own) == TextBlockView(own, here.id, "No names", "", {"de": "Keine Namen."})
        retire_text_block(session, one, process_id=here.id, block_id=own, now=now)
        assert [block.id for block in blocks_for(session, here.id)] == [for_all]
        with pytest.raises(Missing):
            retire_text_block(session, one, process_id=here.id, block_id=own, now=now)


@pytest.mark.parametrize(
    "draft",
    [
        TextBlockDraft(" ", "", {"de": "Text"}),
        TextBlockDraft("Name", "", {"de": " "}),
        TextBlockDraft("Name", "rule-of-thumb", {"de": "Text"}),
    ],
)
def test_what_is_no_text_block(transact: Sessions, draft: TextBlockDraft) -> None:
    with transact() as session:
        place = make.process(session)
        moderator = make.actor(session, make.account(session), role=Role.MODERATOR)
        with pytest.raises(Refused):
            add_text_block(session, moderator, process_id=place.id, draft=draft, now=clock.now())


def test_several_at_once() -> None:
    one = TextBlockView(1, None, "One", "", {"de": "Eins.", "en": "One."})
    two = TextBlockView(2, None, "Two", "", {"de": "Zwei."})
    assert texts_of([one, two]) == {"de": "Eins.\n\nZwei.", "en": "One.\n\nZwei."}
    assert texts_of([]) == {}
    assert facts_of(texts_of([one]), "Own words.", "en") == "One.\n\nOwn words."
    assert (facts_of({}, "", "en"), facts_of({"de": "Eins."}, "", "ar")) == ("", "Eins.")


def test_the_pages(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(URL)
    assert "There is no text block yet." in page.text
    form = moderator.get(f"{URL}/new")
    assert form.select("[name=for_all]") == []
    empty = moderator.submit(form, title="", text_en="", status=422)
    assert empty.errors == [
        "Name: Please write something here.",
        "Text (German): Please write this in at least one language.",
    ]
    given = {"title": "Names", "ground": "rule-privacy", "text_en": "No names, please."}
    page = moderator.follow(moderator.submit(empty, **given, status=303))
    assert "Rule 2" in page.one("#block-1")
    form = moderator.get(f"{URL}/1")
    assert form.one("[name=text_en]") == "No names, please."
    page = moderator.follow(moderator.submit(form, text_de="Bitte ohne Namen.", status=303))
    with transact() as session:
        kept = session.scalars(select(TextBlock)).one()
        assert (kept.process_id, kept.ground) == (place.id, "rule-privacy")
        assert kept.texts == {"de": "Bitte ohne Namen.", "en": "No names, please."}
    page = moderator.follow(moderator.submit(page, "#block-1 form", status=303))
    assert page.select(".desk-list__entry") == []
    moderator.get(f"{URL}/1", status=404)
    member().get(URL, status=403)


def test_whoever_moderates_everything_writes_for_all(member: Member, transact: Sessions) -> None:
    with transact() as session:
        make.process(session)
        other = make.process(session, "other")
    everywhere = member(Role.MODERATOR)
    page = everywhere.get(f"{URL}/new")
    everywhere.submit(page, title="Names", text_de="Bitte ohne Namen.", for_all=True, status=303)
    page = member(Role.MODERATOR, process_id=other.id).get("/en/desk/processes/other/text-blocks")
    assert "All processes" in page.one("#block-1")
    assert page.select("#block-1 form") == []


def test_the_grounds() -> None:
    keys = [ground.key for ground in grounds()]
    assert len(set(keys)) == len(keys)
    for ground in grounds():
        assert {"de", "en"} <= set(ground.title)
        assert {"de", "en"} <= set(ground.text)
        assert all(text.strip() for text in (*ground.title.values(), *ground.text.values(), ground.cite))
        assert ground.key.startswith(f"{ground.kind.value}-")
        assert len(ground.key) <= 60
    rules = [ground.cite for ground in grounds() if ground.kind is GroundKind.RULE]
    assert rules == [str(number) for number in range(1, len(rules) + 1)]
    assert (ground_by_key(keys[0]), ground_by_key("")) == (grounds()[0], None)


@pytest.mark.parametrize(("language", "word"), [("de", "Regel"), ("en", "Rule")])
def test_everybody_can_read_the_rules_that_decisions_name(client: PageClient, language: str, word: str) -> None:
    page = client.get(f"/{language}/rules")
    assert [
        rule for rule in grounds() if rule.kind is GroundKind.RULE and f"{word} {rule.cite}: " not in page.text
    ] == []
