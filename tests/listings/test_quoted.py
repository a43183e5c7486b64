"""Whole sentences in another language beside quoted words: found where both texts match, and never guessed."""

import pytest

from participation.listings.quoted import paragraphs, sentences_around

GERMAN = "Am 3. Mai z. B. war es voll. Mehr Bänke fehlen!\n\nWer zahlt das? Die Stadt (ganz sicher)."
TURKISH = "3 Mayıs'ta mesela doluydu. Daha fazla bank eksik!\n\nKim ödeyecek? Şehir (kesinlikle)."
ARABIC = "في 3 مايو كان المكان مزدحما. تنقص مقاعد أكثر!\nمن يدفع؟ المدينة (بالتأكيد)."


def place(words: str) -> tuple[int, int]:
    """Return where words stand in the German text."""
    return GERMAN.index(words), GERMAN.index(words) + len(words)


@pytest.mark.parametrize(
    ("words", "wording", "expected"),
    [
        ("Mehr Bänke", TURKISH, "Daha fazla bank eksik!"),
        ("Bänke fehlen!\n\nWer zahlt", TURKISH, "Daha fazla bank eksik! Kim ödeyecek?"),
        ("Wer zahlt das?", ARABIC, "من يدفع؟"),
        ("z. B. war", TURKISH, "3 Mayıs'ta mesela doluydu."),
        # A sentence less, a paragraph less, a sentence that cannot be the same, nothing at all.
        ("Mehr Bänke", "Mayıs'ta doluydu ve bank eksik!\n\nKim ödeyecek? Şehir.", None),
        ("Mehr Bänke", TURKISH.replace("\n\n", " "), None),
        ("Mehr Bänke", TURKISH.replace("Daha fazla bank eksik", "Daha " * 60), None),
        ("Mehr Bänke", "", None),
    ],
)
def test_only_matching_texts_are_laid_side_by_side(words: str, wording: str, expected: str | None) -> None:
    assert sentences_around(GERMAN, *place(words), wording) == expected


def test_sentences_stand_where_they_say() -> None:
    found = [one for some in paragraphs(f"  {GERMAN}  ") for one in some]
    assert [one.text for one in found] == [
        "Am 3. Mai z. B. war es voll.",
        "Mehr Bänke fehlen!",
        "Wer zahlt das?",
        "Die Stadt (ganz sicher).",
    ]
    assert all(f"  {GERMAN}  "[one.start : one.end] == one.text for one in found)
