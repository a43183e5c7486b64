"""Hints at personal data: a table of what is found in many languages, and of what must be left alone."""

import time

import pytest

from participation.texts.personal import MOST, Finding, Personal, personal_findings

# Numbers and addresses are made up, or reserved for examples.
FOUND = {
    "an address of mail": ("Schreiben Sie an anna.muster@example.org bitte", Personal.EMAIL, "anna.muster@example.org"),
    "one that hides": ("anna.muster (at) example.org", Personal.EMAIL, "anna.muster (at) example.org"),
    "one with a plus": ("x+y@mail.example.org.", Personal.EMAIL, "x+y@mail.example.org"),
    "a German number": ("Anruf unter 0231 1234567 genügt.", Personal.PHONE, "0231 1234567"),
    "with a slash": ("Tel. 0231/12 34-567", Personal.PHONE, "0231/12 34-567"),
    "a mobile": ("0151 23456789", Personal.PHONE, "0151 23456789"),
    "in brackets": ("(0231) 123 45 67", Personal.PHONE, "(0231) 123 45 67"),
    "from abroad": ("call +44 20 7946 0018 now", Personal.PHONE, "+44 20 7946 0018"),
    "with two zeros": ("0049 231 1234567", Personal.PHONE, "0049 231 1234567"),
    "announced and short": ("Telefon: 12 34 56", Personal.PHONE, "12 34 56"),
    "French": ("Appelez le 06 12 34 56 78 !", Personal.PHONE, "06 12 34 56 78"),
    "French with dots": ("06.12.34.56.78", Personal.PHONE, "06.12.34.56.78"),
    "Turkish": ("Telefonum 0532 123 45 67", Personal.PHONE, "0532 123 45 67"),
    "Ukrainian": ("тел. 067 123 45 67", Personal.PHONE, "067 123 45 67"),
    "Arabic digits": ("هاتف ٠١٥١ ٢٣٤٥٦٧٨٩", Personal.PHONE, "٠١٥١ ٢٣٤٥٦٧٨٩"),
    "a German street": ("bei mir, Musterstraße 12a, ist es", Personal.ADDRESS, "Musterstraße 12a"),
    "shortened": ("Musterstr. 7", Personal.ADDRESS, "Musterstr. 7"),
    "in two words": ("Lange Straße 112 im Hof", Personal.ADDRESS, "Lange Straße 112"),
    "with hyphens": ("Anna-Muster-Straße 3", Personal.ADDRESS, "Anna-Muster-Straße 3"),
    "a way": ("Lindenweg 4", Personal.ADDRESS, "Lindenweg 4"),
    "an alley": ("Kastanienallee 81", Personal.ADDRESS, "Kastanienallee 81"),
    "a place with a house": ("Kölner Platz 9", Personal.ADDRESS, "Kölner Platz 9"),
    "English": ("I live at 12 Sample Street and", Personal.ADDRESS, "12 Sample Street"),
    "French street": ("12 rue de la Paix", Personal.ADDRESS, "12 rue de la Paix"),
    "Spanish street": ("calle Mayor 15", Personal.ADDRESS, "calle Mayor 15"),
    "Italian street": ("via Garibaldi 3", Personal.ADDRESS, "via Garibaldi 3"),
    "Dutch street": ("Kerkstraat 21", Personal.ADDRESS, "Kerkstraat 21"),
    "Polish street": ("ul. Długa 8", Personal.ADDRESS, "ul. Długa 8"),
    "Turkish street": ("Çiçek Sokak No: 5", Personal.ADDRESS, "Çiçek Sokak No: 5"),
    "Ukrainian street": ("вул. Соборна, 12", Personal.ADDRESS, "вул. Соборна, 12"),
    "Arabic street": ("شارع السلام ١٢", Personal.ADDRESS, "شارع السلام ١٢"),
    "postal code and place": ("Ich wohne in 12345 Musterstadt.", Personal.ADDRESS, "12345 Musterstadt"),
    "British postcode": ("near SW1A 1AA", Personal.ADDRESS, "SW1A 1AA"),
    "a woman": ("Frau Muster aus dem Amt", Personal.NAME, "Frau Muster"),
    "a man": ("mit Herrn Dr. Muster reden", Personal.NAME, "Herrn Dr. Muster"),
    "a doctor": ("zu Dr. Muster", Personal.NAME, "Dr. Muster"),
    "a family": ("Familie von Muster", Personal.NAME, "Familie von Muster"),
    "English name": ("Mrs Sample said", Personal.NAME, "Mrs Sample"),
    "French name": ("Mme Exemple", Personal.NAME, "Mme Exemple"),
    "Turkish name": ("Örnek Bey her gün", Personal.NAME, "Örnek Bey"),
    "Ukrainian name": ("пані Зразок каже", Personal.NAME, "пані Зразок"),
    "Arabic name": ("قال السيد مثال", Personal.NAME, "السيد مثال"),
    "a licence plate": ("der Wagen DO-XY 123 steht", Personal.PLATE, "DO-XY 123"),
    "one for a car with a battery": ("DO XY 12E", Personal.PLATE, "DO XY 12E"),
    "a bank account": ("DE89 3704 0044 0532 0130 00", Personal.IBAN, "DE89 3704 0044 0532 0130 00"),
    "one without spaces": ("GB82WEST12345698765432", Personal.IBAN, "GB82WEST12345698765432"),
}

