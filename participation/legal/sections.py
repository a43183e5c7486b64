"""A legal text as it is typed: headings that begin with "## ", paragraphs apart by empty lines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from participation.legal.placeholders import filled

_HEADING = re.compile(r"^##[ \t]+(?P<heading>\S.*)$", re.MULTILINE)
_GAP = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class LegalSection:
    """A heading with what stands below it, in the plain formatting of comments; the first may have no heading."""

    heading: str
    body: str


def sections(text: str, settings: Mapping[str, str]) -> tuple[LegalSection, ...]:
    """Return the parts of ``text``, filled with ``settings``.

    A paragraph about something that is not set is left out, and so is a heading below which nothing is left.
    """
    parts = _HEADING.split(text)
    headings, bodies = ["", *parts[1::2]], parts[0::2]
    found = (
        LegalSection(filled(heading.strip(), settings), _paragraphs(body, settings))
        for heading, body in zip(headings, bodies, strict=True)
    )
    return tuple(section for section in found if section.body)


def _paragraphs(body: str, settings: Mapping[str, str]) -> str:
    texts = (filled(paragraph.strip(), settings) for paragraph in _GAP.split(body.strip()))
    return "\n\n".join(text for text in texts if text)
