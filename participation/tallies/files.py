"""Where the files of releases lie: below DATA_DIR, where no web server looks, for the product alone to hand out."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from participation.tallies.log import LogPaths
from participation.tallies.queries import ReleaseView

FOLDER = "tallies"
LOG, FIGURES_JSON, FIGURES_CSV, TREE = "txt.gz", "json", "csv", "tree"
ENDINGS = (LOG, FIGURES_JSON, FIGURES_CSV, TREE)
ROOT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class ReleasePaths:
    """The files of one release: the public log, its figures in two formats, and the tree to find paths in."""

    folder: Path
    stem: str

    def __getitem__(self, ending: str) -> Path:
        return self.folder / f"{self.stem}.{ending}"

    @property
    def log(self) -> LogPaths:
        """Where the log is written to."""
        return LogPaths(self[LOG], self[TREE])

    def publish_as(self, target: "ReleasePaths") -> None:
        """Give complete files their final names; only the product may read them."""
        for ending in ENDINGS:
            self[ending].chmod(0o600)
            self[ending].replace(target[ending])

    def remove(self, endings: Iterable[str] = ENDINGS) -> None:
        """Remove the files that are there."""
        for ending in endings:
            self[ending].unlink(missing_ok=True)


def folder_of(process_id: int) -> Path:
    """Return the folder of a process, made so that nobody else on the machine can look into it."""
    folder = Path(current_app.config["DATA_DIR"]) / FOLDER
    for part in (folder, folder / str(process_id)):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / str(process_id)


def paths_of(release: ReleaseView) -> ReleasePaths:
    """Return where the files of a release lie.

    The name holds the root: what a worker leaves behind that was overtaken is never taken for a release.
    """
    folder = Path(current_app.config["DATA_DIR"]) / FOLDER / str(release.process_id)
    return ReleasePaths(folder, f"{release.number}-{release.root[:ROOT_DIGITS]}")
