"""The framework as data: the city's own file, files of other cities, and importing one again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.kit.permissions import Missing, Refused
from participation.principles import service
from participation.principles.models import AspectKind, Framework, Principle
from participation.principles.queries import (
    aspects_of,
    districts_of,
    fields_of,
    framework,
    framework_id_by_key,
    terms_of,
)
from participation.principles.service import CatalogueError, import_framework, read_catalogue
from tests import make
from tests.conftest import Sessions

DORTMUND = Path(service.__file__).parent / "catalogues" / "dortmund.yaml"
SPOKEN = {"de", "en", "ar"}


def test_the_citys_own_framework_is_complete(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        row = import_framework(session, SYSTEM, catalogue=read_catalogue(DORTMUND))
    with database() as session:
        view = framework(session, row.id)
        lists = (view.principles, view.criteria, view.values, districts_of(session, row.id), fields_of(session, row.id))
        assert [len(entries) for entries in lists] == [13, 12, 4, 12, 12]
        assert view.source["reference"] == "Drucksache 16691-20"
        assert str(session.scalars(select(Framework.adopted_on)).one()) == "2020-03-26"
        for entry in (*view.principles, *view.criteria, *view.values):
            assert {*entry.title} == {*entry.explanation} >= SPOKEN
            assert all(len(text) > 20 for text in entry.explanation.values())
        for entries in lists:
            assert (
                len({entry.key for entry in entries}) == len({entry.title["de"] for entry in entries}) == len(entries)
            )
        terms = terms_of(session, row.id)
        assert len(terms) == len({term.key for term in terms}) == 30
        for term in terms:
            assert {*term.title} >= {"de", "en"} <= {*term.forms}
            assert all(term.title[language] and term.forms[language] for language in ("de", "en"))
        assert terms[0].forms["de"] == ("Leitbilds", "Leitbildes")
        drawn = (DORTMUND.parents[3] / "templates" / "components" / "pictogram.html").read_text(encoding="utf-8")
        assert [entry.pictogram for entry in view.principles if f'"{entry.pictogram}": ' not in drawn] == []


def test_what_ideas_can_touch_is_complete(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        row = import_framework(session, SYSTEM, catalogue=read_catalogue(DORTMUND))
        make.framework(session)
    with database() as session:
        aspects = aspects_of(session, row.id)
        counts = [sum(aspect.kind is kind for aspect in aspects) for kind in AspectKind]
        assert counts == [10, 12, 17], "of the other framework, none"
        assert aspects[0].key == "everybody"
        assert [aspect.key for aspect in aspects if aspect.kind is AspectKind.GOAL] == [str(n) for n in range(1, 18)]
        for aspect in aspects:
            assert {*aspect.title} == {*aspect.explanation} >= SPOKEN
            assert all(aspect.explanation[language].count(".") == 1 for language in SPOKEN), "one short sentence"
        for kind in AspectKind:
            titles = [aspect.title["de"] for aspect in aspects if aspect.kind is kind]
            assert len(set(titles)) == len(titles)


def test_aspects_keep_their_ids_and_kinds(transact: Sessions, database: Sessions) -> None:
    catalogue = read_catalogue(DORTMUND)
    # The same key may stand in two lists: they are different things.
    catalogue["basic_services"].append({"key": "families", "title": {"en": "Families"}})
    with transact() as session:
        framework_id = import_framework(session, SYSTEM, catalogue=catalogue).id
    with database() as session:
        before = {(aspect.kind, aspect.key): aspect.id for aspect in aspects_of(session, framework_id)}
    catalogue["goals"] = catalogue["goals"][::-1][:-1]
    catalogue["goals"][0]["title"] = {"de": "Neu", "en": "New"}
    with transact() as session:
        import_framework(session, SYSTEM, catalogue=catalogue)
    with database() as session:
        after = aspects_of(session, framework_id)
        assert {(aspect.kind, aspect.key): aspect.id for aspect in after} == before
        goals = [aspect for aspect in after if aspect.kind is AspectKind.GOAL]
        assert (goals[0].title, goals[-1].key) == ({"de": "Neu", "en": "New"}, "1"), "what is left out goes last"


def test_importing_again_brings_texts_and_order_up_to_date(transact: Sessions, database: Sessions) -> None:
    catalogue = read_catalogue(DORTMUND)
    with transact() as session:
        first = import_framework(session, SYSTEM, catalogue=catalogue).id
    with database() as session:
        before = {entry.key: entry.id for entry in framework(session, first).principles}
    catalogue["principles"] = catalogue["principles"][::-1][:-1]
    catalogue["principles"][0]["title"] = {"de": "Neu", "en": "New"}
    with transact() as session:
        assert import_framework(session, SYSTEM, catalogue=catalogue).id == first
    with database() as session:
        after = {entry.key: entry for entry in framework(session, first).principles}
        assert {key: entry.id for key, entry in after.items()} == before, "ideas may point to any of them"
        assert next(iter(after.values())).title == {"de": "Neu", "en": "New"}
        assert len(session.scalars(select(Framework.id)).all()) == 1


def test_two_cities_stand_beside_each_other(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        import_framework(session, SYSTEM, catalogue=read_catalogue(DORTMUND))
        other = make.framework(session)
    with database() as session:
        assert framework_id_by_key(session, "sample") == other
        assert [entry.key for entry in framework(session, other).principles] == list(make.PRINCIPLES)
        assert len(session.scalars(select(Principle.id)).all()) == 13 + len(make.PRINCIPLES)
        with pytest.raises(Missing):
            framework_id_by_key(session, "unknown")


@pytest.mark.parametrize("who", [ANONYMOUS, Actor(1), Actor(1, "", frozenset({(Role.STAFF, None), (Role.ADMIN, 1)}))])
def test_only_admins_of_everything_import(transact: Sessions, database: Sessions, who: Actor) -> None:
    with pytest.raises(Refused), transact() as session:
        import_framework(session, who, catalogue=read_catalogue(DORTMUND))
    with database() as session:
        assert session.scalars(select(Framework.id)).all() == []


def write(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Return a small catalogue file after ``change``."""
    data: dict[str, Any] = {
        "format": 1,
        "key": "x",
        "title": {"en": "X"},
        "summary": {"en": "S"},
        "source": {},
        "principles": [{"key": "a", "title": {"en": "A"}}],
    }
    change(data)
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(format=2), "'format: 1' expected"),
        (lambda data: data.pop("key"), "'key' is missing"),
        (lambda data: data.pop("title"), "'title' is missing"),
        (lambda data: data.update(principles={"a": 1}), "'principles' must be a list"),
        (lambda data: data["principles"].append("b"), "principles, entry 2: 'key' is missing"),
        (lambda data: data.update(goals=[{"key": "b"}]), "goals, entry 1: 'title' needs a text"),
        (lambda data: data["principles"].append({"key": "a", "title": {"en": "B"}}), "the key 'a' is there twice"),
        (lambda data: data["principles"].append({"key": "b", "title": {"en": ""}}), "'title' needs a text"),
    ],
)
def test_a_broken_file_says_where_and_why(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    with pytest.raises(CatalogueError, match=message) as problem:
        read_catalogue(write(tmp_path / "broken.yaml", change))
    assert str(problem.value).startswith("broken.yaml")


def test_a_good_file_is_read_and_others_are_not(tmp_path: Path) -> None:
    assert read_catalogue(write(tmp_path / "good.yaml", lambda _data: None))["key"] == "x"
    for content in (b"\xff\xfe", b"a: [", b"just text", b"", b"!!python/object/apply:os.system ['true']"):
        (tmp_path / "bad.yaml").write_bytes(content)
        with pytest.raises(CatalogueError):
            read_catalogue(tmp_path / "bad.yaml")
