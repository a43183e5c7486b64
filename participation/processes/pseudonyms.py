"""Names by which people are known in one process when they choose none themselves."""

import secrets

FIRST = (
    "Ahorn", "Anker", "Bernstein", "Birken", "Brücken", "Dünen", "Efeu", "Farn", "Feder", "Flieder", "Ginster", "Hafen",
    "Hafer", "Hasel", "Heide", "Kiesel", "Klee", "Kupfer", "Laternen", "Linden", "Lotsen", "Mohn", "Moos", "Morgen",
    "Nebel", "Pappel", "Quellen", "Regen", "Salbei", "Schiefer", "Segel", "Silber", "Sommer", "Ulmen", "Wiesen",
    "Winter",
)  # fmt: skip
SECOND = (
    "amsel", "biber", "dachs", "dohle", "drossel", "eule", "falke", "fink", "fuchs", "grille", "habicht", "hase",
    "hummel",
    "igel", "iltis", "käfer", "kauz", "kranich", "lerche", "libelle", "luchs", "marder", "meise", "möwe", "otter",
    "rabe",
    "reiher", "schwalbe", "sperling", "specht", "star", "storch", "taube", "wiesel", "zaunkönig", "zeisig",
)  # fmt: skip


def random_pseudonym() -> str:
    """Return a pseudonym such as "Lindenotter 4711"; about 13 million are possible."""
    return f"{secrets.choice(FIRST)}{secrets.choice(SECOND)} {secrets.randbelow(9000) + 1000}"
