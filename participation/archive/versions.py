"""Which version of the product and of its tables this is, and what to do about an archive of another one."""

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from alembic.script import ScriptDirectory

from participation.archive.layout import Head
from participation.archive.problems import ArchiveProblem

PACKAGE = Path(__file__).resolve().parents[1]
MIGRATIONS = PACKAGE / "migrations"


@cache
def product() -> str:
    """Return the version of the product."""
    try:
        return version("participation")
    except PackageNotFoundError:
        # A checkout that nobody installed.
        content = (PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(content)["project"]["version"])


@cache
def schema() -> str:
    """Return the newest version of the tables that this product knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def check_schema(head: Head) -> None:
    """Raise ``ArchiveProblem`` unless the tables of an archive are those of this product; it says what to do."""
    if head.schema == schema():
        return
    if head.schema in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        raise ArchiveProblem(
            f"this archive has the tables of version {head.product} ({head.schema}), this installation newer ones"
            f" ({schema()}): read it with that version into an empty database, then migrate that with this version"
        )
    raise ArchiveProblem(
        f"this archive was written by a later version ({head.product}, tables {head.schema}):"
        " bring this installation up to date first"
    )
