"""What happens when: the one table of events and the functions that react, and of the long jobs."""

from collections.abc import Mapping

from participation.accounts.events import AccountCreated, PasswordResetRequested, SignUpRepeated
from participation.activity.events import Event
from participation.activity.routines import Every, Nightly, Task
from participation.activity.service import Handler
from participation.activity.worker import JobRunner
from participation.demographics.publishing import publish_people_figures
from participation.exports.jobs import EXPORT_JOB, expire_old_exports, run_export
from participation.ideas.events import IdeaEdited, IdeaPublished, IdeaRedacted, IdeaSubmitted
from participation.ideas.rotation import redraw_all
from participation.insights.figures import EVERY_MINUTES
from participation.insights.jobs import refresh_figures
from participation.intake.events import IdeasImported
from participation.listings.standings import reconcile_standings
from participation.moderation.events import Decided
from participation.notifications import letters, spreading
from participation.notifications.events import AuthorsToTell, AuthorToTell
from participation.opinions.runs import GROUPS_JOB, queue_due_runs, run_groups
from participation.proposing.expiry import expire_old_drafts
from participation.similarity.jobs import (
    SIMILARITY_JOB,
    look_at_idea,
    look_at_import,
    queue_missing,
    run_similarity,
)
from participation.strategy.events import IdeaAnswered, StatementAnswered
from participation.tallies.releases import release_daily, release_last

HANDLERS: Mapping[type[Event], tuple[Handler, ...]] = {
    AccountCreated: (letters.ask_for_confirmation,),
    SignUpRepeated: (letters.hint_at_existing_account,),
    PasswordResetRequested: (letters.send_reset_link,),
    IdeaSubmitted: (look_at_idea,),
    IdeaPublished: (look_at_idea,),
    IdeaEdited: (look_at_idea,),
    IdeaRedacted: (look_at_idea,),
    IdeasImported: (look_at_import,),
    Decided: (letters.tell_author,),
    IdeaAnswered: (letters.tell_author_of_answer,),
    StatementAnswered: (spreading.begin,),
    AuthorsToTell: (spreading.go_on,),
    AuthorToTell: (letters.tell_author_of_source,),
}

ROUTINES: Mapping[str, Task] = {
    "redraw the fair rotation": Task(Nightly(3, 10), redraw_all),
    "reconcile standings": Task(Nightly(3, 40), reconcile_standings),
    "publish who takes part": Task(Nightly(4, 40), publish_people_figures),
    "expire drafts": Task(Nightly(4, 10), expire_old_drafts),
    "look for similar ideas": Task(Nightly(2, 20), queue_missing),
    "take the figures": Task(Every(EVERY_MINUTES), refresh_figures),
    "compute opinion groups": Task(Every(5), queue_due_runs),
    "expire exports": Task(Every(60), expire_old_exports),
    "release the vote log": Task(Nightly(1, 10), release_daily),
    "release the last vote log": Task(Every(10), release_last),
}

JOBS: Mapping[str, JobRunner] = {
    EXPORT_JOB: run_export,
    SIMILARITY_JOB: run_similarity,
    GROUPS_JOB: run_groups,
}
