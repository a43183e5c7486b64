"""The signing key: made once however many processes begin at once, read by nobody else, replaced while all run."""

import multiprocessing
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from participation.receipts.keyring import FILE_NAME, KeyIsASetting, Keyring, KeyUnusable, new_seed_text
from tests.databases import build_app

PROCESSES = 4


def first_fingerprint(folder: str, barrier: Any, queue: Any) -> None:
    """Ask for the key at the same moment as all the others."""
    barrier.wait(30)
    queue.put(Keyring("", Path(folder)).signing_key().fingerprint)


def test_the_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        fingerprint = Keyring("", tmp_path / "new").signing_key().fingerprint
    finally:
        os.umask(previous)
    path = tmp_path / "new" / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [FILE_NAME]
    assert Keyring("", tmp_path / "new").signing_key().fingerprint == fingerprint


def test_processes_that_begin_at_once_share_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=first_fingerprint, args=(str(tmp_path), barrier, queue)) for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    found = {queue.get(timeout=60) for _ in processes}
    for process in processes:
        process.join(30)
    assert len(found) == 1
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_a_new_key_is_noticed_by_those_who_run_already(tmp_path: Path) -> None:
    running, command = Keyring("", tmp_path), Keyring("", tmp_path)
    before = running.signing_key().fingerprint
    after = command.renew().fingerprint
    assert after != before
    assert running.signing_key().fingerprint == after
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_a_lost_file_is_replaced_by_a_new_key(tmp_path: Path) -> None:
    ring = Keyring("", tmp_path)
    before = ring.signing_key().fingerprint
    (tmp_path / FILE_NAME).unlink()
    assert ring.signing_key().fingerprint != before


def test_the_setting_goes_before_the_file(tmp_path: Path) -> None:
    setting = new_seed_text()
    ring = Keyring(setting, tmp_path)
    assert ring.signing_key().fingerprint == Keyring(setting, tmp_path / "elsewhere").signing_key().fingerprint
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyIsASetting):
        ring.renew()


@pytest.mark.parametrize("content", ["", "not base64", "AAAA", "ä"])
def test_a_broken_file_is_never_replaced_silently(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(KeyUnusable, match="is not a signing key"):
        Keyring("", tmp_path).signing_key()
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == content


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(KeyUnusable, match="cannot be read"):
        Keyring("", tmp_path).signing_key()


def test_the_product_does_not_start_with_a_broken_setting(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="RECEIPT_KEY is not a signing key"):
        build_app(f"sqlite:///{tmp_path / 'test.sqlite'}", tmp_path, RECEIPT_KEY="nonsense")
