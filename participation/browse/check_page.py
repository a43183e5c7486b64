"""The page where anybody can check the figures of a process, and the one where voters find their own votes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.own_titles import votes_here
from participation.browse.receipt_words import stance_label
from participation.browse.results_shared import CHECK, ResultsFrame, results_frame
from participation.multilingual import direction, ngettext
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, moment, number
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.queries import participant_of
from participation.tallies.files import FIGURES_CSV, FIGURES_JSON, LOG, paths_of
from participation.tallies.policies import FEWEST_PEOPLE, is_voting_over
from participation.tallies.programs import CHECK_TALLY, CHECK_VOTE, program
from participation.tallies.proofs import Presence, VoteProof, prove
from participation.tallies.queries import (
    OwnLoggedVote,
    ReleaseView,
    latest_release,
    own_logged_votes,
    releases_of,
)
from participation.voting.queries import FEWEST_VOTES

MOST_LISTED = 5
PRESENCE_KINDS = {
    Presence.IN: "success",
    Presence.LATER: "info",
    Presence.MISSING: "danger",
    Presence.UNKNOWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a release with its size in words."""

    label: str
    url: str
    size: str


@dataclass(frozen=True, slots=True)
class ReleaseItem:
    """A release of the vote log; ``files`` are empty while results are hidden, and once they are not kept any more."""

    title: str
    made: str
    votes: str
    root: str
    file_sha256: str
    is_final: bool
    files: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything it takes to recount the figures; ``next_release`` says when there will be something (more)."""

    frame: ResultsFrame
    latest: ReleaseItem | None
    earlier: tuple[ReleaseItem, ...]
    older: tuple[ReleaseItem, ...]
    next_release: str
    command: str
    program: str
    program_url: str
    fewest_votes: int
    own_url: str
    is_signed_in: bool
    receipt_url: str
    roots_url: str
    tally_method_url: str
    log_method_url: str


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step towards the root."""

    is_left: bool
    hash: str


@dataclass(frozen=True, slots=True)
class OwnVoteItem:
    """An own vote and where it stands in the log."""

    title: str
    language: str
    dir: str
    url: str
    stance: str
    stance_label: str
    when: str
    state: str
    state_kind: str
    note: str
    number: str
    leaf: str
    hash: str
    path: tuple[PathStep, ...]
    proof_url: str


@dataclass(frozen=True, slots=True)
class OwnVotesPage:
    """The own votes, the latest first; ``root`` is that of the release they are looked up in."""

    frame: ResultsFrame
    release: str
    root: str
    votes: tuple[OwnVoteItem, ...]
    previous_url: str
    next_url: str
    ideas_url: str
    check_url: str
    program: str
    program_url: str


