"""A poster as PDF: one sheet of A3, tagged for assistive technology, typeset from data, never from markup."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from participation.exports.posters.sheet import Sheet
from participation.exports.writers.fonts import FAMILIES, FOLDERS, MISSING, printable
from participation.exports.writers.text import for_print, language_tag
from participation.kit.logo import Logo
from participation.kit.qr import QUIET_ZONE, svg_file, symbol

TEMPLATE = Path(__file__).with_name("poster.typ")
PICTOGRAM = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{path}" fill="none" stroke="{colour}" '
    'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
SKYLINE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 176"><path d="{path}" fill="none" stroke="{colour}" '
    'stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
INK = "#1d1d33"
_log = logging.getLogger(__name__)


def poster_data(sheet: Sheet) -> dict[str, Any]:
    """Return what the template gets: all words reduced to what the fonts can draw."""
    data = _drawable(asdict(sheet))
    assert isinstance(data, dict)
    data["families"] = list(FAMILIES)
    # A sheet without a title is none that programs can read out.
    data["title"] = data["title"] or MISSING
    data["headline"]["text"] = data["headline"]["text"] or data["title"]
    data["quiet"] = QUIET_ZONE / symbol(sheet.target).width
    return data


def digest(data: Mapping[str, Any], logo: Logo | None, skyline: str) -> str:
    """Return a digest of everything that a poster is made of."""
    parts = hashlib.blake2b(json.dumps(data, sort_keys=True, ensure_ascii=False).encode(), digest_size=16)
    parts.update(logo.content if logo else b"")
    parts.update(skyline.encode() + TEMPLATE.read_bytes() + Path(__file__).read_bytes())
    return parts.hexdigest()


def typeset(data: Mapping[str, Any], *, logo: Logo | None, skyline: str) -> bytes:
    """Return a poster as PDF to the rules of PDF/UA-1; ``skyline`` is the path of the line drawn below the headline.

    A logo that cannot be drawn is left out: there is no poster that nobody gets because of it.
    """
    if logo is None:
        return _compiled(data, None, skyline)
    try:
        return _compiled(data, logo, skyline)
    except typst.TypstError as problem:
        _log.warning("CITY_LOGO is left out of posters, because it cannot be drawn: %s", problem)
        return _compiled(data, None, skyline)


def _compiled(data: Mapping[str, Any], logo: Logo | None, skyline: str) -> bytes:
    with TemporaryDirectory(prefix="poster-") as name:
        folder = Path(name)
        for file, content in _files(data, logo, skyline).items():
            (folder / file).write_bytes(content)
        return typst.compile(
            str(folder / "main.typ"),
            root=str(folder),
            font_paths=[str(path) for path in FOLDERS],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
        )


def _files(data: Mapping[str, Any], logo: Logo | None, skyline: str) -> dict[str, bytes]:
    files = {
        "main.typ": TEMPLATE.read_bytes(),
        "code.svg": svg_file(data["target"]).encode(),
        "skyline.svg": SKYLINE.format(path=skyline, colour=INK).encode(),
    }
    for kind in ("signs", "ways"):
        for place, one in enumerate(data[kind] if kind == "signs" else data["frame"][kind]):
            files[f"{kind}-{place}.svg"] = PICTOGRAM.format(path=one["path"], colour=INK).encode()
    if logo:
        files[f"logo.{logo.kind}"] = logo.content
    known = {**data, "logo": {"file": f"logo.{logo.kind}", "ratio": logo.width / logo.height} if logo else None}
    files["data.json"] = json.dumps(known, ensure_ascii=False).encode()
    return files


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(for_print(value))
    if isinstance(value, (list, tuple)):
        return [_drawable(item) for item in value]
    if isinstance(value, dict):
        # The typesetter knows languages by their bare codes only.
        return {
            name: (language_tag(item) or "en") if name == "language" else _drawable(item)
            for name, item in value.items()
        }
    return value
