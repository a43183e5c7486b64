"""What tables and columns of open data mean, for people and as files that programs read."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from participation.exports.opendata.columns import Column, Table, Type
from participation.kit.schema import Translated
from participation.multilingual.texts import languages_in, read_texts

SOURCE = Path(__file__).with_name("dictionary.yaml")
SEPARATOR = "|"
"""Between several numbers in one cell of a CSV file."""

Json = dict[str, Any]


def title_of(table: str) -> Translated:
    """Return what a table is called; raises ``KeyError`` for one that has no entry."""
    title: Translated = _dictionary()["tables"][table]["title"]
    return title


def text_of(table: str) -> Translated:
    """Return what a table holds."""
    text: Translated = _dictionary()["tables"][table]["text"]
    return text


def meaning_of(table: str, about: str) -> Translated:
    """Return what a column means; raises ``KeyError`` for one that has no entry."""
    content = _dictionary()
    own = content["tables"][table].get("columns", {})
    meaning: Translated = own[about] if about in own else content["columns"][about]
    return meaning


def codes_of(about: str) -> Mapping[str, Translated]:
    """Return what the values of a column stand for; nothing where it has free values."""
    codes: Mapping[str, Translated] = _dictionary()["codes"].get(about, {})
    return codes


def languages() -> tuple[str, ...]:
    """Return the languages in which the dictionary explains everything; the data can have others."""
    return languages_in(_dictionary())


def as_json(tables: Sequence[Table[Any]]) -> bytes:
    """Return the dictionary as one JSON object: tables with their columns, types, meanings and codes."""
    content = {
        "tables": [
            {
                "name": table.name,
                "title": title_of(table.name),
                "description": text_of(table.name),
                "key": list(table.key),
                "columns": [_column(table, column) for column in table.columns],
            }
            for table in tables
        ]
    }
    return _bytes(content)


def as_csv(tables: Sequence[Table[Any]]) -> bytes:
    """Return the dictionary as CSV, one row for each column of each table."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(
        ["table", "column", "type", "language", "required", "refers_to"]
        + [f"{part}_{language}" for part in ("meaning", "codes") for language in languages()]
    )
    for table in tables:
        for column in table.columns:
            meaning, codes = meaning_of(table.name, column.about), codes_of(column.about)
            writer.writerow(
                [table.name, column.name, column.type.value, column.language, str(column.required).lower()]
                + [table.links.get(column.name, "")]
                + [meaning[language] for language in languages()]
                + ["; ".join(f"{code}: {text[language]}" for code, text in codes.items()) for language in languages()]
            )
    return file.getvalue().encode()


def data_package(
    tables: Sequence[Table[Any]], about: Json, files: Mapping[str, Json], rows: Mapping[str, int]
) -> bytes:
    """Return ``datapackage.json``: ``about`` the release, its CSV ``files``, and a Table Schema for each of them.

    The format is that of https://datapackage.org (version 2). ``rows`` is how many each table has.
    """
    names = {table.name for table in tables}
    resources = [
        {
            "name": table.name,
            "type": "table",
            "path": f"{table.name}.csv",
            "title": title_of(table.name)["en"],
            "description": text_of(table.name)["en"],
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": files[f"{table.name}.csv"]["bytes"],
            "hash": f"sha256:{files[f'{table.name}.csv']['sha256']}",
            "rows": rows[table.name],
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
            "schema": _schema(table, names),
        }
        for table in tables
    ]
    return _bytes({"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", **about, "resources": resources})


def _column(table: Table[Any], column: Column[Any]) -> Json:
    entry: Json = {
        "name": column.name,
        "type": column.type.value,
        "required": column.required,
        "description": meaning_of(table.name, column.about),
    }
    if column.language:
        entry["language"] = column.language
    if column.name in table.links:
        entry["refers_to"] = table.links[column.name]
    if codes := codes_of(column.about):
        entry["codes"] = codes
    return entry


def _schema(table: Table[Any], names: set[str]) -> Json:
    schema: Json = {"fields": [_field(table, column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    links = [
        {"fields": [column], "reference": {"resource": target, "fields": [_key_of(target)]}}
        for column, target in table.links.items()
        if target in names
    ]
    if links:
        schema["foreignKeys"] = links
    return schema


def _field(table: Table[Any], column: Column[Any]) -> Json:
    meaning = meaning_of(table.name, column.about)
    field: Json = {"name": column.name, "type": column.type.value, "description": meaning["en"]}
    if column.type is Type.LIST:
        field |= {"delimiter": SEPARATOR, "itemType": "string"}
    constraints: Json = {}
    if column.required:
        constraints["required"] = True
    if codes := codes_of(column.about):
        constraints["enum"] = list(codes)
    if constraints:
        field["constraints"] = constraints
    return field


def _key_of(table: str) -> str:
    return f"{table.removesuffix('s')}_id"


def entries() -> Iterator[tuple[str, str]]:
    """Yield which columns the dictionary explains: by table where a table has an entry of its own, else with ""."""
    content = _dictionary()
    yield from (("", about) for about in content["columns"])
    for name, table in content["tables"].items():
        yield from ((name, about) for about in table.get("columns", {}))


@cache
def _dictionary() -> Json:
    content: Json = read_texts(SOURCE)
    return content


def _bytes(content: Json) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
