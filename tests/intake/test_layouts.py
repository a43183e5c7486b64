"""Exports of other platforms: recognised by their columns, and read as their public code says they are written."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from participation.intake.choices import first_choices, fits
from participation.intake.layouts import CATALOGUE, layout_by_key, layouts, platforms, recognise
from participation.intake.models import IntakeKind
from participation.intake.reasons import Reason
from participation.intake.rows import ImportProblem, Row
from participation.intake.shapes import FIELDS, Shape, ShapedFile, whole_layout
from participation.intake.tables import TableFile
from tests.intake import platform_files as files
from tests.spoken import SPOKEN

Write = Callable[..., Path]


def read(path: Path, layout: str, *, asked: bool = False, waits: bool = False) -> list[dict[str, str]]:
    """Return the rows of a file as our own fields, or what became of them."""
    known = layout_by_key(layout)
    assert known is not None
    file = ShapedFile(TableFile(path), Shape(known.kind, whole_layout(known), known, asked, waits))
    with file.open() as table:
        return [shown(row, table.columns) for row in table.rows]


def shown(row: Row, columns: tuple[str, ...]) -> dict[str, str]:
    if row.problem or row.left_out:
        return {"problem": row.problem or "", "left_out": row.left_out or ""}
    return {name: cell for name, cell in zip(columns, row.cells, strict=True) if cell}


def test_every_layout_says_where_it_was_found_and_fills_known_fields() -> None:
    assert {layout.platform for layout in layouts()} == set(platforms()) == {"decidim", "consul", "adhocracy", "polis"}
    assert len({layout.key for layout in layouts()}) == len(layouts())
    for layout in layouts():
        assert layout.fields.keys() <= set(FIELDS[layout.kind])
        assert re.match(r"[\w-]+/[\w-]+", layout.source)
        assert layout.title.keys() == SPOKEN
    assert "@" not in CATALOGUE.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", [layout.key for layout in layouts()])
def test_each_file_is_taken_for_what_it_is(write: Write, key: str) -> None:
    with TableFile(write(files.FILES[key])).open() as table:
        found = recognise(table.columns)
        assert found is not None
        assert found.key == key
        assert recognise(table.columns, platform=found.platform, kind=found.kind) is found
        others = [kind for kind in IntakeKind if kind is not found.kind]
        assert [recognise(table.columns, kind=kind) for kind in others] == [None, None]
    assert recognise(["id", "title", "text"]) is None


def test_decidim_proposals_keep_number_language_and_address(write: Write) -> None:
    path = write(files.DECIDIM_PROPOSALS)
    first, second, *others = read(path, "decidim-proposals")
    assert first == {
        "title": "Mehr Bänke",
        "text": "Im Park fehlen Bänke.\n\n- am Teich\n- am Spielplatz (https://example.org/spielplatz)\n\nWestpark 1",
        "id": "101",
        "author": "7",
        "created": "2026-03-02 10:11:12 UTC",
        "language": "de",
        "link": "https://decidim.example.org/f/12/proposals/101",
    }
    assert (second["title"], second["text"], second["language"]) == (
        "Free Wi-Fi",
        "Open networks in libraries.\n\n51.51494, 7.46600",
        "en",
    )
    assert [row["left_out"] for row in others] == ["rejected", "withdrawn", "amendment"]
    rejected, withdrawn, amendment = read(path, "decidim-proposals", asked=True)[2:]
    assert ("state" in rejected, withdrawn["state"], "state" in amendment) == (False, "hidden", False)
    assert all("state" not in row for row in read(path, "decidim-proposals", asked=True, waits=True))


def test_decidim_comments_find_their_proposal_from_any_depth(write: Write) -> None:
    rows = read(write(files.DECIDIM_COMMENTS), "decidim-comments")
    keys = [(row.get("id"), row.get("idea"), row.get("parent"), row.get("stance")) for row in rows[:2]]
    assert keys == [("1", "101", None, "1"), ("2", "101", "1", "0")]
    assert rows[2] == {"problem": "", "left_out": "elsewhere"}


def test_consul_tells_proposals_from_debates(write: Write) -> None:
    proposals = read(write(files.CONSUL_PROPOSALS), "consul-proposals")
    assert proposals[0]["id"] == "proposal-7"
    assert proposals[0]["text"] == "Calles limpias.\n\nCada día."
    assert [row.get("left_out") for row in proposals[1:]] == ["hidden", "withdrawn"]
    assert [row["id"] for row in read(write(files.CONSUL_DEBATES), "consul-debates")] == ["debate-7"]
    comments = read(write(files.CONSUL_COMMENTS), "consul-comments")
    assert [(row["idea"], row.get("parent"), row["helpful"]) for row in comments[:3]] == [
        ("proposal-7", None, "3"),
        ("debate-7", None, "0"),
        ("proposal-7", "31", "0"),
    ]
    assert [row["left_out"] for row in comments[3:]] == ["elsewhere", "hidden"]


def test_adhocracy_is_read_in_german_and_english(write: Write) -> None:
    german, rejected = read(write(files.ADHOCRACY_IDEAS), "adhocracy-ideas")
    assert (german["id"], german["title"], german["author"]) == ("2026-00012", "Radweg", "igel")
    assert rejected["left_out"] == "rejected"
    english = files.ADHOCRACY_IDEAS.replace("Referenznummer", "Reference No.").replace("Titel", "Title")
    english = (
        english.replace("Beschreibung", "Description").replace("Urheber", "Creator").replace("Erstellt", "Created")
    )
    assert read(write(english), "adhocracy-ideas")[0] == german
    comments = read(write(files.ADHOCRACY_COMMENTS), "adhocracy-comments")
    assert [(row["id"], row["idea"], row.get("parent")) for row in comments] == [
        ("5", "2026-00012", None),
        ("6", "2026-00012", "5"),
    ]


def test_polis_timestamps_are_seconds_or_milliseconds_and_votes_stand_across(write: Write) -> None:
    statements = read(write(files.POLIS_COMMENTS), "polis-comments")
    assert [row.get("created") for row in statements[:2]] == [
        "2022-04-27T14:51:34.558000+00:00",
        "2022-04-27T14:51:34+00:00",
    ]
    assert statements[2]["left_out"] == "hidden"
    assert "“soon” is not a number" in statements[3]["problem"]
    assert [row["vote"] for row in read(write(files.POLIS_VOTES), "polis-votes")] == ["1", "-1", "0"]
    across = read(write(files.POLIS_ACROSS), "polis-participants-votes")
    assert [(row["voter"], row["idea"], row["vote"]) for row in across] == [
        ("0", "0", "1"),
        ("0", "1", "-1"),
        ("4", "1", "0"),
    ]


def test_columns_of_ones_own_are_guessed_and_missing_ones_named(write: Write) -> None:
    columns = ["Nr", "Titel", "Beschreibung", "Datum", "Datum"]
    assert first_choices(None, columns, IntakeKind.IDEAS).columns == {
        "title": ["Titel"],
        "text": ["Beschreibung"],
        "id": ["Nr"],
    }
    assert fits({"title": ["Titel"]}, "", columns)
    assert not fits({"title": ["Betreff"]}, "", columns)
    assert not fits({}, "decidim-proposals", columns)
    file = ShapedFile(TableFile(write("a;b\n1;2\n")), Shape(IntakeKind.IDEAS, {"title": ["c"]}))
    with pytest.raises(ImportProblem, match="there is no column “c”; the columns are “a”, “b”"):
        file.columns()


def test_a_file_has_no_more_rows_than_allowed(write: Write) -> None:
    file = ShapedFile(TableFile(write("title\na\nb\nc\n")), Shape(IntakeKind.IDEAS, {"title": ["title"]}), most_rows=2)
    with file.open() as table:
        rows = iter(table.rows)
        assert [next(rows).cells, next(rows).cells] == [("a",), ("b",)]
        with pytest.raises(ImportProblem, match=r"table\.csv has more than 2 rows"):
            next(rows)


def test_reasons_are_english_sentences_that_can_be_said_anew() -> None:
    inner = Reason("district")
    reason = Reason("unknown %(kind)s “%(name)s”", kind=inner, name="100 % <b>")
    assert (str(reason), Counter([reason])[reason]) == ("unknown district “100 % <b>”", 1)
    stored = reason.stored()
    assert stored["values"]["kind"] == {"wording": "district", "values": {}}
