"""Every address of the product: what can stand in it, in a database in which there is something at each of them."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from participation.accessibility.models import BarrierReport
from participation.accounts.models import LinkPurpose
from participation.accounts.service import issue_link
from participation.browse.functions import FUNCTIONS
from participation.browse.methods import METHODS
from participation.cases.models import Case
from participation.comments.models import Comment, CommentStance, CommentState
from participation.curation.models import Bundle, Cluster
from participation.ideas.models import Addendum, Idea
from participation.intake.models import IntakeRun
from participation.kit import clock
from participation.moderation.models import Appeal, Decision, DecisionKind, Message, TextBlock
from participation.notices.models import Evidence
from participation.processes.models import Process
from participation.proposing.models import Draft
from participation.receipts.models import Receipt, ReceiptKind
from participation.strategy.models import Answer, Measure, Statement
from participation.voting.models import Vote
from participation.wordings.models import Wording
from tests import make
from tests.multilingual.busy import BUSY
from tests.multilingual.pseudo import LANGUAGE

# Answers for machines, and the developers' gallery with its made-up samples.
FOR_NOBODY = {"api", "feeds", "machine", "static"}
CHECK_FILES = {
    f"results.{name}" for name in ("figures", "own_proof_file", "roots", "tally_program", "vote_log", "vote_program")
}
# Endpoints that answer with a redirect or a file and so have no page.
NO_PAGE = {
    *(
        "browse.root",
        "interface.root",
        "desk.queue_state",
        "desk.board_state_now",
        "transparency.files",
        "mine.receipt_file",
    ),
    "receipts.key",
    "videos.file",
    *(f"provenance.{about}_{form}" for about in ("statement", "idea") for form in ("picture", "data")),
    *("exports.matrix", "results.groups_file", *CHECK_FILES),
    *("opendata.file", "opendata.process_record_file", "opendata.catalogue_record_file"),
    *("posters.process", "posters.statement", "short.process", "short.statement", "languages.choose"),
}
LINKS = {
    "accounts.confirm": LinkPurpose.CONFIRM,
    "accounts.reset": LinkPurpose.RESET,
    "accounts.accept_invitation": LinkPurpose.INVITE,
}
QUERIES = {
    "mine.contributions": ("?show=comments", "?show=votes", "?show=wordings", "?process=quiet"),
    "suggesting.comment": ("?into=uk",),
    "suggesting.idea": ("?into=uk",),
    "barriers.enter": ("?code=nonsense",),
    "barriers.queue": ("?show=answered",),
    "receipts.enter": ("?code=nonsense", "?code=0000-0000-0000-0000-0000"),
    "browse.ideas": (
        "?principle=innovation&language=de",
        "?principle=not-sure&answered=no",
        "?district=north&state=source",
        "?q=help&explain=1",
        *(f"?sort={sort}&explain=1" for sort in ("rotation", "newest", "agreement", "contested", "discussed")),
    ),
    "documents.document": ("?by=principle", "?by=field", "?by=order", "?since=0", "?version=1"),
    "matrix.overview": ("?statement=1",),
    "legal.consent": ("?process=quiet",),
    "legal.preview": ("?text=en",),
    "proposing.new": ("?principle=innovation&field=schools",),
    "browse.idea": ("?sort=helpful", "?stance=objects&sort=newest", "?original=1"),
    "results.ideas": ("?sort=contested&principle=innovation",),
    "voting.priorities": ("?q=telescope", "?q=nothing-like-this"),
    "desk.queue": ("?q=nothing-like-this", "?assigned=nobody&subject=comment&overdue=1"),
    "desk.board": ("?q=nothing-like-this", "?principle=not-sure", "?rest=without_main"),
    "desk.cluster": ("?q=nothing-like-this",),
}
EXPLAINING = {"methods.method", "functions.function"}
VOTED = (Receipt.kind == ReceiptKind.VOTE) & (Receipt.subject_id == Vote.id)
JUDGED = Decision.kind.not_in([DecisionKind.PUBLISH, DecisionKind.KEEP])
# Of the many comments the changed one, and those at the start of a thread.
# One case of each sort, open or closed.
SORTS = (Case.kind, Case.subject_kind, Case.closed_at.is_(None))
FEW = Comment.edited_at.is_not(None) | (Comment.stance == CommentStance.ASKS) | (Comment.state == CommentState.HIDDEN)


def values_of(session: Session) -> list[dict[str, list[Any]]]:
    """Return what can stand in an address, process by process."""
    return [
        {
            "slug": [process.slug],
            "public_id": list(session.scalars(select(IntakeRun.public_id).where(IntakeRun.process_id == process.id))),
            "principle_key": list(make.PRINCIPLES[:2]),
            "criterion_key": ["rights"],
            "value_key": ["fairness"],
            "method": list(METHODS),
            "function": list(FUNCTIONS),
            "legal_kind": ["rules", "privacy"],
            "version": [1, 2],
            "release": [7],
            "name": ["ideas.csv"],
            "record_format": ["ttl"],
            "file_format": ["json"],
            "subject": ["ideas", "comments", "addenda"],
            "about": ["ideas", "bundles", "statements"],
            "message_id": list(session.scalars(select(Message.id).where(Message.process_id == process.id).limit(1))),
            "key": list(session.scalars(select(Draft.key).where(Draft.process_id == process.id))),
            **_receipts(session, process.slug),
            "notice_code": make.notice_codes(session, process.id),
            **_barriers(session, process.slug),
            "decision_id": list(session.scalars(select(Decision.id).where(Decision.process_id == process.id, JUDGED))),
            "case_id": list(session.scalars(_first_of_each_sort(process.id))),
            "appeal_id": list(session.scalars(select(Appeal.id).where(Appeal.process_id == process.id))),
            "block_id": list(session.scalars(select(TextBlock.id).where(TextBlock.process_id == process.id))),
            "evidence_id": list(session.scalars(select(Evidence.id).where(Evidence.process_id == process.id))),
            "addendum_id": list(session.scalars(_first_addenda(process.id))),
            "comment_id": list(session.scalars(select(Comment.id).where(Comment.process_id == process.id, FEW))),
            PAIRS: [*session.execute(select(Comment.idea_id, Comment.id).where(Comment.process_id == process.id))],
            **{
                name: list(session.scalars(select(model.id).where(model.process_id == process.id)))
                for name, model in (
                    ("idea_id", Idea),
                    ("cluster_id", Cluster),
                    ("statement_id", Statement),
                    ("bundle_id", Bundle),
                    ("answer_id", Answer),
                    ("measure_id", Measure),
                    ("wording_id", Wording),
                )
            },
        }
        for process in session.scalars(select(Process))
    ]


def _first_of_each_sort(process_id: int) -> Select[int]:
    return select(func.min(Case.id)).where(Case.process_id == process_id).group_by(*SORTS)


def _barriers(session: Session, slug: str) -> dict[str, list[Any]]:
    """Return reports of barriers and a gap; they belong to no process, so they are looked at with one only."""
    if slug != BUSY:
        return {"barrier_code": [], "report_id": [], "gap_id": []}
    numbers = list(session.scalars(select(BarrierReport.id)))
    return {"barrier_code": make.barrier_codes(session), "report_id": numbers, "gap_id": [1]}


def _receipts(session: Session, slug: str) -> dict[str, list[Any]]:
    """Return the receipts there are; all of them are about contributions to the busy process."""
    kinds = [kind.value for kind in ReceiptKind] if slug == BUSY else []
    codes = list(session.scalars(select(Receipt.code))) if slug == BUSY else []
    numbers = set(session.scalars(select(Receipt.subject_id).where(Receipt.kind != ReceiptKind.VOTE)))
    numbers |= set(session.scalars(select(Vote.idea_id).join(Receipt, VOTED)))
    return {"kind": kinds, "code": codes, "number": sorted(numbers) if slug == BUSY else []}


def token_for(session: Session, purpose: LinkPurpose) -> str:
    """Return what stands in a mailed link of somebody."""
    account = make.account(session, language=LANGUAGE)
    return issue_link(session, account_id=account, purpose=purpose, now=clock.now())


def pages(app: Flask) -> Iterator[Rule]:
    """Yield the rule of every page that people look at."""
    for rule in app.url_map.iter_rules():
        package = rule.endpoint.partition(".")[0]
        if "GET" in (rule.methods or ()) and package not in FOR_NOBODY and rule.endpoint not in NO_PAGE:
            yield rule


PAIRS = "ideas with their comments"


def _first_addenda(process_id: int) -> Select[int]:
    return select(Addendum.id).where(Addendum.process_id == process_id).order_by(Addendum.id).limit(2)


def addresses(app: Flask, rule: Rule, values: list[dict[str, list[Any]]], tokens: dict[str, str]) -> Iterator[str]:
    """Yield every address of a page that the values make up, with each query that changes what is on it."""
    adapter = app.url_map.bind("localhost")
    wanted = sorted(rule.arguments - {"language", "token"})
    for place in values if wanted else [{}]:
        # A name that is not among the values is a new kind of address: say in ``values_of`` what it leads to.
        for chosen in product(*(place[name] for name in wanted)):
            parts = dict(zip(wanted, chosen, strict=True)) | {"language": LANGUAGE}
            if {"idea_id", "comment_id"} <= parts.keys() and (parts["idea_id"], parts["comment_id"]) not in place[
                PAIRS
            ]:
                # Nothing but the same page that says there is nothing, hundreds of times.
                continue
            if "token" in rule.arguments:
                parts["token"] = tokens[rule.endpoint]
            address = adapter.build(rule.endpoint, parts)
            yield from (address + query for query in ("", *QUERIES.get(rule.endpoint, ())))
