"""What happens when: the one table of events and the functions that react, and of the long jobs."""

from collections.abc import Mapping

from participation.accessibility.events import BarrierAnswered, BarrierPutOff, BarrierReported
from participation.accessibility.expiry import erase_old_barrier_contacts
from participation.accounts.events import AccountCreated, PasswordResetRequested, SignUpRepeated
from participation.activity.events import Event
from participation.activity.routines import Every, Nightly, Task
from participation.activity.service import Handler
from participation.activity.worker import JobRunner
from participation.cases.events import CaseOpened
from participation.comments.events import (
    CommentEdited,
    CommentHidden,
    CommentPublished,
    CommentPutBack,
    CommentSubmitted,
    CommentWithdrawn,
)
from participation.curation.events import BoardChanged, IdeaBundled, IdeaUnbundled
from participation.demographics.publishing import publish_people_figures
from participation.exports.jobs import EXPORT_JOB, expire_old_exports, run_export
from participation.exports.opendata import jobs as opendata
from participation.ideas.events import (
    AddendumHidden,
    AddendumPublished,
    AddendumPutBack,
    IdeaEdited,
    IdeaHidden,
    IdeaPublished,
    IdeaPutBack,
    IdeaRedacted,
    IdeaSubmitted,
    IdeaWithdrawn,
)
from participation.ideas.rotation import redraw_all
from participation.insights.figures import EVERY_MINUTES
from participation.insights.jobs import refresh_figures
from participation.intake.events import CommentsImported, IdeasImported, ImportEnded
from participation.intake.jobs import INTAKE_JOB, remove_forgotten, run_intake
from participation.listings.standings import reconcile_standings
from participation.moderation.events import AppealAnswered, CaseEscalated, Decided, MessageSent
from participation.moderation.openness.month_counts import count_months
from participation.moderation.promise import keep_promises
from participation.notices.events import NoticeClosed, NoticeReceived
from participation.notices.expiry import empty_old_evidence, erase_old_contacts, forget_counters
from participation.notifications import barriers, digests, letters, notice_letters, sign_offs, spreading, telling
from participation.notifications.events import EntryAdded, LettersToSend, PeopleToTell
from participation.notifications.reminding import remind_of_days
from participation.notifications.tidying import tidy_inboxes
from participation.opinions.runs import GROUPS_JOB, queue_due_runs, run_groups
from participation.proposing.expiry import expire_old_drafts
from participation.signals.events import WatchedWordsChanged
from participation.signals.jobs import (
    SIGNALS_JOB,
    forget_what_is_over,
    look_anew,
    look_at_case,
    look_at_last_imports,
    look_at_redacted,
    look_at_what_came,
    run_looking,
)
from participation.similarity.jobs import (
    SIMILARITY_JOB,
    look_at_idea,
    look_at_import,
    queue_missing,
    run_similarity,
)
from participation.strategy.answering.events import BundleAnswered, IdeaAnswered, MeasureReported, StatementAnswered
from participation.strategy.events import StatementReopened, StatementSentBack, StatementSigned, StatementSubmitted
from participation.strategy.statements import watching
from participation.suggestions import runs as suggesting
from participation.tallies.releases import release_daily, release_last
from participation.wordings import jobs as wordings
from participation.wordings.events import (
    ErrandsTriedAgain,
    TranslatorChosen,
    WordingAccepted,
    WordingLapsed,
    WordingRefused,
)
from participation.wordings.suggesting import lapsing

