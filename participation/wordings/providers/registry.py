"""Which services are configured here, and what they are called."""

from collections.abc import Callable, Mapping
from typing import Any

from participation.wordings.providers.deepl import DeepL
from participation.wordings.providers.libretranslate import LibreTranslate
from participation.wordings.providers.provider import Provider, Settings

MAKERS: Mapping[str, Callable[[Settings], Provider]] = {"libretranslate": LibreTranslate, "deepl": DeepL}
TITLES: Mapping[str, str] = {"libretranslate": "LibreTranslate", "deepl": "DeepL"}


def title_of(name: str) -> str:
    """Return what the service ``name`` is called; also of one that is not configured any more."""
    return TITLES.get(name, name)


def configured(translators: Mapping[str, Mapping[str, Any]]) -> dict[str, Provider]:
    """Return the services of this installation by name, from the setting ``TRANSLATORS``; usually there are none."""
    return {name: MAKERS[name](Settings(name=name, **values)) for name, values in translators.items()}
