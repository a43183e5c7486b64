"""How light pages are: bytes and requests as a browser counts them, nothing from elsewhere, nothing that jumps."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from participation.ideas.models import Idea, IdeaState
from participation.processes.models import Process
from tests.live import Live, quiet_console
from tests.modes import MODES, seen_in
from tests.states import SLUG

pytestmark = pytest.mark.browser
MOST_PAGE_BYTES = 20_000
MOST_BYTES = 60_000
"""Of everything but fonts, on a first visit."""
MOST_FONT_BYTES = 180_000
MOST_REQUESTS = 12
MOST_SHIFT = 0.05
"""Half of what counts as good: letters of the fallback are nearly, not quite, as wide as ours."""
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


@dataclass
class Traffic:
    """What one page brought: bytes of bodies as they came over the line, by kind of thing."""

    kinds: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    def of(self, *kinds: str) -> int:
        """Return the bytes of these kinds."""
        return sum(size for number, size in self.bytes.items() if self.kinds.get(number) in kinds)


def watch(page: Page) -> Traffic:
    """Return what is counted from now on."""
    traffic, session = Traffic(), page.context.new_cdp_session(page)
    heads: dict[str, int] = {}

    def received(event: dict[str, Any]) -> None:
        number = event["requestId"]
        traffic.kinds[number], traffic.urls[number] = event["type"], event["response"]["url"]
        heads[number] = event["response"]["encodedDataLength"]

    def finished(event: dict[str, Any]) -> None:
        traffic.bytes[event["requestId"]] = int(event["encodedDataLength"] - heads.get(event["requestId"], 0))

    session.on("Network.responseReceived", received)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return traffic


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_main_pages_are_light(demo: Live, browser: Browser, language: str) -> None:
    with demo.session() as session:
        published = select(func.min(Idea.id)).join(Process, Process.id == Idea.process_id)
        idea = session.scalar(published.where(Process.slug == SLUG, Idea.state == IdeaState.PUBLISHED))
    process = f"processes/{SLUG}"
    found = []
    for path in ("", process, f"{process}/ideas", f"{process}/ideas/{idea}", "processes/open-wifi/results"):
        with seen_in(browser, MODES["light"]) as page, quiet_console(page):
            traffic = watch(page)
            page.goto(f"{demo.url}/{language}/{path}", wait_until="networkidle")
            page.evaluate("document.fonts.ready.then(() => true)")
            sent, fonts = traffic.of("Document"), traffic.of("Font")
            everything = sum(traffic.bytes.values())
            shift = page.evaluate(SHIFTS)
            said = [
                float(number.replace(",", "."))
                for number in re.findall(r"\d+[.,]?\d*", page.locator(".site-footer__weight").inner_text())
            ]
            told = {"page": sent, "all but fonts": everything - fonts, "fonts": fonts, "requests": len(traffic.urls)}
            most = {
                "page": MOST_PAGE_BYTES,
                "all but fonts": MOST_BYTES,
                "fonts": MOST_FONT_BYTES,
                "requests": MOST_REQUESTS,
            }
            found += [f"{path}: {told[name]} {name}, {most[name]} at most" for name in told if told[name] > most[name]]
            found += [f"{path} asks {url}" for url in traffic.urls.values() if not url.startswith((demo.url, "data:"))]
            if shift > MOST_SHIFT:
                found.append(f"{path} moves while it loads: {shift}")
            if abs(said[0] * 1000 - sent) > max(0.02 * sent, 100):
                found.append(f"{path} says {said[0]} kB and weighs {sent} bytes")
            print(f"{language}/{path}: {told}, shift {shift:.4f}")
    assert not found, "\n".join(found)
