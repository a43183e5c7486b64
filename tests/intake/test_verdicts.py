"""What a column of decisions means, and what it may not be mixed with."""

from collections.abc import Mapping

import pytest

from participation.intake.deciding import VerdictReport
from participation.intake.fields import FieldProblem
from participation.intake.rows import ImportProblem
from participation.intake.verdicts import Verdict, check_decisions, meanings, verdict

POLIS = {"1": Verdict.PUBLISH, "-1": Verdict.HIDE, "0": Verdict.WAIT}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1=publish,-1=hide,0=wait", POLIS),
        (" 1 = publish , -1=hide,0=wait,0=wait", POLIS),
        ("Ja=publish,=hide", {"ja": Verdict.PUBLISH, "": Verdict.HIDE}),
        ("", {}),
        (" ", {}),
    ],
)
def test_what_cells_mean(text: str, found: Mapping[str, Verdict]) -> None:
    assert meanings(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1", "“1” is not CELL=DECISION; decisions are publish, hide, wait"),
        ("1=publish,", "“” is not CELL=DECISION"),
        ("1=burn", "“1=burn” is not"),
        ("ja=publish,JA=hide", "“JA” stands for two decisions"),
    ],
)
def test_what_means_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        meanings(text)


@pytest.mark.parametrize(
    ("cell", "found"), [("1", Verdict.PUBLISH), (" -1\n", Verdict.HIDE), ("", Verdict.WAIT), ("0", Verdict.WAIT)]
)
def test_what_a_cell_says(cell: str, found: Verdict) -> None:
    assert verdict(cell, POLIS) is found


def test_an_empty_cell_can_mean_something() -> None:
    assert verdict(" ", {"": Verdict.HIDE}) is Verdict.HIDE


def test_a_cell_without_meaning_is_refused() -> None:
    with pytest.raises(FieldProblem, match="unknown decision “2”; known are -1, 0, 1"):
        verdict("2", POLIS)


@pytest.mark.parametrize(
    ("columns", "meant", "waits"),
    [
        ({"decision"}, {}, False),
        (set(), POLIS, False),
        ({"decision", "state"}, POLIS, False),
        ({"state"}, {}, True),
        ({"decision"}, POLIS, True),
    ],
)
def test_contradictions_are_refused(columns: set[str], meant: Mapping[str, Verdict], waits: bool) -> None:
    with pytest.raises(ImportProblem):
        check_decisions(dict.fromkeys(columns), meant=meant, waits=waits)


def test_what_fits_together_is_fine() -> None:
    check_decisions({"text": None, "state": None}, meant={}, waits=False)
    check_decisions({"text": None, "decision": None}, meant=POLIS, waits=False)
    check_decisions({"text": None}, meant={}, waits=True)


def test_figures_stand_on_one_line() -> None:
    assert VerdictReport(1277, 2, 0).summary() == "1,277 published · 2 hidden · 0 waiting"
    assert VerdictReport(1, 0, 0, [("7", "too late")]).summary() == (
        "1 published · 0 hidden · 0 waiting · 1 not decided"
    )
