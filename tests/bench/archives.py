"""Archives of a large process: how long each step takes, how large the file is, and how much memory it needs."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.filled_exports import fill_for_exports
from tests.bench.memory import LARGE, QUICK, SMALL, memory_lines, memory_verdict, peak_megabytes
from tests.bench.report import Verdict
from tests.bench.server import ROOT

STEPS = ("write", "verify", "read")
FILE = "process.zip"
TIMEOUT_SECONDS = 1800


@dataclass(frozen=True)
class Archiving:
    """What one step took, in a process of its own, and the most memory that process ever had."""

    step: str
    ideas: int
    rows: int
    seconds: float
    megabytes: float
    peak_megabytes: float


def measure_archives(folder: Path, *, quick: bool) -> list[Archiving]:
    """Return the figures of each step for a small and a large process."""
    found = []
    for ideas in (SMALL, QUICK if quick else LARGE):
        place = folder / f"archives-{ideas}"
        fill_for_exports(place, ideas)
        found += [_measure(place, step, ideas) for step in STEPS]
    return found


def archive_lines(found: Sequence[Archiving]) -> list[str]:
    """Return the table of archives."""
    return memory_lines("archives", [(f"{one.step}, {one.ideas:,} ideas, {one.rows:,} rows", one) for one in found])


def archive_verdicts(found: Sequence[Archiving]) -> list[Verdict]:
    """Return whether the memory of each step stays the same however large the process is."""
    return [memory_verdict(f"archive {step}", [one for one in found if one.step == step]) for step in STEPS]


def _measure(place: Path, step: str, ideas: int) -> Archiving:
    command = [sys.executable, "-m", "tests.bench.archives", str(place), step, str(ideas)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if result.returncode:
        raise RuntimeError(f"archive {step} failed:\n{result.stderr[-4000:]}")
    return Archiving(**json.loads(result.stdout.splitlines()[-1]))


def _take(place: Path, step: str, ideas: int) -> Archiving:
    rows, seconds = {"write": _write, "verify": _verify, "read": _read}[step](place)
    return Archiving(step, ideas, rows, seconds, (place / FILE).stat().st_size / 1e6, peak_megabytes())


def _write(place: Path) -> tuple[int, float]:
    from participation.accounts.actor import SYSTEM
    from participation.archive.keys import new_lock
    from participation.archive.writing import WriteOrder, write_archive
    from participation.kit import clock
    from tests.bench.filled_exports import application, process_id_in

    with application(place).app_context():
        order = WriteOrder(process_id=process_id_in(), path=place / FILE, lock=new_lock())
        begun = time.perf_counter()
        return write_archive(SYSTEM, order, now=clock.now()).rows, time.perf_counter() - begun


def _verify(place: Path) -> tuple[int, float]:
    # As on the command line, which knows the whole product.
    from participation import app as _product  # noqa: F401  # imported for what it loads
    from participation.archive.keys import Keys
    from participation.archive.verifying import verify_archive

    begun = time.perf_counter()
    return verify_archive(place / FILE, Keys()).head.rows, time.perf_counter() - begun


def _read(place: Path) -> tuple[int, float]:
    from flask_migrate import upgrade

    from participation.accounts.actor import SYSTEM
    from participation.app import create_app
    from participation.archive.keys import Keys
    from participation.archive.reading import read_archive
    from participation.kit import clock
    from tests.bench.fill import SECRET

    settings = {"DATA_DIR": place / "elsewhere", "SECRET_KEY": SECRET, "ANALYSIS": "off"}
    with create_app({"DATABASE_URL": f"sqlite:///{place / 'elsewhere.sqlite'}", **settings}).app_context():
        upgrade()
        begun = time.perf_counter()
        return read_archive(SYSTEM, place / FILE, Keys(), now=clock.now()).rows, time.perf_counter() - begun


if __name__ == "__main__":
    print(json.dumps(asdict(_take(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))))
