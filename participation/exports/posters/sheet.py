"""What stands on a poster: plain words and figures in one language, free of database and typesetter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text with the language that it is really in and the direction of that."""

    text: str
    language: str
    dir: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A pictogram with its name; ``path`` are lines on a grid of 24 × 24."""

    title: Said
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to take part or to learn more: a title, what is large (a number, an address), a sentence, a pictogram.

    ``url`` is what a reading program opens, such as ``mailto:…``; empty for what cannot be opened.
    """

    title: str
    large: str
    url: str
    text: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure with what it counts."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A heading with a few sentences."""

    title: str
    words: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is the same on all posters of an installation in one language; labels are read out instead of pictures."""

    language: str
    dir: str
    operator: str
    product: str
    ways: tuple[Way, ...]
    logo_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One poster.

    ``headline`` is set as large as it fits, below ``label`` and ``kicker``. ``strip`` is the sentence below it, such as
    until when one can take part.
    ``target`` is where the QR code leads and ``address`` what people type who have no camera.
    """

    frame: Frame
    title: str
    label: str
    kicker: Said
    headline: Said
    lead: Said
    strip: str
    target: str
    address: str
    target_title: str
    target_text: str
    code_label: str
    ways_title: str
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    signs_title: str
    signs: tuple[Sign, ...]
    foot: Said
