"""The paper as PDF for councils: tagged for assistive technology, typeset from data, never from markup."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from pathlib import Path

from participation.exports.council.document import Council
from participation.exports.document import StrategyInput
from participation.exports.writers.fonts import MISSING
from participation.exports.writers.json import Object, plain
from participation.exports.writers.output import Counter, whole_file
from participation.exports.writers.paper import lay_out
from participation.exports.writers.paper.blocks import Heading, Paper
from participation.exports.writers.text import for_print, language_tag
from participation.exports.writers.typeset import as_pdf, drawable
from participation.kit.logo import city_logo

MOST_ENTRIES = 70
"""With more headings than these the contents name chapters only."""


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write a PDF to the rules of PDF/UA-1, in the document's language and direction.

    Lists as many ideas as `paper` allows and says where the rest is. Characters the fonts lack are shown as U+FFFD.
    """
    counter = Counter(progress)
    paper = lay_out(document, counter.over(document.ideas()))
    logo = city_logo(paper.logo)
    data = _data(document, paper)
    data["logo"] = f"logo.{logo.kind}" if logo else ""
    data["logo_ratio"] = logo.width / logo.height if logo else 1.0
    files = {f"logo.{logo.kind}": logo.content} if logo else {}
    with whole_file(path) as part:
        part.write_bytes(as_pdf(data, files=files, moment=document.generated_at.astimezone(UTC)))
    counter.done()


def _data(document: StrategyInput, paper: Paper) -> Object:
    """Return what the template gets."""
    data = drawable(plain(paper))
    assert isinstance(data, dict)
    labels = {**asdict(document.labels), **asdict((document.council or Council()).labels)}
    data["missing"] = MISSING in json.dumps(data, ensure_ascii=False)
    data["words"] = drawable({name: for_print(text) for name, text in labels.items()})
    data["language"] = language_tag(document.language) or "en"
    data["dir"] = document.dir
    data["depth"] = 1 if _entries(paper) > MOST_ENTRIES else 2
    return data


def _entries(paper: Paper) -> int:
    blocks = (*paper.summary, *paper.blocks)
    return sum(isinstance(block, Heading) and block.level < 3 for block in blocks)
