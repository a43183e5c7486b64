"""The first step: what is taken, what is refused, and that nothing typed gets lost."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from participation.proposing.models import Draft
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient
from tests.proposing.walking import TEXT, TITLE, begin, begun, ready, refused, rows, send, typed

Member = Callable[..., PageClient]


def texts(database: Sessions) -> list[tuple[str, str]]:
    """Return titles and texts of all drafts in the order in which they were begun."""
    with database() as session:
        return [(title, text) for title, text in session.execute(select(Draft.title, Draft.text).order_by(Draft.id))]


def test_the_text_is_kept_in_a_draft(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    draft = begun(author, place, title=f"  {TITLE} ", text=f"{TEXT}\n\nSecond.")
    assert texts(database) == [(TITLE, f"{TEXT}\n\nSecond.")]
    assert rows(database) == {"draft": 1, "idea": 0, "participant": 0}
    again = author.get(f"{draft}/text")
    assert (typed(again)["title"], typed(again)["text"]) == (TITLE, f"{TEXT}\n\nSecond.")


BAD = {
    "no title": ({"title": ""}, "title"),
    "blank title": ({"title": "   "}, "title"),
    "short title": ({"title": "Short"}, "title"),
    "long title": ({"title": "x" * 141}, "title"),
    "invisible title": ({"title": "\u200b" * 20}, "title"),
    "title with NUL": ({"title": f"{TITLE}\x00"}, "title"),
    "title with an override": ({"title": f"{TITLE}\u202egnihtemos"}, "title"),
    "title with an isolate": ({"title": f"\u2067{TITLE}"}, "title"),
    "escape sequences": ({"title": f"{TITLE}\x1b[2J"}, "title"),
    "no text": ({"text": ""}, "text"),
    "short text": ({"text": "Too short"}, "text"),
    "long text": ({"text": "word " * 1001}, "text"),
    "1 MB of text": ({"text": "x" * 1_000_000}, "text"),
    "text with NUL": ({"text": f"{TEXT}\x00{TEXT}"}, "text"),
    "text with an override": ({"text": f"{TEXT}\u202e"}, "text"),
    "unknown language": ({"forge": {"language": "xx"}}, "language"),
    "no key": ({"forge": {"submission_key": "\x00"}}, "submission_key"),
    "long key": ({"forge": {"submission_key": "x" * 5000}}, "submission_key"),
    "no form key": ({"forge": {"form_key": "<svg>"}}, "form_key"),
}


@pytest.mark.parametrize("step", ["new", "text"])
@pytest.mark.parametrize(("fields", "wrong"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_and_comes_back(
    member: Member, place: Place, database: Sessions, fields: dict[str, Any], wrong: str, step: str
) -> None:
    author = member()
    address = f"{begun(author, place)}/text" if step == "text" else place.url("/ideas/new")
    before = rows(database)
    page = author.submit(author.get(address), "text-form", **{"title": TITLE, "text": TEXT, **fields})
    refused(page, database, before)
    targets = [link.get("href") for link in page.select(".error-summary a")]
    assert [target.removeprefix("#") for target in targets] == [wrong]
    expected = {name: str(fields.get(name, default)).strip() for name, default in (("title", TITLE), ("text", TEXT))}
    shown = typed(page)
    assert {name: shown[name].strip() for name in expected} == {
        name: value.replace("\x00", "\ufffd").replace("\x1b", "\ufffd") for name, value in expected.items()
    }
    # The form that came back is complete: corrected it goes through.
    again = author.submit(page, "text-form", title=TITLE, text=TEXT, language="de")
    assert again.status == 303
    assert rows(database)["draft"] == 1


@pytest.mark.parametrize("fields", [{"title": ""}, {"text": ""}, {"title": "Short", "text": "Too"}])
def test_what_is_not_finished_can_be_saved_all_the_same(
    member: Member, place: Place, database: Sessions, fields: dict[str, str]
) -> None:
    author = member()
    page = author.get(place.url("/ideas/new", language="en"))
    values = {"title": TITLE, "text": TEXT, **fields}
    answer = author.submit(page, "text-form", press="leave", **values)
    assert answer.location == place.url("/ideas/new", language="en")
    assert texts(database) == [(values["title"], values["text"])]
    shown = author.follow(answer)
    assert list(shown.links(".draft-list a")) == [values["title"] or "No title yet"]
    draft = shown.links(".draft-list a").popitem()[1]
    assert draft.endswith("/text")
    assert typed(author.get(draft))["title"] == values["title"]


def test_a_text_that_is_too_long_is_not_saved_when_leaving_but_stays(member: Member, place: Place) -> None:
    author = member()
    page = author.get(place.url("/ideas/new"))
    answer = author.submit(page, "text-form", press="leave", title=TITLE, text="word " * 1001)
    assert answer.status == 422
    assert typed(answer)["text"].strip() == ("word " * 1001).strip()


def test_sending_twice_makes_one_draft(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    form = author.get(place.url("/ideas/new"))
    answers = [author.submit(form, "text-form", title=TITLE, text=text) for text in (TEXT, TEXT, f"{TEXT} And more.")]
    assert [answer.status for answer in answers] == [303, 303, 303]
    assert len({answer.location for answer in answers}) == 1
    assert texts(database) == [(TITLE, f"{TEXT} And more.")]


def test_a_key_of_somebody_else_is_refused(member: Member, place: Place, database: Sessions) -> None:
    author, other = member(), member(email="other@example.org")
    key = begun(author, place).rpartition("/")[2]
    page = begin(other, place, title="A very different idea", forge={"submission_key": key})
    assert page.status == 422
    assert typed(page)["title"] == "A very different idea"
    assert texts(database) == [(TITLE, TEXT)]
    # The form has a fresh key now.
    assert other.submit(page, "text-form").status == 303
    assert texts(database) == [(TITLE, TEXT), ("A very different idea", TEXT)]


def test_two_windows_do_not_overwrite_each_other(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    draft = begun(author, place)
    first, second = author.get(f"{draft}/text"), author.get(f"{draft}/text")
    assert author.submit(first, "text-form", text=f"{TEXT} From the first window.").status == 303
    page = author.submit(second, "text-form", text=f"{TEXT} From the second window.")
    assert page.status == 422
    assert texts(database) == [(TITLE, f"{TEXT} From the first window.")]
    assert f"{TEXT} From the first window." in page.one("section[aria-labelledby=elsewhere]")
    assert typed(page)["text"] == f"{TEXT} From the second window."
    # Whoever has seen both may decide.
    assert author.submit(page, "text-form").status == 303
    assert texts(database) == [(TITLE, f"{TEXT} From the second window.")]
    # A window may go on writing after its own text was kept, for example with the browser's way back.
    assert author.submit(page, "text-form", text=f"{TEXT} Third.").status == 303
    assert texts(database) == [(TITLE, f"{TEXT} Third.")]


def test_the_same_text_from_another_window_is_no_conflict(member: Member, place: Place) -> None:
    author = member()
    draft = begun(author, place)
    first, second = author.get(f"{draft}/text"), author.get(f"{draft}/text")
    for window in (first, second):
        assert author.submit(window, "text-form", text=f"{TEXT} Same.").status == 303


def test_a_stale_form_comes_back_and_can_be_sent_again(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    before = rows(database)
    page = begin(author, place, text=f"{TEXT}\nSecond line", forge={"csrf_token": "stale"})
    refused(page, database, before, status=400)
    assert typed(page)["text"].replace("\r", "") == f"{TEXT}\nSecond line"
    assert typed(page)["title"] == TITLE
    assert author.submit(page, "resend-form").status == 303
    assert texts(database) == [(TITLE, f"{TEXT}\nSecond line")]


def test_a_form_from_elsewhere_gets_nothing_to_send_again(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    before = rows(database)
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        page = author.post(place.url("/ideas/new"), {"title": TITLE, "text": TEXT}, headers=header, status=400)
        assert page.select("#resend-form") == []
        assert TITLE not in page.text
    assert rows(database) == before


def test_what_somebody_signed_out_typed_waits_for_the_sign_in(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    before = rows(database)
    form = author.get(place.url("/ideas/new"))
    with author.flask.session_transaction() as session:
        del session["_user_id"]
    page = author.submit(form, "text-form", title=TITLE, text=TEXT)
    refused(page, database, before, status=401)
    assert (typed(page)["title"], typed(page)["text"]) == (TITLE, TEXT)
    # Signed in again in another window, the page can be sent as it is.
    with member().flask.session_transaction() as session:
        token = session["_user_id"]
    with author.flask.session_transaction() as session:
        session["_user_id"] = token
    assert author.submit(page, "resend-form").status == 303
    assert rows(database)["draft"] == 1


def test_nobody_signed_in_sees_what_it_takes_instead_of_a_form(client: PageClient, place: Place) -> None:
    page = client.get(place.url("/ideas/new?principle=climate"))
    assert page.select("#text-form") == []
    assert len(page.select(".way-there li")) == 5
    assert "/de/sign-in?next=/de/processes/digital/ideas/new?principle%3Dclimate" in page.links("main a").values()


def test_the_licence_and_the_advice_are_named_from_the_start(member: Member, place: Place) -> None:
    side = " ".join(member().get(place.url("/ideas/new")).texts("aside.columns__side"))
    assert "Contributions are under CC BY 4.0 (de)" in side
    assert "The result is advice to the council (de)" in side


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Viele Kinder haben zu Hause keinen ruhigen Platz für ihre Aufgaben.", "de"),
        ("Many children have no quiet place at home for their homework.", "en"),
        ("كثير من الأطفال ليس لديهم مكان هادئ في المنزل للدراسة.", "ar"),
        ("Багато дітей не мають вдома тихого місця для навчання.", "uk"),
    ],
)
def test_the_language_is_found_out_shown_and_can_be_changed(
    member: Member, place: Place, database: Sessions, text: str, language: str
) -> None:
    author = member()
    draft = begun(author, place, title=text[:40], text=text)
    with database() as session:
        assert session.execute(select(Draft.language, Draft.language_chosen)).one() == (language, False)
    page = author.get(f"{draft}/text")
    assert page.select("#language option[selected]")[0].get("value") == ""
    assert author.submit(page, "text-form", language="tr").status == 303
    with database() as session:
        assert session.execute(select(Draft.language, Draft.language_chosen)).one() == ("tr", True)
    page = author.get(f"{draft}/text")
    assert page.select("#language option[selected]")[0].get("value") == "tr"
    # Chosen stays chosen, until the author asks the machine again.
    assert author.submit(page, "text-form", text=f"{text} {text}").status == 303
    assert author.submit(author.get(f"{draft}/text"), "text-form", language="").status == 303
    with database() as session:
        assert session.execute(select(Draft.language, Draft.language_chosen)).one() == (language, False)


@pytest.mark.parametrize(
    ("query", "principles", "field"),
    [
        ("?principle=climate&field=schools", ["Climate (de)"], "Schools (de)"),
        ("?principle=climate", ["Climate (de)"], "Kein bestimmtes"),
        ("?principle=nobody-knows&field=%00", [], "Kein bestimmtes"),
    ],
)
def test_a_link_may_choose_beforehand(
    member: Member, place: Place, query: str, principles: list[str], field: str
) -> None:
    author = member()
    draft = begun(author, place, query=query)
    page = author.get(f"{draft}/principles")
    chosen = [box.get("id") for box in page.select("#principles-form input[checked]")]
    assert [page.one(f"label[for={id_}]") for id_ in chosen] == principles
    details = author.get(f"{draft}/details")
    assert details.one("#field option[selected]") == field


def test_a_window_with_a_draft_that_was_submitted_keeps_its_text(
    member: Member, place: Place, database: Sessions
) -> None:
    author = member()
    form = author.get(place.url("/ideas/new"))
    draft = ready(author, place, forge={"submission_key": typed(form)["submission_key"]})
    idea = send(author, draft).location
    assert author.submit(form, "text-form", title=TITLE, text=TEXT).location == idea
    page = author.submit(form, "text-form", title=TITLE, text=f"{TEXT} And more.")
    assert page.status == 422
    assert typed(page)["text"] == f"{TEXT} And more."
    assert author.submit(page, "text-form").status == 303
    assert texts(database) == [(TITLE, f"{TEXT} And more.")]
    assert rows(database)["idea"] == 1


def test_a_window_with_a_draft_that_was_deleted_keeps_its_text(
    member: Member, place: Place, database: Sessions
) -> None:
    author = member()
    draft = begun(author, place)
    form = author.get(f"{draft}/text")
    assert author.submit(author.get(f"{draft}/preview"), "delete-form").location == place.url("/ideas/new")
    assert rows(database)["draft"] == 0
    assert author.submit(form, "text-form", text=f"{TEXT} And more.").status == 303
    assert texts(database) == [(TITLE, f"{TEXT} And more.")]


def test_the_first_step_costs_the_same_whatever_is_in_the_process(
    transact: Sessions, member: Member, place: Place
) -> None:
    author = member()
    author.get(place.url("/ideas/new"), budget=6)
    for _ in range(3):
        begun(author, place)
    with transact() as session:
        for _ in range(3):
            make.idea(session, place)
    author.get(place.url("/ideas/new"), budget=6)
