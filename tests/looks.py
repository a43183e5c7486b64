"""Looking at pages with axe, everywhere in the same way; what was looked at is counted over the whole run."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.barriers import check_barriers, widen
from tests.modes import MODES

RESULTS = Path(__file__).resolve().parent.parent / "participation" / "accessibility" / "results.json"
EVERYBODY = {"", "resident", "moderator", "staff", "admin"}
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Only what is read of what axe found: all of it is a hundred times as much.
RUN = """async (options) => {
  if (!window.axe) return null;
  // What is far below is not laid out before somebody comes there; until then it is measured over what comes next.
  const drawn = new CSSStyleSheet();
  drawn.replaceSync(':not([hidden]) { content-visibility: visible !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, drawn];
  const found = await axe.run(options);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== drawn);
  const kinds = [found.passes, found.violations, found.incomplete, found.inapplicable];
  return {
    rules: new Set(kinds.flat().map((one) => one.id)).size,
    engine: found.testEngine.version,
    violations: found.violations.map(({ id, impact, help, nodes }) => ({
      id, impact, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, why: failureSummary })),
    })),
  };
}"""
# Opened in one step, so that what is hidden in them is looked at, too. Menus and lists of keys lie over others: nobody
# opens them all, and what is under them would not be looked at.
UNFOLD = """document.querySelectorAll('main details:not([data-menu], [data-keys-list])').forEach((one) => {
  one.open = true;
})"""
# Text that its box cuts off: nobody can read the rest. What is cut off on purpose says so.
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter((one) => {
  const style = getComputedStyle(one);
  const meant = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
  if (!['hidden', 'clip'].includes(style.overflowX) || meant) return false;
  const box = one.getBoundingClientRect();
  const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  return words && box.width > 2 && box.height > 2 && one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.outerHTML.slice(0, 120))"""
# Where wide letters have the least room.
TIGHT = ("narrow", "rtl")
# What scrolls by keyboard shows that it has the focus.
UNSEEN_FOCUS = """() => [...document.querySelectorAll('main [tabindex="0"]:not(a, button)')].filter((one) => {
  one.focus();
  return one.matches(':focus-visible') && getComputedStyle(one).outlineStyle === 'none';
}).map((one) => one.className)"""


class Looks:
    """A file of its own for each process of the run, with a line for each look."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder = folder
        self.path = folder / f"looks-{worker}.jsonl"

    def note(self, **facts: Any) -> None:
        """Add a line."""
        with self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(facts) + "\n")

    def all(self) -> list[dict[str, Any]]:
        """Return the lines of all processes."""
        return [
            json.loads(line)
            for path in sorted(self.folder.glob("looks-*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]


current: list[Looks] = []
"""The one that belongs to this process, once there is a run."""


def begin(folder: Path, worker: str) -> None:
    """Count from now on what is looked at, in the folder that all processes of the run share."""
    current[:] = [Looks(folder, worker)]


def check_accessibility(
    page: Page, *, mode: str = "", person: str = "", after: str = "", ignore: tuple[str, ...] = ()
) -> None:
    """Raise ``AssertionError`` with axe's findings, whatever their impact, for the page as it is now.

    ``mode``, ``person`` and what it is ``after`` are for the count; ``ignore`` names rules to leave out.
    """
    results = run_axe(page)
    violations = [one for one in results["violations"] if one["id"] not in ignore]
    if current:
        address = urlsplit(page.url)
        language, _, path = address.path.strip("/").partition("/")
        current[0].note(
            page=path,
            query=address.query,
            language=language,
            person=person,
            mode=mode,
            after=after,
            rules=results["rules"],
            engine=results["engine"],
            browser=page.context.browser.version if page.context.browser else "",
            violations={one["id"]: len(one["nodes"]) for one in violations},
        )
    found = [
        f"{one['id']} ({one['impact']}): {one['help']}\n    {node['html'][:200]}\n    {node['why']}"
        for one in violations
        for node in one["nodes"][:3]
    ]
    said = f"{page.url} {mode} {person} {after}".rstrip()
    assert not found, f"{said} is not accessible:\n  " + "\n  ".join(found)


def run_axe(page: Page) -> dict[str, Any]:
    """Return what axe finds on the page as it is now; the page is given axe where it has none yet."""
    results = page.evaluate(RUN, OPTIONS)
    if results is None:
        page.evaluate(AXE_SCRIPT)
        results = page.evaluate(RUN, OPTIONS)
    found: dict[str, Any] = results
    return found


def look(page: Page, *, mode: str = "", person: str = "", after: str = "") -> None:
    """Raise ``AssertionError`` unless the page is accessible, does not scroll sideways and cuts no words off."""
    check_accessibility(page, mode=mode, person=person, after=after)
    check_room(page, mode)


def check_room(page: Page, mode: str) -> None:
    """Raise ``AssertionError`` unless the page does not scroll sideways and cuts no words off."""
    sizes = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert sizes[0] <= sizes[1], f"{page.url} scrolls sideways in {mode}: {sizes}"
    cut = page.evaluate(CUT_OFF)
    assert cut == [], f"{page.url} cuts words off in {mode}: {cut}"


def look_everywhere(page: Page, *, mode: str = "", person: str = "") -> None:
    """Do as ``look`` with all that can be unfolded open, and see that what takes the focus to be scrolled shows it."""
    page.evaluate(UNFOLD)
    look(page, mode=mode, person=person)
    unseen = page.evaluate(UNSEEN_FOCUS)
    assert unseen == [], f"{page.url}: nobody sees where the focus is: {unseen}"
    check_barriers(page)
    if mode in TIGHT:
        widen(page)
        check_room(page, f"{mode}, with letters far apart")


def summary(looks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of a run."""
    violations: Counter[str] = Counter()
    for one in looks:
        violations.update(one["violations"])
    states = {(one["page"], one["query"], one["person"], one["after"]) for one in looks}
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "version": _version(),
        "engine": f"axe-core {max((one['engine'] for one in looks), default='')}",
        "browser": f"Chromium {max((one['browser'] for one in looks), default='')}",
        "pages": len({re.sub(r"\d+", "#", one["page"]) for one in looks}),
        "states": len(states),
        "looks": len(looks),
        "interactions": len({state for state in states if state[3]}),
        "modes": [key for key in MODES if any(one["mode"] == key for one in looks)],
        "languages": sorted({one["language"] for one in looks if one["mode"]}),
        "rules": max((one["rules"] for one in looks), default=0),
        "violations": dict(sorted(violations.items())),
    }


def _version() -> str:
    project = (RESULTS.parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "([^"]+)"', project, re.MULTILINE)
    return found[1] if found else ""


def write_results(**figures: Any) -> None:
    """Put figures of a run into the file from which the accessibility statement is made, beside what is in it."""
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    text = json.dumps({"lighthouse": [], **known, **figures}, indent=2, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what axe looked at; a full matrix becomes the file that the accessibility statement is made from."""
    if not current or not (looks := current[0].all()):
        return
    figures = summary(looks)
    terminalreporter.write_line(
        "accessibility: {pages} pages, {states} states ({interactions} after an interaction), {looks} looks by axe in "
        "{modes} modes and {languages} languages, {rules} rules, {violations} violations".format(
            **{
                **figures,
                "modes": len(figures["modes"]),
                "languages": len(figures["languages"]),
                "violations": sum(figures["violations"].values()),
            }
        )
    )
    everybody = {one["person"] for one in looks if one["mode"]} >= EVERYBODY
    if config.option.markexpr == "accept" and everybody and figures["modes"] == list(MODES):
        write_results(**figures)
