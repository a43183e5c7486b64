"""The test client itself: what it demands of every page, and how it fills in forms."""

from typing import Any

import pytest
from flask import Flask, Response, redirect, request

from participation.kit.db import db
from participation.kit.headers import CONTENT_SECURITY_POLICY
from tests.markup import complaints
from tests.pages import Page, PageClient, PageError, queries

HEAD = '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Ideas – City</title></head>'
GOOD = f"""{HEAD}<body><main><h1>Ideas</h1>
<form id="new-idea" method="post" action="/send"><input type="hidden" name="csrf_token" value="t">
<label for="title">Title</label>
<input id="title" name="title" value="Bench" aria-describedby="hint"><p id="hint">Short</p>
<label for="text">Text</label><textarea id="text" name="text">
One
two</textarea>
<label><input type="checkbox" name="agree" value="yes"> I agree</label>
<fieldset><legend>Principles</legend><label><input type="checkbox" name="principle" value="1" checked> One</label>
<label><input type="checkbox" name="principle" value="2"> Two</label></fieldset>
<label for="area">Area</label>
<select id="area" name="area"><option value="n">North</option><option value="s">South</option></select>
<button>Send</button><button name="draft" value="1">Keep as draft</button></form>
<form action="/send"><label for="q">Search</label><input id="q" name="q"><button>Find</button></form>
</main></body></html>"""

MISTAKES = {
    "two main headings": ("<h1>Ideas</h1>", "<h1>Ideas</h1><h1>More</h1>", "2 h1 elements"),
    "a title that says something else": ("<title>Ideas", "<title>Home", "does not begin with"),
    "no language": ('lang="en" ', "", "no lang"),
    "no direction": (' dir="ltr"', "", "no dir"),
    "an id twice": ('id="hint"', 'id="title"', "occurs 2 times"),
    "a hint that is not there": ('id="hint"', 'id="other"', "points nowhere"),
    "a field without label": ('<label for="title">Title</label>', "", "has no label"),
    "a group without name": ("<legend>Principles</legend>", "", "without legend"),
    "a form without token": ('<input type="hidden" name="csrf_token" value="t">', "", "no csrf_token"),
    "an inline script": ("</main>", "</main><script>go()</script>", "inline script"),
    "a style element": ("</head>", "<style>p{}</style></head>", "style element"),
    "a style attribute": ("<h1>", '<h1 style="color:red">', "attribute style"),
    "an event attribute": ("<h1>", '<h1 onclick="go()">', "attribute onclick"),
    "a skipped heading": ("</h1>", "</h1><h3>Deep</h3>", "level skipped"),
    "a button without name": ("<button>Send</button>", "<button><svg></svg></button>", "has no name"),
    "a link without name": ("</h1>", '</h1><a href="/x"></a>', "has no name"),
    "a block in a paragraph": ("</h1>", "</h1><p><div>x</div></p>", "not valid HTML"),
    "a block in a span": ("</h1>", "</h1><span><div>x</div></span>", "must not stand inside"),
    "a stray list entry": ("</h1>", "</h1><li>x</li>", "stands in"),
    "a picture without alt": ("</h1>", '</h1><img src="/x.svg">', "has no alt"),
    "a foreign script": ("</main>", '</main><script src="https://example.org/x.js"></script>', "another server"),
}


@pytest.fixture
def planted() -> Flask:
    """A tiny application with one page and an echo of what is sent to it."""
    app = Flask("planted")

    @app.get("/")
    def page() -> Response:
        headers = {} if "bare" in request.args else {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return Response(GOOD, headers=headers, mimetype="text/html")

    @app.route("/send", methods=["GET", "POST"])
    def send() -> dict[str, Any]:
        return {**request.args.to_dict(flat=False), **request.form.to_dict(flat=False)}

    @app.get("/away")
    def away() -> Any:
        return redirect("/?from=away", 303)

    return app


def sent(page: Page) -> Any:
    """Return what the echo got."""
    return page.response.get_json()


def test_a_good_page_passes() -> None:
    assert complaints(GOOD) == []


@pytest.mark.parametrize(("old", "new", "complaint"), MISTAKES.values(), ids=MISTAKES)
def test_a_planted_mistake_is_found(old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    assert any(complaint in found for found in complaints(GOOD.replace(old, new, 1)))


def test_a_page_without_content_policy_is_refused(planted: Flask) -> None:
    with pytest.raises(PageError, match="Content-Security-Policy"):
        PageClient(planted).get("/?bare=1")


def test_a_form_is_sent_as_a_browser_would(planted: Flask) -> None:
    client = PageClient(planted)
    page = client.get("/")
    assert sent(client.submit(page, "new-idea", title="Tree", agree=True, area="s")) == {
        "csrf_token": ["t"],
        "title": ["Tree"],
        "text": ["One\r\ntwo"],
        "agree": ["yes"],
        "principle": ["1"],
        "area": ["s"],
    }
    again = client.submit(page, 0, press="Keep as draft", principle=["1", "2"], text=None, forge={"area": "x"})
    assert sent(again) == {
        "csrf_token": ["t"],
        "title": ["Bench"],
        "principle": ["1", "2"],
        "area": ["x"],
        "draft": ["1"],
    }
    assert sent(client.submit(page, 1, q="bench")) == {"q": ["bench"]}


@pytest.mark.parametrize(
    ("which", "fields", "complaint"),
    [
        ("no-form", {}, "no form 'no-form'"),
        (0, {"name": "x"}, "no field 'name'"),
        (0, {"area": "west"}, "does not offer"),
        (0, {"press": "Delete"}, "no button 'Delete'"),
    ],
)
def test_what_is_not_on_the_page_cannot_be_sent(planted: Flask, which: Any, fields: Any, complaint: str) -> None:
    client = PageClient(planted)
    with pytest.raises(PageError, match=complaint):
        client.submit(client.get("/"), which, **fields)


def test_redirects_are_followed_only_when_asked(planted: Flask) -> None:
    client = PageClient(planted)
    page = client.get("/away", status=303)
    assert page.location == "/?from=away"
    assert client.follow(page).h1 == "Ideas"
    with pytest.raises(PageError, match="instead of a redirect"):
        client.follow(client.get("/"))
    with pytest.raises(PageError, match="answered 303, not 200"):
        client.get("/away")


def test_a_query_too_many_is_found(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        with queries(app, 2) as statements:
            connection.exec_driver_sql("SELECT 1")
            connection.exec_driver_sql("SELECT 2")
        assert statements == ["SELECT 1", "SELECT 2"]
        with pytest.raises(PageError, match="1 statements instead of at most 0"), queries(app, 0):
            connection.exec_driver_sql("SELECT 3")
