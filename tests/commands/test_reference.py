"""How the whole city is made up, from the command line."""

from collections.abc import Callable
from pathlib import Path

import yaml

from participation.demographics.queries import characteristics_of
from tests import make, self_descriptions
from tests.conftest import Sessions

AGE = {"characteristic": "age", "source": {"en": "Statistics"}, "percent": {"young": 30, "old": 70}}


def put(folder: Path, *references: object) -> str:
    """Return the path of a reference file with this content."""
    path = folder / "city.yaml"
    content = {"format": 1, "framework": "sample", "references": list(references)}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(path)


def test_shares_of_the_city_come_with_their_source(
    done: Callable[..., str], transact: Sessions, database: Sessions, tmp_path: Path
) -> None:
    with transact() as session:
        place = make.process(session)
        self_descriptions.questions(session, place)
    people = {"characteristic": "district", "source": {"en": "Register"}, "source_url": "https://example.org/people"}
    file = put(tmp_path, AGE, {**people, "residents": {"north": 150_000}, "total": 600_000})
    assert done("reference", "import", file) == "sample: age (2 options), district (1 options)\n"
    with database() as session:
        age, district = characteristics_of(session, place.framework_id)
    assert [option.residents for option in age.options] == [0.3, 0.7]
    assert [option.residents for option in district.options] == [0.25, None]
    assert (age.source, district.source_url) == ({"en": "Statistics"}, "https://example.org/people")
    done("reference", "import", put(tmp_path, {**people, "residents": {"north": 1, "south": 3}}))
    with database() as session:
        assert [o.residents for o in characteristics_of(session, place.framework_id)[1].options] == [0.25, 0.75]


def test_a_file_that_does_not_fit_is_refused(refused: Callable[..., str], transact: Sessions, tmp_path: Path) -> None:
    with transact() as session:
        self_descriptions.questions(session, make.process(session))
    assert refused("reference", "import", put(tmp_path, {**AGE, "percent": {"newborn": 3}})) == (
        "age: there is no option 'newborn'; there are: young, old"
    )
