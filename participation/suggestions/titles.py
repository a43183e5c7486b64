"""What clusters are called counts like one idea more in each, as long as it points people's filings the right way."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from participation.suggestions.features import Array, Features, features_of
from participation.suggestions.material import Theme
from participation.suggestions.space import Space, Whole
from participation.texts.vectors import Vector, encoder, unit


def place_titles(space: Space, themes: Sequence[Theme]) -> tuple[Array, tuple[Features, ...]]:
    """Return where the titles and descriptions of clusters lie, and what they are told apart by.

    The row is zeros where nothing of a title is known.
    """
    texts = tuple(features_of((title, text, code) for code, title, text in theme.wordings) for theme in themes)
    if space.mean is None:
        places = space.place(texts, None)
        places[[not space.knows(text) for text in texts]] = 0
        return places, texts
    vectors = np.array([_vector(theme) for theme in themes], dtype=np.float32)
    return space.place(texts, vectors), texts


def do_titles_help(titles: Array, places: Array, filed: Whole, clusters: Whole) -> bool:
    """Return whether more filed ideas are nearest to the title of their own cluster than chance alone would bring.

    With fewer filings than clusters nobody can tell, and titles are believed.
    """
    count = len(titles)
    if not count or len(filed) < count:
        return bool(count)
    right = int((np.argmax(np.round(places[filed] @ titles.T, 4), axis=1) == clusters).sum())
    expected = len(filed) / count
    return bool(right >= expected + np.sqrt(expected))


def _vector(theme: Theme) -> Vector:
    used = encoder()
    assert used is not None, "a space with meaning needs the encoder"
    found = [_encoded(used.method, title, text) for _code, title, text in theme.wordings]
    return unit(np.sum(found, axis=0))


@lru_cache(maxsize=2048)
def _encoded(_method: str, title: str, text: str) -> Vector:
    used = encoder()
    assert used is not None, "a space with meaning needs the encoder"
    return used.encode(title, text)
