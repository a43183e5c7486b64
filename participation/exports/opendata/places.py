"""Where releases lie and under which addresses they are found; no web server looks into the folder."""

import shutil
from pathlib import Path

from flask import current_app

from participation.kit.links import page_url

FOLDER = "opendata"


def release_folder() -> Path:
    """Return the folder of all releases, made so that nobody else on the machine can look into it."""
    folder = Path(current_app.config["DATA_DIR"]) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def files_of(public_id: str) -> Path:
    """Return where the files of a release lie."""
    return release_folder() / public_id


def remove_files(public_id: str) -> None:
    """Remove the files of a release, and whatever was left of writing it."""
    folder = release_folder()
    for path in (folder / public_id, *folder.glob(f"{public_id}.*")):
        shutil.rmtree(path, ignore_errors=True)


def public_url(endpoint: str, **values: object) -> str:
    """Return the whole address of a page in the language that the product speaks by default, for files and catalogues.

    The same whatever language somebody reads, because it names the thing.
    """
    return page_url(endpoint, language=current_app.config["BABEL_DEFAULT_LOCALE"], **values)
