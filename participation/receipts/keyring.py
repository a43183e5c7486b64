"""Where the signing key is kept: in a setting, or in a file that is made once and read by every process."""

import base64
import os
import secrets
import tempfile
from pathlib import Path

from flask import Flask, current_app

from participation.receipts.signing import SEED_BYTES, BadSeed, SigningKey, seed_from_text

FILE_NAME = "receipt.key"
EXTENSION = "receipt_keyring"


class KeyUnusable(RuntimeError):
    """There is a signing key, but receipts cannot be signed with it; the message is one clear sentence."""


class KeyIsASetting(RuntimeError):
    """The signing key comes from the environment, so a new one has to be put there."""


class Keyring:
    """Hands out the key to sign with; notices at once when another process has put a new one into the file."""

    def __init__(self, setting: str, folder: Path) -> None:
        self.setting = setting
        self.path = folder / FILE_NAME
        self._known: tuple[object, SigningKey] | None = None

    def signing_key(self) -> SigningKey:
        """Return the key to sign with, made the first time; raises ``KeyUnusable``."""
        mark: object = self.setting or self._file_mark()
        known = self._known
        if known is None or known[0] != mark:
            known = (mark, self._read())
            self._known = known
        return known[1]

    def renew(self) -> SigningKey:
        """Put a new key into the file and return it; raises ``KeyIsASetting`` where there is no file to change."""
        if self.setting:
            raise KeyIsASetting
        partial = self._write_aside()
        partial.replace(self.path)
        return self.signing_key()

    def _file_mark(self) -> tuple[int, int]:
        for _ in range(2):
            try:
                status = self.path.stat()
            except FileNotFoundError:
                self._create()
            else:
                return status.st_ino, status.st_mtime_ns
        raise KeyUnusable(f"{self.path} disappears as soon as it is made.")

    def _create(self) -> None:
        partial = self._write_aside()
        try:
            # A second name for the finished file: whoever comes first wins, and nobody ever reads half a key.
            os.link(partial, self.path)
        except FileExistsError:
            return
        finally:
            partial.unlink()

    def _write_aside(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Made with O_EXCL and mode 0600.
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=FILE_NAME)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(new_seed_text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        return Path(name)

    def _read(self) -> SigningKey:
        try:
            text = self.setting or self.path.read_text(encoding="ascii")
            return SigningKey(seed_from_text(text))
        except OSError as problem:
            raise KeyUnusable(f"{self.path} cannot be read: {problem.strerror}.") from None
        except (BadSeed, UnicodeDecodeError):
            place = "RECEIPT_KEY" if self.setting else str(self.path)
            raise KeyUnusable(f"{place} is not a signing key: it must be {SEED_BYTES} bytes in base64.") from None


def new_seed_text() -> str:
    """Return a new signing key as it is kept: 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()


def init_keyring(app: Flask) -> None:
    """Give ``app`` its keyring; raises ``KeyUnusable`` for a setting that is no key."""
    ring = Keyring(app.config["RECEIPT_KEY"], Path(app.config["DATA_DIR"]))
    app.extensions[EXTENSION] = ring
    if ring.setting:
        ring.signing_key()


def keyring() -> Keyring:
    """Return the keyring of the running application."""
    ring: Keyring = current_app.extensions[EXTENSION]
    return ring
