"""German texts of realistic length, made from a word list; the same seed gives the same text."""

from random import Random

SUBJECTS = (
    "Die Stadtbibliothek", "Das Bürgerbüro", "Der Stadtbezirk", "Jede Grundschule", "Die Verwaltung", "Das Rathaus",
    "Der Nahverkehr", "Ein offener Treffpunkt", "Das Seniorenbüro", "Die Volkshochschule", "Der Sportverein",
    "Das Jugendzentrum", "Die Stadtwerke", "Ein gemeinsames Portal", "Die Wohnungsgesellschaft", "Das Tiefbauamt",
)  # fmt: skip
VERBS = (
    "braucht", "sollte anbieten:", "könnte bereitstellen:", "vermisst bisher", "wünscht sich", "veröffentlicht künftig",
    "erprobt", "erklärt in einfacher Sprache", "pflegt gemeinsam mit Ehrenamtlichen", "verknüpft",
)  # fmt: skip
OBJECTS = (
    "verlässliche Öffnungszeiten im Netz", "Sprechstunden für digitale Fragen", "offene Daten zum Radverkehr",
    "eine Terminvergabe ohne Anmeldung", "Lernangebote für ältere Menschen", "freies WLAN an Haltestellen",
    "barrierefreie Formulare", "eine Karte mit allen Trinkbrunnen", "gebrauchte Rechner für Familien",
    "mehrsprachige Auskünfte", "einen Rückrufdienst am Abend", "Werkstätten zum Reparieren von Geräten",
    "Beteiligung bei der Quartiersplanung", "Hinweise auf gesperrte Wege", "sichere Abstellplätze mit Sensoren",
    "eine Übersicht aller Förderungen", "Anträge, die nur einmal ausgefüllt werden",
)  # fmt: skip
ENDINGS = (
    "damit niemand zweimal kommen muss", "weil viele kein eigenes Gerät haben", "und zwar in jedem Stadtteil",
    "ohne dass dafür ein Konto nötig ist", "so wie es Nachbarstädte schon tun", "auch für Menschen mit wenig Deutsch",
    "denn Papier bleibt als Weg erhalten", "mit einer Ansprechperson vor Ort", "wenn die Daten dabei geschützt bleiben",
    "bevor neue Technik angeschafft wird", "nach einer Probezeit von einem halben Jahr", "gemeinsam mit den Vereinen",
)  # fmt: skip
THINGS = (
    "Lesepunkt", "Digitallotsen", "Radkarte", "Reparaturtreff", "Terminbuchung", "Stadtportal", "Meldestelle",
    "Quartiersbrett", "Lernwerkstatt", "Sprechstunde", "Datenschaufenster", "Bürgerkonto", "Nachbarschaftshilfe",
)  # fmt: skip
PLACES = (
    "im Norden", "am Hafen", "in der Innenstadt", "für alle Stadtteile", "an jeder Schule", "im Rathaus", "am Bahnhof",
    "in den Vororten", "rund um den See", "für Familien", "für Vereine", "ohne Hürden",
)  # fmt: skip
ADDRESS = "https://www.example.org/beispiel"


def title(chance: Random) -> str:
    """Return a title of about 25 to 90 characters."""
    first = f"{chance.choice(THINGS)} {chance.choice(PLACES)}"
    return f"{first}: {chance.choice(OBJECTS)}" if chance.random() < 0.6 else f"{first} {chance.choice(PLACES)}"


def prose(chance: Random, *, typical: int, longest: int) -> str:
    """Return sentences in paragraphs, most texts about ``typical`` characters long, few much longer."""
    wanted = min(int(chance.lognormvariate(0, 0.7) * typical), longest)
    paragraphs, length = [[_sentence(chance)]], 0
    while (length := sum(len(sentence) + 1 for part in paragraphs for sentence in part)) < wanted:
        if len(paragraphs[-1]) >= 4 and chance.random() < 0.6:
            paragraphs.append([])
        paragraphs[-1].append(_sentence(chance))
    if length > 300 and chance.random() < 0.05:
        paragraphs[-1].append(f"Mehr dazu: {ADDRESS}")
    return "\n\n".join(" ".join(part) for part in paragraphs if part)[:longest]


def _sentence(chance: Random) -> str:
    sentence = f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)}"
    return f"{sentence}, {chance.choice(ENDINGS)}." if chance.random() < 0.6 else f"{sentence}."
