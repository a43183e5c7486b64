"""The file: opened by those it is meant for, by nobody else, and by nobody once a byte is not as it was."""

import base64
import errno
import hashlib
import hmac
import io
import secrets
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage.x25519 import Identity

from participation.archive.keys import (
    SHORTEST,
    Keys,
    Lock,
    identities,
    key_path,
    lock_for,
    lock_with_passphrase,
    new_lock,
    read_passphrase,
    write_key,
)
from participation.archive.layout import KEY, PAYLOAD, README
from participation.archive.problems import ArchiveProblem, Damaged, WrongKey
from participation.archive.sealing import new_file, seal, unseal

SECRET = b"what nobody else may read " * 10_000
TEXT = b"What this is\n"
WORDS = "korrekt pferd batterie"
MOMENT = (2026, 5, 14, 9, 30, 0)


def pieces() -> Iterator[bytes]:
    """Yield the payload in uneven pieces."""
    yield SECRET[:1]
    yield b""
    yield SECRET[1:100_001]
    yield SECRET[100_001:]


def sealed(folder: Path, lock: Lock) -> Path:
    """Return an archive with its key beside it where one was made."""
    path = folder / "process.zip"
    with new_file(path) as draft:
        seal(draft, pieces(), lock, readme=TEXT, written_at=MOMENT)
        draft.rename(path)
    if lock.beside:
        write_key(lock, key_path(path))
    return path


def opened(path: Path, keys: Keys = Keys()) -> bytes:  # noqa: B008  # it never changes
    """Return the payload of an archive."""
    target = io.BytesIO()
    assert unseal(path, keys, target) == TEXT
    return target.getvalue()


def quick_key(identity: Identity, words: str) -> bytes:
    """Return a key protected by a passphrase as age says it is made, with far less work (age-encryption.org/v1)."""
    file_key, salt, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)
    label = b"age-encryption.org/v1/scrypt"
    wrap = hashlib.scrypt(words.encode(), salt=label + salt, n=2**10, r=8, p=1, dklen=32)
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    texts = [base64.b64encode(one).rstrip(b"=") for one in (salt, body)]
    head = b"age-encryption.org/v1\n-> scrypt %b 10\n%b\n---" % tuple(texts)
    mac = hmac.digest(_derived(file_key, b"", b"header"), head, "sha256")
    content = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    sent = content.encrypt(bytes(11) + b"\x01", f"{identity}\n".encode(), None)
    return head + b" " + base64.b64encode(mac).rstrip(b"=") + b"\n" + nonce + sent


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info).derive(secret)


def test_the_key_beside_it_opens_it_and_it_says_what_it_is(tmp_path: Path) -> None:
    path = sealed(tmp_path, new_lock())
    assert opened(path) == SECRET
    key = key_path(path)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, key)] == [0o600, 0o600]
    elsewhere = key.rename(tmp_path / "kept-apart")
    assert opened(path, Keys(file=elsewhere)) == SECRET
    with pytest.raises(ArchiveProblem, match=r"there is no key: process\.zip\.key is not there"):
        opened(path)
    # Other programs: any ZIP, any age.
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [README, PAYLOAD]
        identity = Identity.from_str(elsewhere.read_text().splitlines()[-1])
        assert pyrage.decrypt(archive.read(PAYLOAD), [identity]) == SECRET
    assert SECRET[:26] not in path.read_bytes()
    assert list(tmp_path.glob(".*")) == []


def test_a_passphrase_opens_it(tmp_path: Path) -> None:
    identity = Identity.generate()
    path = sealed(tmp_path, Lock((identity.to_public(),), inside=quick_key(identity, WORDS)))
    assert opened(path, Keys(passphrase=WORDS)) == SECRET
    with pytest.raises(WrongKey, match="the passphrase does not fit"):
        opened(path, Keys(passphrase=WORDS.upper()))
    with pytest.raises(ArchiveProblem, match="this archive needs its passphrase"):
        opened(path)


@pytest.mark.accept
def test_a_passphrase_costs_whoever_guesses_it_a_second(tmp_path: Path) -> None:
    lock = lock_with_passphrase(WORDS)
    path = sealed(tmp_path, lock)
    assert opened(path, Keys(passphrase=WORDS)) == SECRET
    work = int(lock.inside.split(b"\n")[1].split()[-1])
    assert work >= 15
    assert identities(Keys(passphrase=WORDS), path, lock.inside)


