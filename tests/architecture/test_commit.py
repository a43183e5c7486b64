"""The only commit of the product is the one in ``kit/db.py``."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import PACKAGE, name_of, product_files, syntax

ALLOWED = {PACKAGE / "kit" / "db.py"}


def commits(path: Path) -> Iterator[str]:
    """Yield each place where a file commits, or gets hold of a commit to call later."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield f"{name_of(path)}:{node.lineno}"


def test_only_the_transaction_commits() -> None:
    paths = [path for path in product_files() if path not in ALLOWED and PACKAGE / "migrations" not in path.parents]
    assert [place for path in paths for place in commits(path)] == []
    assert list(commits(PACKAGE / "kit" / "db.py"))


def test_a_planted_commit_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "service.py"
    planted.write_text("def save(session):\n    end = session.commit\n    end()\n")
    assert list(commits(planted)) == ["service.py:2"]
