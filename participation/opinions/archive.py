"""The votes that a run was made of, kept in a file without any id of a person, so that it can be computed again."""

import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from flask import current_app

from participation.opinions.matrix import VoteMatrix

SMALLEST = (np.uint8, np.uint16, np.int32)


def matrix_folder() -> Path:
    """Return where the votes of runs are kept."""
    return Path(current_app.config["DATA_DIR"]) / "groups"


def matrix_path(folder: Path, process_id: int, digest: str) -> Path:
    """Return where the votes with this digest are kept."""
    return folder / f"{process_id}-{digest[:32]}.npz"


def keep_matrix(path: Path, votes: VoteMatrix) -> None:
    """Write the votes to ``path``, which appears only when complete and which only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            np.savez_compressed(
                file,
                ideas=votes.ideas,
                counts=votes.votes_per_person().astype(np.int32),
                columns=votes.columns.astype(_smallest(votes.shape[1])),
                sides=votes.sides,
            )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def kept_matrix(path: Path) -> VoteMatrix:
    """Return the votes that were written to ``path``; people are numbered from nil in their order.

    Raises ``OSError`` where there is no such file and ``ValueError`` where it is none of ours or was tampered with.
    """
    try:
        # Opened here: where the archive is broken numpy would leave it open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            ideas, counts, columns, sides = (content[name] for name in ("ideas", "counts", "columns", "sides"))
    except (KeyError, EOFError) as problem:
        raise ValueError(f"{path.name} holds no votes") from problem
    except Exception as problem:
        # What a broken archive raises depends on where it is broken.
        if isinstance(problem, OSError):
            raise
        raise ValueError(f"{path.name} cannot be read: {problem}") from problem
    people = np.arange(len(counts))
    return VoteMatrix(
        people, ideas, np.repeat(people, counts).astype(np.int32), columns.astype(np.int32), sides.astype(np.int8)
    )


def drop_others(folder: Path, process_id: int, digests: Collection[str]) -> None:
    """Remove the kept votes of a process except those with these digests."""
    kept = {matrix_path(folder, process_id, digest) for digest in digests}
    for path in folder.glob(f"{process_id}-*.npz"):
        if path not in kept:
            path.unlink(missing_ok=True)


def _smallest(ideas: int) -> type[np.integer[Any]]:
    return next((kind for kind in SMALLEST if ideas <= np.iinfo(kind).max), np.int32)
