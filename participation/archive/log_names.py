"""Which entries of the log are about something in a process: what the ids in them are ids of."""

from collections.abc import Mapping
from types import MappingProxyType

LOG_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "idea_id": "idea",
        "first_id": "idea",
        "addendum_id": "addendum",
        "comment_id": "comment",
        "decision_id": "decision",
        "appeal_id": "appeal",
        "message_id": "message",
        "case_id": "moderation_case",
        "notice_id": "notice",
        "evidence_id": "evidence",
        "member_id": "bundle_member",
        "statement_id": "statement",
        "answer_id": "answer",
        "referral_id": "referral",
        "measure_id": "measure",
        "step_id": "measure_step",
        "export_id": "export",
        "run_id": "intake_run",
        "wording_id": "wording",
        "legal_text_id": "legal_text",
    }
)
"""The table that each id names; ``process_id`` names the process itself."""

NOT_A_PLACE = frozenset(
    {"account_id", "second_id", "note_id", "mapping_id", "report_id", "accessibility_statement_id", "video_id"}
)
"""Ids in the log that lead to nothing of a process, or nowhere else than another one beside them."""
