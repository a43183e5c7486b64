"""Static files: one stylesheet and script for all pages, more for parts of the desk, fonts; built once, by content."""

import gzip
import hashlib
import shutil
import tempfile
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

STYLES = ("vendor/fonts.css", "vendor/kern/kern.css", "tokens.css", "base.css", "components/*.css")
SCRIPTS = ("app.js", "components/*.js")
APART = {
    "assessing.css": ("components/desk_assessing.css",),
    "board.css": ("components/desk_keys.css", "components/desk_board.css"),
    "board.js": ("components/desk_board.js",),
    "board_hands.js": ("components/desk_keys.js", "components/desk_board_hands.js"),
    "criteria.css": ("components/criteria_matrix.css", "components/criteria_reasons.css"),
    "data.css": ("components/code_sample.css", "components/data_files.css", "components/operation.css"),
    "document.css": ("components/strategy_statement.css",),
    "lineage.css": ("components/lineage.css",),
    "map.css": ("components/leitbild_gaps.css", "components/leitbild_map.css"),
    "order.css": ("components/desk_order.css",),
    "order.js": ("components/desk_order.js",),
    "plots.css": (
        "components/group_stances.css",
        "components/opinion_group.css",
        "components/opinion_page.css",
        "components/plot_bars.css",
        "components/plot_intervals.css",
        "components/plot_opinion_map.css",
        "components/plot_points.css",
        "components/plot_timeline.css",
    ),
    "points.css": ("components/points_form.css",),
    "points.js": ("components/points_form.js",),
    "proposing.css": ("components/choice_card.css", "components/idea_preview.css", "components/step_list.css"),
    "queue.css": ("components/desk_keys.css", "components/desk_queue.css"),
    "queue.js": ("components/desk_keys.js", "components/desk_queue.js"),
    "quotes.js": ("components/desk_quotes.js",),
    "releases.css": ("components/vote_release.css",),
    "row.css": ("components/vote_row.css",),
    "row.js": ("components/vote_row.js",),
    "statements.css": ("components/desk_statements.css",),
}
"""What only those who moderate, or only a few pages, load: the files of each, by the name under which it is served."""
EVERYWHERE = ("site.css", "site.js", "favicon.svg")
LATIN = "fira-sans-latin"
FONTS = {
    **dict.fromkeys(("uk", "ru", "bg"), "fira-sans-cyrillic"),
    **dict.fromkeys(("tr", "pl", "ro"), "fira-sans-european"),
    "ar": "noto-sans-arabic",
}
"""What a language is written with besides the letters of all; browsers fetch a font when they meet its letters."""
COMPRESSED = {".css", ".js", ".svg", ".json"}
URL_PREFIX = "/static"


def init_assets(app: Flask, source: Path) -> None:
    """Build the assets below ``source`` when they changed and let ``app`` serve them, cached for good.

    Sets ``app.config["ASSETS_URL"]``, the folder's address with the content hash in it, and the extension
    ``first_view``: the function below for this folder.
    """
    digest = _tree_hash(source)
    folder = Path(app.config["ASSETS_DIR"] or Path(app.config["DATA_DIR"]) / "assets") / digest
    if not folder.exists():
        _build(source, folder)
    app.config["ASSETS_URL"] = f"{URL_PREFIX}/{digest}"
    app.extensions["first_view"] = lru_cache(maxsize=None)(partial(first_view, folder))
    static = WhiteNoise(
        app.wsgi_app,
        root=str(folder),
        prefix=app.config["ASSETS_URL"].lstrip("/"),
        max_age=31536000,
        add_headers_function=_headers,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
    )
    app.wsgi_app = static  # type: ignore[method-assign]  # the documented way to add WSGI middleware to Flask


def first_view(folder: Path, language: str) -> int:
    """Return how many bytes a first visit brings once for all pages: design, script, icon, fonts of the language."""
    fonts = {LATIN, FONTS.get(language, LATIN)}
    files = [f"{name}.br" for name in EVERYWHERE]
    files += [f"vendor/fonts/{font}-{weight}.woff2" for font in fonts for weight in (400, 600)]
    return sum((folder / name).stat().st_size for name in files)


def bundle(source: Path, patterns: tuple[str, ...], *, script: bool) -> str:
    """Return the files that match ``patterns`` in order as one text; each script keeps a scope of its own.

    What stands in ``APART`` is left out where it is not asked for by its name.
    """
    parts, apart = [], {name for names in APART.values() for name in names}
    for pattern in patterns:
        for path in sorted(source.glob(pattern)):
            if pattern not in apart and path.relative_to(source).as_posix() in apart:
                continue
            text = path.read_text(encoding="utf-8").strip()
            parts.append(f"(() => {{\n{text}\n}})();" if script else text)
    return "\n".join(parts) + "\n"


def _headers(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"


def _tree_hash(source: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        digest.update(path.relative_to(source).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:12]


def _build(source: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may start at once: each builds aside, the first rename wins.
    partial = Path(tempfile.mkdtemp(dir=folder.parent))
    for path in source.rglob("*"):
        relative = path.relative_to(source)
        bundled = path.suffix in {".css", ".js", ".mjs"}
        if path.is_file() and not bundled and path.name != "MANIFEST.json":
            (partial / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, partial / relative)
    (partial / "site.css").write_text(bundle(source, STYLES, script=False), encoding="utf-8")
    (partial / "site.js").write_text(bundle(source, SCRIPTS, script=True), encoding="utf-8")
    for name, paths in APART.items():
        (partial / name).write_text(bundle(source, paths, script=name.endswith(".js")), encoding="utf-8")
    for path in list(partial.rglob("*")):
        if path.suffix in COMPRESSED:
            data = path.read_bytes()
            path.with_name(path.name + ".br").write_bytes(brotli.compress(data, quality=11))
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, mtime=0))
    try:
        partial.rename(folder)
    except OSError:
        shutil.rmtree(partial)
