"""The project's own files, as the architecture tests see them."""

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "participation"
TEMPLATES = ROOT / "templates"
VERSIONS = PACKAGE / "migrations" / "versions"


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file that is, or would be, under version control; without git, what the folders hold."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
        found = [ROOT / name for name in names if name]
    else:
        folders = [ROOT / name for name in ("participation", "templates", "translations", "static", "tests", ".ci")]
        found = [path for folder in folders for path in folder.rglob("*")] + list(ROOT.glob("*"))
    return tuple(sorted(path for path in found if path.is_file()))


def python_files() -> list[Path]:
    """Return the project's Python files, ``dev`` included."""
    return [path for path in project_files() if path.suffix == ".py" or path == ROOT / "dev"]


def product_files() -> list[Path]:
    """Return the Python files of the product: no tests, no tools."""
    return [path for path in python_files() if PACKAGE in path.parents]


def name_of(path: Path) -> str:
    """Return the path of a file inside the project, for messages."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def syntax(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
