"""The files of open data: complete, the same in each format, explained column by column, and about nobody."""

import csv
import enum
import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from participation.cases.models import SubjectKind
from participation.comments.models import Voice
from participation.curation.models import FilingOrigin
from participation.exports.document import CommentRow, IdeaRow, StrategyInput, rows
from participation.exports.opendata.columns import Table, Type
from participation.exports.opendata.dictionary import SEPARATOR, codes_of, entries, meaning_of, title_of
from participation.exports.opendata.readme import name_in
from participation.exports.opendata.tables import tables
from participation.exports.opendata.words import languages
from participation.exports.writers.csv import read_cell
from participation.ideas.models import IdeaSource
from participation.moderation.models import AppealOutcome, Automation, DecisionKind
from participation.processes.models import DataLicence
from participation.strategy.models import AnswerOutcome, MeasureState, Verdict
from participation.wordings.models import Origin
from tests.exports.opendata.samples import BUILT_AT, ZONE, about, lines, written
from tests.exports.table_samples import full, nasty_tables
from tests.exports.writer_samples import MOMENT

CODES: dict[str, type[enum.Enum]] = {
    "verdict": Verdict,
    "outcome": AnswerOutcome,
    "state": MeasureState,
    "subject": SubjectKind,
    "decision": DecisionKind,
    "automation": Automation,
    "origin": FilingOrigin,
    "translated_by": Origin,
    "source": IdeaSource,
}
PAPERS = {f"{name_in(language)}{ending}" for language in languages() for ending in (".md", ".txt")} | {
    "LICENCE.txt",
    "SHA256SUMS",
    "dictionary.json",
    "dictionary.csv",
    "datapackage.json",
}


def all_tables() -> tuple[Table[Any], ...]:
    return tables(("de", "en", "ar"), ZONE)


def test_the_dictionary_explains_each_column_and_nothing_else() -> None:
    found = all_tables()
    used = {(table.name, column.about) for table in found for column in table.columns}
    for name, column in used:
        assert set(meaning_of(name, column)) >= {"de", "en"}, (name, column)
        assert all(meaning_of(name, column).values()), (name, column)
    columns = {column for _name, column in used}
    idle = [entry for entry in entries() if (entry not in used if entry[0] else entry[1] not in columns)]
    assert idle == []
    assert [table.name for table in found if not {"de", "en"} <= set(title_of(table.name))] == []
    for about_, kind in CODES.items():
        assert list(codes_of(about_)) == [one.value for one in kind], about_
    assert set(codes_of("voice")) == {one.value for one in Voice} - {Voice.RESIDENT.value}
    assert set(codes_of("appeal")) == {"open", *(one.value for one in AppealOutcome)}


def test_links_lead_to_the_key_of_another_table() -> None:
    by_name = {table.name: table for table in all_tables()}
    for table in by_name.values():
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert set(table.key) <= set(names)
        for column, target in table.links.items():
            assert column in names
            assert len(by_name[target].key) == 1, f"{table.name}.{column}"


def typed(value: str, column: dict[str, Any]) -> Any:
    """Return the cell of a CSV file as its column's type has it."""
    text = read_cell(value)
    if column["type"] == "list":
        return text.split(SEPARATOR) if text else []
    if text == "":
        return None
    if column["type"] in ("integer", "number"):
        return json.loads(text)
    return text == "true" if column["type"] == "boolean" else text


