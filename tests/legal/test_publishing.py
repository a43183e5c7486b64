"""From a draft to the version that holds: at the desk, by whom, and what stays of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import SYSTEM, Role
from participation.activity.models import LogEntry
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.legal.models import LegalKind, LegalText
from participation.legal.queries import draft_of, holding_text, own_version, version_before, version_lines
from participation.legal.service import ChangedMeanwhile, Wording, discard_draft, publish_draft, save_draft
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
RULES, PRIVACY, IMPRINT = LegalKind.RULES, LegalKind.PRIVACY, LegalKind.IMPRINT
OWES = "Read what is new"
TEXT = {"de": "## Neu\n\nSeid nett.", "en": "## New\n\nBe kind."}


def written(text: dict[str, str] = TEXT, *, asks: bool = False) -> Wording:
    """Return a wording of the rules."""
    return Wording(text, {"de": "Kürzer", "en": " "}, asks)


def actions(database: Sessions) -> list[str]:
    """Return what the log says was done to legal texts, in order."""
    with database() as session:
        log = select(LogEntry.action).where(LogEntry.action.startswith("Legal")).order_by(LogEntry.id)
        return list(session.scalars(log))


def test_versions_of_a_place_are_counted_and_stay(transact: Sessions, database: Sessions, place: Place) -> None:
    for process_id, number in ((None, 1), (place.id, 1), (None, 2)):
        with transact() as session:
            where: dict[str, Any] = {"kind": RULES, "process_id": process_id}
            draft = save_draft(session, SYSTEM, **where, wording=written(), seen="", now=clock.now())
            assert (draft.number, draft.changes) == (None, {"de": "Kürzer"})
            seen = draft.written_at.isoformat()
            text = publish_draft(session, SYSTEM, **where, seen=seen, now=clock.now())
            assert (text.number, text.id) == (number, draft.id)
    with database() as session:
        assert [line.number for line in version_lines(session, RULES, None)] == [2, 1]
        assert [line.number for line in version_lines(session, RULES, place.id)] == [1]
        assert version_lines(session, PRIVACY, None) == ()
        here, everywhere = (holding_text(session, RULES, where) for where in (place.id, None))
        assert here
        assert everywhere
        assert [(one.process_id, one.number) for one in (here, everywhere)] == [(place.id, 1), (None, 2)]
        assert holding_text(session, PRIVACY, place.id) is None
        before = version_before(session, everywhere)
        assert before == own_version(session, RULES, None, 1)
        assert version_before(session, here) is None
        for number, process_id in ((3, None), (2, place.id), (1, place.id + 1)):
            with pytest.raises(Missing):
                own_version(session, RULES, process_id, number)
    assert actions(database) == ["LegalTextPublished"] * 3


def test_two_people_write_at_once(transact: Sessions, database: Sessions, place: Place) -> None:
    where: dict[str, Any] = {"kind": RULES, "process_id": place.id}
    with transact() as session:
        stamp = save_draft(session, SYSTEM, **where, wording=written(), seen="", now=clock.now()).written_at.isoformat()
    for verb in (save_draft, discard_draft, publish_draft):
        more: dict[str, Any] = {"wording": written({"de": "Anders"})} if verb is save_draft else {}
        with pytest.raises(ChangedMeanwhile), transact() as session:
            verb(session, SYSTEM, **where, **more, seen="", now=clock.now())
    with transact() as session:
        save_draft(session, SYSTEM, **where, wording=written({"de": "Zweite"}), seen=stamp, now=clock.now())
    with database() as session:
        draft = draft_of(session, RULES, place.id)
        assert draft
        assert draft.text == {"de": "Zweite"}
        assert draft.stamp != stamp
    with transact() as session:
        discard_draft(session, SYSTEM, **where, seen=draft.stamp, now=clock.now())
    with pytest.raises(Missing), transact() as session:
        publish_draft(session, SYSTEM, **where, seen="", now=clock.now())
    assert actions(database) == ["LegalDraftDiscarded"]


def test_two_people_begin_at_the_same_moment(transact: Sessions, database: Sessions) -> None:
    start = Barrier(2)

    def begin(name: str) -> bool:
        start.wait(10)
        try:
            with transact() as session:
                where: dict[str, Any] = {"kind": PRIVACY, "process_id": None, "seen": ""}
                save_draft(session, SYSTEM, **where, wording=written({"de": name}), now=clock.now())
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(begin, ["Erste", "Zweite"])) == [False, True]
    with database() as session:
        assert len(session.scalars(select(LegalText)).all()) == 1


def test_nothing_empty_is_published_and_nobody_agrees_to_an_imprint(transact: Sessions, database: Sessions) -> None:
    where: dict[str, Any] = {"kind": IMPRINT, "process_id": None}
    with transact() as session:
        draft = save_draft(session, SYSTEM, **where, wording=written({"de": " "}, asks=True), seen="", now=clock.now())
        assert (draft.text, draft.asks_consent) == ({}, False)
        seen = draft.written_at.isoformat()
    with pytest.raises(Refused), transact() as session:
        publish_draft(session, SYSTEM, **where, seen=seen, now=clock.now())
    with database() as session:
        assert holding_text(session, IMPRINT, None) is None


def test_from_the_desk_to_the_reader(
    member: Member, client: PageClient, transact: Sessions, place: Place, database: Sessions
) -> None:
    staff = member(Role.STAFF, process_id=place.id)
    desk = place.url(language="en").replace("/processes", "/desk/processes") + "/legal"
    page = staff.get(desk)
    assert page.texts(".desk-list h2") == ["Legal notice", "Privacy", "Rules for fair discussion"]
    assert "Only admins may change the legal notice." in page.one("#imprint")
    assert page.links("#imprint a.kern-btn") == {}
    assert "The text that came with the platform holds." in page.one("#rules")
    form = staff.get(f"{desk}/rules")
    # It begins with what holds now.
    assert "Every idea counts" in form.one("[name=text_en]")
    refused = staff.submit(form, ".desk-form", text_en="In {ctiy}: be kind.", text_de="", status=422)
    assert "{ctiy} stands for nothing." in refused.errors[0]
    assert refused.one("[name=text_en]") == "In {ctiy}: be kind."
    saved = staff.submit(
        form,
        ".desk-form",
        text_en="In {city} we are kind.\n\n## Numbers\n\n- one\n- two\n\n<script>alert(1)</script>",
        text_de="In {city} sind wir nett.",
        changes_en="Much shorter",
        status=303,
    )
    assert saved.location == f"{desk}/rules/preview"
    preview = staff.follow(saved)
    assert "In Dortmund we are kind." in preview.one("main .panel")
    assert preview.texts("main .panel li") == ["one", "two"]
    assert preview.select("main script") == []
    assert preview.select("main .difference ins") != []
    kept = next(text for text in preview.texts(".alert p") if "the text is the same as before" in text)
    assert "Arabic" in kept
    assert "English" not in kept
    german = staff.get(f"{desk}/rules/preview?text=de")
    assert "In Dortmund sind wir nett." in german.one("main .panel")
    staff.get(f"{desk}/rules/preview?text=xx", status=400)
    # Nobody sees a draft.
    rules = place.url("/rules", language="en")
    assert "we are kind" not in client.get(rules).text
    assert "saved on" in staff.get(desk).one("#rules")
    staff.submit(preview, "form[action$=publish]", status=303)
    shown = client.get(rules, budget=6)
    assert "In Dortmund we are kind." in shown.one("main")
    assert "Much shorter" in shown.one("main")
    assert "<script>alert(1)</script>" in shown.one("main")
    assert "Version 1, published on" in shown.one(".page-head")
    # Decisions name these rules, whatever a text says.
    assert len(shown.texts(".house-rules li")) == 7
    assert "we are kind" not in client.get("/en/rules").text
    assert "Version 1 holds since" in staff.get(desk).one("#rules")
    again = staff.submit(preview, "form[action$=publish]", status=303)
    assert again.location == desk, "there is no draft any more"
    with database() as session:
        assert [line.number for line in version_lines(session, RULES, place.id)] == [1]


def test_the_texts_that_hold_everywhere_are_for_admins(member: Member, transact: Sessions, place: Place) -> None:
    with transact() as session:
        session.add(
            LegalText(kind=RULES, process_id=None, text=TEXT, changes={}, written_at=clock.now(), asks_consent=True)
        )
    staff, admin = member(Role.STAFF), member(Role.ADMIN)
    assert staff.get("/en/desk/legal").links("main a.kern-btn") == {}
    for address in ("/rules", "/imprint", "/rules/preview", "/privacy"):
        staff.get(f"/en/desk/legal{address}", status=403)
    preview = admin.get("/en/desk/legal/rules/preview")
    assert "People have to agree" in preview.text
    assert "In these languages readers will see another one" in preview.text
    admin.submit(preview, "form[action$=discard]", status=303)
    assert "Draft" not in admin.get("/en/desk/legal").one("#rules")
    assert admin.get("/en/desk").links()["Legal texts"] == "/en/desk/legal"
    for address in ("/rules/preview", "/terms"):
        admin.get(f"/en/desk/legal{address}", status=404)
    member(Role.MODERATOR, process_id=place.id).get(f"/en/desk/processes/{place.slug}/legal", status=403)
    assert admin.get("/en/desk/legal/imprint").select("[name=asks_consent]") == []


def test_versions_for_everybody(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        for changes in ({}, {"de": "Zweite", "en": "Second"}, {"de": "Dritte"}):
            make.legal_text(session, kind=PRIVACY, changes=changes, asks_consent=bool(changes))
        make.legal_text(session, place, kind=PRIVACY, text={"ar": "## نص\n\nالخصوصية في {city}."})
    page = client.get("/en/privacy", budget=3)
    assert "Wording 3." in page.one("main")
    assert page.links("main a")["All versions"] == "/en/privacy/versions"
    assert "only in this language so far: German" in page.one("main .panel")
    versions = client.get("/en/privacy/versions", budget=3)
    assert [text.partition(" of ")[0] for text in versions.texts("main h2")] == ["Version 3", "Version 2", "Version 1"]
    assert versions.texts("main li .badge, main li [class*=badge]").count("People were asked to agree") == 2
    old = client.get("/en/privacy/versions/2", budget=6)
    assert "This version does not hold any more." in old.one("main")
    assert "Wording 2." in old.one("main .prose section")
    assert [old.one(".difference del"), old.one(".difference ins")] == ["[removed: 1]", "[added: 2]"]
    assert "This version holds now." in client.get("/en/privacy/versions/3").one("main")
    own = client.get(place.url("/privacy", language="en"), budget=6)
    assert "only in this language so far: Arabic" in own.one("main")
    assert [(part.get("lang"), part.get("dir")) for part in own.select("main .prose")] == [("ar", "rtl")]
    assert "الخصوصية في Dortmund." in own.one("main")
    assert own.links("main a")["The text that holds everywhere else"] == "/en/privacy"
    assert "This process has no text of its own" in client.get(place.url("/imprint", language="en")).one("main")
    for address in ("/privacy/versions/4", "/privacy/versions/0", "/rules/versions/1", f"/rules/versions/{10**20}"):
        client.get(f"/en{address}", status=404)
    client.get(place.url("/privacy/versions/2"), status=404)
    client.get("/en/processes/nowhere/rules", status=404)
    # Pages of a process lead to what holds there; a page about nothing leads to what holds everywhere.
    assert client.get(place.url(language="en")).links("footer a")["Privacy"] == place.url("/privacy", language="en")
    assert client.get("/en/processes/nowhere", status=404).links("footer a")["Privacy"] == "/en/privacy"


def test_a_process_goes_back_to_the_text_that_holds_everywhere(
    member: Member, client: PageClient, transact: Sessions, place: Place, database: Sessions
) -> None:
    with transact() as session:
        make.legal_text(session)
        make.legal_text(session, place, text={"de": "Eigene", "en": "Only here"}, asks_consent=True)
    staff, person = member(Role.STAFF, process_id=place.id), member()
    desk = place.url(language="en").replace("/processes", "/desk/processes") + "/legal"
    rules, everywhere = place.url("/rules", language="en"), "/en/rules"
    person.get(place.url("/ideas/new", language="en"))
    assert OWES in person.get(rules.removesuffix("/rules")).text
    overview = staff.get(desk)
    assert overview.select("form[action$=general]") != []
    assert overview.select("#privacy form") == []
    back = staff.submit(overview, "form[action$=general]", status=303)
    assert back.location == desk
    assert "What holds everywhere holds here, too." in staff.follow(back).one(".messages")
    # It holds at once, nobody owes anything for what does not hold any more, and all versions stay readable.
    assert "Wording 1." in client.get(rules, budget=6).one("main")
    assert OWES not in person.get(rules.removesuffix("/rules")).text
    versions = client.get(f"{rules}/versions", budget=6)
    assert [text.partition(" of ")[0] for text in versions.texts("main h2")] == ["Version 2", "Version 1"]
    assert "What holds everywhere holds here, too." in versions.texts("main li")[0]
    old = client.get(f"{rules}/versions/1")
    assert "Only here" in old.one("main")
    assert "This version does not hold any more." in old.one("main")
    assert old.links("main .alert a") == {"What holds now": rules}
    led = client.get(f"{rules}/versions/2")
    assert "This version holds now." in led.one("main")
    assert "What holds everywhere holds here, too." in led.one("main")
    assert led.links("main a")["What holds now"] == rules
    # Sent twice, or after somebody else's version, it changes nothing; and nobody goes back from nothing.
    assert "does not hold any more" in staff.follow(staff.submit(overview, "form[action$=general]")).one(".messages")
    assert staff.get(desk).select("form[action$=general]") == []
    token = overview.select("[name=csrf_token]")[0].get("value")
    for address, status in (("/imprint", 403), ("/terms", 404)):
        staff.open("POST", f"{desk}{address}/general", data={"csrf_token": token, "stamp": "1"}, status=status)
    # The next version of its own stands apart again, with what it asks.
    with transact() as session:
        make.legal_text(session, place, text={"de": "Neue", "en": "New here"}, asks_consent=True)
    assert "New here" in client.get(rules).one("main")
    assert "This version does not hold any more." in client.get(f"{rules}/versions/2").one("main")
    assert OWES in person.get(rules.removesuffix("/rules")).text
    assert "New here" not in client.get(everywhere).text
    with database() as session:
        assert [line.leads_back for line in version_lines(session, RULES, place.id)] == [False, True, False]
        assert [line.leads_back for line in version_lines(session, RULES, None)] == [False]


def test_a_new_version_is_there_at_once(cached: PageClient, transact: Sessions, place: Place) -> None:
    addresses = ["/en/rules", place.url("/rules", language="en"), "/en/rules/versions"]
    assert ["Wording 1" in cached.get(address).text for address in addresses] == [False] * 3
    with transact() as session:
        make.legal_text(session, changes={"en": "Wording 1 is new"})
    assert ["Wording 1" in cached.get(address).text for address in addresses] == [True] * 3
    assert cached.flask.get_cookie("participation") is None
