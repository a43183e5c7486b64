"""The questions of a framework's file and the shares of the whole city: complete, and importable again."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM
from participation.demographics.catalogue import import_catalogue, read_characteristics
from participation.demographics.models import CharacteristicOption
from participation.demographics.queries import characteristics_of
from participation.demographics.reference import import_reference, read_reference
from participation.kit.permissions import Refused
from participation.principles import service
from participation.principles.service import CatalogueError, read_catalogue
from tests import make, self_descriptions
from tests.conftest import Sessions
from tests.spoken import SPOKEN

DORTMUND = Path(service.__file__).parent / "catalogues" / "dortmund.yaml"
SHARES = {"format": 1, "framework": "sample"}
AGE: dict[str, Any] = {"characteristic": "age", "source": {"en": "Statistics"}, "percent": {"young": 30, "old": 70}}


def test_the_citys_own_questions_are_complete(transact: Sessions, database: Sessions) -> None:
    catalogue = read_catalogue(DORTMUND)
    for _ in range(2):
        with transact() as session:
            framework_id = import_catalogue(session, SYSTEM, catalogue=catalogue).id
    with database() as session:
        asked = characteristics_of(session, framework_id)
    assert [(one.key, len(one.options)) for one in asked] == [("age", 6), ("gender", 3), ("district", 12)]
    for one in asked:
        assert {*one.title} == {*one.question} == SPOKEN
        assert not one.has_reference, "no shares without a source"
        assert all({*option.outreach} == SPOKEN for option in one.options)


def test_questions_keep_their_answers_when_imported_again(transact: Sessions, database: Sessions) -> None:
    catalogue = read_catalogue(DORTMUND)
    with transact() as session:
        framework_id = import_catalogue(session, SYSTEM, catalogue=catalogue).id
        row = session.scalars(select(CharacteristicOption).where(CharacteristicOption.key == "18-to-29")).one()
        row.residents = 170_000
        before = row.id
    age = catalogue["characteristics"][0]
    age["options"] = age["options"][:0:-1]
    catalogue["characteristics"].reverse()
    with transact() as session:
        import_catalogue(session, SYSTEM, catalogue=catalogue)
    with database() as session:
        asked = characteristics_of(session, framework_id)
    assert [one.key for one in asked] == ["district", "gender", "age"]
    keys = [option.key for option in asked[2].options]
    assert keys == ["75-and-over", "60-to-74", "45-to-59", "30-to-44", "18-to-29", "under-18"]
    assert (asked[2].options[4].id, asked[2].options[4].residents) == (before, 0.17)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"title": {"en": "Age"}}, "'key' is missing"),
        ({"key": "age", "title": {}}, "'title' needs a text"),
        ({"key": "age", "title": {"en": "Age"}}, "'question' needs a text"),
        ({"key": "age", "title": {"en": "Age"}, "question": {"en": "?"}}, "at least two options"),
        ({"key": "age", "title": {"en": "Age"}, "question": {"en": "?"}, "options": 7}, "a list is needed"),
        ({"key": "age", "title": {"en": "Age"}, "question": {"en": "?"}, "options_from": "moons"}, "must name one of"),
        (
            {
                "key": "a",
                "title": {"en": "A"},
                "question": {"en": "?"},
                "options": [{"key": "x", "title": {"en": "X"}}] * 2,
            },
            "there twice",
        ),
    ],
)
def test_questions_that_cannot_be_read(entry: dict[str, Any], problem: str) -> None:
    with pytest.raises(CatalogueError, match=problem):
        read_characteristics({"characteristics": [entry]})


def put(folder: Path, *references: Any, **others: Any) -> Path:
    """Return a reference file with this content."""
    path = folder / "city.yaml"
    path.write_text(yaml.safe_dump({**SHARES, "references": list(references), **others}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("references", "others", "problem"),
    [
        ([], {}, "'references' must be a list"),
        ([AGE], {"format": 2}, "'format: 1' expected"),
        ([AGE], {"framework": None}, "'framework' is missing"),
        ([AGE], {"framework": "moon"}, "there is no framework 'moon'"),
        ([7], {}, "entry 1: 'characteristic' is missing"),
        ([{**AGE, "characteristic": "shoes"}], {}, "there is no characteristic 'shoes'; there are: age, district"),
        ([{**AGE, "percent": {"newborn": 3}}], {}, "age: there is no option 'newborn'; there are: young, old"),
        ([{**AGE, "source": {}}], {}, r"entry 1 \(age\): 'source' is missing"),
        ([{**AGE, "source_url": "javascript:alert(1)"}], {}, "'source_url' is no address"),
        ([{**AGE, "residents": {"young": 1}}], {}, "either 'residents' .* or 'percent'"),
        ([{**AGE, "percent": {"young": 60, "old": 70}}], {}, "more than 100 percent"),
        ([{**AGE, "percent": {"young": -1}}], {}, "young: -1 is no number"),
        ([{**AGE, "percent": {"young": "many"}}], {}, "young: 'many' is no number"),
        ([{**AGE, "percent": []}], {}, "a number for each option"),
        (
            [{"characteristic": "age", "source": {"en": "S"}, "residents": {"young": 9}, "total": 8}],
            {},
            "'total' must be",
        ),
        ([{"characteristic": "age", "source": {"en": "S"}, "residents": {"young": 0}}], {}, "'total' must be"),
    ],
)
def test_files_that_cannot_be_taken(
    transact: Sessions, tmp_path: Path, references: list[Any], others: dict[str, Any], problem: str
) -> None:
    with transact() as session:
        self_descriptions.questions(session, make.process(session))
    with pytest.raises(CatalogueError, match=problem), transact() as session:
        import_reference(session, SYSTEM, content=read_reference(put(tmp_path, *references, **others)))


def test_only_admins_import(transact: Sessions, tmp_path: Path) -> None:
    with transact() as session, pytest.raises(Refused):
        import_reference(session, ANONYMOUS, content=read_reference(put(tmp_path, AGE)))
    with transact() as session, pytest.raises(Refused):
        import_catalogue(session, ANONYMOUS, catalogue=read_catalogue(DORTMUND))
