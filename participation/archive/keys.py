"""Keys of archives: made for one archive, protected by a passphrase, or held by somebody else already."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, passphrase
from pyrage.x25519 import Identity, Recipient

from participation.archive.problems import ArchiveProblem, WrongKey

SHORTEST = 12
LONGEST_FILE = 10_000
IDENTITY = "AGE-SECRET-KEY-1"


@dataclass(frozen=True, slots=True)
class Lock:
    """What an archive is closed with: to whom it is encrypted, and the key that was made for it, if one was.

    ``inside`` is that key, encrypted with a passphrase, as it goes into the archive; ``beside`` the same in the clear,
    for a file of its own. At most one of them is set.
    """

    recipients: tuple[Recipient, ...]
    inside: bytes = b""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """What an archive can be opened with: a passphrase, a file with keys, or the file that lies beside it."""

    passphrase: str = ""
    file: Path | None = None


def new_lock() -> Lock:
    """Return a lock with a key of its own, which nobody else has."""
    identity = Identity.generate()
    return Lock((identity.to_public(),), beside=f"# public key: {identity.to_public()}\n{identity}\n")


def lock_with_passphrase(words: str) -> Lock:
    """Return a lock whose key lies in the archive, itself encrypted; raises ``ArchiveProblem`` for too short ones."""
    if len(words) < SHORTEST:
        raise ArchiveProblem(f"the passphrase is too short: use at least {SHORTEST} characters, five random words say")
    identity = Identity.generate()
    return Lock((identity.to_public(),), inside=passphrase.encrypt(f"{identity}\n".encode(), words))


def lock_for(public_keys: Sequence[str]) -> Lock:
    """Return a lock that those open who hold the keys to ``public_keys`` (age1…); raises ``ArchiveProblem``."""
    try:
        return Lock(tuple(Recipient.from_str(one.strip()) for one in public_keys))
    except RecipientError:
        raise ArchiveProblem("a recipient is the public key of somebody, made with age-keygen: age1…") from None


def read_passphrase(path: Path) -> str:
    """Return the passphrase in a file: its first line; raises ``ArchiveProblem``."""
    return _text(path).split("\n", 1)[0].rstrip("\r")


def key_path(archive: Path) -> Path:
    """Return where the key of an archive lies unless somebody chose otherwise."""
    return archive.with_name(f"{archive.name}.key")


def identities(keys: Keys, archive: Path, inside: bytes) -> list[Identity]:
    """Return the keys to open ``archive`` with; ``inside`` is the protected one in it, if there is any.

    Raises ``WrongKey`` for a passphrase that does not fit and ``ArchiveProblem`` where there is no key at all.
    """
    if keys.file:
        return _from_text(_text(keys.file), keys.file)
    if inside and keys.passphrase:
        return [_unlocked(inside, keys.passphrase)]
    beside = key_path(archive)
    if beside.is_file():
        return _from_text(_text(beside), beside)
    if inside:
        raise ArchiveProblem("this archive needs its passphrase: --passphrase-file or ARCHIVE_PASSPHRASE")
    raise ArchiveProblem(f"there is no key: {beside.name} is not there, so say which one with --key")


def write_key(lock: Lock, path: Path) -> None:
    """Put a key that was made for an archive into a new file that only its owner reads; raises ``OSError``."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(lock.beside)
        file.flush()
        os.fsync(file.fileno())


def _unlocked(inside: bytes, words: str) -> Identity:
    try:
        return Identity.from_str(passphrase.decrypt(inside, words).decode("ascii").strip())
    except (DecryptError, IdentityError, ValueError):
        raise WrongKey("the passphrase does not fit this archive, or its key was changed") from None


def _from_text(text: str, path: Path) -> list[Identity]:
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except IdentityError:
        found = []
    if not found:
        raise ArchiveProblem(f"{path.name} holds no key: a line of it begins with {IDENTITY}…")
    return found


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(LONGEST_FILE + 1)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = ""
    if not text or len(content) > LONGEST_FILE:
        raise ArchiveProblem(f"{path.name} is not the file of a key or a passphrase")
    return text
