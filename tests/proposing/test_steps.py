"""The further steps: principles, details, preview, submitting; in order and out of order."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from participation.activity.models import LogEntry
from participation.ideas.models import Idea, IdeaAspect, IdeaPrinciple, IdeaState
from participation.principles.models import Aspect, District, FieldOfAction
from participation.processes.models import Participant, Process
from participation.proposing.models import Draft
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient
from tests.proposing.walking import NOT_SURE, STEPS, TEXT, TITLE, begun, propose, ready, send

Member = Callable[..., PageClient]


def principles(database: Sessions, place: Place, keys: list[str]) -> list[str]:
    """Return the values of the boxes of these principles."""
    with database() as session:
        return [str(id_) for id_ in make.principle_ids(session, place, keys)]


def count(database: Sessions, table: Any) -> int:
    """Return how many rows a table has."""
    with database() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_whole_way_makes_an_idea_and_leaves_no_draft(
    member: Member, place: Place, database: Sessions, client: PageClient
) -> None:
    author = member()
    chosen = principles(database, place, ["climate", "access"])
    draft = ready(author, place, principles=chosen, text=f"{TEXT}\n\nSecond.")
    with database() as session:
        district, field = (
            session.scalars(select(District.id)).all()[1],
            session.scalars(select(FieldOfAction.id)).all()[0],
        )
        aspects = session.scalars(select(Aspect.id).order_by(Aspect.id)).all()
        version = session.scalars(select(Process.version)).one()
    details = author.get(f"{draft}/details")
    boxes = {box.get("name"): box.get("value") for box in details.select("#details-form input[type=checkbox]")}
    assert set(boxes) == {"beneficiaries", "services", "goals"}
    answer = author.submit(details, "details-form", district=str(district), field=str(field), **boxes)
    assert answer.location == f"{draft}/preview"
    answer = send(author, draft)
    with database() as session:
        idea = session.scalars(select(Idea)).one()
        assert (idea.title, idea.text, idea.state) == (TITLE, f"{TEXT}\n\nSecond.", IdeaState.PUBLISHED)
        assert (idea.district_id, idea.field_id, idea.language) == (district, field, "en")
        tagged = session.scalars(select(IdeaPrinciple.principle_id).order_by(IdeaPrinciple.principle_id))
        assert [str(id_) for id_ in tagged] == sorted(chosen, key=int)
        touched = set(session.scalars(select(IdeaAspect.aspect_id)))
        assert touched == {int(value) for value in boxes.values()}
        assert touched < set(aspects)
        assert session.scalars(select(LogEntry.action)).all() == ["IdeaSubmitted"]
        pseudonym = session.scalars(select(Participant.pseudonym)).one()
        assert session.scalars(select(Process.version)).one() > version
    assert count(database, Draft) == 0
    assert answer.location == place.url(f"/ideas/{idea.id}")
    page = client.get(answer.location)
    assert page.h1 == TITLE
    assert pseudonym in page.text
    assert "@example.org" not in page.text


def test_where_the_phase_says_so_a_moderator_reads_it_first(
    transact: Sessions, member: Member, client: PageClient, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
    author = member()
    address = propose(author, place, TITLE)
    with database() as session:
        idea = session.scalars(select(Idea)).one()
    assert (idea.state, idea.published_at) == (IdeaState.IN_REVIEW, None)
    assert author.get(address).h1 == TITLE
    client.get(address, status=404)
    member(email="other@example.org").get(address, status=404)
    for page in ("/de/", place.url(), place.url("/ideas")):
        assert TITLE not in client.get(page).text


BAD_PRINCIPLES = {
    "none": ([], "leave allowed"),
    "unknown": (["987654321"], ""),
    "no number": (["<svg onload=x>"], ""),
    "four": ("FOUR", ""),
    "a principle and not sure": ("BOTH", ""),
}


@pytest.mark.parametrize(("values", "leaving"), BAD_PRINCIPLES.values(), ids=BAD_PRINCIPLES)
def test_bad_principles_are_refused(
    member: Member, place: Place, database: Sessions, values: Any, leaving: str
) -> None:
    ids = principles(database, place, list(make.PRINCIPLES))
    sent = {"FOUR": ids[:4], "BOTH": [ids[0], "not-sure"]}.get(values, values) if isinstance(values, str) else values
    author = member()
    draft = begun(author, place)
    form = author.get(f"{draft}/principles")
    page = author.submit(form, "principles-form", forge={"principles": sent})
    assert page.status == 422
    assert [link.get("href") for link in page.select(".error-summary a")] == ["#principles-0"]
    with database() as session:
        assert session.scalars(select(Draft.choices)).one()["principles"] == []
    left = author.submit(form, "principles-form", press="leave", forge={"principles": sent})
    assert left.status == (303 if leaving else 422)
    assert author.submit(page, "principles-form", forge={"principles": NOT_SURE}).location == f"{draft}/details"


def test_each_principle_is_explained_beside_its_box(member: Member, place: Place) -> None:
    author = member()
    page = author.get(f"{begun(author, place)}/principles")
    for box in page.select(".choice-card:not(.choice-card--plain) input"):
        name = page.one(f"label[for={box.get('id')}]").removesuffix(" (de)")
        assert page.one(f"#{box.get('aria-describedby')}") == f"About {name.lower()} (de)"
    assert len(page.select(".choice-card")) == len(make.PRINCIPLES) + 1
    assert page.select("#principles-form input[checked]") == []


@pytest.mark.parametrize("field", ["district", "field", "beneficiaries", "services", "goals"])
def test_details_that_nobody_offers_are_refused(member: Member, place: Place, database: Sessions, field: str) -> None:
    author = member()
    draft = ready(author, place)
    form = author.get(f"{draft}/details")
    for value in ("987654321", "x", "\x00"):
        page = author.submit(form, "details-form", forge={field: value})
        assert page.status == 422
        assert {link.get("href").removesuffix("-0") for link in page.select(".error-summary a")} == {f"#{field}"}
    assert author.submit(form, "details-form").location == f"{draft}/preview"


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_opened_at_any_time(member: Member, place: Place, step: str) -> None:
    author = member()
    page = author.get(place.url("/ideas/new"))
    author.submit(page, "text-form", press="leave", title="", text="")
    draft = author.get(place.url("/ideas/new")).links(".draft-list a").popitem()[1].rpartition("/")[0]
    shown = author.get(f"{draft}/{step}")
    current = shown.select(".step-list [aria-current=step]")
    assert len(current) == 1
    links = {link.get("href") for link in shown.select(".step-list a")}
    assert links == {f"{draft}/{other}" for other in STEPS if other != step}


def test_an_incomplete_draft_leads_to_what_is_missing(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    draft = begun(author, place)
    answer = send(author, draft)
    assert answer.location == f"{draft}/principles"
    assert author.follow(answer).select(".messages .alert--warning")
    author.submit(author.get(f"{draft}/principles"), "principles-form", principles=NOT_SURE)
    form = author.get(f"{draft}/text")
    author.submit(form, "text-form", press="leave", text="Too short")
    assert author.get(f"{draft}/preview").links(".alert--warning a").popitem()[1] == f"{draft}/text"
    assert send(author, draft).location == f"{draft}/text"
    assert count(database, Idea) == 0
    author.submit(author.get(f"{draft}/text"), "text-form", text=TEXT)
    assert send(author, draft).status == 303
    assert count(database, Idea) == 1


def test_submitting_twice_makes_one_idea(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    draft = ready(author, place)
    preview, other = author.get(f"{draft}/preview"), author.get(f"{draft}/principles")
    answers = [author.submit(preview, "submit-form") for _ in range(3)]
    assert [answer.status for answer in answers] == [303, 303, 303]
    assert len({answer.location for answer in answers}) == 1
    assert count(database, Idea) == 1
    assert count(database, LogEntry) == 1
    # Whatever else is still open leads to the idea as well.
    for step in STEPS:
        assert author.get(f"{draft}/{step}", status=303).location == answers[0].location
    assert author.submit(other, "principles-form", principles=NOT_SURE).location == answers[0].location
    assert author.submit(preview, "delete-form").location == answers[0].location
    assert count(database, Idea) == 1


@pytest.mark.parametrize(
    ("step", "form", "fields"),
    [
        ("principles", "principles-form", {"principles": NOT_SURE}),
        ("details", "details-form", {"district": ""}),
        ("preview", "language-form", {"language": "tr"}),
        ("preview", "submit-form", {}),
        ("text", "text-form", {"text": f"{TEXT}\nSecond line"}),
    ],
)
def test_a_stale_step_can_be_sent_again(
    member: Member, place: Place, database: Sessions, step: str, form: str, fields: dict[str, Any]
) -> None:
    author = member()
    draft = ready(author, place)
    page = author.submit(author.get(f"{draft}/{step}"), form, **fields, forge={"csrf_token": "stale"})
    assert page.status == 400
    again = author.submit(page, "resend-form")
    assert again.status == 303
    if form == "language-form":
        with database() as session:
            assert session.scalars(select(Draft.language)).one() == "tr"
    if form == "submit-form":
        assert count(database, Idea) == 1


def test_the_preview_shows_the_idea_as_it_will_look(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    title = '"><svg onload=alert(1)> idea'
    draft = ready(
        author,
        place,
        title=title,
        text=f"{TEXT} https://example.org/?a=1&b=2",
        principles=principles(database, place, ["climate"]),
    )
    page = author.get(f"{draft}/preview")
    assert page.one(".idea-preview__title") == title
    assert page.select("main script, main svg[onload]") == []
    assert page.one(".idea-preview .prose") == f"{TEXT} https://example.org/?a=1&b=2"
    assert page.texts(".idea-preview .principle-tag") == ["Climate (de)"]
    assert "Contributions are under CC BY 4.0 (de)" in page.text
    assert "The result is advice to the council (de)" in page.text
    assert "The council debates it (de)" in page.text
    address = send(author, draft).location
    published = author.get(address)
    assert published.h1 == title
    assert published.texts(".prose")[0] == page.one(".idea-preview .prose")


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script> & more",
        '"><svg onload=alert(1)> idea',
        "{{ 7 * 7 }} and %(name)s %s",
        "Fahrräder &amp; Busse",
    ],
)
def test_markup_is_stored_as_typed_and_shown_inert_everywhere(
    member: Member, place: Place, database: Sessions, transact: Sessions, client: PageClient, title: str
) -> None:
    body = f"{title} is what I typed, and https://example.org/?a=1&b=2"
    author = member()
    draft = ready(author, place, title=title, text=body)
    for step in STEPS:
        shown = author.get(f"{draft}/{step}")
        assert shown.select("main script, main svg[onload]") == []
    assert title in author.get(place.url("/ideas/new")).one(".draft-list")
    address = send(author, draft).location
    with database() as session:
        idea = session.scalars(select(Idea)).one()
    assert (idea.title, idea.text) == (title, body)
    with transact() as session:
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea.id])])
    page = client.get(address)
    assert page.h1 == title
    assert page.one("title").startswith(title)
    pages = ["/de/", place.url(), place.url("/ideas"), address, place.url(f"/statements/{statement}")]
    for visitor in (client, author):
        for url in pages:
            shown = visitor.get(url)
            assert title in shown.one("main")
            assert shown.select("main script, main svg[onload]") == []
    assert title in author.get(f"{address}/comments/new").one("main")


def test_marks_that_writers_of_arabic_need_are_kept(member: Member, place: Place, database: Sessions) -> None:
    title = "مكتبة\u200f للجميع \u200e2030\u061c"
    author = member()
    assert send(author, ready(author, place, title=title)).status == 303
    with database() as session:
        assert session.scalars(select(Idea.title)).one() == title


def test_hints_are_shown_and_nothing_of_them_is_kept(
    member: Member, place: Place, database: Sessions, client: PageClient
) -> None:
    author = member()
    draft = ready(author, place, text=f"{TEXT} Ask Mrs Sample, 0231 1234567, or {'very ' * 31}late.")
    page = author.get(f"{draft}/preview")
    places = page.texts(".idea-preview__places q")
    assert places[:2] == ["0231 1234567", "Mrs Sample"]
    assert len(places) == 3
    address = send(author, draft).location
    assert client.get(address).select(".idea-preview__places") == []
    assert author.get(f"{ready(author, place, title='Another quiet idea')}/preview").select("#hints") == []


def test_the_language_can_be_corrected_in_the_preview(member: Member, place: Place, database: Sessions) -> None:
    author = member()
    draft = ready(author, place)
    page = author.get(f"{draft}/preview")
    assert page.select(".idea-preview__title")[0].get("lang") == "en"
    assert author.submit(page, "language-form", forge={"language": "xx"}).status == 422
    answer = author.submit(page, "language-form", language="ar")
    shown = author.follow(answer).select(".idea-preview__title")[0]
    assert (shown.get("lang"), shown.get("dir")) == ("ar", "rtl")
    send(author, draft)
    with database() as session:
        assert session.scalars(select(Idea.language)).one() == "ar"


def test_each_step_costs_the_same_whatever_is_in_the_process(
    transact: Sessions, member: Member, place: Place, database: Sessions
) -> None:
    author = member()
    draft = ready(author, place, principles=principles(database, place, ["climate"]))
    budgets = {"text": 5, "principles": 13, "details": 8, "similar": 10, "preview": 7}
    for ideas in (1, 2):
        with transact() as session:
            for _ in range(ideas):
                make.idea(session, place, title=TITLE, body=TEXT, language="en", principles=["climate"])
        for step, budget in budgets.items():
            author.get(f"{draft}/{step}", budget=budget)
        ready(author, place, title="Another idea altogether")
