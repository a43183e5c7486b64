"""Walking through the steps of a proposal over HTTP, as a resident without scripts does."""

from typing import Any

from sqlalchemy import func, select

from participation.ideas.models import Idea
from participation.kit.permissions import found
from participation.processes.models import Participant
from participation.proposing.models import Draft
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

TITLE = "Homework corner in every library"
TEXT = "Many children have no quiet place at home; a corner with laptops would help."
NOT_SURE = ["not-sure"]
STEPS = ("text", "principles", "details", "similar", "preview")


def begin(client: PageClient, place: Place, *, language: str = "de", query: str = "", **fields: Any) -> Page:
    """Return the answer to the first step, filled in well except for ``fields``; ``forge`` sends what it cannot."""
    page = client.get(place.url(f"/ideas/new{query}", language=language))
    return client.submit(page, "text-form", **{"title": TITLE, "text": TEXT, **fields})


def begun(client: PageClient, place: Place, **fields: Any) -> str:
    """Begin a proposal and return the address of its draft: ``…/drafts/<key>``."""
    answer = begin(client, place, **fields)
    assert answer.status == 303, answer.errors
    return found(answer.location).rpartition("/")[0]


def ready(client: PageClient, place: Place, *, principles: list[str] | None = None, **fields: Any) -> str:
    """Begin a proposal, choose principles ("not sure" when left out) and return the address of its draft."""
    draft = begun(client, place, **fields)
    page = client.get(f"{draft}/principles")
    answer = client.submit(page, "principles-form", principles=principles or NOT_SURE)
    assert answer.location == f"{draft}/details"
    return draft


def send(client: PageClient, draft: str) -> Page:
    """Return the answer to the last step."""
    return client.submit(client.get(f"{draft}/preview"), "submit-form")


def propose(client: PageClient, place: Place, title: str, text: str = TEXT) -> str:
    """Propose an idea through all steps and return its address."""
    draft = ready(client, place, title=title, text=text)
    details = client.get(f"{draft}/details")
    onwards = client.follow(client.submit(details, "details-form"))
    assert onwards.url.endswith(("/similar", "/preview"))
    answer = send(client, draft)
    assert answer.status == 303, answer.errors
    return str(answer.location)


def typed(page: Page) -> dict[str, str]:
    """Return what stands in the fields of a form that came back."""
    return {
        element.get("name"): (element.get("value") or str(element.xpath("string()")).removeprefix("\n"))
        for element in page.select("main input[name], main textarea[name]")
        if element.get("type") not in {"checkbox", "submit"}
    }


def rows(database: Sessions) -> dict[str, int]:
    """Return how many rows there are of everything that a proposal writes."""
    with database() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Draft, Idea, Participant)
        }


def refused(page: Page, database: Sessions, before: dict[str, int], *, status: int = 422) -> None:
    """Raise ``AssertionError`` unless the page refuses with a reason and nothing was written."""
    assert page.status == status
    assert rows(database) == before
