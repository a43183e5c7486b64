"""Imports only point down, inside packages too, and rules know nothing of the web."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, ROOT

LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]

DOWN, INSIDE, RULES = "Imports only point down", "Inside a package", "Rules and tables"
PLANTED = {
    "a lower package imports a higher one": ("kit/planted.py", "import participation.accounts", DOWN),
    "a sibling imports a sibling": ("texts/planted.py", "import participation.activity", DOWN),
    "a package has no place in the order": ("stray/__init__.py", "", DOWN),
    "a table imports a page": ("planted/models.py", "import participation.planted.views", INSIDE),
    "a rule imports flask": ("planted/policies.py", "import flask", RULES),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts of ``folder``'s pyproject.toml on its package."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    return subprocess.run(LINT, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_import_contracts_are_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED.values(), ids=PLANTED)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, file: str, line: str, contract: str) -> None:
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    # The package made up for the sample gets a place, unless having none is the sample.
    (tmp_path / "pyproject.toml").write_text(settings.replace('"kit",', '"(planted)", "kit",'), encoding="utf-8")
    shutil.copytree(PACKAGE, tmp_path / "participation", ignore=shutil.ignore_patterns("__pycache__"))
    planted = tmp_path / "participation" / file
    planted.parent.mkdir(exist_ok=True)
    for name in ("__init__.py", "views.py"):
        (planted.parent / name).touch()
    planted.write_text(f"{line}\n")
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(row.startswith(contract) for row in result.stdout.splitlines() if row.endswith("BROKEN"))
