"""Builders: the shortest way to a process, people, ideas and everything on them; each returns plain ids.

They write what the product's services would, with rows where a service would ask for more than a test wants to say.
"""

from tests.make.answered import answer, bundle, measure, referral, step
from tests.make.brought import column_mapping, intake_run, open_upload
from tests.make.curated import cluster, draft, statement, submitted_statement, suggestions, team_member, touches
from tests.make.decided import text_block
from tests.make.lawful import consent, legal_draft, legal_text
from tests.make.objected import objection
from tests.make.places import (
    BASIC_SERVICES,
    BENEFICIARIES,
    DISTRICTS,
    EVERYTHING,
    FIELDS,
    GOALS,
    POINTS,
    POINTS_MOST,
    PRINCIPLES,
    Place,
    account,
    actor,
    comment,
    comments,
    framework,
    idea,
    newest_account,
    participant,
    phase,
    principle_ids,
    process,
    review,
    text,
    vote,
    votes,
)
from tests.make.reported import barrier, barrier_codes, evidence, notice, notice_codes
from tests.make.worded import wording

__all__ = [
    "BASIC_SERVICES",
    "BENEFICIARIES",
    "DISTRICTS",
    "EVERYTHING",
    "FIELDS",
    "GOALS",
    "POINTS",
    "POINTS_MOST",
    "PRINCIPLES",
    "Place",
    "account",
    "actor",
    "answer",
    "barrier",
    "barrier_codes",
    "bundle",
    "cluster",
    "column_mapping",
    "comment",
    "comments",
    "consent",
    "draft",
    "evidence",
    "framework",
    "idea",
    "intake_run",
    "legal_draft",
    "legal_text",
    "measure",
    "newest_account",
    "notice",
    "notice_codes",
    "objection",
    "open_upload",
    "participant",
    "phase",
    "principle_ids",
    "process",
    "referral",
    "review",
    "statement",
    "step",
    "submitted_statement",
    "suggestions",
    "team_member",
    "text",
    "text_block",
    "touches",
    "vote",
    "votes",
    "wording",
]