def check_page(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> CheckPage:
    """Return the page; the roots are public from the moment of release, the files with the results."""
    shows_files = bool(may_see_results(process, now=now))
    releases = releases_of(session, process.id)
    items = tuple(
        replace(_release(process, release, shows_files=shows_files), is_final=release.is_final and place == 0)
        for place, release in enumerate(releases)
    )
    return CheckPage(
        frame=results_frame(
            process, CHECK, now, lead=_("Nobody has to take our word for it: here is everything to recount the votes.")
        ),
        latest=items[0] if items else None,
        earlier=items[1 : MOST_LISTED + 1],
        older=items[MOST_LISTED + 1 :],
        next_release=_next_release(process, releases[0] if releases else None, now),
        command=f"python {CHECK_TALLY} {' '.join(_names(process, releases[0].number if releases else 1))}",
        program=program(CHECK_TALLY),
        program_url=url_for("results.tally_program", slug=process.slug),
        fewest_votes=FEWEST_VOTES,
        own_url=_own_url(process, actor),
        is_signed_in=actor.is_signed_in,
        receipt_url=url_for("receipts.enter"),
        roots_url=url_for("results.roots", slug=process.slug),
        tally_method_url=url_for("methods.method", method="tally"),
        log_method_url=url_for("methods.method", method="vote-log"),
    )


def own_votes_page(
    session: Session, actor: Actor, process: ProcessOutline, *, before: int | None, now: datetime
) -> OwnVotesPage:
    """Return the page of the actor's own votes."""
    release = latest_release(session, process.id)
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    votes, further = own_logged_votes(session, participant.id, before=before) if participant else ((), None)
    here = url_for("results.own_votes", slug=process.slug)
    frame = results_frame(
        process, CHECK, now, governed=False, lead=_("Each of your votes has a number that only you get to see.")
    )
    return OwnVotesPage(
        frame=replace(frame, title=_("Your votes in the log")),
        release=_release_title(release) if release else "",
        root=release.root if release else "",
        votes=tuple(_own_vote(process, release, vote) for vote in votes_here(session, votes)),
        previous_url=here if before is not None else "",
        next_url=f"{here}?before={further}" if further else "",
        ideas_url=url_for("browse.ideas", slug=process.slug),
        check_url=url_for(CHECK, slug=process.slug),
        program=program(CHECK_VOTE),
        program_url=url_for("results.vote_program", slug=process.slug),
    )


def own_proof(session: Session, actor: Actor, process: ProcessOutline, idea_id: int) -> VoteProof | None:
    """Return the proof of the actor's vote on an idea; ``None`` where it is in no release yet."""
    release = latest_release(session, process.id)
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    if release is None or participant is None:
        return None
    votes, _further = own_logged_votes(session, participant.id, idea_id=idea_id)
    proofs = (prove(release, own.vote, own.cast_at) for own in votes)
    return next((proof for proof in proofs if proof.presence is Presence.IN), None)


def _release(process: ProcessOutline, release: ReleaseView, *, shows_files: bool) -> ReleaseItem:
    return ReleaseItem(
        title=_release_title(release),
        made=moment(release.made_at),
        votes=ngettext("%(count)s vote", "%(count)s votes", release.leaves, count=number(release.leaves)),
        root=release.root,
        file_sha256=release.file_sha256,
        is_final=release.is_final,
        files=_downloads(process, release) if shows_files else (),
    )


def _downloads(process: ProcessOutline, release: ReleaseView) -> tuple[Download, ...]:
    paths, about = paths_of(release), dict[str, Any](slug=process.slug, release=release.number)
    wanted = (
        (FIGURES_CSV, _("Figures as CSV"), url_for("results.figures", file_format="csv", **about)),
        (FIGURES_JSON, _("Figures as JSON"), url_for("results.figures", file_format="json", **about)),
        (LOG, _("Vote log"), url_for("results.vote_log", **about)),
    )
    return tuple(
        Download(label, url, _size(paths[ending].stat().st_size))
        for ending, label, url in wanted
        if paths[ending].exists()
    )


def figures_name(process: ProcessOutline, release: int, file_format: str) -> str:
    """Return the name under which readers get the figures of a release."""
    return f"{process.slug}-figures-{release}.{file_format}"


def log_name(process: ProcessOutline, release: int) -> str:
    """Return the name under which readers get a vote log."""
    return f"{process.slug}-vote-log-{release}.txt.gz"


def _names(process: ProcessOutline, release: int) -> tuple[str, str]:
    return figures_name(process, release, "json"), log_name(process, release)


def _release_title(release: ReleaseView) -> str:
    return _("Release %(number)s of %(day)s", number=release.number, day=day(release.made_at))


def _next_release(process: ProcessOutline, latest: ReleaseView | None, now: datetime) -> str:
    if latest and latest.is_final:
        return _("Voting is over; this was the last release.")
    if is_voting_over(process, now=now):
        return _("Voting is over; the last release follows within the next minutes, if there are any votes.")
    return _(
        "Each night there is a new release if at least %(people)s people have voted, changed or withdrawn a vote since "
        "the last one. That way two releases do not tell what a single person did.",
        people=FEWEST_PEOPLE,
    )


def _own_url(process: ProcessOutline, actor: Actor) -> str:
    here = url_for("results.own_votes", slug=process.slug)
    return here if actor.is_signed_in else url_for("accounts.sign_in", next=here)


def _own_vote(process: ProcessOutline, release: ReleaseView | None, own: OwnLoggedVote) -> OwnVoteItem:
    proof = prove(release, own.vote, own.cast_at) if release else None
    presence = proof.presence if proof else Presence.LATER
    is_in = proof is not None and presence is Presence.IN
    return OwnVoteItem(
        title=own.idea_title or _("An idea that is not public at the moment"),
        language=own.idea_language if own.idea_title else g.language,
        dir=direction(own.idea_language if own.idea_title else g.language),
        url=url_for("browse.idea", slug=process.slug, idea_id=own.vote.idea_id) if own.idea_title else "",
        stance=own.stance.value,
        stance_label=stance_label(own.stance),
        when=day(own.cast_at),
        state=_presence_label(presence),
        state_kind=PRESENCE_KINDS[presence],
        note=_presence_note(presence),
        number=proof.leaf.rpartition(",")[2] if proof and is_in else "",
        leaf=proof.leaf if proof and is_in else "",
        hash=proof.hash.hex() if proof and is_in else "",
        path=tuple(PathStep(step.is_left, step.hash.hex()) for step in proof.path) if proof and is_in else (),
        proof_url=url_for("results.own_proof_file", slug=process.slug, idea_id=own.vote.idea_id) if is_in else "",
    )


def _presence_label(presence: Presence) -> str:
    return {
        Presence.IN: _("In the log"),
        Presence.LATER: _("In the next release"),
        Presence.MISSING: _("Missing in the log"),
        Presence.UNKNOWN: _("Cannot be looked up"),
    }[presence]


def _presence_note(presence: Presence) -> str:
    return {
        Presence.IN: "",
        Presence.LATER: _("You voted, or changed your vote, after the latest release."),
        Presence.MISSING: _("This vote should be in the log and is not there. Please tell us."),
        Presence.UNKNOWN: _("A file that is needed for this cannot be read at the moment. Please tell us."),
    }[presence]


def _size(size: int) -> str:
    if size < 1000:
        return _("%(number)s bytes", number=number(size))
    if size < 1_000_000:
        return _("%(number)s kB", number=number(round(size / 1000)))
    return _("%(number)s MB", number=number(round(size / 1_000_000, 1)))
