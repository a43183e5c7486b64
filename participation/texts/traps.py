"""Forms with a trap for programs, instead of riddles that keep people out; nothing typed is lost in it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from wtforms import StringField

from participation.kit import clock
from participation.kit.forms import OpenedForm, Trap, trap_of
from participation.multilingual import lazy as _l

SENTENCES = {
    Trap.FILLED: _l("A field that people do not see was filled in. It is empty again now: please send this once more."),
    Trap.QUICK: _l("That was very quick. Please look at it once more and send it again."),
}


class TrappedForm(OpenedForm):
    """A form that programs give themselves away with; its template shows the macro ``trap``."""

    website = StringField(_l("Leave this empty"))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Return whether everything is fine and nobody fell into a trap; what was typed stays."""
        fine = super().validate(extra_validators)
        trap = self.trap
        # Whoever has to look at it again anyway need not hear that it was quick.
        if trap is Trap.FILLED or (trap and fine):
            self.form_errors.append(str(SENTENCES[trap]))
        return bool(fine and not trap)

    @property
    def once(self) -> str:
        """The key that is good for one contribution: a moment of opening that was waited for once is, too."""
        return str(self.submission_key.data or "") if "submission_key" in self else ""

    @property
    def trap(self) -> Trap | None:
        """The trap that whoever sent this fell into."""
        shortest = timedelta(seconds=current_app.config["FORM_SECONDS"])
        return trap_of(self.opened_at, self.website.data, shortest=shortest, now=clock.now())
