"""Typesetting: data and one of our templates become a PDF or pictures; a resident's text is never read as markup."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from participation.exports.writers.fonts import FAMILIES, FOLDERS, printable
from participation.exports.writers.json import Json, Object, plain
from participation.exports.writers.paper.blocks import Picture

_log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
PAPER, PICTURES, DRAWINGS = "pdf.typ", "pictures_page.typ", "pictures.typ"
REASON = 120
"""So many characters of what the typesetter says are logged: more might quote a resident."""
DOTS_PER_INCH = 220
"""Sharp when printed, and a few kilobytes for each picture."""


def as_pdf(data: Object, *, files: Mapping[str, bytes], moment: datetime) -> bytes:
    """Return the paper to the rules of PDF/UA-1; ``files`` are what the data names, ``moment`` (UTC) is its date.

    Links are the only thing the typesetter is known to give up on in lines of mixed direction: a paper without them is
    better than none.
    """
    settings: dict[str, Any] = {"format": "pdf", "pdf_standards": "ua-1", "timestamp": moment}
    try:
        made = _compile(PAPER, {**data, "links": True}, files, **settings)
    except typst.TypstError as problem:
        _log.warning("The paper is typeset again without links: %s", str(problem)[:REASON])
        made = _compile(PAPER, {**data, "links": False}, files, **settings)
    assert isinstance(made, bytes)
    return made


def as_pictures(pictures: list[Picture], *, language: str, direction: str) -> list[bytes]:
    """Return each drawing as PNG, as wide as the text of a page."""
    if not pictures:
        return []
    drawn: Object = {"pictures": drawable(plain(pictures)), "language": language, "dir": direction}
    made = _compile(PICTURES, drawn, {}, format="png", ppi=DOTS_PER_INCH)
    return made if isinstance(made, list) else [made]


def picture_of(svg: bytes) -> bytes:
    """Return an SVG as PNG; raises ``typst.TypstError`` for one that cannot be drawn."""
    with TemporaryDirectory(prefix="logo-") as name:
        folder = Path(name)
        (folder / "logo.svg").write_bytes(svg)
        main = folder / "main.typ"
        main.write_text(
            '#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("logo.svg", height: 20mm)',
            encoding="utf-8",
        )
        made = typst.compile(str(main), root=str(folder), ignore_system_fonts=True, format="png", ppi=DOTS_PER_INCH)
    assert isinstance(made, bytes)
    return made


def drawable(value: Json) -> Json:
    """Return the value with every text in it reduced to what the fonts can draw."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [drawable(item) for item in value]
    if isinstance(value, dict):
        return {name: drawable(item) for name, item in value.items()}
    return value


def _compile(template: str, data: Object, files: Mapping[str, bytes], **options: Any) -> bytes | list[bytes]:
    with TemporaryDirectory(prefix="paper-") as name:
        folder = Path(name)
        known = {**data, "families": list(FAMILIES)}
        (folder / "data.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        for file, content in files.items():
            (folder / file).write_bytes(content)
        for part in (template, DRAWINGS):
            (folder / part).write_bytes((FOLDER / part).read_bytes())
        made: bytes | list[bytes] = typst.compile(
            str(folder / template),
            root=str(folder),
            font_paths=[str(path) for path in FOLDERS],
            ignore_system_fonts=True,
            **options,
        )
    return made
