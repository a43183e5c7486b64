"""Translation catalogues: extracting, updating, compiling and checking them (``python -m …catalogues check``).

There are two domains: ``messages`` is what code and templates say, ``editorial`` the texts that are data. German in
simple words (``de_SIMPLE``) has every editorial text, and of the messages at least the sentences; shorter ones may stay
as they are in German.
"""

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

from participation.kit.places import PACKAGE, ROOT
from participation.multilingual import SIMPLE
from participation.multilingual.texts import DOMAIN as EDITORIAL
from participation.multilingual.texts import name_of, read_texts, texts_in, words_of

TRANSLATIONS = ROOT / "translations"
MESSAGES = "messages"
DOMAINS = (MESSAGES, EDITORIAL)
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
# What is said in simple words at least: whole sentences of some length.
SENTENCE_LONGER_THAN = 50
SENTENCE = re.compile(r"[.!?…]\s*$")
# Plural rules look at the last two digits; beyond this they say nothing new.
MANY = 1000
TAG = re.compile(r"</?[a-z]+")


def extracted(domain: str = MESSAGES) -> Catalog:
    """Return a fresh template catalogue: of every string in code and templates, or of every text that is data."""
    catalogue = _empty()
    found = _messages() if domain == MESSAGES else _texts()
    for filename, message, comments, context in found:
        # Line numbers would touch the catalogue on every edit; the file says enough.
        catalogue.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalogue


def _messages() -> Iterator[tuple[str, Any, list[str], str | None]]:
    with (Path(__file__).parent / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # babel leaves it untyped
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
    )
    for filename, _line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        yield filename, message, comments, context


def _texts() -> Iterator[tuple[str, Any, list[str], str | None]]:
    for path in sorted(PACKAGE.glob("**/*.yaml")):
        name = name_of(path)
        for text in texts_in(read_texts(path)):
            for words in words_of(text):
                yield name, words, [], name


def _empty() -> Catalog:
    return Catalog(
        header_comment=HEADER,
        project="participation",
        version="1",
        msgid_bugs_address=CONTACT,
        last_translator=f"Participation project <{CONTACT}>",
        language_team="Participation project",
        charset="utf-8",
        fuzzy=False,
    )


def languages(domain: str = MESSAGES) -> list[str]:
    """Return the names of the folders that have a catalogue of the domain."""
    return sorted(path.parent.parent.name for path in TRANSLATIONS.glob(f"*/LC_MESSAGES/{domain}.po"))


def load(language: str, domain: str = MESSAGES) -> Catalog:
    """Return the catalogue of ``language`` as it is on disk."""
    with _path(language, domain).open("rb") as file:
        return read_po(file, locale=_locale(language))


def is_partial(language: str, domain: str) -> bool:
    """Return whether a catalogue stands in front of another one and says only what it says otherwise."""
    return domain == MESSAGES and language.endswith(f"_{SIMPLE.upper()}")


def _locale(language: str) -> str:
    return language.removesuffix(f"_{SIMPLE.upper()}")


def compile_all(root: Path = TRANSLATIONS) -> list[str]:
    """Write the binary catalogues of which the text is newer; return the languages compiled."""
    compiled: dict[str, None] = {}
    for source in sorted(path for domain in DOMAINS for path in root.glob(f"*/LC_MESSAGES/{domain}.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=_locale(source.parent.parent.name))
        buffer = BytesIO()
        write_mo(buffer, catalogue)
        # Replaced in one step: another process may be reading the old one.
        partial = target.with_suffix(".part")
        partial.write_bytes(buffer.getvalue())
        partial.replace(target)
        compiled[source.parent.parent.name] = None
    return list(compiled)


def update() -> None:
    """Write the templates anew and bring every language's catalogues up to them; nothing is guessed as fuzzy."""
    for domain in DOMAINS:
        template = extracted(domain)
        _write(_template(domain), template)
        for language in languages(domain):
            catalogue = load(language, domain)
            catalogue.update(template, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            if is_partial(language, domain):
                for message in [message for message in catalogue if message.id and not all(_forms(message.string))]:
                    catalogue.delete(message.id, message.context)
            _write(_path(language, domain), catalogue)


def problems() -> Iterator[str]:
    """Yield a sentence for everything that is stale, missing, fuzzy or inconsistent in a catalogue."""
    for domain in DOMAINS:
        fresh = {_key(message) for message in extracted(domain) if message.id}
        with _template(domain).open("rb") as file:
            stored = {_key(message) for message in read_po(file) if message.id}
        if fresh != stored:
            difference = sorted(str(key[0]) for key in fresh ^ stored)
            yield f"{domain}.pot is stale, run ./dev i18n: {difference[:5]}"
        for language in languages(domain):
            yield from _language_problems(language, domain, fresh)


def _language_problems(language: str, domain: str, fresh: set[Any]) -> Iterator[str]:
    catalogue = load(language, domain)
    known = {_key(message) for message in catalogue if message.id}
    wanted = _sentences(_locale(language)) & fresh if is_partial(language, domain) else fresh
    for missing in sorted(str(key[0]) for key in wanted - known):
        yield f"{language}: not in the catalogue: {missing!r}"
    for left in sorted(str(key[0]) for key in known - fresh):
        yield f"{language}: not in the product any more: {left!r}"
    spelt_out = _spelt_out(catalogue)
    for message in catalogue:
        if message.id:
            yield from _message_problems(language, message, spelt_out)


def _sentences(language: str) -> set[Any]:
    """Return what has to be said in simple words, by how long it is in the language that is made simple."""
    said = ((_key(message), message.string) for message in load(language) if message.id)
    return {
        key
        for key, words in said
        if isinstance(words, str) and len(words) >= SENTENCE_LONGER_THAN and SENTENCE.search(words)
    }


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


def _path(language: str, domain: str = MESSAGES) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"


def _template(domain: str) -> Path:
    return TRANSLATIONS / f"{domain}.pot"


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