LEFT_ALONE = (
    "Platz 1 im Wettbewerb, auf Platz 2 die Bibliothek.",
    "Der Platz 1 ist frei, die Straße 3 Meter breit und der Weg 5 Minuten lang.",
    "Die Musterstraße 3 Meter breiter machen",
    "Bis 2030 soll es fertig sein, seit 1998 warten wir, von 2024-2026.",
    "Am 01.02.2026 um 08:30 Uhr, am 1.2.26, am 2026-02-01, von 08:00 bis 18:00 Uhr.",
    "Das kostet 12.500,00 Euro oder 1.250.000 €, 0,50 Euro je Fahrt, 049 Prozent.",
    "§ 123 Abs. 4 BGB und Art. 5 GG, Seite 12, Nr. 7, Paragraf 1004.",
    "Die Bundesstraße 54 und die Landesstraße 609 sind laut, die B 1 auch.",
    "Parkplatz 12, Spielplatz 2 und Sitzplatz 45; Radweg 3 und Schulweg 10 Minuten.",
    "Straßenbahn 43, Linie U 47, Bus 460 und Gleis 7.",
    "In Dortmund leben 610000 Menschen, davon 12345 Kinder und 50000 Euro im Topf.",
    "Es gab 10500 Unterschriften, 44137 Stimmen und 600 Bäume.",
    "Notruf 110 und 112, Behördennummer 115, kostenlos 0800 1234567.",
    "Frauen und Männer, Frau und Mann, Herr und Hund, die Familie und Freunde.",
    "Frau Oberbürgermeisterin, Herr Minister, der Herr Stadtrat und Mr President.",
    "BAB A 562, DIN EN 301 549, ISO 27001, WCAG 2.2, CO2 und 5G, IP 65.",
    "Ein PC mit 16 GB, WLAN nach 802.11, Version 1.2.3 und 3.14159265.",
    "Siehe https://example.org/0231-1234567 im Netz.",
    "@stadt und #ideen, a@b, 5@3 sind keine Adressen.",
    "Il y a 12 rues et 3 avenues; 5 streets, 2 Bus Lanes.",
    "En 2026 la calle es larga, via web e via mail.",
    "نريد ٣ حدائق في عام ٢٠٢٦",
    "вулиця довга, 12 дерев, 2026 рік",
    "",
    " \n ",
)


@pytest.mark.parametrize(("text", "kind", "place"), FOUND.values(), ids=FOUND)
def test_what_is_found(text: str, kind: Personal, place: str) -> None:
    assert personal_findings(text) == (Finding(kind, place),)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_left_alone(text: str) -> None:
    assert personal_findings(text) == ()


def test_each_kind_stands_together_and_each_place_once() -> None:
    text = "Frau Muster, 0231 1234567, Lindenweg 4. Noch einmal: Frau Muster, 0231 1234567; x@example.org"
    assert [finding.kind for finding in personal_findings(text)] == [
        Personal.EMAIL,
        Personal.PHONE,
        Personal.ADDRESS,
        Personal.NAME,
    ]


def test_only_a_few_of_a_kind_are_shown() -> None:
    text = " ".join(f"person{number}@example.org" for number in range(50))
    assert len(personal_findings(text)) == MOST


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "0", "0 ", "A", "A ", "DE89", "Frau ", "@", "a@", "1 rue ", "Aa-", "+1 ", "Xer Weg ", "тел. 0", "\n"],
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (5000 // len(piece))
    start = time.perf_counter()
    personal_findings(text)
    assert time.perf_counter() - start < 0.5
