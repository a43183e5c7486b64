"""The form with which admins choose the provider of a process."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField

from participation.kit.forms import options
from participation.multilingual import lazy as _l
from participation.texts.editorial import Needed

NONE = "none"


class ProviderForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Which provider puts texts into other languages, if any."""

    provider = RadioField(_l("Service"), default=NONE, validators=[Needed()])

    def offer(self, providers: Iterable[tuple[str, str]], chosen: str) -> "ProviderForm":
        """Offer no provider and each of ``providers``, name and label; return the form."""
        self.provider.choices = options([(NONE, _l("None: nothing leaves the platform")), *providers])
        if not self.is_submitted():
            self.provider.data = chosen or NONE
        return self

    @property
    def name(self) -> str:
        """The name of the provider that was chosen, empty for none."""
        data: Any = self.provider.data
        return "" if data == NONE else str(data)
