"""The files of a process beside the database: what was released of the votes, and what opinion groups rest on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.archive.layout import file_name
from participation.opinions.archive import matrix_folder, matrix_path
from participation.opinions.models import GroupRun
from participation.tallies.files import ENDINGS, folder_of, paths_of
from participation.tallies.queries import releases_of

TALLIES, GROUPS = "tallies", "groups"


def places_of(session: Session, process_id: int) -> dict[str, Path]:
    """Return where each file that a process may have lies, by its name in an archive; not all of them need be there.

    The newest release comes first.
    """
    places: dict[str, Path] = {}
    for release in releases_of(session, process_id):
        paths = paths_of(release)
        places |= {file_name(TALLIES, paths[ending].name): paths[ending] for ending in ENDINGS}
    digests = select(GroupRun.matrix_sha256).where(GroupRun.process_id == process_id).order_by(GroupRun.number.desc())
    for digest in session.scalars(digests):
        path = matrix_path(matrix_folder(), process_id, digest)
        places[file_name(GROUPS, path.name)] = path
    return places


@contextmanager
def working_folder() -> Iterator[Path]:
    """Yield a new folder below DATA_DIR that only this product reads; it is gone at the end."""
    parent = Path(current_app.config["DATA_DIR"])
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="archive-", dir=parent) as folder:
        yield Path(folder)


def hold(places: dict[str, Path], folder: Path) -> dict[str, Path]:
    """Give the files that are there second names in ``folder``, so that they stay while routines tidy up.

    Returns the second names by the names in an archive.
    """
    held: dict[str, Path] = {}
    for number, (name, path) in enumerate(places.items()):
        second = folder / str(number)
        try:
            os.link(path, second)
        except FileNotFoundError:
            continue
        except OSError:
            # Not every file system has second names.
            shutil.copyfile(path, second)
        held[name] = second
    return held


def put_in_place(staged: dict[str, Path], places: dict[str, Path], process_id: int) -> list[Path]:
    """Move files that came with an archive to where they belong, and return where they are now."""
    folder_of(process_id)
    matrix_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    done = []
    for name, path in staged.items():
        path.chmod(0o600)
        path.replace(places[name])
        done.append(places[name])
    return done