def test_those_it_was_written_for_open_it(tmp_path: Path) -> None:
    people = [Identity.generate() for _ in range(2)]
    path = sealed(tmp_path, lock_for([str(one.to_public()) for one in people]))
    assert not key_path(path).exists()
    for one in people:
        (tmp_path / "own.txt").write_text(f"# created: today\n# public key: {one.to_public()}\n{one}\n")
        assert opened(path, Keys(file=tmp_path / "own.txt")) == SECRET
    (tmp_path / "own.txt").write_text(f"{Identity.generate()}\n")
    with pytest.raises(WrongKey, match="the key does not fit"):
        opened(path, Keys(file=tmp_path / "own.txt"))


@pytest.mark.parametrize("name", ["", "age1", "age1" + "q" * 58, "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA"])
def test_a_recipient_is_a_public_key(name: str) -> None:
    with pytest.raises(ArchiveProblem, match="public key"):
        lock_for([name])


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"# only a comment\n", b"\xff\xfe", b"AGE-SECRET-KEY-1X\n" * 1_000]
)
def test_a_file_without_a_key(tmp_path: Path, content: bytes) -> None:
    path = sealed(tmp_path, new_lock())
    (tmp_path / "own.txt").write_bytes(content)
    with pytest.raises(ArchiveProblem, match=r"own\.txt"):
        opened(path, Keys(file=tmp_path / "own.txt"))


def test_passphrases_are_long_and_stand_in_the_first_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveProblem, match="too short"):
        lock_with_passphrase("x" * (SHORTEST - 1))
    (tmp_path / "words").write_bytes(f"{WORDS} ä\r\nnot this\n".encode())
    assert read_passphrase(tmp_path / "words") == f"{WORDS} ä"


def test_no_byte_can_be_changed_and_none_left_out(tmp_path: Path) -> None:
    path = sealed(tmp_path, new_lock())
    good = path.read_bytes()
    assert opened(path) == SECRET
    step = len(good) // 60
    for place in range(0, len(good), step):
        for bad in (
            good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :],
            good[:place],
            good[:place] + good[place + 7 :],
        ):
            path.write_bytes(bad)
            # What does not belong to the payload and is not read, such as the time in the list, changes nothing.
            try:
                assert opened(path) == SECRET
            except ArchiveProblem as problem:
                assert "\n" not in str(problem)  # noqa: PT017  # either outcome is right, but no third one
            else:
                assert len(bad) == len(good)


def _other(path: Path, **changes: object) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {README: TEXT, PAYLOAD: b"x", **changes}.items():
            if content is not None:
                archive.writestr(name, content)  # type: ignore[arg-type]  # bytes


def test_other_files_are_no_archives(tmp_path: Path) -> None:
    path = sealed(tmp_path, new_lock())
    for content in (b"", b"PK", b"hello", bytes(1000)):
        path.write_bytes(content)
        with pytest.raises(ArchiveProblem, match="not an archive of a process"):
            opened(path)
    _other(path, **{PAYLOAD: None})
    with pytest.raises(ArchiveProblem, match="not an archive of a process"):
        opened(path)
    _other(path, **{"../outside.txt": b"x"})
    with pytest.raises(Damaged, match="files that no archive holds"):
        opened(path)
    _other(path, **{KEY: b"x" * 200_000})
    with pytest.raises(Damaged, match="too long"):
        opened(path)
    _other(path)
    with pytest.raises(Damaged, match="decrypted"):
        opened(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAYLOAD, SECRET)
    with pytest.raises(Damaged, match="packed another way"):
        opened(path)
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "nowhere.zip")


def test_what_goes_wrong_on_the_way_is_told_as_it_was(tmp_path: Path) -> None:
    class Full:
        def write(self, _data: bytes) -> int:
            raise OSError(errno.ENOSPC, "no space left")

    def broken() -> Iterator[bytes]:
        yield SECRET
        raise KeyError("the reason")

    path = sealed(tmp_path, new_lock())
    with pytest.raises(OSError, match="no space left"):
        unseal(path, Keys(), Full())
    with pytest.raises(KeyError, match="the reason"), new_file(tmp_path / "other.zip") as draft:
        seal(draft, broken(), new_lock(), readme=TEXT, written_at=MOMENT)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["process.zip", "process.zip.key"]
