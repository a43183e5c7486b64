"""The language is the first part of every address, and every page knows itself in the others."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.models import Account
from participation.comments.models import Comment
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient, form_data

Member = Callable[..., PageClient]
TYPED = "What I have written\nso far, all of it."


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("en-GB,en;q=0.9,de;q=0.5", "/en/"),
        ("de", "/de/"),
        ("nl,tr;q=0.9", "/tr/"),
        ("nl,da;q=0.9", "/de/"),
        ("de-simple,de;q=0.5", "/de-simple/"),
        ("de;q=0.1,en;q=0.2", "/en/"),
        ("", "/de/"),
        ("*", "/de/"),
        ("x" * 5000, "/de/"),
        ("en;q=oops", "/de/"),
    ],
)
def test_the_root_leads_to_the_readers_language(client: PageClient, accepted: str, expected: str) -> None:
    page = client.get("/", status=302, headers={"Accept-Language": accepted})
    assert page.location in ({"/de/", "/en/"} if "oops" in accepted else {expected})
    assert "Accept-Language" in page.headers["Vary"]
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("address", ["/nl/", "/DE/", "/de_SIMPLE/", "/processes", "/deen/", "/de"])
def test_other_first_parts_are_nothing(client: PageClient, address: str) -> None:
    page = client.get(address, status=None)
    assert page.status == (308 if address == "/de" else 404)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_address_wins_over_the_browser(client: PageClient, place: Place, language: str) -> None:
    other = "en" if language == "de" else "de"
    for address in (f"/{language}/", place.url("/ideas", language=language), f"/{language}/imprint"):
        page = client.get(address, headers={"Accept-Language": other})
        assert page.select("html")[0].get("lang") == language


def test_the_switch_leads_to_the_same_page_and_remembers(
    app: Flask, client: PageClient, place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place, principles=["climate"])
    for rest in (
        "/",
        "/processes",
        "/processes/digital",
        "/processes/digital/ideas?principle=climate",
        f"/processes/digital/ideas/{idea}",
        "/processes/digital/ideas/new",
        "/sign-in?next=%2Fde%2Faccount",
        "/imprint",
        "/processes/digital/ideas?principle=climate&principle=access",
        f"/processes/digital?x={quote('ä&=#?')}",
        "/processes?_scheme=javascript&_external=1&_anchor=x&endpoint=y&language=z",
    ):
        page = client.get(f"/de{rest}")
        languages = [code for code in app.config["LANGUAGES"] if code != "de-simple"]
        links = {link.get("hreflang"): link.get("href") for link in page.select("#site-languages a")}
        assert links == {code: f"/{code}/language?{urlencode({'to': rest})}" for code in languages}
        simple = page.select(".language-switch__simple a")
        assert [link.get("href") for link in simple] == [f"/de-simple/language?{urlencode({'to': rest})}"]
        english = client.get(links["en"], status=303)
        assert english.location == f"/en{rest}"
        assert english.headers["Cache-Control"] == "no-store"
        assert client.get(english.location).select("html")[0].get("lang") == "en"
        alternates = {link.get("hreflang"): link.get("href") for link in page.select("link[rel=alternate][hreflang]")}
        base = app.config["BASE_URL"]
        wanted = {code: f"{base}/{code}{rest}" for code in app.config["LANGUAGES"]}
        assert alternates.items() >= (wanted | {"x-default": base + ("/" if rest == "/" else f"/de{rest}")}).items()


def test_the_way_out_of_simple_words_is_said_in_them(client: PageClient, place: Place) -> None:
    simple = client.get("/de-simple/processes").select(".language-switch__simple a")
    assert [(link.get("href"), link.get("lang")) for link in simple] == [("/de/language?to=%2Fprocesses", "de-simple")]
    turkish = client.get("/tr/processes").select(".language-switch__simple a")
    assert [(link.get("hreflang"), link.get("lang")) for link in turkish] == [("de-simple", "de")]
    current = client.get("/de-simple/processes").select("#site-languages [aria-current]")
    assert [link.get("hreflang") for link in current] == ["de"]


def test_only_the_switch_sets_the_cookie_and_only_addresses_without_a_language_read_it(
    app: Flask, client: PageClient, place: Place
) -> None:
    browser = {"Accept-Language": "fr"}
    assert client.get("/", status=302, headers=browser).location == "/fr/"
    set_cookie = client.get("/tr/language?to=/imprint", status=303).headers["Set-Cookie"]
    assert set_cookie.startswith("language=tr;")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(set_cookie.split("; "))
    assert client.get("/", status=302, headers=browser).location == "/tr/"
    assert client.get("/p/digital", status=302, headers=browser).location == "/tr/processes/digital"
    assert client.get("/de/").select("html")[0].get("lang") == "de", "the address wins"
    assert client.get("/nothing-here", status=404).select("html")[0].get("lang") == "tr"
    for bent in ("xx", "tr;x=y", "<svg>", "de_SIMPLE", ""):
        client.flask.set_cookie("language", bent)
        page = client.get("/", status=302, headers=browser)
        assert page.location == "/fr/"
        assert "svg" not in page.text


@pytest.mark.parametrize("to", ["//evil.example.org", "https://evil.example.org", "/\\evil", "", "x", "/a%0d%0ab"])
def test_the_switch_leads_nowhere_else(client: PageClient, to: str) -> None:
    assert client.get(f"/en/language?to={to}", status=303).location == "/en/"


def test_an_account_remembers_its_language(member: Member, place: Place, database: Sessions) -> None:
    resident = member(email="reader@example.org")
    page = resident.get("/en/processes")
    answer = resident.submit(page, "language-switch", press="uk")
    assert (answer.status, answer.location) == (303, "/uk/processes")
    assert "language=" not in answer.headers.get("Set-Cookie", "")
    assert resident.get("/", status=302, headers={"Accept-Language": "fr"}).location == "/uk/"
    settings = resident.get("/en/account/language")
    assert len(settings.select("#language-form input[type=radio]")) == 11
    saved = resident.submit(settings, "language-form", language="de-simple")
    assert (saved.status, saved.location) == (303, "/de-simple/account/language")
    assert resident.submit(settings, "language-form", forge={"language": "xx"}).status == 422
    with database() as session:
        assert session.scalar(select(Account.language).where(Account.email == "reader@example.org")) == "de-simple"


ERRORS = {
    404: ("GET", "/nothing"),
    405: ("POST", "/"),
    400: ("POST", "/sign-in"),
    413: ("POST", "/sign-up"),
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("status", list(ERRORS))
def test_errors_are_pages_in_the_language_of_the_address(client: PageClient, status: int, language: str) -> None:
    method, rest = ERRORS[status]
    data = {"email": "x" * 5_000_000} if status == 413 else None
    headers = {"Accept-Language": "en" if language == "de" else "de"}
    page = client.open(method, f"/{language}{rest}", status=status, data=data, headers=headers)
    assert page.select("html")[0].get("lang") == language
    assert page.h1
    assert page.links("main a, main button") or page.select("main form")
    assert "Traceback" not in page.text
    assert "werkzeug" not in page.text.lower()


def test_what_an_address_takes_instead_is_named(client: PageClient) -> None:
    answer = client.flask.post("/de/")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_refusals_are_pages_too(member: Member, transact: Sessions, place: Place) -> None:
    resident = member()
    for language in ("de", "en"):
        page = resident.get(f"/{language}/desk", status=403)
        assert page.select("html")[0].get("lang") == language


def test_what_a_machine_asks_for(client: PageClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
    assert client.get("/robots.txt").text.startswith("User-agent: *\n")


def test_an_unexpected_problem_is_a_page_that_keeps_what_was_typed(
    member: Member, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = member()
    form = author.get(place.url("/ideas/new"))

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk is full at /secret/path")

    monkeypatch.setattr("participation.proposing.service.keep_text", broken)
    monkeypatch.setitem(author.app.config, "TESTING", False)
    monkeypatch.setattr(author.app, "testing", False)
    page = author.submit(form, "text-form", title="A title to keep", text="A long text that must not get lost.")
    assert page.status == 500
    assert "A long text that must not get lost." in page.texts("#resend-form textarea")
    assert "secret" not in page.text


FORMS = {
    "ideas/new": "text-form",
    "ideas/{idea}": "comment-form",
    "ideas/{idea}/edit": "edit-form",
    "ideas/{idea}/notice": "notice-form",
    "ideas/{idea}/translate?into=tr": "suggestion-form",
}


@pytest.mark.one_database
def test_what_was_typed_goes_along_without_a_script(
    member: Member, new_client: Callable[[], PageClient], transact: Sessions, database: Sessions, place: Place
) -> None:
    with transact() as session:
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        idea = make.idea(session, place, author=author, language="de")
    person = member(email="author@example.org")
    pages = {place.url(f"/{rest.format(idea=idea)}", language="en"): form for rest, form in FORMS.items()}
    for address, form_id in {**pages, "/en/barriers/new?page=%2Frules": "barrier-form"}.items():
        visitor = new_client() if "barriers" in address else person
        page = visitor.get(address)
        buttons = {button.get("formaction", "").split("/")[1]: button for button in page.select("noscript button")}
        assert len(buttons) == 10, address
        assert {button.get("form") for button in buttons.values()} == {form_id}
        said = {**form_data(page.form(form_id), {"text": TYPED}), "carried_form": form_id}
        take = buttons["tr"].get("formaction")
        assert take == address.replace("/en/", "/tr/")
        shown = visitor.post(take, said, status=200)
        assert shown.select("html")[0].get("lang") == "tr"
        assert shown.select("noscript button[lang=en]")[0].get("formaction") == take.replace("/tr/", "/en/")
        form = shown.form(form_id)
        assert [(area.text or "").strip() for area in form.iter("textarea") if area.get("name") == "text"] == [TYPED]
        # Hidden fields go along too: it is the same form, sent once, though with a token of its own.
        again = form_data(form, {})
        assert {**again, "csrf_token": said["csrf_token"]} == {name: said[name] for name in again}
        assert shown.errors == []
        # Back again, and what had been chosen is still chosen; nothing is kept anywhere.
        back = visitor.post(buttons["de"].get("formaction"), {**again, "carried_form": form_id}, status=200)
        assert {**form_data(back.form(form_id), {}), "csrf_token": ""} == {**again, "csrf_token": ""}
        assert TYPED not in visitor.get(address).text
    with database() as session:
        assert session.scalars(select(Comment.id)).all() == []


@pytest.mark.one_database
def test_what_goes_along_goes_nowhere_else(member: Member, client: PageClient, place: Place) -> None:
    person, take = member(), place.url("/ideas/new", language="tr")
    page = person.get(place.url("/ideas/new", language="en"))
    said = {**form_data(page.form("text-form"), {"text": TYPED}), "carried_form": "text-form"}
    assert TYPED in person.post(take, said, status=200).text
    # Without our own token nobody's page is filled in from elsewhere, wherever it leads.
    for address in (take, "/tr/", "/tr/nothing-here"):
        assert client.post(address, said, status=400).h1
    # A form that is not there (any more) leaves what was typed on the page that says so.
    for address, form_id in (("/tr/nothing-here", "text-form"), ("/tr/desk", "text-form"), (take, "another-form")):
        lost = person.post(address, {**said, "carried_form": form_id}, status=409)
        assert TYPED in [(area.text or "").strip() for area in lost.select("textarea")]
    with person.flask.session_transaction() as session:
        del session["_user_id"]
    signed_out = person.post(take, said, status=401)
    assert TYPED in [(area.text or "").strip() for area in signed_out.select("#resend-form textarea")]
