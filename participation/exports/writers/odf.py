"""An OpenDocument spreadsheet as a package: its parts besides the content, and the one content written as it comes."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from lxml import etree
from lxml.builder import ElementMaker

from participation.exports.writers.grid import PRINT_SCALE

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
VERSION = "1.3"
FITTED, SCALED = "Default", "Wide"
"""The pages that sheets are printed on: all columns on one, or as many as are needed beside each other."""

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES: Mapping[str, str] = {
    "office": f"{_OASIS}:office:1.0",
    "table": f"{_OASIS}:table:1.0",
    "text": f"{_OASIS}:text:1.0",
    "style": f"{_OASIS}:style:1.0",
    "number": f"{_OASIS}:datastyle:1.0",
    "fo": f"{_OASIS}:xsl-fo-compatible:1.0",
    "meta": f"{_OASIS}:meta:1.0",
    "config": f"{_OASIS}:config:1.0",
    "manifest": f"{_OASIS}:manifest:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_MAKE = ElementMaker(nsmap=dict(NAMESPACES))
_PARTS = ("content.xml", "styles.xml", "meta.xml", "settings.xml")


class Xml(Protocol):
    """What writes the content piece by piece: a whole element, or the outside of one whose inside follows."""

    def write(self, content: etree._Element, /) -> None:
        """Write an element with everything in it."""

    def element(self, tag: str, attrib: Mapping[str, str] | None = None, /) -> AbstractContextManager[None]:
        """Write the beginning of an element, and its end when the block is left."""


def named(name: str) -> str:
    """Return the name in Clark's notation for one with a prefix, such as ``table:table-cell``."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def element(name: str, attributes: Mapping[str, str] | None = None, *children: etree._Element | str) -> etree._Element:
    """Return an element; names of elements and attributes have prefixes."""
    return _MAKE(named(name), {named(key): value for key, value in (attributes or {}).items()}, *children)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the package says about itself; ``language`` is the ISO code of its words."""

    title: str
    subject: str
    publisher: str
    language: str
    is_rtl: bool
    moment: datetime


@contextmanager
def package(path: Path) -> Iterator[zipfile.ZipFile]:
    """Yield the archive with its first entry written, which names the type and must not be compressed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("mimetype", zipfile.ZIP_STORED), MEDIA_TYPE)
        yield archive


@contextmanager
def content(archive: zipfile.ZipFile, styles: Iterable[etree._Element]) -> Iterator[Xml]:
    """Yield a writer for the tables of the content; ``styles`` are those they use."""
    with _opened(archive, "content.xml") as file, etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        attributes = {named("office:version"): VERSION}
        with xml.element(named("office:document-content"), attributes, nsmap=dict(NAMESPACES)):
            xml.write(element("office:automatic-styles", None, *styles))
            with xml.element(named("office:body")), xml.element(named("office:spreadsheet")):
                yield xml


def finish(archive: zipfile.ZipFile, about: About, frozen: Mapping[str, int]) -> None:
    """Write all other parts; ``frozen`` says how many rows stay in view on each sheet, in the order of the sheets."""
    _write(archive, "styles.xml", _styles(about))
    _write(archive, "meta.xml", _meta(about))
    _write(archive, "settings.xml", _settings(frozen))
    _write(archive, "META-INF/manifest.xml", _manifest())


@contextmanager
def _opened(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    # How long it gets is not known, and more than 2 GiB need the larger header from the start.
    with archive.open(_entry(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as file:
        yield file


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = compression
    return entry


def _write(archive: zipfile.ZipFile, name: str, root: etree._Element) -> None:
    whole = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), whole)


def _manifest() -> etree._Element:
    def entry(path: str, media_type: str) -> etree._Element:
        return element("manifest:file-entry", {"manifest:full-path": path, "manifest:media-type": media_type})

    files = (entry("/", MEDIA_TYPE), *(entry(name, "text/xml") for name in _PARTS))
    return element("manifest:manifest", {"manifest:version": VERSION}, *files)


def _meta(about: About) -> etree._Element:
    said = (
        ("dc:title", about.title),
        ("dc:subject", about.subject),
        ("dc:creator", about.publisher),
        ("dc:language", about.language),
        ("dc:date", about.moment.isoformat()),
    )
    entries = (element(name, None, text) for name, text in said)
    return element("office:document-meta", {"office:version": VERSION}, element("office:meta", None, *entries))


def _styles(about: About) -> etree._Element:
    language = {"fo:language": about.language, "fo:country": "none"}
    complex_language = {"style:language-complex": about.language, "style:country-complex": "none"}
    default = element(
        "style:default-style",
        {"style:family": "table-cell"},
        element("style:text-properties", complex_language if about.is_rtl else language),
    )
    basis = element("style:style", {"style:name": "Default", "style:family": "table-cell"})
    pages = (
        (FITTED, {"style:scale-to-X": "1", "style:scale-to-Y": "0"}),
        (SCALED, {"style:scale-to": f"{PRINT_SCALE}%"}),
    )
    return element(
        "office:document-styles",
        {"office:version": VERSION},
        element("office:styles", None, default, basis),
        element("office:automatic-styles", None, *(_layout(name, size, about) for name, size in pages)),
        element("office:master-styles", None, *(_master(name) for name, _ in pages)),
    )


def _layout(name: str, size: Mapping[str, str], about: About) -> etree._Element:
    page = {
        "fo:page-width": "297mm",
        "fo:page-height": "210mm",
        "style:print-orientation": "landscape",
        "fo:margin": "15mm",
        "style:writing-mode": "rl-tb" if about.is_rtl else "lr-tb",
    }

    def edge(gap: str) -> etree._Element:
        return element("style:header-footer-properties", {"fo:min-height": "7mm", gap: "3mm"})

    return element(
        "style:page-layout",
        {"style:name": f"page-{name}"},
        element("style:page-layout-properties", {**page, **size}),
        element("style:header-style", None, edge("fo:margin-bottom")),
        element("style:footer-style", None, edge("fo:margin-top")),
    )


def _master(name: str) -> etree._Element:
    pages = element("text:p", None, element("text:page-number"), " / ", element("text:page-count"))
    return element(
        "style:master-page",
        {"style:name": name, "style:page-layout-name": f"page-{name}"},
        element("style:header", None, element("text:p", None, element("text:sheet-name"))),
        element("style:footer", None, pages),
    )


def _settings(frozen: Mapping[str, int]) -> etree._Element:
    names = list(frozen)
    tables = (
        element("config:config-item-map-entry", {"config:name": name}, *_frozen(rows)) for name, rows in frozen.items()
    )
    view = element(
        "config:config-item-map-entry",
        None,
        element("config:config-item-map-named", {"config:name": "Tables"}, *tables),
        _item("ActiveTable", "string", names[0]),
    )
    views = element("config:config-item-map-indexed", {"config:name": "Views"}, view)
    item_set = element("config:config-item-set", {"config:name": "ooo:view-settings"}, views)
    whole = element("office:settings", None, item_set)
    return element("office:document-settings", {"office:version": VERSION}, whole)


def _frozen(rows: int) -> Iterator[etree._Element]:
    """Yield what keeps the first ``rows`` rows in view: split mode 2 is a frozen one."""
    if rows:
        yield _item("VerticalSplitMode", "short", "2")
        yield _item("VerticalSplitPosition", "int", str(rows))
        yield _item("ActiveSplitRange", "short", "2")
        yield _item("PositionBottom", "int", str(rows))


def _item(name: str, kind: str, value: str) -> etree._Element:
    return element("config:config-item", {"config:name": name, "config:type": kind}, value)
