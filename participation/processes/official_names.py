"""Names that nobody may choose, because readers would take them for the city, its administration or the moderation."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters of other alphabets that look like Latin ones. Alphabets are only mixed to deceive, but a whole word in
# another one is compared with the words of that alphabet below, which have passed through the same table.
_LOOKALIKES = str.maketrans(
    {
        **dict(zip("авеікмнорстухѕјԁһԛԝғьгпи", "abeikmhopctyxsjdhqwfbrnu", strict=True)),
        **dict(zip("αβεηικμνορτυχωγ", "abenikuvoptuxwy", strict=True)),
        **dict(zip("ıłøđħŋſƒɑɡɩʟɴʀᴀᴄᴅᴇᴋᴍᴏᴘᴛᴜᴠᴡᴢ", "ilodhnsfagilnracdekmoptuvwz", strict=True)),
        **dict(zip("اأإآٱىئیکةؤ", "ااااايييكهو", strict=True)),
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ـ": "",
    }
)
# Some letters look like others only as capitals.
_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
_FIGURES = str.maketrans("013456789@$€!|+", "oleasbtgqaseilt")
# One stroke looks like another: capital i, small L, the figure one.
_STROKES = str.maketrans({"i": "l", "j": "l", "1": "l", "|": "l", "!": "l"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("ph", "f"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))

# Wherever these stand in a name, it claims an office: German, English, Arabic, Turkish, Ukrainian, Russian.
ANYWHERE = (
    "Moderation", "Moderator", "Moderierend", "Mod-Team", "Stadtverwaltung", "Verwaltung", "Administration",
    "Administrator", "Bürgermeister", "Stadtrat", "Rathaus", "Beteiligungsteam", "moderating", "city council",
    "city hall", "municipality", "city administration", "city office", "mayor of", "official account",
    "الإشراف", "المشرف", "مشرف", "الإدارة", "إدارة المدينة", "البلدية", "بلدية",
    "moderatör", "belediye", "yönetim", "модерац", "модератор", "адміністра", "администра", "міська рада", "мэрия",
)  # fmt: skip
# A name made of nothing but these and names of the city claims one as well.
TOGETHER = (
    "Stadt", "Team", "Admin", "Mod", "Amt", "Behörde", "offiziell", "offizielle", "Redaktion", "Support", "Hilfe",
    "Beteiligung", "Kommune", "Gemeinde", "die", "der", "das", "von", "für", "Ihr", "Ihre", "city", "town", "staff",
    "official", "office", "the", "of", "your", "help", "service", "system", "participation", "council", "mayor",
    "مدينة", "المدينة", "فريق", "رسمي", "مدير", "şehir", "resmi", "місто", "город", "команда", "офіційно",
)  # fmt: skip
_NOT_SHOWN = re.compile(r"[\W_]+")
_MARKS = {"Mn", "Me", "Cf"}


def looks_official(name: str, own_names: Iterable[str]) -> bool:
    """Return whether readers could take ``name`` for an official voice; ``own_names`` are those of city and operator.

    Case, spaces, invisible characters, accents, emoji and letters or figures that look alike make no difference.
    """
    own = tuple(sorted({folded for own_name in own_names if (folded := fold_name(own_name))}, key=len, reverse=True))
    forms = {fold_name(name), fold_name(name.casefold().translate(_FIGURES)), fold_name(re.sub(r"\d+", "", name))}
    return any(_claims(form, own) for form in forms)


def fold_name(name: str) -> str:
    """Return what is left of a name for the eye: letters alone, those that look alike made the same."""
    composed = unicodedata.normalize("NFKC", name).translate(_CAPITALS)
    decomposed = unicodedata.normalize("NFKD", composed.casefold())
    plain = "".join(letter for letter in decomposed if unicodedata.category(letter) not in _MARKS)
    letters = _NOT_SHOWN.sub("", plain.translate(_LOOKALIKES)).translate(_STROKES)
    for pair, single in _PAIRS:
        letters = letters.replace(pair, single)
    return letters


def _claims(form: str, own: tuple[str, ...]) -> bool:
    anywhere, together = _word_lists()
    compound = tuple(f"{office}{name}" for name in own for office in map(fold_name, ("Stadt", "City of", "City")))
    if any(word in form for word in (*anywhere, *compound)):
        return True
    # Names of the city alone are many people's pride in it: only with nothing of one's own beside them do they claim.
    rest = form
    for word in (*own, *together):
        rest = rest.replace(word, " ")
    return bool(form) and not rest.replace("l", "").replace("o", "").strip() and rest != form


@lru_cache(maxsize=1)
def _word_lists() -> tuple[tuple[str, ...], tuple[str, ...]]:
    together = sorted(map(fold_name, TOGETHER), key=len, reverse=True)
    return tuple(map(fold_name, ANYWHERE)), tuple(together)
