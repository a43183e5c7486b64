"""Size, names and words: files and functions stay small, names say something, nothing of the workshop leaks out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, TEMPLATES, VERSIONS, name_of, project_files, python_files, syntax

FILE_LINES = 400
FUNCTION_LINES = 60
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "stuff"}
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"'{]|javascript:", re.IGNORECASE
)
LEFTOVERS = re.compile(r"\b(lorem|ipsum|todo|fixme|xxx|foobar|click here|hier klicken)\b", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
# Character classes keep these patterns from finding themselves.
WORKSHOP = re.compile(
    r"(?<![\w.])/(?:wor[k]|far[m]|hom[e]/\w+|Use[r]s/\w+|roo[t])/"
    r"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|deb[.]debian|[A-Z]:\\\\Users"
)
SUPPRESSION = re.compile(r"#\s*noqa(?!: [A-Z]+\d+)|#\s*type:\s*ignore(?!\[[\w, -]+\])", re.IGNORECASE)


def long_files(paths: list[Path]) -> Iterator[str]:
    """Yield each file over the limit with its length."""
    for path in paths:
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > FILE_LINES:
            yield f"{name_of(path)}: {length} lines"


def long_functions(path: Path) -> Iterator[str]:
    """Yield each function over the limit, decorators not counted, with its length."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name_of(path)}: {node.name} has {length} lines"


def empty_names(paths: list[Path]) -> Iterator[str]:
    """Yield each file or folder, inside the project, whose name says nothing."""
    for path in paths:
        words = {
            word for part in Path(name_of(path)).with_suffix("").parts for word in re.split(r"[_\-.]", part.lower())
        }
        if words & EMPTY_NAMES:
            yield name_of(path)


def empty_classes(path: Path) -> Iterator[str]:
    """Yield each class or function whose own name says nothing."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", node.name)}
            if words & EMPTY_NAMES:
                yield f"{name_of(path)}: {node.name}"


def template_complaints(source: str) -> Iterator[str]:
    """Yield whatever the strict content policy or plain care forbids in a template."""
    text = COMMENT.sub("", source)
    yield from (f"inline style or script: {found.group().strip()}" for found in INLINE.finditer(text))
    yield from (f"left over: {found.group()}" for found in LEFTOVERS.finditer(source))


def ours() -> list[Path]:
    """Return the Python files whose size we answer for; migrations are written once by a tool and not read again."""
    return [path for path in python_files() if VERSIONS not in path.parents]


def test_files_are_short() -> None:
    assert list(long_files(ours())) == []


def test_functions_are_short() -> None:
    assert [complaint for path in ours() for complaint in long_functions(path)] == []


def test_names_say_something() -> None:
    own = [path for path in project_files() if "vendor" not in path.parts]
    assert list(empty_names(own)) == []
    assert [complaint for path in ours() for complaint in empty_classes(path)] == []


def test_modules_say_what_belongs_in_them() -> None:
    assert [name_of(path) for path in python_files() if not (ast.get_docstring(syntax(path)) or "").strip()] == []


def test_templates_keep_to_the_content_policy() -> None:
    sources = {name_of(path): path.read_text(encoding="utf-8") for path in project_files() if TEMPLATES in path.parents}
    assert {name: wrong for name, source in sources.items() if (wrong := list(template_complaints(source)))} == {}


def test_nothing_of_the_workshop_leaks_out() -> None:
    found = []
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {match.group()}" for match in WORKSHOP.finditer(text)]
    assert found == []


def test_suppressions_name_their_rule() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SUPPRESSION.search(line) and "re.compile" not in line
    ]
    assert found == []


def test_runtime_lock_is_part_of_the_developers_lock() -> None:
    pins = {
        name: {line.split(" \\")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    assert pins["requirements.txt"] <= pins["requirements-dev.txt"]


def test_planted_long_code_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def endless():\n" + "    pass\n" * FILE_LINES)
    assert list(long_files([planted])) == ["planted.py: 401 lines"]
    assert list(long_functions(planted)) == ["planted.py: endless has 401 lines"]


def test_planted_empty_names_are_found(tmp_path: Path) -> None:
    planted = tmp_path / "date_utils.py"
    planted.write_text("class IdeaManager: ...\n")
    assert list(empty_names([planted])) == ["date_utils.py"]
    assert list(empty_classes(planted)) == ["date_utils.py: IdeaManager"]


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        "<a href='javascript:go()'>",
        "{# TODO later #}",
    ],
)
def test_planted_template_mistakes_are_found(source: str) -> None:
    assert list(template_complaints(source))


def test_a_script_with_an_address_is_no_mistake() -> None:
    assert list(template_complaints('<script src="{{ url }}" defer></script><p class="once">on time = good</p>')) == []


@pytest.mark.parametrize(
    "text", ["see /wor" + "k/main/dev", "https://py" + "pi.org/simple", "/ho" + "me/somebody/code"]
)
def test_planted_paths_are_found(text: str) -> None:
    assert WORKSHOP.search(text)
