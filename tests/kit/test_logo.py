"""The logo in the settings: what is taken, what is refused, and that nothing stops because of it."""

import logging
import struct
import zlib
from pathlib import Path

import pytest

from participation.kit.logo import LARGEST_BYTES, UnusableLogo, checked_logo, city_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {head}>{body}</svg>'
DRAWN = SVG.format(head='viewBox="0 0 300 100"', body='<rect width="300" height="100" fill="#123"/>')
INKSCAPE = """<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:draw="http://www.example.org/draw" width="30mm"
 height="10mm"
 draw:version="https://www.example.org/1"><draw:view page="http://www.example.org/"/><metadata><rdf:RDF/></metadata>
 <linearGradient id="a"/><rect fill="url(#a)" width="3" height="1"/><use xlink:href="#a"/></svg>"""
REFUSED = {
    "a script": SVG.format(head='viewBox="0 0 3 1"', body="<script>go()</script>"),
    "an event": SVG.format(head='viewBox="0 0 3 1" onload="go()"', body=""),
    "foreign content": SVG.format(head='viewBox="0 0 3 1"', body="<foreignObject/>"),
    "a picture elsewhere": SVG.format(head='viewBox="0 0 3 1"', body='<image href="https://example.org/x.png"/>'),
    "a file": SVG.format(head='viewBox="0 0 3 1"', body='<image href="file:///etc/hostname"/>'),
    "a picture in a style": SVG.format(head='viewBox="0 0 3 1"', body='<rect style="fill:url(//example.org/x)"/>'),
    "an import": SVG.format(head='viewBox="0 0 3 1"', body="<style>@import '//example.org/x';</style>"),
    "an entity": '<!DOCTYPE svg [<!ENTITY a "b">]>' + DRAWN,
    "no size": SVG.format(head="", body="<rect/>"),
    "endless": SVG.format(head='viewBox="0 0 inf 1"', body=""),
    "another root": "<html><body/></html>",
    "no picture": "Stadt",
    "nothing": "",
}


def png(width: int, height: int) -> bytes:
    """Return a grey PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_picture_is_taken_with_its_size(tmp_path: Path) -> None:
    for content, kind, size in (
        (png(30, 10), "png", (30, 10)),
        (DRAWN.encode(), "svg", (300, 100)),
        (INKSCAPE.encode(), "svg", (30, 10)),
    ):
        path = tmp_path / "logo"
        path.write_bytes(content)
        logo = city_logo(str(path))
        assert logo is not None
        assert (logo.kind, (logo.width, logo.height)) == (kind, size)
        assert logo.address.startswith(f"data:{logo.mimetype};base64,")


def test_notes_of_drawing_programs_are_left_out() -> None:
    content = checked_logo(INKSCAPE.encode()).content
    assert b"example.org/" not in content.replace(b'xmlns:draw="http://www.example.org/draw"', b"")
    assert b"metadata" not in content
    assert b'xlink:href="#a"' in content


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(UnusableLogo):
        checked_logo(REFUSED[name].encode())


def test_what_is_no_whole_png_is_refused() -> None:
    whole = png(30, 10)
    for content in (whole[:20], whole[:-20], whole.replace(b"IHDR", b"IDAT", 1), png(0, 1), png(7000, 1)):
        with pytest.raises(UnusableLogo):
            checked_logo(content)


def test_without_a_usable_file_there_is_none_and_the_log_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    large, odd = tmp_path / "large.svg", tmp_path / "odd.svg"
    large.write_text(DRAWN + " " * LARGEST_BYTES)
    odd.write_text(REFUSED["a script"])
    with caplog.at_level(logging.WARNING):
        for setting in ("", str(tmp_path / "missing.svg"), str(tmp_path), str(large), str(odd), str(odd)):
            assert city_logo(setting) is None
    assert len(caplog.records) == 4
    odd.write_text(DRAWN)
    assert city_logo(str(odd)) is not None, "a file that was put right counts at once"
