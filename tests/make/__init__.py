"""Builders: the shortest way to a process, people, ideas and everything on them; each returns plain ids.

They write what the product's services would, with rows where a service would ask for more than a test wants to say.
"""

from tests.make.curated import answer, cluster, draft, statement, touches
from tests.make.decided import text_block
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
    participant,
    phase,
    principle_ids,
    process,
    review,
    text,
    vote,
    votes,
)
from tests.make.reported import evidence, notice, notice_codes

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
    "cluster",
    "comment",
    "comments",
    "draft",
    "evidence",
    "framework",
    "idea",
    "notice",
    "notice_codes",
    "objection",
    "participant",
    "phase",
    "principle_ids",
    "process",
    "review",
    "statement",
    "text",
    "text_block",
    "touches",
    "vote",
    "votes",
]
