"""The page cache: bounded, forgetful, safe between threads."""

import threading

from participation.kit.cache import CachedPage, Memory, PageCache, Pieces


def page(body: str, *, expires: float = 100.0) -> CachedPage:
    """Return a page to be kept."""
    return CachedPage(body.encode(), body, expires)


def test_a_page_is_kept_until_it_expires() -> None:
    cache = PageCache(100)
    cache.put("a", page("one", expires=10))
    assert cache.get("a", 9.99) == page("one", expires=10)
    assert cache.get("a", 10) is None
    assert cache.get("a", 9) is None, "an expired page is gone for good"
    assert cache.get("b", 0) is None


def test_the_page_used_longest_ago_makes_room() -> None:
    cache = PageCache(9)
    for key in ("a", "b", "c"):
        cache.put(key, page("xxx"))
    cache.get("a", 0)
    cache.put("d", page("xxx"))
    assert {key for key in "abcd" if cache.get(key, 0)} == {"a", "c", "d"}
    cache.put("e", page("x" * 7))
    assert {key for key in "abcde" if cache.get(key, 0)} == {"e"}


def test_the_limit_counts_bytes_and_replacing_gives_them_back() -> None:
    cache = PageCache(10)
    for number in range(20):
        cache.put("a", page(f"{number:05}"))
    cache.put("b", page("12345"))
    assert [cache.get(key, 0) for key in "ab"] == [page("00019"), page("12345")]
    cache.put("huge", page("x" * 11))
    assert cache.get("huge", 0) is None
    assert cache.get("b", 0) == page("12345"), "a page that never fits drives nothing out"
    cache.put("umlaut", page("ääääää"))
    assert cache.get("umlaut", 0) is None, "six letters, twelve bytes"
    cache.clear()
    assert cache.get("a", 0) is None


def test_threads_share_it() -> None:
    cache = PageCache(50)
    wrong: list[object] = []

    def use(name: str) -> None:
        for number in range(300):
            cache.put((name, number % 9), page(f"{name}{number % 9}"))
            kept = cache.get((name, number % 7), 0)
            if kept is not None and kept.body != f"{name}{number % 7}".encode():
                wrong.append(kept)

    threads = [threading.Thread(target=use, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_memory_forgets_after_its_seconds() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    memory = Memory(10)
    assert [memory.get("names", moment, make) for moment in (100.0, 105.0, 109.9, 110.0, 119.9)] == [0, 0, 0, 1, 1]
    assert memory.get("others", 119.9, make) == 2
    assert memory.get("names", 90.0, make) == 3, "a clock that was set back is no reason to believe it"
    assert [Memory(0).get("names", 100.0, make) for _ in range(2)] == [4, 5]


def test_a_memory_has_room_for_so_many() -> None:
    memory = Memory(10, most=2)
    for key in ("one", "two", "three"):
        memory.get(key, 100.0, lambda: "old")
    assert [memory.get(key, 101.0, lambda: "new") for key in ("two", "three", "one")] == ["old", "old", "new"]


def test_pieces_are_made_once_and_make_room() -> None:
    pieces = Pieces(10)
    made: list[str] = []

    def piece(key: str, text: str) -> str:
        return pieces.get(key, lambda: made.append(key) or text)

    assert [piece("a", "äöü"), piece("a", "other"), piece("b", "1234")] == ["äöü", "äöü", "1234"]
    assert made == ["a", "b"]
    piece("c", "12345")
    assert [piece("c", "x"), piece("a", "new")] == ["12345", "new"]
    assert made == ["a", "b", "c", "a"], "the one made longest ago had gone"
    assert piece("d", "longer than there is room for") == "longer than there is room for"
    assert Pieces(0).get("e", lambda: "kept nowhere") == "kept nowhere"
