"""Merkle trees in files: the roots of RFC 6962, and paths that lead there from every leaf."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.tallies.merkle import (
    EMPTY_ROOT,
    BrokenTree,
    TreeFile,
    leaf_hash,
    level_starts,
    node_hash,
    root_along,
    write_tree,
)

# Inputs and roots that implementations of RFC 6962 test themselves with.
INPUTS = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
INPUTS.append(bytes(range(0x60, 0x70)))
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def recursive_root(hashes: list[bytes]) -> bytes:
    """Return the root as RFC 6962 defines it: split at the largest power of two below the size."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(recursive_root(hashes[:split]), recursive_root(hashes[split:]))


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_roots_are_those_of_the_rfc(size: int, root: str, tmp_path: Path) -> None:
    assert write_tree(tmp_path / "tree", map(leaf_hash, INPUTS[:size])) == (size, bytes.fromhex(root))


@settings(deadline=None, max_examples=40)
@given(size=st.integers(0, 300))
def test_every_path_leads_to_the_root(size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("trees") / "tree"
    hashes = sorted(hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(size))
    assert write_tree(path, iter(hashes)) == (size, recursive_root(hashes))
    with TreeFile(path, size) as tree:
        assert tree.root == recursive_root(hashes)
        for place, leaf in enumerate(hashes):
            assert tree.place_of(leaf) == place
            steps = tree.path_of(place)
            assert root_along(leaf, steps) == tree.root
            assert len(steps) <= (size - 1).bit_length()
            if steps:
                assert root_along(leaf_hash(b"another"), steps) != tree.root
        assert tree.place_of(leaf_hash(b"another")) is None


def test_trees_larger_than_what_is_read_at_a_time(tmp_path: Path) -> None:
    size = 20_001
    hashes = sorted(hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(size))
    assert write_tree(tmp_path / "tree", hashes) == (size, recursive_root(hashes))
    with TreeFile(tmp_path / "tree", size) as tree:
        assert all(root_along(hashes[place], tree.path_of(place)) == tree.root for place in (0, 8191, 8192, size - 1))


def test_levels() -> None:
    assert [level_starts(count) for count in (0, 1, 2, 5)] == [
        [],
        [(0, 1)],
        [(0, 2), (2, 1)],
        [(0, 5), (5, 3), (8, 2), (10, 1)],
    ]


def test_a_file_of_the_wrong_size_is_no_tree(tmp_path: Path) -> None:
    path = tmp_path / "tree"
    write_tree(path, map(leaf_hash, INPUTS))
    with pytest.raises(BrokenTree):
        TreeFile(path, 7)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BrokenTree):
        TreeFile(path, 8)
