"""JSON and JSON Lines: parsed, they say everything that the document says."""

import json as stdlib_json
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from participation.exports.document import StrategyInput
from participation.exports.writers.json import HEAD, LISTS, READS
from participation.exports.writers.jsonl import KINDS
from tests.exports.readers import written
from tests.exports.table_samples import FORMULAS, full, nasty_tables
from tests.exports.writer_samples import UNWRITABLE, small

Make = Callable[[], StrategyInput]
DOCUMENTS: list[Make] = [full, nasty_tables, lambda: nasty_tables(FORMULAS), lambda: nasty_tables((UNWRITABLE,))]
NAMES = ["full", "nasty", "formulas", "unwritable"]
NOT_DATA = {"labels", "options", "counts", "council", "spoken"}


def plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case str():
            return value.replace("\ud83d", "\ufffd")
        case _:
            return value


def whole(document: StrategyInput) -> dict[str, Any]:
    """Return all that the document holds, by the names of its parts, its rows in their order."""
    said = {name: getattr(document, name) for name in HEAD if name != "figures"}
    lists: dict[str, Any] = {name: [asdict(row) for row in getattr(document, name)] for name in LISTS}
    streamed = {name: [asdict(row) for row in getattr(document, name)()] for name in READS}
    expected: dict[str, Any] = plain({**said, "figures": asdict(document.figures), **lists, **streamed})
    return expected


@pytest.mark.parametrize("make", DOCUMENTS, ids=NAMES)
def test_json_holds_everything(make: Make, tmp_path: Path) -> None:
    document = make()
    read = stdlib_json.loads(written("json", document, tmp_path).read_text(encoding="utf-8"))
    expected: dict[str, Any] = {"schema": "strategy-input", "version": 2, **whole(document)}
    assert read == expected
    assert set(read) - {"schema", "version"} == {part.name for part in fields(document)} - NOT_DATA
    assert [list(idea) for idea in read["ideas"]] == [list(idea) for idea in expected["ideas"]]


@pytest.mark.parametrize("make", DOCUMENTS, ids=NAMES)
def test_json_lines_hold_the_same(make: Make, tmp_path: Path) -> None:
    document = make()
    raw = written("jsonl", document, tmp_path).read_bytes()
    lines = [stdlib_json.loads(line) for line in raw.decode().removesuffix("\n").split("\n")]
    head = lines[0]
    assert [next(iter(line)) for line in lines] == ["kind"] * len(lines)
    found: dict[str, Any] = {name: value for name, value in head.items() if name not in {"kind", "version"}}
    assert (head["kind"], head["version"]) == ("process", 2)
    for name, kind in KINDS.items():
        rows = [{key: value for key, value in line.items() if key != "kind"} for line in lines if line["kind"] == kind]
        found[name] = [{"kind" if key == "of_kind" else key: value for key, value in row.items()} for row in rows]
    assert found == whole(document)


def test_json_in_words(tmp_path: Path) -> None:
    ideas = stdlib_json.loads(written("json", small(), tmp_path).read_text(encoding="utf-8"))["ideas"]
    assert ideas[0]["external_id"] == "ext-1"
    assert [idea["votes"] for idea in ideas[:3]] == [
        {"agree": 12, "unsure": 3, "disagree": 4},
        None,
        {"agree": 0, "unsure": 0, "disagree": 0},
    ]


def test_json_lines_in_words(tmp_path: Path) -> None:
    lines = written("jsonl", full(), tmp_path).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith('{"kind": "process", "version": 2, "process_id": "7", "slug": "digital", ')
    answer = next(stdlib_json.loads(line) for line in lines if line.startswith('{"kind": "answer"'))
    assert (answer["of_kind"], answer["outcome_code"], answer["text_in"]["de"]) == ("statement", "partly", "Ab Herbst.")
