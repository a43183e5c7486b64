"""The trees of pages in which nothing needs the HTML standard's rules for mistakes: each tag says all that it does.

Such a page opens and closes every element itself, each where it may stand; then the tree is what the tags say, and
there is no parse error. Whatever is not listed here is left to the parser that knows all rules.
"""

import re
from collections import Counter
from functools import lru_cache
from html.entities import html5

from html5lib.constants import adjustForeignAttributes, adjustSVGAttributes, namespaces
from lxml.etree import SubElement, _Element, _ElementTree, fromstring

NAME = r"[a-z][a-z0-9]*+"
ATTRIBUTE = r"[a-zA-Z][a-zA-Z0-9_-]*+"
GIVEN = rf'(?:[ \n]++{ATTRIBUTE}(?:="[^"]*+")?+)*+'
PAGE = re.compile(rf"(?i:<!doctype html>)[ \n]*+(?:</?+{NAME}{GIVEN}[ \n]*+/?+>[^<]*+)++")
PIECES = re.compile(rf"<(/?+)({NAME})({GIVEN})[ \n]*+(/?+)>([^<]*+)")
ATTRIBUTES = re.compile(rf'({ATTRIBUTE})(?:="([^"]*+)")?+')
# Letters that the standard's parser changes or complains about.
ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]")
REFERENCE = re.compile(r"&(?:#(3[2-9])|([a-zA-Z]++));")
BLANK = " \n\t"


def words(text: str) -> frozenset[str]:
    """Return the single words of ``text``."""
    return frozenset(text.split())


VOID = words("area br col hr img input link meta source track wbr")
# They would end a paragraph that is still open.
BLOCKS = words(
    "address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main menu nav ol p pre section summary table ul"
)
INLINE = words(
    "a abbr area audio b bdi bdo br button cite code data datalist del dfn em i iframe img input ins kbd label legend "
    "link mark meta meter noscript output progress q s samp script select small source span strong sub sup svg "
    "textarea time track u var video wbr"
)
FLOW = BLOCKS | INLINE
HEADINGS = words("h1 h2 h3 h4 h5 h6")
SHAPES = words("circle ellipse g line path polygon polyline rect svg text tspan use")
# Where nothing but these may stand; no text either.
ONLY = {
    "html": words("head body"),
    "head": words("link meta script title"),
    "table": words("caption colgroup thead tbody tfoot"),
    "colgroup": words("col"),
    **dict.fromkeys(("thead", "tbody", "tfoot"), words("tr")),
    "tr": words("td th"),
    "select": words("option optgroup"),
    "optgroup": words("option"),
}
TEXTS = words("title textarea option")
EMPTY = words("script iframe")
# A line end at their beginning is none of their text.
LINES = words("pre textarea")
INSIDE = {
    **ONLY,
    **dict.fromkeys(SHAPES, SHAPES),
    **dict.fromkeys(TEXTS | EMPTY, words("")),
}
LISTS = {"li": ("ul", "ol", "menu"), "dd": ("dl",), "dt": ("dl",)}
# What may not stand inside its like, however deep; paragraphs hold no blocks at all.
WATCHED = words("a button form p table")
SVG = namespaces["svg"]
# As the standard's parser calls it.
PREFIX = {"ns0": SVG}


def plain_tree(source: str) -> _ElementTree | None:
    """Return the tree of a page that is plain throughout; ``None`` when that is not certain."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if ODD.search(source) or not PAGE.fullmatch(source):
        return None
    root = fromstring("<!DOCTYPE html><html/>")
    pieces = PIECES.findall(source)
    given = _attributes(pieces[0][2], False)
    if pieces[0][:2] != ("", "html") or pieces[0][3] or given is None or not _fill(root, pieces):
        return None
    for name, value in given.items():
        root.set(name, value)
    return root.getroottree() if [child.tag for child in root] == ["head", "body"] else None


def _fill(root: _Element, pieces: list[tuple[str, str, str, str, str]]) -> bool:
    """Put everything that follows into the root; return whether all of it was plain."""
    names, elements, last, is_open = ["html"], [root], root, Counter[str]()
    if pieces[0][4].strip(BLANK):
        return False
    for slash, name, given, closed, text in pieces[1:]:
        parent = names[-1] if names else ""
        is_last = False
        if slash:
            if parent != name or given or closed:
                return False
            names.pop()
            last, is_last = elements.pop(), True
            is_open[name] -= 1
        else:
            attributes = _attributes(given, name in SHAPES)
            if attributes is None or not _may_stand(name, parent, names, is_open):
                return False
            if name in SHAPES:
                last = SubElement(elements[-1], f"{{{SVG}}}{name}", attributes, nsmap=PREFIX)
            else:
                last = SubElement(elements[-1], name, attributes)
            if name in VOID or (closed and name in SHAPES):
                is_last = True
            elif closed:
                return False
            else:
                names.append(name)
                elements.append(last)
                is_open[name] += 1
        if text and not _write(text, last, is_last, names[-1] if names else ""):
            return False
    return not names


def _may_stand(name: str, parent: str, names: list[str], is_open: Counter[str]) -> bool:
    """Return whether an element begins here as it is written, and ends none of those that are open."""
    inside = INSIDE.get(parent)
    if inside is not None:
        return name in inside
    if name not in FLOW or (name in WATCHED and is_open[name]):
        return False
    if name in BLOCKS:
        if is_open["p"] or (name in HEADINGS and parent in HEADINGS):
            return False
        if name in LISTS and parent not in LISTS[name]:
            return parent == "div" and name != "li" and names[-2] == "dl"
    return True


def _write(text: str, last: _Element, is_last: bool, place: str) -> bool:
    """Put text behind the element that ended, or into the one that began; return whether it may stand there."""
    if place in ONLY or not place:
        if text.strip(BLANK):
            return False
        if not place or (place == "html" and last.tag == "body"):
            # Whatever follows the body is taken into it.
            body = last if last.tag == "body" else last[-1]
            if len(body):
                body[-1].tail = (body[-1].tail or "") + text
            else:
                body.text = (body.text or "") + text
            return True
    elif place in EMPTY:
        return False
    elif "&" in text:
        decoded = _decoded(text)
        if decoded is None:
            return False
        text = decoded
    if is_last:
        last.tail = text
    else:
        # Of an empty text, none at all.
        last.text = (text.removeprefix("\n") or None) if place in LINES else text
    return True


# The same few attributes come again and again.
@lru_cache(maxsize=20_000)
def _attributes(given: str, is_shape: bool) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for name, value in ATTRIBUTES.findall(given):
        decoded = _decoded(value) if "&" in value else value
        key = name.lower()
        if is_shape:
            key = adjustSVGAttributes.get(key, key)
        if decoded is None or key in found or key in adjustForeignAttributes:
            return None
        found[key] = decoded
    return found


def _decoded(text: str) -> str | None:
    """Return text with its references replaced; ``None`` when one of them is not written in full."""
    references = REFERENCE.findall(text)
    if len(references) != text.count("&") or any(name and f"{name};" not in html5 for _number, name in references):
        return None
    return REFERENCE.sub(lambda found: chr(int(found[1])) if found[1] else html5[f"{found[2]};"], text)
