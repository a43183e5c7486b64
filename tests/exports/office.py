"""LibreOffice without a screen, for tests that open our files in another program."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
SECONDS = 120

needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed here")


def converted(folder: Path, target: str, *files: Path) -> list[Path]:
    """Return the files as LibreOffice saves them in another format after it has opened them.

    ``folder`` is that of the test. What the program sets up at its first start lies beside it and serves all tests.
    """
    profile, out = folder.parent / "office-profile", folder / f"as-{target}"
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", target]
    ended = subprocess.run(
        [*command, "--outdir", str(out), *map(str, files)], capture_output=True, timeout=SECONDS, check=True
    )
    made = [out / f"{file.stem}.{target}" for file in files]
    assert [path.exists() for path in made] == [True] * len(files), ended.stderr
    return made
