"""What a text from outside may contain; everything else is refused with a name for the problem."""

import enum
import re
import unicodedata

# Overrides and isolates change the order of text around them; the plain marks LRM/RLM/ALM stay allowed,
# people who write Arabic or Hebrew need them.
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
INVISIBLE = re.compile("[\u200b-\u200f\u061c\u2060\ufeff\u00ad]")

# Three of these stand where moderators took something out (texts.redaction); typed ones become another sign, so that
# nobody can pretend it.
BLOCK = "\u2587"
LOOKALIKE = "\u2588"

# Old programs leave quotation marks, dashes and the euro sign of Windows-1252 where Unicode has controls without
# any use; browsers read them the same way. Old line separators become line ends.
LEFTOVERS = {code: bytes([code]).decode("cp1252", errors="ignore") or chr(code) for code in range(0x80, 0xA0)} | {
    ord(mark): "\n" for mark in "\x0b\x0c\u2028\u2029"
}
LEFTOVERS[ord(BLOCK)] = LOOKALIKE


class TextProblem(enum.Enum):
    """Why a text cannot be taken as it is."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CONTROL_CHARACTERS = "control_characters"
    DIRECTION_OVERRIDES = "direction_overrides"


def normalise(text: str) -> str:
    """Return ``text`` in Unicode NFC, with plain line ends, leftovers of Windows-1252 repaired, trimmed."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(LEFTOVERS)
    return unicodedata.normalize("NFC", plain).strip()


def without_controls(text: str) -> str:
    """Return ``text`` with a visible mark in place of every character that cannot stand in a page."""
    return CONTROLS.sub("\ufffd", text)


def shown_again(text: str | None) -> str | None:
    """Return the value of a field as a form shows it again, whatever was sent; ``None`` where nothing was."""
    return None if text is None else without_controls(text)


def text_problem(text: str, *, shortest: int = 1, longest: int) -> TextProblem | None:
    """Return what is wrong with ``text`` (lengths in characters, both included), or ``None``."""
    if CONTROLS.search(text):
        return TextProblem.CONTROL_CHARACTERS
    if DIRECTION_OVERRIDES.search(text):
        return TextProblem.DIRECTION_OVERRIDES
    visible = INVISIBLE.sub("", text).strip()
    if not visible:
        return TextProblem.EMPTY
    if len(visible) < shortest:
        return TextProblem.TOO_SHORT
    if len(text) > longest:
        return TextProblem.TOO_LONG
    return None
