"""Bringing in filings from a table, because people often sort in a spreadsheet first; all of it is one step."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clusters import MOST_THEMES, add_cluster
from participation.curation.board.filing import MOST_CLUSTERS
from participation.curation.board.places import Places, Placing, filed_in, moves_between, places_now
from participation.curation.board.steps import Because, Step, begin
from participation.curation.models import BoardChangeKind, Cluster, FilingOrigin
from participation.ideas.models import Idea
from participation.ideas.policies import may_moderate
from participation.intake.fields import FieldProblem
from participation.intake.report import ImportReport, Progress, silent
from participation.intake.rows import ImportProblem, Row
from participation.intake.tables import TableFile
from participation.kit.db import MOST_IN_A_LIST, db, read_rows, transaction
from participation.kit.permissions import require
from participation.kit.schema import Translated
from participation.texts import excerpt, normalise, single_line

FIELDS = ("idea", "cluster", "main", "note")
NEEDED = ("idea", "cluster")
SEVERAL = "cluster"
SEPARATORS = "|"
"""A semicolon or a comma may belong to a title, so cells are only cut there when the order asks for it."""
TITLE_LONGEST = 120
NOTE_LONGEST = 1000
NUMBER = re.compile(r"#?[1-9]\d{0,17}", re.ASCII)
YES = frozenset({"1", "x", "yes", "true", "main", "ja", "wahr", "haupt"})
NO = frozenset({"", "0", "-", "no", "false", "nein", "falsch"})


@dataclass(frozen=True, slots=True)
class FilingImport:
    """What shall be imported, and how.

    ``columns`` says which columns hold which field; only themes may come from several. A cell of them may hold several
    titles with one of the ``separators`` between them. New themes are made in ``language``, unless none shall be made.
    """

    process_id: int
    file: TableFile
    columns: Mapping[str, Sequence[str]]
    language: str
    separators: str = SEPARATORS
    makes_missing: bool = True
    dry_run: bool = False
    all_or_nothing: bool = False


@dataclass(slots=True)
class FilingReport(ImportReport):
    """What became of the rows; ``themes`` are the titles that were made, ``number`` the step that did all of it."""

    themes: list[str] = field(default_factory=list)
    moved: int = 0
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """What one row says: an idea, the titles of its themes, the main one of these if it says so, and why."""

    row: int
    idea: str
    titles: tuple[str, ...]
    main: str | None
    note: str


@dataclass(slots=True)
class _Plan:
    """Where ideas stand and are to stand; themes that are not there yet have numbers below zero."""

    before: Mapping[int, Places]
    after: dict[int, Places]
    because: dict[tuple[int, int], Because]
    new: dict[int, str]


def check_columns(columns: Mapping[str, Sequence[str]]) -> None:
    """Raise ``ImportProblem`` unless the mapping names known fields, the needed ones, and each but themes once."""
    for name, sources in columns.items():
        if name not in FIELDS:
            raise ImportProblem(f"“{name}” cannot be imported; possible are {', '.join(FIELDS)}")
        if len(sources) > 1 and name != SEVERAL:
            raise ImportProblem(f"only {SEVERAL} can come from several columns, not {name}")
    if missing := [name for name in NEEDED if name not in columns]:
        raise ImportProblem(f"{' and '.join(missing)} must be mapped to a column")


def import_filings(actor: Actor, order: FilingImport, *, now: datetime, progress: Progress = silent) -> FilingReport:
    """File the ideas of a table under its themes, in one step of the board, and return what became of its rows.

    Rows that cannot be taken are reported and the others kept, unless the order says all or nothing. Repeating an
    import changes nothing. Raises ``ImportProblem`` when the file cannot be read, ``Refused`` for anybody but
    moderators. Needs an application context.
    """
    check_columns(order.columns)
    require(may_moderate(actor, order.process_id))
    report = FilingReport()
    lines = list(_lines(order, report, progress))
    if order.dry_run:
        plan = _planned(db.session(), order, lines, report)
        return _counted(plan, report)
    with transaction() as session:
        step = begin(session, actor, order.process_id, BoardChangeKind.IMPORT, now)
        plan = _planned(session, order, lines, report)
        if order.all_or_nothing and report.refused:
            return _counted(plan, report)
        _write(step, plan, order.language)
        report.number = step.finish().number
        report.themes, report.moved = list(plan.new.values()), len(_moved(plan))
    return report


def _lines(order: FilingImport, report: FilingReport, progress: Progress) -> Iterator[_Line]:
    with order.file.open([column for sources in order.columns.values() for column in sources]) as table:
        report.source = table.description
        places = {name: [table.place(column) for column in sources] for name, sources in order.columns.items()}
        for row in table.rows:
            report.read += 1
            try:
                yield _line(row, places)
            except FieldProblem as problem:
                report.refuse(row.number, str(problem))
            progress(table.position(), report.read)


def _line(row: Row, places: Mapping[str, Sequence[int]]) -> _Line:
    if row.problem is not None:
        raise FieldProblem(row.problem)
    cells = {name: [normalise(row.cells[place]).strip() for place in found] for name, found in places.items()}
    idea = single_line(cells["idea"][0])
    if not idea:
        raise FieldProblem("names no idea")
    titles = tuple(cell for cell in cells["cluster"] if cell)
    if not titles:
        raise FieldProblem("names no theme")
    note = cells.get("note", [""])[0]
    if len(note) > NOTE_LONGEST:
        raise FieldProblem(f"the note has {len(note):,} characters, at most {NOTE_LONGEST:,} are possible")
    main = single_line(cells.get("main", [""])[0])
    return _Line(row.number, idea, titles, None if main.casefold() in NO else main, note)


class _Themes:
    """Finds themes by their title in any language, and hands out numbers below zero to those that are to be made."""

    def __init__(self, known: Sequence[tuple[int, Translated]], separators: str, *, makes_missing: bool) -> None:
        self._ids: dict[str, int] = {}
        for cluster_id, title in known:
            for text in title.values():
                self._ids.setdefault(_key(text), cluster_id)
        self._separators, self._makes_missing = separators, makes_missing
        self._room = MOST_THEMES - len(known)
        self.new: dict[int, str] = {}

    def several(self, cells: Sequence[str]) -> tuple[int, ...]:
        """Return the themes named in cells; raises ``FieldProblem``, and then makes none of them."""
        titles = [title for cell in cells for title in self._split(cell)]
        for title in titles:
            self._check(title)
        found = tuple(dict.fromkeys(self._one(title) for title in titles))
        if not found:
            raise FieldProblem("names no theme")
        return found

    def named(self, title: str) -> int | None:
        """Return the theme with this title, ``None`` where there is none."""
        return self._ids.get(_key(title))

    def _split(self, cell: str) -> list[str]:
        # A title may hold a separator of its own.
        if _key(cell) in self._ids:
            return [cell]
        for separator in self._separators:
            if separator in cell:
                return [title for part in cell.split(separator) for title in self._split(part)]
        return [single_line(cell)] if cell.strip() else []

    def _check(self, title: str) -> None:
        if _key(title) in self._ids:
            return
        if not self._makes_missing:
            raise FieldProblem(f"there is no theme “{excerpt(title, 60)}”")
        if len(title) > TITLE_LONGEST:
            raise FieldProblem(f"the theme “{excerpt(title, 60)}” has more than {TITLE_LONGEST} characters")
        if len(self.new) >= self._room:
            raise FieldProblem(f"a board holds at most {MOST_THEMES} themes")

    def _one(self, title: str) -> int:
        known = self._ids.get(_key(title))
        if known is not None:
            return known
        number = -len(self.new) - 1
        self.new[number] = title
        self._ids[_key(title)] = number
        return number


def _planned(session: Session, order: FilingImport, lines: Sequence[_Line], report: FilingReport) -> _Plan:
    """Return where the ideas are to stand; rows that cannot be taken are refused in the report, the others counted."""
    ideas = _idea_ids(session, order.process_id, {line.idea for line in lines})
    on_board = (Cluster.process_id == order.process_id, Cluster.removed_at.is_(None))
    known = read_rows(session, select(Cluster.id, Cluster.title).where(*on_board).order_by(Cluster.position)).all()
    themes = _Themes([(row.id, row.title) for row in known], order.separators, makes_missing=order.makes_missing)
    before = places_now(session, ideas.values())
    plan = _Plan(before, {idea_id: dict(places) for idea_id, places in before.items()}, {}, themes.new)
    mains: dict[int, tuple[int, int]] = {}
    for line in lines:
        try:
            is_new = _take(line, ideas, themes, plan, mains)
        except FieldProblem as problem:
            report.refuse(line.row, str(problem))
        else:
            report.added += is_new
            report.present += not is_new
    return plan


def _take(
    line: _Line, ideas: Mapping[str, int], themes: _Themes, plan: _Plan, mains: dict[int, tuple[int, int]]
) -> bool:
    """Let an idea stand as a row says and return whether that is new; ``mains`` are the rows that named a main one."""
    idea_id = ideas.get(line.idea)
    if idea_id is None:
        raise FieldProblem(f"there is no idea “{excerpt(line.idea, 60)}” in the process")
    cluster_ids = themes.several(line.titles)
    if len(plan.after[idea_id].keys() | set(cluster_ids)) > MOST_CLUSTERS:
        raise FieldProblem(f"an idea can touch at most {MOST_CLUSTERS} themes")
    main = _main(line, cluster_ids, themes)
    if main is not None:
        chosen, row = mains.setdefault(idea_id, (main, line.row))
        if chosen != main:
            raise FieldProblem(f"row {row} names another main theme of this idea")
    stood = plan.after[idea_id]
    stands = stood
    for cluster_id in cluster_ids:
        placing = Placing.MAIN if cluster_id == main else Placing.AUTO
        stands = filed_in(stands, cluster_id, placing)
        plan.because.setdefault((idea_id, cluster_id), Because(FilingOrigin.IMPORTED, line.note))
    plan.after[idea_id] = stands
    return stands != stood


def _main(line: _Line, cluster_ids: Sequence[int], themes: _Themes) -> int | None:
    """Return the theme that a row calls the main one: the first with a yes, or the one that is named."""
    if line.main is None:
        return None
    if line.main.casefold() in YES:
        return cluster_ids[0]
    named = themes.named(line.main)
    if named not in cluster_ids:
        raise FieldProblem(f"“{excerpt(line.main, 60)}” is neither yes nor no nor one of the themes of the row")
    return named


def _idea_ids(session: Session, process_id: int, keys: set[str]) -> dict[str, int]:
    """Return the ideas that are named by their external id or else by their number."""
    numbers = {key: int(key.removeprefix("#")) for key in keys if NUMBER.fullmatch(key)}
    by_number: dict[int, list[str]] = {}
    for key, number in numbers.items():
        by_number.setdefault(number, []).append(key)
    found: dict[str, int] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), MOST_IN_A_LIST):
        batch = ordered[start : start + MOST_IN_A_LIST]
        named = or_(Idea.external_id.in_(batch), Idea.id.in_([numbers[key] for key in batch if key in numbers]))
        rows = read_rows(session, select(Idea.id, Idea.external_id).where(Idea.process_id == process_id, named))
        for idea_id, external_id in rows:
            # An external id may look like the number of another idea; it is what the table means.
            if external_id in keys:
                found[external_id] = idea_id
            for key in by_number.get(idea_id, ()):
                found.setdefault(key, idea_id)
    return found


def _write(step: Step, plan: _Plan, language: str) -> None:
    made = {number: add_cluster(step, title={language: title}, description={}).id for number, title in plan.new.items()}
    after = {
        idea_id: {made.get(cluster_id, cluster_id): strength for cluster_id, strength in places.items()}
        for idea_id, places in plan.after.items()
    }
    because = {(idea_id, made.get(cluster_id, cluster_id)): why for (idea_id, cluster_id), why in plan.because.items()}
    step.move(moves_between(plan.before, after), because, otherwise=Because(FilingOrigin.IMPORTED))


def _counted(plan: _Plan, report: FilingReport) -> FilingReport:
    report.written = False
    report.themes, report.moved = list(plan.new.values()), len(_moved(plan))
    return report


def _moved(plan: _Plan) -> list[int]:
    return [idea_id for idea_id, places in plan.after.items() if places != plan.before[idea_id]]


def _key(title: str) -> str:
    return single_line(title).casefold()
