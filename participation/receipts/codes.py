"""Codes of receipts: random, readable over the phone, and with four check characters that notice typing mistakes."""

import hashlib
import hmac
import re
import secrets
import unicodedata

# Crockford's base 32: no I, L, O and U, so nothing is read as something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 16
CHECK_CHARACTERS = 4
LENGTH = RANDOM_CHARACTERS + CHECK_CHARACTERS
GROUP = 4
# Longer input is no code, whatever stands between its characters.
LONGEST_INPUT = 80

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MISREAD = str.maketrans("ILOU", "110V")
_SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212_.,:;/-]+")
# x^5 + x^2 + 1 makes the 32 characters a field; its powers of 2 run through all values but zero.
_FIELD = 0b100101


def new_code() -> str:
    """Return a new code of 80 random bits in five groups of four characters, such as ``7K3M-9QXA-2B4C-8DYW-5E6F``."""
    return code_of(secrets.randbits(5 * RANDOM_CHARACTERS))


def code_of(number: int) -> str:
    """Return the code that holds ``number``, of at most 80 bits."""
    values = [number >> 5 * place & 31 for place in reversed(range(RANDOM_CHARACTERS))]
    return grouped("".join(ALPHABET[value] for value in values + _check_values(values)))


def keyed_code(secret: str, words: str) -> str:
    """Return the code that ``words`` have under ``secret``: always the same, so that only its hash has to be kept."""
    digest = hmac.new(secret.encode(), words.encode(), hashlib.sha256).digest()
    return code_of(int.from_bytes(digest[: 5 * RANDOM_CHARACTERS // 8]))


def hash_code(code: str) -> bytes:
    """Return the hash under which a code is kept."""
    return hashlib.sha256(code.encode()).digest()


def parse_code(typed: str) -> str | None:
    """Return the code that somebody typed, in its one spelling; ``None`` when it cannot be one.

    Small letters, other separators and none, O for 0, I and L for 1, U for V are understood. Up to four wrong
    characters, and neighbours that changed places, are always noticed.
    """
    if len(typed) > LONGEST_INPUT:
        return None
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_MISREAD)
    values = [_VALUES.get(character) for character in plain]
    known = [value for value in values if value is not None]
    if len(values) != LENGTH or len(known) != LENGTH:
        return None
    if _check_values(known[:RANDOM_CHARACTERS]) != known[RANDOM_CHARACTERS:]:
        return None
    return grouped(plain)


def grouped(characters: str) -> str:
    """Return ``characters`` in groups of four with dashes between them."""
    return "-".join(characters[start : start + GROUP] for start in range(0, len(characters), GROUP))


def _check_values(values: list[int]) -> list[int]:
    """Return the remainder of the values as a polynomial over the field, divided by the generator.

    A Reed-Solomon code (Reed and Solomon, 1960): any two codes differ in at least five places.
    """
    remainder = [0] * CHECK_CHARACTERS
    for value in values:
        factor = value ^ remainder[0]
        remainder = [
            digit ^ _times(factor, coefficient)
            for digit, coefficient in zip([*remainder[1:], 0], _GENERATOR, strict=True)
        ]
    return remainder


def _times(left: int, right: int) -> int:
    """Return the product of two values of the field."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0b100000:
            left ^= _FIELD
        right >>= 1
    return product


def _generator() -> list[int]:
    """Return the product of (x - 2^k) for k from 1 to 4, without its leading 1."""
    polynomial = [1]
    root = 1
    for _ in range(CHECK_CHARACTERS):
        root = _times(root, 2)
        shifted = [*polynomial, 0]
        polynomial = [high ^ _times(low, root) for high, low in zip(shifted, [0, *polynomial], strict=True)]
    return polynomial[1:]


_GENERATOR = _generator()
