"""What a process says about itself in words, on pages, posters and everywhere else."""

from datetime import datetime

from participation.multilingual import gettext as _
from participation.multilingual.moments import deadline, moment
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline


def possibilities(process: ProcessOutline, now: datetime) -> str:
    """Return one sentence that says what can be done now and until when."""
    open_now = [capability for capability in Capability if process.is_open(capability, now)]
    if not open_now:
        upcoming = [process.opens_at(capability, now) for capability in Capability]
        starts = min((start for start in upcoming if start), default=None)
        if starts:
            return _("Taking part will be possible from %(moment)s.", moment=moment(starts))
        return _("Taking part has ended. You can read everything.")
    ends = [end for capability in open_now if (end := process.open_until(capability, now))]
    words = {
        Capability.PROPOSE: _("propose ideas"),
        Capability.COMMENT: _("comment"),
        Capability.VOTE: _("vote"),
        Capability.PRIORITISE: _("give points"),
    }
    named = [words[capability] for capability in open_now]
    what = named[0] if len(named) == 1 else _("%(first)s and %(last)s", first=", ".join(named[:-1]), last=named[-1])
    return _("Until %(moment)s you can %(what)s.", moment=deadline(min(ends)), what=what)
