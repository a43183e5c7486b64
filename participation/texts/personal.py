"""Hints at what a text may give away about people: numbers, addresses and names, found by their form alone.

Nothing here decides anything: it only points somebody who is about to publish at places worth a second look.
"""

import enum
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOST = 5
"""How many places of a kind are pointed at."""


class Personal(enum.Enum):
    """What a place in a text looks like."""

    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a text, as it stands there."""

    kind: Personal
    text: str


def personal_findings(text: str) -> tuple[Finding, ...]:
    """Return what in ``text`` looks like personal data, by kind and in the order of the text; nothing twice.

    Each place counts once, as the first kind in the order of ``Personal`` that it fits.
    """
    plain = _with_plain_digits(text)
    taken: list[tuple[int, int]] = []
    found: dict[Finding, None] = {}
    for kind in Personal:
        places = list(_places(kind, plain, taken))
        taken += places
        named = dict.fromkeys(Finding(kind, " ".join(text[start:end].split())) for start, end in places)
        found |= dict(list(named.items())[:MOST])
    return tuple(found)


def _with_plain_digits(text: str) -> str:
    """Return ``text`` with the digits of all scripts as 0 to 9, and of the same length."""
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def _places(kind: Personal, text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for pattern in PATTERNS[kind]:
        for match in pattern.finditer(text):
            start, end = match.span("it") if "it" in pattern.groupindex else match.span()
            free = all(end <= other_start or start >= other_end for other_start, other_end in taken)
            if free and CHECKS.get(kind, _always)(text, start, end):
                yield start, end


def _always(_text: str, _start: int, _end: int) -> bool:
    return True


def _is_iban(text: str, start: int, end: int) -> bool:
    """Return whether the check digits are right (ISO 13616: the rearranged number modulo 97 is 1)."""
    compact = text[start:end].replace(" ", "")
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d|\.\d)|\d{4}-\d{2}-\d{2}")
HOTLINES = ("0800", "00800", "0180", "0900", "0137")
SHORTEST_NUMBER, LONGEST_NUMBER = 7, 15


def _is_phone(text: str, start: int, end: int) -> bool:
    number = text[start:end]
    digits = "".join(char for char in number if char.isdigit())
    announced = not number.startswith(("0", "+", "("))
    if DATE.match(number) or digits.startswith(HOTLINES):
        return False
    return (5 if announced else SHORTEST_NUMBER) <= len(digits) <= LONGEST_NUMBER


def _is_plate(text: str, start: int, end: int) -> bool:
    return text[start:end].replace("-", " ").split()[0] not in NO_DISTRICT


def _is_address(text: str, start: int, end: int) -> bool:
    place = text[start:end]
    return not (PUBLIC_WAY.match(place) or UNIT.match(text, end) or NO_STREET.match(place))


def _is_name(text: str, start: int, end: int) -> bool:
    words = text[start:end].split()
    return not any(OFFICE.search(word) for word in words)


# Words before "Straße 3" that begin a sentence rather than a name.
NO_STREET = re.compile(
    r"(?:d(?:er|ie|as|en|em|es)|k?eine?[nr]?|diese[rn]?|jede[rn]?|unsere[rn]?|meine[rn]?|erste[rn]?|zweite[rn]?|dritter|"
    r"letzter|andere[rn]?|guter|bester|mehrere|viele|welche[rn]?|pro|auf|zu[rm]?|von|bei|mit|für|ohne|und|oder|in|im|an|am|"
    r"als|nur|the) ",
    re.IGNORECASE,
)
# Ways and places that carry numbers of another sort.
PUBLIC_WAY = re.compile(
    r"(?:Bundes|Landes?|Kreis|Einbahn|Fahrrad|Spiel|Durchgangs|Schnell|Wasser|Daten)-?(?:straße|strasse|str\.)"
    r"|(?:Arbeits|Sitz|Stell|Spiel|Park|Sport|Lager|Bau|Steh|Start|Studien|Ausbildungs|Kita|Betreuungs|Schlaf|Lern|"
    r"Tabellen|Bolz|Rast|Fußball|Liege|Therapie|Pflege|Praktikums|Lade|Abstell|Übungs|Fahrrad)platz"
    r"|(?:Rad|Fuß|Geh|Schul|Feld|Wald|Wander|Heim|Hin|Rück|Um|Anfahrts|Arbeits|Verkehrs|Bürger|Lehr|Mittel|Aus|Holz)weg"
    r"|(?:Auto|Ge|Boxen|Frühjahrs)ring",
)
UNIT = re.compile(
    r"\s*(?:%|€|Euro|Prozent|Minuten?|Stunden?|Tagen?|Wochen?|Monaten?|Jahren?|Meter|Kilometer|k?m\b|Uhr|Mal\b|mal\b|"
    r"Millionen|Mio|Personen|Menschen|Kinder|Leute|Plätze|Bäume|Bänke|Autos|Räder|Haltestellen|Grad|[-–/]\s*\d+\s*m\b)"
)
NO_DISTRICT = frozenset(
    {"BAB", "DIN", "ISO", "EU", "EN", "IP", "US", "UN", "USB", "CO", "PM", "WC", "TV", "PC", "KI", "ID"}
)
OFFICE = re.compile(
    r"(?:meister|minister|präsident|direktor|kanzler|sekretär|dezernent|vorsitzende|lehrer|nachbar|doktor|professor|"
    r"beauftragte|abgeordnete|rätin|rat|leiter|pfarrer)(?:in|r|n)?$"
    r"|^(?:President|Mayor|Minister|Chancellor|Chair|Speaker|Secretary|Le|La|Les|Presidente|Alcalde|"
    r"رئيس|الرئيس|العمدة|عمدة|الوزير|وزير|المدير|مدير|президент|мер|міністр|министр)$",
    re.IGNORECASE,
)

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚА-ЯЁІЇЄҐΑ-ΩΆΈ-Ώ"
NAME = rf"[{UPPER}][\w’'-]{{1,40}}"
HOUSE = r"\d{1,4}(?:\s?[a-z](?![\w]))?(?![\w.,:/-]*\d)(?!\w)"
STREET = r"(?:[Ss]traße|[Ss]trasse|[Ss]tr\.)"

PATTERNS: dict[Personal, tuple[re.Pattern[str], ...]] = {
    Personal.IBAN: (re.compile(r"(?<![\w])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"),),
    Personal.EMAIL: (
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
        re.compile(
            r"(?<![\w.+-])[\w.+-]{1,64} ?[(\[](?:at|ät|a)[)\]] ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.IGNORECASE
        ),
    ),
    Personal.PHONE: (
        re.compile(r"(?<![\w.,:/+-])(?:\+|00)[1-9](?:[\s()/.-]{0,3}\d){6,14}(?![\d%€])"),
        re.compile(r"(?<![\w.,:/+-])\(?0[1-9]\d{0,4}\)?(?:[\s/.–-]{0,3}\d){5,11}(?![\d%€:])"),
        re.compile(
            r"(?:\b(?:tel|telefon|telephone|handy|mobil|mobile|phone|fon|whatsapp|gsm|móvil|cellulare)|тел|телефон|هاتف|جوال)"
            r"[\s.:]{1,4}(?P<it>\+?\d(?:[\s()/-]{0,3}\d){4,14})(?!\d)",
            re.IGNORECASE,
        ),
    ),
    Personal.PLATE: (
        re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?(?![\w-])"),
        re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3} [A-Z]{1,2} ?\d{2,4}[EH]?(?![\w-])"),
    ),
    Personal.ADDRESS: (
        # German and Dutch: the street in one word or two, then the number of the house.
        re.compile(rf"(?<![\w-])[{UPPER}][\w-]{{2,40}}?(?:{STREET}|allee|gasse|chaussee|weg|platz|ring)\s{HOUSE}"),
        re.compile(rf"(?<![\w-]){NAME}[ -](?:{STREET}|Allee|Gasse|Chaussee)\s{HOUSE}"),
        re.compile(rf"(?<![\w-])[{UPPER}][\w-]{{1,40}}er (?:Platz|Weg|Ring|Damm|Ufer)\s{HOUSE}"),
        re.compile(rf"(?<![\w-])[{UPPER}][\w-]{{1,40}}(?:straat|laan|plein|gracht|kade)\s{HOUSE}"),
        # English and French: the number first.
        re.compile(
            rf"(?<![\w.,:/-])\d{{1,4}}[a-z]?,? (?:{NAME} ){{1,2}}"
            r"(?:Street|Road|Avenue|Lane|Drive|Crescent|Terrace|Close)\b"
        ),
        re.compile(
            rf"(?<![\w.,:/-])\d{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|chemin|allée|impasse) "
            rf"(?:de la |de |du |des |d’|d'|la |le |les )?{NAME}"
        ),
        re.compile(
            rf"(?<!\w)(?:[Cc]alle|[Vv]ia|[Vv]iale|[Cc]orso|[Aa]venida|[Pp]aseo|[Rr]ua|[Uu]l\.|[Ss]tr\.|[Ss]trada) "
            rf"(?:de la |de |del |della |di |da |do )?{NAME}(?: {NAME})?,? (?:n\.º? ?|nr\. ?)?{HOUSE}"
        ),
        re.compile(
            rf"(?<!\w){NAME} (?:Sokak|Sokağı|Sok\.|Caddesi|Cad\.|Bulvarı|Mahallesi)[ ,]{{1,2}}(?:No ?[:.]? ?)?{HOUSE}"
        ),
        re.compile(
            rf"(?<!\w)(?:вул\.|вулиц[яіею]|ул\.|улиц[аеы]|просп\.|проспекті?|бул\.) {NAME},? "
            rf"(?:буд\. ?|д\. ?)?{HOUSE}"
        ),
        re.compile(r"(?<!\w)شارع \w{2,30}(?: \w{2,30})?،? (?:رقم |منزل )?\d{1,4}(?!\w)"),
        # A postal code with its place, where a sum could not stand.
        re.compile(
            rf"(?:(?<=, )|(?<=\bin )|(?<=\n)|(?<=\A))(?:D-)?\d{{3}}(?!00)\d{{2}} (?!Euro\b){NAME}(?=\s*(?:[,.;)\n]|\Z))"
        ),
        re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)"),
    ),
    Personal.NAME: (
        re.compile(
            r"(?<!\w)(?:Frau|Herrn?|Fr\.|Hr\.|Familie|Fam\.|Dr\.|Prof\.)"
            rf"(?: (?:Dr\.|Prof\.|von|van|de|zu)){{0,3}} {NAME}"
        ),
        re.compile(rf"(?<!\w)(?:Mr|Mrs|Ms|Mx)\.? (?:Dr\.? )?{NAME}(?: {NAME})?"),
        re.compile(
            rf"(?<!\w)(?:Mme|Mlle|Monsieur|Madame|Sr\.|Sra\.|Señora?|Doña|Sig\.|Sig\.ra|Signora?) {NAME}(?: {NAME})?"
        ),
        re.compile(rf"(?<!\w)(?:Pan|Pani|Panem|Panią|Domnul|Doamna|Gospodin|Gospođa) {NAME}"),
        re.compile(rf"(?<!\w){NAME} (?:Bey|Hanım)(?!\w)"),
        re.compile(rf"(?<!\w)(?:[Пп]ані?|[Пп]ана|[Гг]-н|[Гг]-жа|[Гг]осподин|[Гг]оспожа) {NAME}"),
        re.compile(r"(?<!\w)(?:السيد|السيدة|الأستاذ|الأستاذة|الدكتور|الدكتورة) (?!ات|و)\w{2,30}"),
    ),
}
CHECKS: dict[Personal, Callable[[str, int, int], bool]] = {
    Personal.IBAN: _is_iban,
    Personal.PHONE: _is_phone,
    Personal.PLATE: _is_plate,
    Personal.ADDRESS: _is_address,
    Personal.NAME: _is_name,
}
