"""Names in braces that stand in legal texts for what the settings say: {city}, {operator} and the ways to reach it."""

import re
from collections.abc import Mapping

NAMES = ("city", "operator", "contact_email", "contact_phone", "postal_address")
_BRACED = re.compile(r"\{([^{}\s]*)\}")


def settings_of(config: Mapping[str, str]) -> dict[str, str]:
    """Return what each placeholder stands for; an empty text for what is not set."""
    return {
        "city": config["CITY_NAME"],
        "operator": config["OPERATOR_NAME"],
        "contact_email": config["CONTACT_EMAIL"],
        "contact_phone": config["CONTACT_PHONE"],
        "postal_address": config["POSTAL_ADDRESS"],
    }


def unknown_names(text: str) -> list[str]:
    """Return the words in braces that stand for nothing, in their order, each once."""
    return [name for name in dict.fromkeys(_BRACED.findall(text)) if name not in NAMES]


def filled(text: str, settings: Mapping[str, str]) -> str:
    """Return ``text`` with its placeholders filled in; an empty text where one of them has no value.

    Nothing but the known names is looked up, so braces lead to nothing else.
    """
    used = [name for name in _BRACED.findall(text) if name in NAMES]
    if not all(settings[name] for name in used):
        return ""
    return _BRACED.sub(lambda match: settings.get(match[1], match[0]), text)
