"""What the pages about imports and column mappings show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from participation.intake.choices import Choices, fits
from participation.intake.forms import KINDS, LABELS
from participation.intake.layouts import Layout, layout_by_key
from participation.intake.models import IntakeKind, IntakeState
from participation.intake.preview import Preview
from participation.intake.queries import MappingView, RunView
from participation.intake.reasons import in_words
from participation.intake.shapes import FIELDS
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.processes.workplace import Workplace

FIGURES = ("read", "added", "changed", "present", "refused")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report with what it counts."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken, by its number in a spreadsheet, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the rows of a file."""

    source: str
    figures: tuple[Figure, ...]
    left_out: tuple[Figure, ...]
    other_texts: int
    refused: tuple[RefusedRow, ...]
    more_refused: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link on the page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """The page of one import: the beginning of its file and what to choose, how far it is, or what came of it."""

    workplace: Workplace
    run: RunView
    state: str
    kind: IntakeKind
    kind_label: str
    seen: Preview | None
    read_as: str
    looks_like: str
    report: Report | None
    failure: str
    reason: str
    takes_left_out: bool
    mappings: tuple[Link, ...]
    kinds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One import on the list."""

    run: RunView
    state: str
    kind_label: str
    looks_like: str
    added: int | None


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The imports of a process, the newest first."""

    workplace: Workplace
    runs: tuple[RunLine, ...]
    is_running: bool
    has_older: bool
    most_megabytes: int


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One saved mapping on the list: which column goes where, in words."""

    mapping: MappingView
    kind_label: str
    looks_like: str
    columns: tuple[tuple[str, str], ...]


def report_of(run: RunView) -> Report | None:
    """Return the report of an import in the reader's language, ``None`` where there is none yet."""
    stored = run.report
    if "read" not in stored:
        return None
    labels = {
        "read": _("Rows read"),
        "added": _("Added") if stored["written"] else _("Could be added"),
        "changed": _("Changed by a later row"),
        "present": _("Already there"),
        "refused": _("Refused"),
    }
    problems = stored.get("problems", [])
    return Report(
        source=in_words(stored["source"]) if stored["source"]["wording"] else "",
        figures=tuple(Figure(labels[name], stored[name]) for name in FIGURES if stored[name] or name != "changed"),
        left_out=tuple(Figure(left_out_label(why), count) for why, count in sorted(stored["left_out"].items())),
        other_texts=stored.get("other_texts", 0),
        refused=tuple(RefusedRow(problem["row"], in_words(problem)) for problem in problems),
        more_refused=stored["refused"] - len(problems),
    )


def left_out_label(why: str) -> str:
    """Return what is said about rows that stay out for a reason."""
    labels = {
        "rejected": _("Rejected there"),
        "withdrawn": _("Withdrawn there"),
        "hidden": _("Hidden there"),
        "amendment": _("Changes to other proposals"),
        "elsewhere": _("About something else"),
    }
    return labels.get(why, why)


def failure_of(run: RunView) -> str:
    """Return why an import could not be done, empty where it could or is still tried."""
    if reason := run.report.get("reason"):
        return in_words(reason)
    sentences = {
        "not_allowed": _("Whoever started it may not import into this process any more."),
        "no_space": _("The file could not be read. Please tell whoever runs this site."),
        "unreadable": _("The file could not be read."),
        "unexpected": _("Something went wrong while the file was read. Please tell whoever runs this site."),
    }
    return sentences.get(run.failure, "")


def layout_label(layout: Layout | None, language: str) -> str:
    """Return what files of a layout are called, empty for files of one's own."""
    return pick(layout.title, language) if layout else ""


def run_line(run: RunView, language: str) -> RunLine:
    """Return one line of the list of imports."""
    return RunLine(
        run=run,
        state=run.state.value,
        kind_label=str(KINDS[run.kind]),
        looks_like=layout_label(layout_by_key(run.origin), language),
        added=run.report.get("added") if run.state is not IntakeState.UPLOADED else None,
    )


def mapping_line(mapping: MappingView, language: str) -> MappingLine:
    """Return one line of the list of mappings."""
    choices = Choices.read(mapping.columns)
    usual = _("as usual there")
    return MappingLine(
        mapping=mapping,
        kind_label=str(KINDS[mapping.kind]),
        looks_like=layout_label(layout_by_key(mapping.origin), language),
        columns=tuple(
            (str(LABELS[name]), ", ".join(choices.columns[name]) or usual)
            for name in FIELDS[mapping.kind]
            if name in choices.columns
        ),
    )


def fitting(mappings: list[MappingView], columns: tuple[str, ...]) -> list[MappingView]:
    """Return the mappings whose columns a file with these ``columns`` has."""
    return [mapping for mapping in mappings if _fits(mapping.columns, columns)]


def _fits(stored: Mapping[str, Any], columns: tuple[str, ...]) -> bool:
    choices = Choices.read(stored)
    return fits(choices.columns, choices.layout, columns)
