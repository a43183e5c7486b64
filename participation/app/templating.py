"""Jinja's environment as the application uses it."""

from collections import ChainMap
from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Globals(ChainMap[str, Any]):
    """What every template knows; Jinja takes the names of all of it away from another set with each import."""

    def keys(self) -> Any:
        """Return the names as a set that is quick to take away."""
        # The view that comes with the class goes through all mappings once for each name.
        return dict.fromkeys(self).keys()


class TemplateEnvironment(Environment):
    """Flask's environment with globals that are quick to compare."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template: its own in front of those of the environment."""
        return Globals({} if d is None else d, self.globals)
