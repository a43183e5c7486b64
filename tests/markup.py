"""What every HTML page has to keep to; ``complaints`` names whatever is wrong with one."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

from lxml.cssselect import CSSSelector
from lxml.etree import _Element

from tests.html import QuickParser

EVENT_ATTRIBUTE = "on"
REFERENCES = {
    *("for", "list", "form", "headers"),
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
SEEN_TEXT = ".//text()[not(ancestor::*[contains(concat(' ', @class, ' '), ' visually-hidden ')])]"
CONTROLS = ("a", "button", "input", "select", "textarea", "details")
BLOCKS = ("div", "p", "ul", "ol", "dl", "table", "section", "article", "form", "fieldset")
# Each pair: elements that must not stand inside the others, though the parser takes them; hidden fields may.
NEVER_INSIDE = (
    ((*CONTROLS, "label"), ("button",)),
    (CONTROLS, ("a",)),
    (("label",), ("label",)),
    (("form",), ("form",)),
    (("main", "header", "footer"), ("a", "button", "label")),
    (HEADINGS, ("button", "label", *HEADINGS)),
    (BLOCKS, ("span", "strong", "em", "b", "i", "small", "label", "p")),
)


@lru_cache(maxsize=4)
def parse(source: str) -> tuple[_Element, list[str]]:
    """Return the tree of a page, without namespaces, and what the HTML standard calls a parse error.

    The latest pages are kept: whoever checks a page and then reads it need not take it apart twice.
    """
    # Some tests look at pages from several threads.
    with _one_at_a_time:
        tree = _parser.parse(source)
        errors = [f"line {line}: {code} {details or ''}".strip() for (line, _column), code, details in _parser.errors]
    return tree.getroot(), errors


_parser, _one_at_a_time = QuickParser(), Lock()


def find(element: _Element, selector: str) -> list[_Element]:
    """Return what a CSS selector finds inside ``element``, in document order."""
    return list(_compiled(selector)(element))


# Putting a selector together takes much longer than using it.
_compiled = lru_cache(maxsize=None)(CSSSelector)


def text_of(element: _Element, *, seen: bool = False) -> str:
    """Return the text inside ``element`` with white space reduced; only what eyes see of it with ``seen``."""
    text = "".join(element.xpath(SEEN_TEXT)) if seen else str(element.xpath("string()"))
    return " ".join(text.split())


def complaints(source: str) -> list[str]:
    """Return a sentence for each thing that is wrong with the page; empty when it is fine."""
    tree, errors = parse(source)
    found = [f"not valid HTML: {error}" for error in errors]
    for check in (
        _head,
        _headings,
        _ids,
        _fields,
        _names,
        _forms,
        _nothing_inline,
        _nothing_foreign,
        _nesting,
        _images,
    ):
        found.extend(check(tree))
    return found


def _head(tree: _Element) -> Iterator[str]:
    if not tree.get("lang"):
        yield "<html> has no lang"
    if tree.get("dir") not in {"ltr", "rtl"}:
        yield "<html> has no dir"
    titles = [text_of(title) for title in find(tree, "head > title")]
    ones = [text_of(heading) for heading in find(tree, "h1")]
    if len(titles) != 1:
        yield f"{len(titles)} title elements instead of one"
    if len(ones) != 1:
        yield f"{len(ones)} h1 elements instead of one: {ones}"
    if len(titles) == len(ones) == 1 and (not ones[0] or not titles[0].startswith(ones[0])):
        yield f"the title {titles[0]!r} does not begin with the h1 {ones[0]!r}"
    if len(find(tree, "main")) != 1:
        yield "not exactly one main element"


def _headings(tree: _Element) -> Iterator[str]:
    level = 1
    for heading in tree.iter(*HEADINGS):
        own = int(heading.tag[1])
        if own > level + 1:
            yield f"heading level skipped before <{heading.tag}> {text_of(heading)!r}"
        if not text_of(heading):
            yield f"empty <{heading.tag}>"
        level = own


def _ids(tree: _Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in find(tree, "[id]"))
    yield from (f"id {name!r} occurs {times} times" for name, times in ids.items() if times > 1)
    for element in tree.iter("*"):
        for attribute, value in element.items():
            if attribute in REFERENCES:
                for name in value.split():
                    if name not in ids:
                        yield f"<{element.tag} {attribute}={name!r}> points nowhere"
            elif attribute == "href" and value.startswith("#") and element.tag == "a" and value[1:] not in ids:
                yield f"<a href={value!r}> points nowhere"


def _fields(tree: _Element) -> Iterator[str]:
    labelled = {label.get("for"): text_of(label) for label in find(tree, "label[for]")}
    for field in find(tree, "input, select, textarea"):
        if field.tag == "input" and (field.get("type") or "text").lower() in UNLABELLED_INPUTS:
            continue
        wrapped = any(text_of(label) for label in field.iterancestors("label"))
        if not (wrapped or labelled.get(field.get("id")) or _aria_name(field, tree)):
            yield f"<{field.tag} name={field.get('name')!r}> has no label"
    for group in find(tree, "fieldset"):
        if not any(child.tag == "legend" and text_of(child) for child in group):
            yield "fieldset without legend"


def _names(tree: _Element) -> Iterator[str]:
    for element in find(tree, "a[href], button, summary, [role=button], [role=link]"):
        if not (_visible_text(element) or _aria_name(element, tree) or element.get("title")):
            yield f"<{element.tag} {dict(element.attrib)}> has no name"
    for button in find(tree, "input[type=submit], input[type=button], input[type=image]"):
        if not (button.get("value") or button.get("alt") or _aria_name(button, tree)):
            yield f"<input type={button.get('type')}> has no name"


def _forms(tree: _Element) -> Iterator[str]:
    for form in find(tree, "form"):
        method = (form.get("method") or "get").lower()
        tokens = find(form, "input[name=csrf_token]")
        if method == "post" and not any(token.get("value") for token in tokens):
            yield f"<form action={form.get('action')!r}> has no csrf_token"
        if method == "get" and tokens:
            yield f"<form action={form.get('action')!r}> puts its csrf_token into the address"


def _nothing_inline(tree: _Element) -> Iterator[str]:
    for script in find(tree, "script"):
        if not script.get("src") or (script.text or "").strip():
            yield "inline script"
    if find(tree, "style"):
        yield "style element"
    for element in tree.iter("*"):
        for attribute, value in element.items():
            if attribute == "style" or attribute.startswith(EVENT_ATTRIBUTE):
                yield f"<{element.tag}> has the attribute {attribute}"
            elif attribute == "href" and value.strip().lower().startswith("javascript:"):
                yield f"<{element.tag}> runs a script from its address"


def _nothing_foreign(tree: _Element) -> Iterator[str]:
    for selector, attribute in (("link[rel=stylesheet], link[rel=preload], link[rel=icon]", "href"), ("[src]", "src")):
        for element in find(tree, selector):
            address = element.get(attribute) or ""
            if address.startswith(("http:", "https:", "//")):
                yield f"<{element.tag} {attribute}={address!r}> asks another server"


def _nesting(tree: _Element) -> Iterator[str]:
    for inner, outer in NEVER_INSIDE:
        for element in tree.iter(*outer):
            for wrong in element.iterdescendants(*inner):
                if wrong.tag != "input" or wrong.get("type") != "hidden":
                    yield f"<{wrong.tag}> must not stand inside {element.tag}"
    for item in tree.iter("li"):
        if item.getparent().tag not in {"ul", "ol", "menu"}:
            yield f"<li> stands in <{item.getparent().tag}>"
    for container in tree.iter("ul", "ol"):
        yield from (
            f"<{child.tag}> stands in <{container.tag}>" for child in container.iterchildren("*") if child.tag != "li"
        )


def _images(tree: _Element) -> Iterator[str]:
    yield from (f"<img src={image.get('src')!r}> has no alt" for image in find(tree, "img:not([alt])"))


def _aria_name(element: _Element, tree: _Element) -> str:
    if (element.get("aria-label") or "").strip():
        return str(element.get("aria-label"))
    names = (element.get("aria-labelledby") or "").split()
    return " ".join(text_of(target) for name in names for target in tree.xpath("//*[@id=$name]", name=name))


def _visible_text(element: _Element) -> str:
    """Return what a screen reader would say for the content of ``element``."""
    if element.get("aria-hidden") == "true":
        return ""
    parts = [element.get("alt") or element.get("aria-label") or "", element.text or ""]
    for child in element:
        parts += [_visible_text(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return "".join(parts).strip()
