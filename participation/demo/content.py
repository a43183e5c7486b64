"""The demo's content as it stands in its files."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from participation.multilingual.texts import read_texts
from participation.principles.service import read_catalogue

FOLDER = Path(__file__).parent / "content"
CATALOGUES = Path(__file__).resolve().parents[1] / "principles" / "catalogues"

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProcessContent:
    """Everything that happens in one process."""

    slug: str
    about: Entry
    ideas: list[Entry]
    comments: list[Entry]
    clusters: list[Entry]
    statements: list[Entry]
    answers: list[Entry]
    drafts: list[Entry]
    curating: Entry
    reports: list[Entry]
    decisions: list[Entry]
    teamwork: list[Entry]


@dataclass(frozen=True, slots=True)
class DemoContent:
    """All processes, the one that began first at the front, and the authors in the order that entries number them."""

    authors: list[Entry]
    processes: list[ProcessContent]
    text_blocks: list[Entry]


def read_content() -> DemoContent:
    """Return the whole content."""
    ideas, comments, strategy, drafts = _read("ideas"), _read("comments"), _read("strategy"), _read("drafts")
    curating, reports, decisions = _read("curating"), _read("reports"), _read("decisions")
    teamwork = _read("teamwork")
    processes = [
        ProcessContent(
            slug=about["slug"],
            about=about,
            ideas=ideas.get(about["slug"], []),
            comments=comments.get(about["slug"], []),
            clusters=strategy.get(about["slug"], {}).get("clusters", []),
            statements=strategy.get(about["slug"], {}).get("statements", []),
            answers=strategy.get(about["slug"], {}).get("answers", []),
            drafts=drafts.get(about["slug"], []),
            curating=curating.get(about["slug"], {}),
            reports=reports.get(about["slug"], []),
            decisions=decisions["processes"].get(about["slug"], []),
            teamwork=teamwork.get(about["slug"], []),
        )
        for about in _read("process")["processes"]
    ]
    processes.sort(key=lambda process: first_day(process.about))
    return DemoContent(_read("authors")["authors"], processes, decisions["text_blocks"])


def following_content() -> dict[str, Entry]:
    """Return who is asked for answers and how measures go, by the slug of the process."""
    found: dict[str, Entry] = _read("following")
    return found


def statements_content() -> dict[str, Entry]:
    """Return what statements serve and quote, and how they go on, by the slug of the process and their key."""
    found: dict[str, Entry] = _read("statements")
    return found


def legal_content() -> list[Entry]:
    """Return the versions of legal texts, the earliest first."""
    found: list[Entry] = _read("legal")["texts"]
    return found


def board_content() -> dict[str, list[Entry]]:
    """Return what was done on the board of each process once it was sorted, by the slug of the process."""
    found: dict[str, list[Entry]] = _read("board")
    return found


def assessing_content() -> dict[str, Entry]:
    """Return how the statements of each process stand to criteria and values, by the slug of the process."""
    found: dict[str, Entry] = _read("assessing")
    return found


@lru_cache(maxsize=4)
def catalogue_by_key(key: str) -> Entry:
    """Return the bundled framework called ``key``; raises ``LookupError`` when none is."""
    for path in sorted(CATALOGUES.glob("*.yaml")):
        catalogue = read_catalogue(path)
        if catalogue["key"] == key:
            return catalogue
    raise LookupError(f"no bundled framework is called {key}")


def first_day(about: Entry) -> int:
    """Return the day on which a process begins, relative to today."""
    return min(int(phase["start"]) for phase in about["phases"])


def _read(name: str) -> Any:
    return read_texts(FOLDER / f"{name}.yaml")
