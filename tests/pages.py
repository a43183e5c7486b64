"""The test client: every HTML answer is checked, and forms are filled in and sent as a browser does."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml.etree import _Element
from sqlalchemy import event
from werkzeug.test import TestResponse

from participation.kit.headers import CONTENT_SECURITY_POLICY, framed_policy
from tests.markup import complaints, find, parse, text_of

BOOKKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
REDIRECTS = {301, 302, 303, 307, 308}


class PageError(AssertionError):
    """A page broke a rule that holds for all pages, or a test asked for something that is not on the page."""


class Page:
    """An answer: ``status``, ``location`` (without host), ``headers``, ``text`` and, for HTML, the tree of the page."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.url = response.request.url
        self.location = _path(response.headers["Location"]) if "Location" in response.headers else None
        self.is_html = response.mimetype == "text/html" and self.status not in REDIRECTS
        self._tree: _Element | None = None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.response.get_data(as_text=True)

    @property
    def data(self) -> bytes:
        """The body as bytes."""
        return self.response.get_data()

    @property
    def tree(self) -> _Element:
        """The root element of the page."""
        if self._tree is None:
            self._tree = parse(self.text)[0]
        return self._tree

    @property
    def h1(self) -> str:
        """The text of the page's main heading."""
        return self.one("h1")

    @property
    def errors(self) -> list[str]:
        """The entries of the error summary, in order."""
        return self.texts("[data-error-summary] li, .error-summary li")

    def select(self, selector: str) -> list[_Element]:
        """Return the elements that a CSS selector finds, in document order."""
        return find(self.tree, selector)

    def texts(self, selector: str, *, seen: bool = False) -> list[str]:
        """Return the text of each element found, white space reduced; only what eyes see of it with ``seen``."""
        return [text_of(element, seen=seen) for element in self.select(selector)]

    def one(self, selector: str, *, seen: bool = False) -> str:
        """Return the text of the only element found; raise ``PageError`` for none or several."""
        found = self.texts(selector, seen=seen)
        if len(found) != 1:
            raise PageError(f"{len(found)} elements instead of one for {selector!r} on {self.url}: {found[:5]}")
        return found[0]

    def links(self, selector: str = "a[href]") -> dict[str, str]:
        """Return address by text of the links found; of equal texts the last counts."""
        return {text_of(link): link.get("href") for link in self.select(selector)}

    def form(self, which: str | int = 0) -> _Element:
        """Return a form by id, CSS selector or place among the forms inside ``main``; raise ``PageError`` if absent."""
        if isinstance(which, int):
            found = self.select("main form")[which : which + 1]
        else:
            found = [form for form in self.select("form") if form.get("id") == which] or self._matching(which)
        if len(found) != 1 or found[0].tag != "form":
            there = [form.get("id") or form.get("action") for form in self.select("form")]
            raise PageError(f"no form {which!r} on {self.url} ({self.status}); there are {there}")
        return found[0]

    def _matching(self, selector: str) -> list[_Element]:
        return self.select(selector) if not selector.replace("-", "").replace("_", "").isalnum() else []


