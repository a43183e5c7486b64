"""What addresses of votes, points and results may ask for: odd values get a page, and never come back as they are."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from tests import group_runs, log_releases, make, self_descriptions
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
MARKER = quote("\"><svg onload=x>'--")
ODD = (
    MARKER,
    "",
    "0",
    "-1",
    "1.5",
    "%D9%A3",
    "%00",
    "%ED%A0%80",
    "a%0D%0ASet-Cookie:%20x=1",
    "//evil.example",
    "9" * 9,
    "9" * 18,
    "9" * 40,
    f"{'9' * 9}-{'9' * 18}",
    f"{'9' * 18}-{'9' * 18}",
    "a1-9999999999999999999",
    "x" * 3000,
)
# What each page looks for in its address, and what others do.
ASKED = {
    "/results": ("sort",),
    "/results/ideas": ("sort", "principle", "after", "before"),
    "/results/participation": ("after",),
    "/results/groups": ("group",),
    "/results/groups.csv": ("group",),
    "/results/priorities": ("phase", "after"),
    "/results/people": ("after",),
    "/results/check": ("before", "release"),
    "/results/check/own": ("before",),
    "/vote": ("after", "left"),
    "/vote/{idea}": ("why", "after"),
    "/priorities": ("q", "idea", "show"),
    "/about-me": ("next",),
}
ELSEWHERE = {
    "/en/my/residence": ("next",),
    "/en/my/contributions": ("process", "show", "before"),
    "/en/my/receipts/vote/{idea}": ("revision",),
    "/en/desk/processes/{slug}/votes": ("run", "page"),
    "/en/methods": ("method",),
    "/en/methods/next-idea": ("name",),
}
PLACES = ("/results/check/releases/{}/vote-log", "/results/check/releases/{}/figures.csv", "/results/check/own/{}")
PERSONAL = ("/results/check/own", "/results/check/own/{idea}", "/about-me", "/priorities", "/results/groups", "/vote")


def filled(session: Session, place: Place) -> int:
    """Return an idea of a process in which there is something to see on every page."""
    ideas = [make.idea(session, place, principles=["climate"]) for _ in range(4)]
    self_descriptions.questions(session, place)
    group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.steady(ideas))
    log_releases.stored(session, place)
    return ideas[0]


def test_odd_values_are_answered_with_a_page(app: Flask, member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = filled(session, place)
    visitor = member(Role.ADMIN)
    here = {place.url(rest, language="en"): names for rest, names in ASKED.items()}
    for address, names in {**here, **ELSEWHERE}.items():
        url = address.format(idea=idea, slug=place.slug)
        for name, value in ((name, value) for name in names for value in ODD):
            answer = visitor.flask.get(f"{url}?{name}={value}")
            assert answer.status_code in {200, 302, 400, 404}, answer.request.url
            assert "<svg onload" not in answer.text, answer.request.url
            assert "Set-Cookie: x" not in str(answer.headers), answer.request.url
            assert not re.search(r"""(href|src|action)=["'](javascript:|//)""", answer.text), answer.request.url
            answer.close()
    for rest in PLACES:
        for value in ("0", "9" * 6, "9" * 18, "9" * 40, "-1", "1.5", "%D9%A3", "%00", "x"):
            visitor.get(place.url(rest.format(value)), status=404)
    for name in ("%00", "..%2fprivacy", "next_idea", "x" * 3000, MARKER):
        visitor.get(f"/en/methods/{name}", status=404)


def test_odd_forms_are_refused(app: Flask, member: Member, transact: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    with transact() as session:
        place = make.process(session)
        idea = filled(session, place)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    visitor = member()
    for value in ("", "0", "-1", "1.5", "٣", "\0", "9" * 9, "9" * 40, "1e3", "<svg onload=x>"):
        forms = {
            f"/ideas/{idea}/vote": ("stance", "revision", "opened"),
            f"/vote/{idea}": ("stance", "revision", "opened"),
            "/priorities": (f"points-{idea}", "points-987654", "opened", "show", "q"),
            "/about-me": ("about_1", "consent"),
        }
        for rest, names in forms.items():
            for name in names:
                usual = {"stance": "agree", "revision": "1"} if "vote" in rest else {}
                answer = visitor.flask.post(place.url(rest), data={**usual, name: value})
                assert answer.status_code < 500, (rest, name, value)
                assert "<svg onload" not in answer.text, (rest, name, value)


def test_pages_with_something_of_ones_own_are_kept_nowhere(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = filled(session, place)
    visitor = member()
    for rest in PERSONAL:
        page = visitor.get(place.url(rest.format(idea=idea)), status=None)
        assert page.headers["Cache-Control"] == "private, no-store", rest
    for address in ("/de/my/residence", "/de/my/contributions"):
        assert visitor.get(address).headers["Cache-Control"] == "private, no-store"
