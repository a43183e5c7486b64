"""The language of a text, found out locally."""

import pytest

from participation.texts import detect_language

SENTENCES = [
    ("de", "Am Bahnhof fehlt ein Ort, an dem man sein Rad sicher abstellen kann."),
    ("de", "Die Bücherei sollte auch sonntags geöffnet sein."),
    ("en", "There should be drinking water in every park of the city."),
    ("en", "My grandmother cannot read the small letters on this website."),
    ("tr", "Mahallemizde çocuklar için daha fazla oyun alanı istiyoruz."),
    ("tr", "Belediyenin formları çok karmaşık, daha basit olmalı."),
    ("ar", "نريد أن تكون المعلومات متاحة بلغات أخرى أيضا"),
    ("ar", "يجب أن يكون هناك إنترنت مجاني في المكتبات"),
    ("uk", "Було б добре мати безкоштовні курси для людей похилого віку."),
    ("uk", "Діти повинні навчатися програмуванню ще в початковій школі."),
    ("pl", "Chciałabym załatwić sprawy w urzędzie przez internet."),
    ("pl", "Na przystankach powinny być tablice z godzinami odjazdów."),
    ("fr", "Il faudrait plus de bancs à l'ombre dans le quartier."),
    ("fr", "Les enfants apprennent mieux quand ils peuvent essayer."),
    ("es", "Quiero poder pedir una cita sin llamar por teléfono."),
    ("es", "Hace falta más ayuda para quienes no usan ordenadores."),
]


@pytest.mark.parametrize(("language", "sentence"), SENTENCES)
def test_short_sentences(language: str, sentence: str) -> None:
    assert detect_language(sentence, default="nl") == language


@pytest.mark.parametrize("text", ["", "Ja!", "👍👍👍", "12345"])
def test_too_short_to_tell(text: str) -> None:
    assert detect_language(text, default="nl") == "nl"
