"""A language that has the longest wording of every text in any language, for pages that have no room to spare."""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from participation.multilingual.catalogues import TRANSLATIONS, extracted

LANGUAGE = "de"
"""Pages say that they are in this language, so that words are broken as in one with long words."""
UNSEEN = re.compile(r"<[^>]+>|%\([a-z_]+\)[sd]|\{[a-z_]+\}")


def write_longest(folder: Path) -> None:
    """Compile a catalogue for ``LANGUAGE`` in ``folder`` with the longest wording of each text of the product."""
    known = [_read(path) for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))]
    catalogue = Catalog(locale=LANGUAGE)
    for message in extracted():
        if not message.id:
            continue
        name = message.id[0] if isinstance(message.id, tuple) else message.id
        wordings = [form for one in known for form in one.get((message.context, name), ())]
        longest = max([*wordings, name], key=lambda text: len(UNSEEN.sub("", text)))
        catalogue.add(message.id, (longest, longest) if message.pluralizable else longest, context=message.context)
    target = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    target.write_bytes(buffer.getvalue())


def _read(path: Path) -> dict[tuple[str | None, str], tuple[str, ...]]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        (message.context, message.id[0] if isinstance(message.id, tuple) else message.id): tuple(
            form for form in (message.string if isinstance(message.string, tuple) else (message.string,)) if form
        )
        for message in catalogue
        if message.id
    }