@pytest.mark.parametrize("document", [full(), nasty_tables()], ids=["full", "nasty"])
def test_both_formats_say_the_same_and_no_cell_is_a_formula(document: StrategyInput, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    files = written(document, folder).files
    found = json.loads((folder / "dictionary.json").read_text())["tables"]
    assert {file for file in files if not file.endswith(".zip")} == PAPERS | {
        f"{table['name']}.{ending}" for table in found for ending in ("csv", "jsonl")
    }
    for table in found:
        with (folder / f"{table['name']}.csv").open(encoding="utf-8", newline="") as file:
            head, *cells = csv.reader(file)
        rows_of = lines(folder / f"{table['name']}.jsonl")
        assert head == [column["name"] for column in table["columns"]]
        assert not [cell for row in cells for cell in row if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell]
        again = [
            {column["name"]: typed(cell, column) for cell, column in zip(row, table["columns"], strict=True)}
            for row in cells
        ]
        # CSV has no NUL and no empty text; everything else comes back.
        plain = [
            {key: value.replace("\0", "") or None if isinstance(value, str) else value for key, value in row.items()}
            for row in rows_of
        ]
        assert again == plain, table["name"]
        assert len(rows_of) == files[f"{table['name']}.csv"]["rows"]
        for row in rows_of:
            missing = [one["name"] for one in table["columns"] if one["required"] and row[one["name"]] is None]
            assert missing == [], table["name"]
    assert sum(1 for table in found if (folder / f"{table['name']}.jsonl").stat().st_size) >= 12


def test_checksums_package_and_archive_agree(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    result = written(full(), folder)
    for name, entry in result.files.items():
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"]), name
        assert (folder / name).stat().st_mode & 0o077 == 0
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert sums == {
        name: entry["sha256"] for name, entry in result.files.items() if name not in ("SHA256SUMS", "strategy-3.zip")
    }
    with zipfile.ZipFile(folder / "strategy-3.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {f"strategy-3/{name}" for name in result.files if name != "strategy-3.zip"}
        assert {info.date_time for info in archive.infolist()} == {(2026, 5, 3, 14, 30, 0)}
        assert archive.read("strategy-3/ideas.csv") == (folder / "ideas.csv").read_bytes()
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "DL-DE-BY-2.0"
    for resource in package["resources"]:
        entry = result.files[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (entry["bytes"], f"sha256:{entry['sha256']}")
        assert [one["name"] for one in resource["schema"]["fields"]] == (
            (folder / resource["path"]).read_text(encoding="utf-8").partition("\n")[0].strip().split(",")
        )
    targets = {resource["name"]: resource["schema"].get("primaryKey") for resource in package["resources"]}
    for resource in package["resources"]:
        for link in resource["schema"].get("foreignKeys", ()):
            assert targets[link["reference"]["resource"]] == link["reference"]["fields"], resource["name"]


def test_the_digest_is_of_what_is_said_not_of_when(tmp_path: Path) -> None:
    def digest(name: str, document: StrategyInput, **said: Any) -> str:
        return written(document, tmp_path / name, about(**said)).digest

    first = digest("a", full())
    assert digest("b", full(), number=4, built_at=BUILT_AT + timedelta(days=1)) == first
    others = {
        digest("c", full(), title="Another"),
        digest("d", full(), licence=DataLicence.CC_BY),
        digest("e", replace(full(), comments=rows())),
    }
    assert len(others | {first}) == 4


def test_nobody_is_in_it(tmp_path: Path) -> None:
    """Whoever wrote something has a name in the document; neither that nor the time of day is in any file."""
    names = ("Blue Heron", "Red Fox", "ext-77")
    ideas = tuple(
        IdeaRow(
            id=str(number),
            title=f"Idea {number}",
            text="Text",
            language="en",
            state="published",
            submitted_at=MOMENT,
            pseudonym=names[0],
            external_id=names[2],
        )
        for number in range(3)
    )
    comments = tuple(
        CommentRow(
            id=f"k{idea.id}", idea_id=idea.id, text="Yes", language="en", submitted_at=MOMENT, pseudonym="Red Fox"
        )
        for idea in ideas
    )
    document = replace(
        full(), ideas=rows(*ideas), comments=rows(*comments), votes=rows(), filings=rows(), bundles=rows()
    )
    folder = tmp_path / "release"
    files = written(document, folder).files
    for name in files:
        if not name.endswith(".zip"):
            content = (folder / name).read_text(encoding="utf-8")
            assert [word for word in (*names, "T23:30", "23:30") if word in content] == [], name
    (row,) = {(row["title"][:4], row["submitted_on"]) for row in lines(folder / "ideas.jsonl")}
    # The day in the city: there it was past midnight already, and the clocks were just put forward.
    assert row == ("Idea", "2026-03-29")
    types = {(table.name, column.name): column.type for table in all_tables() for column in table.columns}
    assert set(types.values()) == set(Type)
    words = ("author", "pseudonym", "account", "participant", "email", "external", "person")
    assert [name for name in types if any(word in name[1] for word in words)] == []


def test_readme_and_licence_say_what_is_needed(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    written(full(), folder)
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in PAPERS if name[:3] in ("REA", "LIE", "LIC")}
    for name, text in texts.items():
        assert "https://www.govdata.de/dl-de/by-2-0" in text, name
        assert "https://example.org/de/processes/strategy/data" in text, name
        assert "{" not in text, name
    assert texts["README.md"].startswith("# Open data: Our \\*strategy\\*\n")
    assert texts["README.txt"].startswith("Open data: Our *strategy*\n=========================\n")
    assert texts["LIESMICH.md"].startswith("# Offene Daten: Unsere Strategie\n")
    assert "team@example.org" in texts["LIESMICH.txt"]
    assert "release 3, as of May 3, 2026" in texts["README.txt"]


def test_columns_stand_for_languages_that_occur(tmp_path: Path) -> None:
    spoken = {"statements.text": ("de", "en"), "clusters.title": ("ar",), "answers.text": (), "measures.steps": ("en",)}
    written(replace(full(), spoken=spoken), tmp_path / "release")

    def head(table: str) -> list[str]:
        return (tmp_path / "release" / f"{table}.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")

    assert [name for name in head("statements") if name.startswith("text")] == ["text_de", "text_en"]
    assert [name for name in head("themes") if name.startswith("title")] == ["title_ar"]
    assert [name for name in head("answers") if name.startswith("text")] == []
    assert [name for name in head("measure-steps") if name.startswith("text")] == ["text_en"]
    assert [name for name in head("people") if "title" in name] == ["characteristic_title_en", "answer_title_en"]
    package = json.loads((tmp_path / "release" / "datapackage.json").read_bytes())
    described = {one["name"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    assert described["themes"] == head("themes")


def test_translations_say_who_made_them_and_of_what(tmp_path: Path) -> None:
    written(full(), tmp_path / "release")
    first, second = lines(tmp_path / "release" / "translations.jsonl")
    assert first == {
        "subject": "idea",
        "subject_id": "1",
        "idea_id": "1",
        "language": "tr",
        "from_language": "en",
        "translated_by": "machine",
        "provider": "LibreTranslate",
        "revision": 2,
        "title": "Yardım",
        "text": "Haftada bir saat.",
    }
    assert (second["subject"], second["translated_by"], second["provider"]) == ("comment", "human", None)
