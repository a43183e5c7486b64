"""The paper as PDF for councils: tagged for assistive technology, typeset from data, never from markup."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from participation.exports.document import StrategyInput
from participation.exports.writers.fonts import FAMILIES, FOLDERS, MISSING, printable
from participation.exports.writers.json import Json, plain
from participation.exports.writers.output import Counter, whole_file
from participation.exports.writers.paper import lay_out
from participation.exports.writers.text import for_print, language_tag

TEMPLATE = Path(__file__).with_name("pdf.typ")


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write a PDF to the rules of PDF/UA-1, in the document's language and direction.

    Lists as many ideas as `paper` allows and says where the rest is. Characters the fonts lack are shown as U+FFFD.
    """
    counter = Counter(progress)
    paper = lay_out(document, counter.over(document.ideas()))
    data = drawable(plain(paper))
    assert isinstance(data, dict)
    data["missing"] = MISSING in json.dumps(data, ensure_ascii=False)
    data["labels"] = drawable({name: for_print(text) for name, text in asdict(document.labels).items()})
    data["language"] = language_tag(document.language) or "en"
    data["dir"] = document.dir
    data["families"] = list(FAMILIES)
    with whole_file(path) as part:
        part.write_bytes(_typeset(data, document))
    counter.done()


def drawable(value: Json) -> Json:
    """Return the value with every text in it reduced to what the fonts can draw."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [drawable(item) for item in value]
    if isinstance(value, dict):
        return {name: drawable(item) for name, item in value.items()}
    return value


def _typeset(data: Json, document: StrategyInput) -> bytes:
    with TemporaryDirectory(prefix="pdf-") as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        main = folder / "main.typ"
        main.write_bytes(TEMPLATE.read_bytes())
        return typst.compile(
            str(main),
            root=str(folder),
            font_paths=[str(path) for path in FOLDERS],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
            timestamp=document.generated_at.astimezone(UTC),
        )
