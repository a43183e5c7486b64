"""Translation catalogues: extracting, updating, compiling and checking them (``python -m …catalogues check``)."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "translations"
TEMPLATE = TRANSLATIONS / "messages.pot"
CONTACT = "participation@example.org"
HEADER = """\
# Wording of the participation platform.
# This file is distributed under the same licence as the participation project.
#"""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "_ln": (1, 2),
}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")
# Plural rules look at the last two digits; beyond this they say nothing new.
MANY = 1000
TAG = re.compile(r"</?[a-z]+")


def extracted() -> Catalog:
    """Return a fresh template catalogue of every string in the code and the templates."""
    with (Path(__file__).parent / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # babel leaves it untyped
    catalogue = Catalog(
        header_comment=HEADER,
        project="participation",
        version="1",
        msgid_bugs_address=CONTACT,
        last_translator=f"Participation project <{CONTACT}>",
        language_team="Participation project",
        charset="utf-8",
        fuzzy=False,
    )
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
    )
    for filename, _line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        # Line numbers would touch the catalogue on every edit; the file says enough.
        catalogue.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalogue


def languages() -> list[str]:
    """Return the codes of the languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def load(language: str) -> Catalog:
    """Return the catalogue of ``language`` as it is on disk."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def compile_all(root: Path = TRANSLATIONS) -> list[str]:
    """Write the binary catalogue of every language whose text is newer; return the languages compiled."""
    compiled = []
    for source in sorted(root.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        buffer = BytesIO()
        write_mo(buffer, catalogue)
        # Replaced in one step: another process may be reading the old one.
        partial = target.with_suffix(".part")
        partial.write_bytes(buffer.getvalue())
        partial.replace(target)
        compiled.append(source.parent.parent.name)
    return compiled


def update() -> None:
    """Write the template anew and bring every language's catalogue up to it; nothing is guessed as fuzzy."""
    template = extracted()
    _write(TEMPLATE, template)
    for language in languages():
        catalogue = load(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(_path(language), catalogue)


def problems() -> Iterator[str]:
    """Yield a sentence for everything that is stale, missing, fuzzy or inconsistent in a catalogue."""
    fresh = {_key(message) for message in extracted() if message.id}
    with TEMPLATE.open("rb") as file:
        stored = {_key(message) for message in read_po(file) if message.id}
    if fresh != stored:
        difference = sorted(str(key[0]) for key in fresh ^ stored)
        yield f"messages.pot is stale, run ./dev i18n: {difference[:5]}"
    for language in languages():
        catalogue = load(language)
        known = {_key(message) for message in catalogue if message.id}
        for missing in sorted(str(key[0]) for key in fresh - known):
            yield f"{language}: not in the catalogue: {missing!r}"
        for message in catalogue:
            if message.id:
                yield from _message_problems(language, message, _spelt_out(catalogue))


def _spelt_out(catalogue: Catalog) -> set[int]:
    """Return the plural forms that stand for one number only, which they may spell out: Arabic has three of them."""
    choose = c2py(catalogue.plural_expr)
    uses = Counter(choose(number) for number in range(MANY))
    return {form for form, count in uses.items() if count == 1}


def _message_problems(language: str, message: Message, spelt_out: set[int]) -> Iterator[str]:
    ids, strings = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        yield f"{language}: fuzzy: {ids[0]!r}"
    if not all(strings):
        yield f"{language}: not translated: {ids[0]!r}"
        return
    for form, string in enumerate(strings):
        for pattern, what in ((PLACEHOLDER, "placeholders"), (TAG, "tags")):
            wanted = sorted(pattern.findall(ids[-1]))
            found = sorted(pattern.findall(string))
            allowed = [wanted, sorted(pattern.findall(ids[0]))]
            if len(strings) > 1 and form in spelt_out:
                allowed += [wanted[:place] + wanted[place + 1 :] for place in range(len(wanted))]
            if found not in allowed:
                yield f"{language}: {what} differ: {ids[0]!r}"


def _forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def _key(message: Message) -> tuple[object, str | None]:
    return (message.id, message.context)


def _path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=False, omit_header=False, include_lineno=False)
    text = re.sub(
        r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By).*\n', "", buffer.getvalue().decode(), flags=re.MULTILINE
    )
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run ``compile``, ``update`` or ``check``; return the exit status."""
    match arguments:
        case ["compile"]:
            print("compiled:", ", ".join(compile_all()) or "nothing to do")
        case ["update"]:
            update()
        case ["check"]:
            found = list(problems())
            print("\n".join(found) or "catalogues are fresh and complete")
            return 1 if found else 0
        case _:
            print("usage: python -m participation.multilingual.catalogues compile|update|check", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