class PageClient:
    """A visitor with cookies. Each HTML answer is checked at once; see ``tests.markup`` for what is looked at."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.flask: FlaskClient = app.test_client()

    def get(self, url: str, *, status: int | None = 200, budget: int | None = None, **options: Any) -> Page:
        """Return the page at ``url``; ``status=None`` takes any status, ``budget`` bounds the SQL statements."""
        return self.open("GET", url, status=status, budget=budget, **options)

    def post(self, url: str, data: Any = None, *, status: int | None = None, **options: Any) -> Page:
        """Send a POST as it stands, without a token: for trying what no form of ours would send."""
        return self.open("POST", url, data=data, status=status, **options)

    def open(self, method: str, url: str, *, status: int | None, budget: int | None = None, **options: Any) -> Page:
        """Send a request and return the checked answer."""
        with queries(self.app, budget) if budget is not None else nullcontext():
            response = self.flask.open(url, method=method, **options)
        page = Page(response)
        check_page(page)
        if status is not None and page.status != status:
            raise PageError(f"{method} {url} answered {page.status}, not {status}: {page.location or page.text[:500]}")
        return page

    def submit(
        self,
        page: Page,
        which: str | int = 0,
        *,
        press: str | None = None,
        forge: dict[str, Any] | None = None,
        status: int | None = None,
        budget: int | None = None,
        **fields: Any,
    ) -> Page:
        """Fill in a form of ``page``, send it and return the answer (a redirect is not followed).

        Hidden fields and presets are sent along. ``fields``: text, a list for several values, ``True``/``False`` for a
        single checkbox, ``None`` to leave a field out, ``(stream, filename)`` for a file. ``press`` picks a button by
        its text or value. ``forge`` adds or replaces what the form itself would not allow.
        """
        form = page.form(which)
        data = form_data(form, fields, press)
        data.update({name: _listed(value) for name, value in (forge or {}).items()})
        button = _button(form, press)
        action = button.get("formaction") if button is not None else None
        url = urljoin(page.url, action or form.get("action") or page.url)
        method = (form.get("method") or "get").upper()
        options: dict[str, Any] = {"query_string" if method == "GET" else "data": data}
        if method == "POST":
            options["headers"] = {"Referer": page.url}
            options["content_type"] = form.get("enctype") or "application/x-www-form-urlencoded"
        if method == "GET":
            url = url.partition("?")[0]
        return self.open(method, url, status=status, budget=budget, **options)

    def follow(self, page: Page, *, status: int | None = 200) -> Page:
        """Return the page that a redirect leads to; raise ``PageError`` when ``page`` is no redirect."""
        if page.status not in REDIRECTS or page.location is None:
            reason = page.errors or (page.texts("h1") if page.is_html else page.text[:200])
            raise PageError(f"{page.url} answered {page.status} instead of a redirect: {reason}")
        return self.get(page.location, status=status)


def check_page(page: Page) -> None:
    """Raise ``PageError`` naming everything that is wrong with an answer; answers that are no pages pass."""
    if not page.is_html:
        return
    wrong = complaints(page.text)
    if page.headers.get("Content-Security-Policy") != policy_of(page):
        wrong.append("the Content-Security-Policy is missing or weakened")
    if wrong:
        raise PageError(f"{page.url} ({page.status}):\n  " + "\n  ".join(wrong))


def policy_of(page: Page) -> str:
    """Return the policy that a page must have: only what is made for frames elsewhere may stand in one."""
    is_embed = page.status == 200 and urlsplit(page.url).path.split("/")[2:3] == ["embed"]
    return framed_policy("*") if is_embed else CONTENT_SECURITY_POLICY


@contextmanager
def queries(app: Flask, budget: int | None = None) -> Iterator[list[str]]:
    """Yield the list of SQL statements sent meanwhile; raise ``PageError`` when there are more than ``budget``."""
    from participation.kit.db import db

    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(BOOKKEEPING):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if budget is not None and len(statements) > budget:
        listed = "\n".join(f"  {number}. {' '.join(sql.split())[:200]}" for number, sql in enumerate(statements, 1))
        raise PageError(f"{len(statements)} statements instead of at most {budget}:\n{listed}")


def form_data(form: _Element, fields: dict[str, Any], press: str | None = None) -> dict[str, list[Any]]:
    """Return what a browser would send for ``form`` with ``fields`` filled in; raise ``PageError`` if it could not."""
    data: dict[str, list[Any]] = {}
    for name, value in _presets(form):
        data.setdefault(name, []).append(value)
    for name, value in fields.items():
        controls = [control for control in find(form, "input, select, textarea") if control.get("name") == name]
        if not controls:
            there = sorted({control.get("name") for control in find(form, "[name]")})
            raise PageError(f"the form has no field {name!r}; it has {there}")
        _fill(data, name, value, controls)
    button = _button(form, press)
    if button is not None and button.get("name"):
        data[button.get("name")] = [button.get("value") or ""]
    return data


def _presets(form: _Element) -> Iterator[tuple[str, str]]:
    for control in find(form, "input[name], select[name], textarea[name]"):
        if control.get("disabled") is not None or any(
            group.get("disabled") is not None for group in control.iterancestors("fieldset")
        ):
            continue
        name, kind = control.get("name"), (control.get("type") or "text").lower()
        if control.tag == "textarea":
            yield name, _typed(str(control.xpath("string()")))
        elif control.tag == "select":
            options = find(control, "option")
            chosen = [option for option in options if option.get("selected") is not None]
            if not chosen and control.get("multiple") is None:
                chosen = options[:1]
            yield from ((name, _value(option)) for option in chosen)
        elif kind in {"checkbox", "radio"}:
            if control.get("checked") is not None:
                yield name, control.get("value") or "on"
        elif kind not in {"submit", "button", "reset", "image", "file"}:
            yield name, control.get("value") or ""


def _fill(data: dict[str, list[Any]], name: str, value: Any, controls: list[_Element]) -> None:
    first = controls[0]
    kind = first.tag if first.tag != "input" else (first.get("type") or "text").lower()
    if value is None or value is False:
        data.pop(name, None)
        return
    if value is True:
        data[name] = [first.get("value") or "on"]
        return
    values = _listed(value)
    if kind in {"select", "radio", "checkbox"}:
        values = [str(item) for item in values]
        allowed = [_value(option) for control in controls for option in find(control, "option")]
        allowed += [control.get("value") or "on" for control in controls if control.tag == "input"]
        wrong = [item for item in values if item not in allowed]
        if wrong:
            raise PageError(f"the field {name!r} does not offer {wrong}; it offers {allowed}")
    data[name] = [_typed(item) if kind == "textarea" and isinstance(item, str) else item for item in values]


def _typed(text: str) -> str:
    # Browsers send line ends of text areas as CR LF.
    return "\r\n".join(text.replace("\r\n", "\n").split("\n"))


def _button(form: _Element, press: str | None) -> _Element | None:
    buttons = [
        button
        for button in find(form, "button, input[type=submit]")
        if (button.get("type") or "submit") == "submit" and button.get("disabled") is None
    ]
    if press is None:
        return buttons[0] if buttons else None
    for button in buttons:
        if press in (text_of(button), text_of(button, seen=True), button.get("value"), button.get("name")):
            return button
    raise PageError(f"no button {press!r}; there are {[text_of(button) or button.get('value') for button in buttons]}")


def _value(option: _Element) -> str:
    value = option.get("value")
    return text_of(option) if value is None else str(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _path(location: str) -> str:
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
