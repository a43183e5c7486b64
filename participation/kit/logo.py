"""The city's logo: a file that the settings name, looked at before it stands in anything that is printed."""

import logging
import re
import struct
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

LARGEST_BYTES = 512 * 1024
LARGEST_SIDE = 6000
PNG_HEAD = struct.Struct(">8s4x4sII")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)(?:px|pt|mm|cm|in|pc)?\s*")
# What runs, loads or shows foreign pages; a logo is made of lines and areas.
REFUSED = frozenset(
    {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "set", "animate"}
)
FOREIGN = re.compile(r"(?:@import|url\(\s*['\"]?(?!\s*['\"]?#)|(?:https?|file|ftp):)", re.IGNORECASE)

_log = logging.getLogger(__name__)


class UnusableLogo(ValueError):
    """The file is no logo that we print; the message says why."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A checked logo: its content, ``png`` or ``svg``, and its size in any unit, for the ratio of its sides."""

    content: bytes
    kind: str
    width: float
    height: float

    @property
    def mimetype(self) -> str:
        """The media type of the file."""
        return "image/png" if self.kind == "png" else "image/svg+xml"

    @property
    def address(self) -> str:
        """The logo as an address that holds it, for pages and nothing else."""
        return f"data:{self.mimetype};base64,{b64encode(self.content).decode()}"


def city_logo(setting: str) -> Logo | None:
    """Return the logo in the file that ``CITY_LOGO`` names, or ``None`` without one.

    A file that is missing, too large or not what it should be counts as none, and is named once in the log.
    """
    if not setting:
        return None
    path = Path(setting)
    try:
        known = path.stat()
    except OSError as problem:
        return _without(setting, str(problem.strerror))
    return _read(setting, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=4)
def _read(setting: str, _changed: int, size: int) -> Logo | None:
    if size > LARGEST_BYTES:
        return _without(setting, f"it is larger than {LARGEST_BYTES // 1024} KiB")
    try:
        content = Path(setting).read_bytes()
        return checked_logo(content)
    except OSError as problem:
        return _without(setting, str(problem.strerror))
    except UnusableLogo as problem:
        return _without(setting, str(problem))


@lru_cache(maxsize=16)
def _without(setting: str, why: str) -> None:
    _log.warning("CITY_LOGO %s is left out: %s", setting, why)


def checked_logo(content: bytes) -> Logo:
    """Return the logo that a file holds; raises ``UnusableLogo`` for anything but a plain PNG or SVG."""
    if content.startswith(PNG_SIGNATURE):
        return _png(content)
    return _svg(content)


def _png(content: bytes) -> Logo:
    if len(content) < PNG_HEAD.size:
        raise UnusableLogo("the PNG is cut off")
    _signature, chunk, width, height = PNG_HEAD.unpack_from(content)
    if chunk != b"IHDR" or not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise UnusableLogo("the PNG has no usable size")
    if b"IEND" not in content[-16:]:
        raise UnusableLogo("the PNG is cut off")
    return Logo(content, "png", width, height)


def _svg(content: bytes) -> Logo:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnusableLogo("an SVG with a document type may hold anything")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise UnusableLogo("it is neither a PNG nor an SVG") from problem
    if root.tag != f"{SVG}svg":
        raise UnusableLogo("it is neither a PNG nor an SVG")
    _leave_out_notes(root)
    for element in root.iter(etree.Element):
        _check_element(element)
    width, height = _size(root)
    return Logo(etree.tostring(root, encoding="utf-8"), "svg", width, height)


def _leave_out_notes(root: etree._Element) -> None:
    """Take out what drawing programs write down for themselves; it is full of addresses and nothing is drawn of it."""
    for element in list(root.iter(etree.Element)):
        if element is not root and (not element.tag.startswith(SVG) or element.tag == f"{SVG}metadata"):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        for name in [name for name in element.attrib if name.startswith("{") and name != HREF]:
            del element.attrib[name]


def _check_element(element: etree._Element) -> None:
    name = etree.QName(element).localname
    if name in REFUSED:
        raise UnusableLogo(f"the SVG has a <{name}>")
    for attribute, value in element.attrib.items():
        local = etree.QName(attribute).localname.lower()
        if local.startswith("on"):
            raise UnusableLogo(f"the SVG runs a script ({local})")
        inside = value.startswith(("#", "data:image/png;", "data:image/jpeg;"))
        if local in ("href", "src") and not inside:
            raise UnusableLogo("the SVG loads something from elsewhere")
        if local not in ("href", "src") and FOREIGN.search(value):
            raise UnusableLogo("the SVG loads something from elsewhere")
    if name == "style" and FOREIGN.search("".join(element.itertext())):
        raise UnusableLogo("the SVG loads something from elsewhere")


def _size(root: etree._Element) -> tuple[float, float]:
    box = [part for part in re.split(r"[\s,]+", (root.get("viewBox") or "").strip()) if part]
    sides = [LENGTH.fullmatch(root.get(name) or "") for name in ("width", "height")]
    try:
        width, height = (float(box[2]), float(box[3])) if len(box) == 4 else (0.0, 0.0)
    except ValueError:
        width, height = 0.0, 0.0
    if not (width > 0 and height > 0) and all(sides):
        width, height = (float(side.group(1)) for side in sides if side)
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise UnusableLogo("the SVG does not say how large it is")
    return width, height
