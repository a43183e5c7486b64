"""Gentle hints at a text before it is published; they never block, and nothing of them is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from participation.multilingual import gettext as _
from participation.texts import excerpt
from participation.texts.personal import Personal, personal_findings
from participation.texts.readability import Readability, readability

PLACE_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Hint:
    """What might be better, why, and the places in the text that it is about."""

    title: str
    text: str
    places: tuple[str, ...]


def hints_at(title: str, text: str, language: str) -> tuple[Hint, ...]:
    """Return the hints at a text in ``language``; nothing when all is well."""
    return (*_personal(f"{title}\n{text}"), *_reading(readability(text, language)))


def _personal(text: str) -> Iterator[Hint]:
    kinds = {
        Personal.IBAN: (
            _("This looks like a bank account."),
            _("Everybody can read your idea. Account numbers of people are better left out."),
        ),
        Personal.EMAIL: (
            _("This looks like an e-mail address."),
            _("Everybody can read it, programs that send advertising, too. Your idea reaches the city without it."),
        ),
        Personal.PHONE: (
            _("This looks like a phone number."),
            _("Everybody can read it and call. Your idea reaches the city without it."),
        ),
        Personal.PLATE: (
            _("This looks like a licence plate."),
            _("It leads to the person who owns the vehicle. Better say what happens, not who does it."),
        ),
        Personal.ADDRESS: (
            _("This looks like somebody's address."),
            _("If somebody lives there, better name only the street or the neighbourhood. Public places are fine."),
        ),
        Personal.NAME: (
            _("This looks like somebody's name."),
            _("Others have not agreed to be named here. Better say what they do: “a teacher”, “my neighbour”."),
        ),
    }
    found = personal_findings(text)
    for kind, (title, why) in kinds.items():
        places = tuple(excerpt(finding.text, PLACE_LONGEST) for finding in found if finding.kind is kind)
        if places:
            yield Hint(title, why, places)


def _reading(found: Readability) -> Iterator[Hint]:
    if found.long_sentences:
        yield Hint(
            _("Long sentences"),
            _("More people read to the end if you make two sentences of one."),
            tuple(excerpt(sentence, PLACE_LONGEST) for sentence in found.long_sentences),
        )
    if found.lix is not None:
        yield Hint(
            _("Many long words"),
            _(
                "Your text is as hard to read as a law: its readability index (LIX, C.-H. Björnsson 1968) is %(lix)s; "
                "newspapers have about 50. Shorter words reach more people.",
                lix=found.lix,
            ),
            found.long_words,
        )