HANDLERS: Mapping[type[Event], tuple[Handler, ...]] = {
    AccountCreated: (letters.ask_for_confirmation,),
    SignUpRepeated: (letters.hint_at_existing_account,),
    PasswordResetRequested: (letters.send_reset_link,),
    IdeaSubmitted: (look_at_idea,),
    IdeaPublished: (look_at_idea, watching.look_at_idea, suggesting.look_at_idea, wordings.look_at_idea),
    IdeaEdited: (
        look_at_idea,
        watching.look_at_idea,
        suggesting.look_at_idea,
        wordings.look_at_idea,
        lapsing.of_change,
    ),
    IdeaRedacted: (
        look_at_idea,
        look_at_redacted,
        watching.look_at_idea,
        suggesting.forget_redacted,
        wordings.look_at_idea,
        lapsing.of_loss,
    ),
    IdeaHidden: (watching.look_at_idea, suggesting.look_at_idea, wordings.look_at_idea),
    IdeaPutBack: (watching.look_at_idea, suggesting.look_at_idea, wordings.look_at_idea),
    IdeaWithdrawn: (watching.look_at_idea, suggesting.look_at_idea, wordings.look_at_idea, lapsing.of_loss),
    IdeasImported: (look_at_import, look_at_what_came, suggesting.look_at_import, wordings.look_at_process),
    ImportEnded: (look_at_import, look_at_what_came, suggesting.look_at_import, wordings.look_at_process),
    AddendumPublished: (wordings.look_at_addendum,),
    AddendumHidden: (wordings.look_at_addendum,),
    AddendumPutBack: (wordings.look_at_addendum,),
    TranslatorChosen: (wordings.look_at_process,),
    ErrandsTriedAgain: (wordings.look_at_process,),
    BoardChanged: (suggesting.look_at_board,),
    CommentsImported: (look_at_what_came, wordings.look_at_process),
    CaseOpened: (look_at_case,),
    WatchedWordsChanged: (look_anew,),
    Decided: (telling.of_decision,),
    AppealAnswered: (telling.of_appeal,),
    MessageSent: (telling.of_message,),
    NoticeReceived: (notice_letters.confirm,),
    NoticeClosed: (telling.of_notice, notice_letters.tell_outcome),
    CaseEscalated: (telling.of_escalation,),
    BarrierReported: (barriers.of_report,),
    BarrierPutOff: (barriers.of_delay,),
    BarrierAnswered: (barriers.of_answer,),
    WordingAccepted: (telling.of_wording,),
    WordingRefused: (telling.of_wording,),
    WordingLapsed: (telling.of_wording,),
    IdeaBundled: (telling.of_bundle,),
    IdeaUnbundled: (telling.of_leaving,),
    CommentSubmitted: (telling.of_comment,),
    CommentPublished: (telling.of_comment, watching.look_at_comment, wordings.look_at_comment),
    CommentHidden: (watching.look_at_comment, wordings.look_at_comment),
    CommentPutBack: (watching.look_at_comment, wordings.look_at_comment),
    CommentEdited: (watching.look_at_comment, wordings.look_at_comment, lapsing.of_comment),
    CommentWithdrawn: (watching.look_at_comment, wordings.look_at_comment, lapsing.of_comment),
    IdeaAnswered: (spreading.of_answer,),
    BundleAnswered: (spreading.of_answer,),
    StatementAnswered: (spreading.of_answer,),
    MeasureReported: (spreading.of_step,),
    StatementSubmitted: (sign_offs.of_submission,),
    StatementSentBack: (sign_offs.of_outcome,),
    StatementSigned: (spreading.of_statement, sign_offs.of_outcome),
    StatementReopened: (sign_offs.of_loss,),
    PeopleToTell: (spreading.go_on,),
    EntryAdded: (letters.mail_entry,),
    LettersToSend: (digests.send_letters,),
}

ROUTINES: Mapping[str, Task] = {
    "redraw the fair rotation": Task(Nightly(3, 10), redraw_all),
    "reconcile standings": Task(Nightly(3, 40), reconcile_standings),
    "publish who takes part": Task(Nightly(4, 40), publish_people_figures),
    "look at sources of statements": Task(Every(watching.EVERY_MINUTES), watching.look_at_all),
    "expire drafts": Task(Nightly(4, 10), expire_old_drafts),
    "look for similar ideas": Task(Nightly(2, 20), queue_missing),
    "take the figures": Task(Every(EVERY_MINUTES), refresh_figures),
    "compute opinion groups": Task(Every(5), queue_due_runs),
    "suggest themes": Task(Every(suggesting.EVERY_MINUTES), suggesting.queue_missed),
    "keep promises to authors": Task(Every(5), keep_promises),
    "count months of moderation": Task(Nightly(4, 15), count_months),
    "look at what was imported": Task(Nightly(4, 20), look_at_last_imports),
    "forget old signals": Task(Nightly(3, 55), forget_what_is_over),
    "begin digests": Task(Every(digests.EVERY_MINUTES), digests.begin_due_rounds),
    "remind of days": Task(Nightly(5, 40), remind_of_days),
    "tidy inboxes": Task(Nightly(4, 50), tidy_inboxes),
    "remind of barriers": Task(Nightly(5, 50), barriers.remind_of_barriers),
    "erase addresses of barriers": Task(Nightly(4, 25), erase_old_barrier_contacts),
    "erase addresses of notices": Task(Nightly(4, 30), erase_old_contacts),
    "empty evidence": Task(Nightly(4, 35), empty_old_evidence),
    "forget who did how much": Task(Every(60), forget_counters),
    "renew open data": Task(Every(opendata.EVERY_MINUTES), opendata.renew_releases),
    "expire exports": Task(Every(60), expire_old_exports),
    "remove forgotten imports": Task(Every(60), remove_forgotten),
    "ask for missing wordings": Task(Nightly(2, 50), wordings.queue_missing),
    "put texts into other languages": Task(Every(1), wordings.ask_providers),
    "release the vote log": Task(Nightly(1, 10), release_daily),
    "release the last vote log": Task(Every(10), release_last),
}

JOBS: Mapping[str, JobRunner] = {
    EXPORT_JOB: run_export,
    opendata.OPEN_DATA_JOB: opendata.run_release,
    INTAKE_JOB: run_intake,
    SIMILARITY_JOB: run_similarity,
    GROUPS_JOB: run_groups,
    SIGNALS_JOB: run_looking,
    suggesting.SUGGESTIONS_JOB: suggesting.run_suggestions,
    wordings.WORDINGS_JOB: wordings.run_wordings,
    wordings.ERRANDS_JOB: wordings.run_errands,
}
