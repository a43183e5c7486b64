"""Static files: bundled in order, served for good, small enough for a slow line."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from participation.kit.assets import APART, SCRIPTS, STYLES, bundle
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

STATIC = Path(__file__).resolve().parents[2] / "static"
FIRST_VIEW_BYTES = 60_000
FIRST_VIEW_REQUESTS = 10


def fetch(client: PageClient, url: str, encoding: str = "br") -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a static file."""
    response = client.flask.get(url, headers={"Accept-Encoding": encoding})
    assert response.status_code == 200, url
    body = response.get_data()
    response.close()
    return body, dict(response.headers)


def test_styles_come_in_the_order_of_the_contract(tmp_path: Path) -> None:
    for name in ("components/b.css", "components/a.css", "base.css", "tokens.css", "vendor/kern/kern.css", "other.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"/* {name} */\n")
    order = re.findall(r"/\* (\S+) \*/", bundle(tmp_path, STYLES, script=False))
    assert order == ["vendor/kern/kern.css", "tokens.css", "base.css", "components/a.css", "components/b.css"]


def test_each_script_has_a_scope_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "app.js").write_text("const a = 1; // end\n")
    (tmp_path / "components" / "x.js").write_text("const a = 2;")
    assert (
        bundle(tmp_path, SCRIPTS, script=True)
        == "(() => {\nconst a = 1; // end\n})();\n(() => {\nconst a = 2;\n})();\n"
    )


def test_only_the_queue_loads_what_is_its_own(app: Flask, client: PageClient) -> None:
    base = app.config["ASSETS_URL"]
    for name, sources in APART.items():
        for source in sources:
            own = (STATIC / source).read_text(encoding="utf-8").strip()
            assert own in fetch(client, f"{base}/{name}", "identity")[0].decode()
            assert own not in fetch(client, f"{base}/site{Path(name).suffix}", "identity")[0].decode()
    page = client.get("/en/")
    assert not {f"{base}/{name}" for name in APART} & set(re.findall(r'(?:href|src)="([^"]+)"', page.text))


@pytest.mark.one_database
def test_pages_load_the_styles_of_their_components() -> None:
    templates = STATIC.parent / "templates"
    text = {path.relative_to(templates).as_posix(): path.read_text("utf-8") for path in templates.rglob("*.html")}
    needs = {name: set(re.findall(r'(?:from|import|include|extends) "([^"]+)"', body)) for name, body in text.items()}

    def all_of(name: str) -> set[str]:
        found, waiting = {name}, [name]
        while waiting:
            new = needs[waiting.pop()] - found
            found |= new
            waiting += new
        return found

    apart = {source: name for name, sources in APART.items() for source in sources if name.endswith(".css")}
    lacking = []
    for page in (name for name in text if "{% extends" in text[name]):
        parts = all_of(page)
        loaded = {name for part in parts for name in re.findall(r"shell\.asset\('([^']+)'\)", text[part])}
        wanted = {apart[source] for part in parts if (source := part.removesuffix("html") + "css") in apart}
        lacking += [f"{page}: {name}" for name in wanted - loaded]
    assert sorted(lacking) == []


def test_files_are_served_compressed_and_for_good(app: Flask, client: PageClient) -> None:
    url = app.config["ASSETS_URL"] + "/site.css"
    assert re.fullmatch(r"/static/[0-9a-f]{12}", app.config["ASSETS_URL"])
    plain, headers = fetch(client, url, "identity")
    assert headers["Content-Type"].startswith("text/css")
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers
    packed, headers = fetch(client, url, "gzip, br")
    assert headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in headers["Vary"]
    assert brotli.decompress(packed) == plain
    zipped, headers = fetch(client, url, "gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped) == plain


def test_the_addresses_inside_the_stylesheet_exist(app: Flask, client: PageClient) -> None:
    base = app.config["ASSETS_URL"]
    css = fetch(client, f"{base}/site.css", "identity")[0].decode()
    inside = {url.strip("\"'") for url in re.findall(r"url\(([^)]+)\)", css)}
    own = {url for url in inside if not url.startswith(("data:", "#"))}
    assert own
    for url in own:
        assert not url.startswith(("http:", "https:", "//"))
        fetch(client, f"{base}/{url}")


def test_styles_read_no_variable_that_nobody_sets() -> None:
    # The vendored design holds only those that were read when it was built: see static/vendor/build.mjs.
    paths = [*STATIC.glob("*.css"), *STATIC.glob("components/*"), STATIC / "vendor/kern/kern.css"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    set_somewhere = set(re.findall(r"(--[\w-]+)[\"']?\s*[:,]", text))
    without_fallback = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", text))
    assert sorted(without_fallback - set_somewhere) == []


@pytest.mark.parametrize("path", ["../config.py", "%2e%2e/config.py", "/etc/passwd", "nothing.css", "base.css.br/"])
def test_nothing_else_is_served(app: Flask, client: PageClient, path: str) -> None:
    assert client.flask.get(f"{app.config['ASSETS_URL']}/{path}").status_code == 404


def test_a_first_view_is_small(app: Flask, client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        for number in range(25):
            idea = make.idea(
                session, place, body=f"{number} " + "some words about this idea " * 8, principles=["climate"]
            )
            make.votes(session, place, idea, agree=2, disagree=1)
    for address in ("/de/", place.url(), place.url("/ideas"), place.url(f"/ideas/{idea}")):
        page = client.get(address)
        wanted = {element.get("href") for element in page.select("link[rel=stylesheet], link[rel=icon]")}
        wanted |= {element.get("src") for element in page.select("script[src], img[src]")}
        wanted |= {element.get("href").partition("#")[0] for element in page.select("use[href]")} - {""}
        sizes = {url: len(fetch(client, url)[0]) for url in wanted}
        sizes[address] = len(brotli.compress(page.data, quality=4))
        assert sum(sizes.values()) <= FIRST_VIEW_BYTES, sizes
        assert len(sizes) <= FIRST_VIEW_REQUESTS, sizes
