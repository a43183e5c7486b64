"""What happens when: the one table of events and the functions that react, and of the long jobs."""

from collections.abc import Mapping

from participation.accounts.events import AccountCreated, PasswordResetRequested, SignUpRepeated
from participation.activity.events import Event
from participation.activity.service import Handler
from participation.activity.worker import JobRunner
from participation.exports.jobs import EXPORT_JOB, run_export
from participation.moderation.events import Decided
from participation.notifications import letters

HANDLERS: Mapping[type[Event], tuple[Handler, ...]] = {
    AccountCreated: (letters.ask_for_confirmation,),
    SignUpRepeated: (letters.hint_at_existing_account,),
    PasswordResetRequested: (letters.send_reset_link,),
    Decided: (letters.tell_author,),
}

JOBS: Mapping[str, JobRunner] = {EXPORT_JOB: run_export}
