"""What an export has read comes back as it was, whatever people wrote; and is never mistaken for something else."""

import json
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from participation.exports.coding import Uncodable, Undecodable, decode, encode, shape
from participation.exports.council.document import Council
from participation.exports.document import StrategyInput, Texts
from participation.exports.options import Options, read_options
from participation.exports.spool import NOTE, NoReading, open_reading, streams, write_reading
from tests.exports import writer_samples

MOMENT = datetime(2026, 5, 1, 8, tzinfo=UTC)
DOCUMENTS = {
    "small": writer_samples.small(),
    "nasty": writer_samples.nasty(),
    "unwritable": writer_samples.nasty((writer_samples.UNWRITABLE, "\ud83d", "")),
}


def nobody(_rows: int) -> None:
    """Hear how far it is, and do nothing."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    document, heard = DOCUMENTS[name], list[int]()
    folder = tmp_path / "all.reading"
    written = write_reading(document, folder, read_at=MOMENT, losses=3, progress=heard.append)
    opened = open_reading(folder)
    assert (opened, opened.losses, [path.name for path in tmp_path.iterdir()]) == (written, 3, [folder.name])
    kept = opened.document()
    for one in fields(StrategyInput):
        before, after = getattr(document, one.name), getattr(kept, one.name)
        if one.name in streams():
            assert list(after()) == list(after()) == list(before())
        elif one.name != "counts":
            assert after == before
    assert kept.counts == {name: len(list(getattr(document, name)())) for name in streams()}
    assert heard == [sum(kept.counts.values())]
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}


def test_memory_holds_one_row_at_a_time(tmp_path: Path) -> None:
    heard = list[int]()
    reading = write_reading(
        writer_samples.streaming(1200), tmp_path / "all", read_at=MOMENT, losses=0, progress=heard.append
    )
    ideas = iter(reading.document().ideas())
    assert (next(ideas).id, next(ideas).id, heard) == ("0", "1", [500, 1000, 1200])


def test_stopped_in_the_middle_it_leaves_nothing(tmp_path: Path) -> None:
    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_reading(writer_samples.small(), tmp_path / "all", read_at=MOMENT, losses=0, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_whoever_comes_second_takes_what_the_first_has_read(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    first = write_reading(DOCUMENTS["small"], folder, read_at=MOMENT, losses=0, progress=nobody)
    second = write_reading(DOCUMENTS["nasty"], folder, read_at=MOMENT, losses=1, progress=nobody)
    assert second == first
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("spoiled", ["gone", "no note", "half a note", "other fields", "a row less", "a part less"])
def test_what_is_not_whole_is_no_reading(tmp_path: Path, spoiled: str) -> None:
    folder = tmp_path / "all"
    write_reading(DOCUMENTS["small"], folder, read_at=MOMENT, losses=0, progress=nobody)
    note, ideas = folder / NOTE, folder / "ideas.jsonl"
    if spoiled == "gone":
        folder = tmp_path / "nothing"
    elif spoiled == "no note":
        note.unlink()
    elif spoiled == "half a note":
        note.write_bytes(note.read_bytes()[:100])
    elif spoiled == "other fields":
        note.write_text(json.dumps({**json.loads(note.read_text(encoding="utf-8")), "shape": "0"}), encoding="utf-8")
    elif spoiled == "a row less":
        ideas.write_bytes(b"".join(ideas.read_bytes().splitlines(keepends=True)[:-1]))
    else:
        ideas.unlink()
    with pytest.raises(NoReading):
        open_reading(folder)


@dataclass(frozen=True)
class Inner:
    """A row inside a row."""

    text: str = ""
    maybe: date | None = None


@dataclass(frozen=True)
class Everything:
    """A field of each type that rows have."""

    text: str
    moment: datetime
    maybe: date | None = None
    share: float = 0.5
    kind: Literal["", "few"] = ""
    texts: Texts = field(default_factory=dict)
    parts: tuple[Inner, ...] = ()
    names: tuple[str, ...] = ()


def test_every_type_of_field_comes_back() -> None:
    inner = Inner("\ud83d\0", date(2026, 1, 2))
    row = Everything("=1", MOMENT, share=0.0, kind="few", texts={"ar": "ا"}, parts=(inner, Inner()), names=("a", ""))
    line = encode(row)
    assert "\n" not in line
    assert decode(Everything, line) == row
    assert json.loads(encode(Everything(text="", moment=MOMENT))) == {"text": "", "moment": MOMENT.isoformat()}


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"text": "x", "moment": "yesterday"}', '{"other": 1}', "null"])
def test_other_lines_are_no_rows(line: str) -> None:
    with pytest.raises(Undecodable):
        decode(Everything, line)


def test_types_without_a_form_are_found_at_once() -> None:
    @dataclass(frozen=True)
    class Odd:
        odd: set[str]

    with pytest.raises(Uncodable):
        encode(Odd(odd=set()))


def test_the_shape_follows_the_fields() -> None:
    shapes = [shape(kind) for kind in (StrategyInput, Council, *streams().values())]
    assert len(set(shapes)) == len(shapes)
    assert "agree: int" in shape(streams()["votes"])


def test_options_are_read_as_they_were_kept() -> None:
    chosen = Options(delimiter=",", bom=False, number="17/26")
    assert read_options(json.loads(json.dumps(chosen.stored()))) == chosen
    assert read_options({}) == Options() == read_options({"since": "another version"})
    wrong: tuple[dict[str, Any], ...] = ({"delimiter": "x"}, {"bom": "yes"}, {"number": 1})
    for stored in wrong:
        with pytest.raises(ValueError, match="options"):
            read_options(stored)
