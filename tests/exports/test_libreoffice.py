"""The tables opened in a real office program: nothing computes, and everything is still there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from participation.exports.document import StrategyInput
from participation.exports.options import Options
from participation.exports.writers import WRITERS
from participation.exports.writers.odf import named
from participation.exports.writers.text import for_xml
from tests.exports.office import converted, needs_office
from tests.exports.readers import READERS, all_tables, in_workbook, quiet, read_xlsx, same_day
from tests.exports.table_samples import FORMULAS, full, nasty_tables
from tests.exports.writer_samples import LONG, NASTY

pytestmark = needs_office


def made(document: StrategyInput, key: str, folder: Path) -> Path:
    path = folder / f"from-{key}.{WRITERS[key].extension}"
    WRITERS[key].write(document, path, progress=quiet)
    return path


def texts_of(path: Path) -> Iterator[str]:
    """Yield the text of every cell of a flat spreadsheet."""
    for cell in etree.parse(path).iter(named("table:table-cell")):
        yield "\n".join("".join(line.itertext()) for line in cell.findall(named("text:p")))


def formulas_of(path: Path) -> list[str]:
    """Return everything that is computed when the flat spreadsheet is open, or that leads out of it."""
    found = (cell.get(named("table:formula")) for cell in etree.parse(path).iter(named("table:table-cell")))
    links = (node.get("{http://www.w3.org/1999/xlink}href") for node in etree.parse(path).iter(named("text:a")))
    return [text for text in (*found, *links) if text is not None]


def test_nothing_computes_in_libreoffice(tmp_path: Path) -> None:
    document = replace(nasty_tables(FORMULAS), options=Options(delimiter=","))
    files = converted(tmp_path, "fods", *(made(document, key, tmp_path) for key in ("xlsx", "ods", "csv")))
    assert [formulas_of(path) for path in files] == [[], [], []]
    visible = {text for text in FORMULAS if text == text.strip() and "\n" not in text}
    assert [visible - set(texts_of(path)) for path in files[:2]] == [set(), set()]
    assert {f"'{text}" for text in visible if text[0] in "=+-@"} - set(texts_of(files[2])) == set()


@pytest.mark.accept
@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("texts", [(), NASTY, FORMULAS], ids=["full", "nasty", "formulas"])
def test_libreoffice_loses_no_cell(key: str, texts: tuple[str, ...], tmp_path: Path) -> None:
    # LibreOffice saves the first one unescaped, and cannot hold the other one in XLSX.
    kept = tuple(text for text in texts if text not in {"_x0041_ _x000D_", LONG})
    document = nasty_tables(kept) if kept else full()
    (path,) = converted(tmp_path, "xlsx", made(document, key, tmp_path))
    found = read_xlsx(path)
    for name, table in all_tables(document).items():
        expected = same_day(in_workbook(table, document, 32_767))
        assert same_day(found[name])[: len(expected)] == expected, name
    assert for_xml(document.process_title) in {row[0] for row in found["Notes"]}
