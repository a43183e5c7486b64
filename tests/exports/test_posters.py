"""Posters: one sheet of A3, whatever is written on it, drawn once and handed out to those who may see it."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.exports.posters.sheet import Fact, Frame, Passage, Said, Sheet, Sign, Way
from participation.exports.posters.typeset import digest, poster_data, typeset
from participation.kit.logo import Logo, checked_logo
from participation.processes.models import Process, ProcessState
from participation.strategy.models import Statement, StatementState
from tests import make
from tests.conftest import Sessions
from tests.exports.writer_samples import NASTY, UNWRITABLE
from tests.kit.test_logo import DRAWN, png
from tests.pages import PageClient

SKYLINE = "M0 0h1600"
A3 = (841.89, 1190.55)
LONG_WORD = "Straßenbahnhaltestellenwartehäuschenbeleuchtungssteuerungsanlage"
ARABIC = "كيف نجعل مدينتنا أكثر رقمية؟"
LETTERS = re.compile(r"[\W_\u00ad]+")


def said(text: str, language: str = "de") -> Said:
    return Said(text=text, language=language, dir="rtl" if language == "ar" else "ltr")


def sheet(language: str = "de", headline: str = "Wie soll die Stadt werden?", **others: Any) -> Sheet:
    """Return a poster of a process."""
    way = Way(title="Telefon", large="0231 123", url="tel:0231123", text="Rufen Sie an.", path="M0 0h9")
    frame = Frame(
        language=language,
        dir="rtl" if language == "ar" else "ltr",
        operator="Stadt",
        product="Die Stadt macht mit",
        ways=(way, way, way),
        logo_label="Stadt",
    )
    whole = Sheet(
        frame=frame,
        title=headline,
        label="",
        kicker=said("Digitales"),
        headline=said(headline, language),
        lead=said("Schlagen Sie etwas vor."),
        strip="Bis 3. Mai",
        target="https://mitmachen.example.org/de/processes/digital",
        address="mitmachen.example.org/p/digital",
        target_title="Mitmachen",
        target_text="Mit der Kamera.",
        code_label="QR-Code:",
        ways_title="Ohne Internet",
        facts=(),
        passages=(),
        signs_title="Leitsätze",
        signs=tuple(Sign(title=said(f"Leitsatz {number}"), path="M0 0h9") for number in range(13)),
        foot=said("Das Ergebnis ist ein Rat."),
    )
    return replace(whole, **others)


def of_statement(**others: Any) -> Sheet:
    """Return a poster of a statement."""
    facts = tuple(Fact(value=str(number), label="Ideen") for number in range(4))
    passages = (Passage(title="Warum", words=said("Darum.")), Passage(title="Antwort", words=said("Ja.")))
    return sheet(label="Aussage 3", facts=facts, passages=passages, **others)


def drawn(poster: Sheet, folder: Path, logo: Logo | None = None) -> Path:
    path = folder / "poster.pdf"
    path.write_bytes(typeset(poster_data(poster), logo=logo, skyline=SKYLINE))
    return path


def words_on(path: Path) -> str:
    """Return the letters on a sheet, without what separates them."""
    return LETTERS.sub("", "".join(page.extract_text() for page in PdfReader(path).pages))


def alternatives(path: Path) -> list[str]:
    """Return what is read out instead of pictures."""
    with pikepdf.open(path) as pdf:
        found = [item.get("/Alt") for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]
    return sorted(str(text) for text in found if text is not None)


@pytest.mark.parametrize("language", ["de", "en", "ar"])
@pytest.mark.parametrize("make_sheet", [sheet, of_statement])
def test_a_poster_is_one_tagged_sheet_that_programs_can_read_out(
    make_sheet: Callable[..., Sheet], language: str, tmp_path: Path
) -> None:
    poster = make_sheet(language=language, headline=ARABIC if language == "ar" else "Wie soll die Stadt werden?")
    path = drawn(poster, tmp_path, checked_logo(DRAWN.encode()))
    result = outloud.check(str(path))
    assert [finding for finding in result.findings if finding.severity == "error"] == []
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.Root.Lang == language
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) == 1
        assert [round(float(side), 2) for side in pdf.pages[0].mediabox[2:]] == list(A3)
        assert pdf.docinfo["/Title"] == poster.title
    assert alternatives(path) == ["QR-Code: mitmachen.example.org/p/digital", "Stadt"]
    assert "mitmachenexampleorgpdigital" in words_on(path)


@pytest.mark.parametrize("headline", [f"Was halten Sie von der {LONG_WORD}?", "a" * 90, "Wir wollen mitreden. " * 25])
def test_long_words_and_long_texts_stay_whole_on_one_sheet(headline: str, tmp_path: Path) -> None:
    for make_sheet in (sheet, of_statement):
        path = drawn(make_sheet(headline=headline, strip=headline), tmp_path)
        assert words_on(path).count(LETTERS.sub("", headline)) == 2
        assert len(PdfReader(path).pages) == 1


def test_no_character_stops_a_poster(tmp_path: Path) -> None:
    for text in (UNWRITABLE, "", "".join(NASTY)[:600]):
        ways = (Way(title="Telefon", large=text, url="", text=text, path=""),)
        frame = replace(sheet().frame, operator=text, product=text, ways=ways, logo_label=text or "Stadt")
        poster = of_statement(headline=text, title=text, strip=text, frame=frame, lead=said(text))
        assert len(PdfReader(drawn(poster, tmp_path)).pages) == 1


def test_equal_words_are_equal_files_and_other_words_or_logos_are_not(tmp_path: Path) -> None:
    first, logo = poster_data(sheet()), checked_logo(png(30, 10))
    assert drawn(sheet(), tmp_path).read_bytes() == drawn(sheet(), tmp_path).read_bytes()
    marks = {
        digest(first, None, SKYLINE),
        digest(first, logo, SKYLINE),
        digest(poster_data(sheet(strip="Bis 4. Mai")), None, SKYLINE),
    }
    assert len(marks) == 3
    assert digest(poster_data(sheet()), None, SKYLINE) in marks


def test_a_logo_that_cannot_be_drawn_is_left_out(tmp_path: Path) -> None:
    broken = Logo(png(30, 10).replace(b"IDAT", b"IDOT"), "png", 30, 10)
    assert alternatives(drawn(sheet(), tmp_path, broken)) == ["QR-Code: mitmachen.example.org/p/digital"]
    assert len(alternatives(drawn(sheet(), tmp_path, checked_logo(png(30, 10))))) == 2


@pytest.fixture
def statement(transact: Sessions, place: make.Place) -> int:
    """A public statement on an idea that five people voted on."""
    with transact() as session:
        return _statement(session, place)


def _statement(session: Session, place: make.Place) -> int:
    idea = make.idea(session, place, title="Bänke", principles=["climate"])
    make.votes(session, place, idea, agree=4, disagree=1)
    row = make.statement(session, place, [make.cluster(session, place, ideas=[idea])], words="Überall Bänke")
    make.answer(session, statement_id=row)
    return row


def fetched(client: PageClient, address: str, folder: Path) -> str:
    """Return the letters on the poster at an address."""
    path = folder / "fetched.pdf"
    path.write_bytes(client.get(address).data)
    return words_on(path)


def test_posters_say_what_everybody_may_read(
    app: Flask, client: PageClient, statement: int, transact: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CONTACT_PHONE", "0231 / 50-0")
    process, of_it = "/en/processes/digital/poster.pdf", f"/en/processes/digital/statements/{statement}/poster.pdf"
    page = client.get(process, budget=4)
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.headers["Content-Disposition"] == "inline; filename=digital-poster.pdf"
    said_there = fetched(client, process, tmp_path)
    for words in ("Questionofdigital", "Processdigital", "1270018000pdigital", "0231500", "beteiligungexampleorg"):
        assert words in said_there
    client.get(of_it, budget=9)
    said_there = fetched(client, of_it, tmp_path)
    for words in ("ÜberallBänke", "1ideabehindit", "5peoplevoted", "4agree", "1disagree", f"1270018000s{statement}"):
        assert words in said_there
    assert "Bänke" not in said_there.replace("ÜberallBänke", ""), "no resident's own words"
    with transact() as session:
        session.get_one(Process, session.get_one(Statement, statement).process_id).hides_results = True
    assert "peoplevoted" not in fetched(client, of_it, tmp_path)


def test_a_poster_is_asked_for_again_only_when_something_on_it_has_changed(
    client: PageClient, statement: int, transact: Sessions
) -> None:
    address = f"/de/processes/digital/statements/{statement}/poster.pdf"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "no-cache"
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, status=304, headers=headers).data == b""
    with transact() as session:
        place = session.get_one(Statement, statement).process_id
        session.get_one(Process, place).title = {"de": "Anders"}
    assert client.get(address, headers=headers).headers["ETag"] != first.headers["ETag"]


def test_what_is_not_public_has_no_poster(
    client: PageClient, member: Callable[..., PageClient], statement: int, transact: Sessions
) -> None:
    process, of_it = "/de/processes/digital/poster.pdf", f"/de/processes/digital/statements/{statement}/poster.pdf"
    for state in (StatementState.DRAFT, StatementState.WITHDRAWN):
        with transact() as session:
            session.get_one(Statement, statement).state = state
        client.get(of_it, status=404)
    with transact() as session:
        session.get_one(Process, session.get_one(Statement, statement).process_id).state = ProcessState.DRAFT
    for address in (process, of_it, "/de/processes/none/poster.pdf", "/de/processes/digital/statements/9/poster.pdf"):
        client.get(address, status=404)
    at_the_desk = member(Role.STAFF).get(process)
    assert at_the_desk.headers["Cache-Control"] == "private, no-store"


def test_drawing_is_limited_and_what_is_drawn_already_is_not(
    app: Flask, new_server: Callable[..., Flask], place: make.Place
) -> None:
    limits = {**app.config["LIMITS"], "poster": "2/hour"}
    visitor = PageClient(new_server(RATELIMIT_ENABLED=True, LIMITS=limits))
    for language in ("de", "en", "de", "en"):
        visitor.get(f"/{language}/processes/{place.slug}/poster.pdf")
    refused = visitor.get(f"/ar/processes/{place.slug}/poster.pdf", status=429)
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    visitor.get(f"/de/processes/{place.slug}/poster.pdf")
