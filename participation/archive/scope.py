"""What belongs to a process: how the rows of every table hang on it, and which tables stay out, and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, Table, and_, case, func, literal, null, or_, select, union

from participation.accounts.models import MailRhythm
from participation.accounts.nowhere import address_nowhere
from participation.archive.log_names import LOG_NAMES
from participation.kit.schema import Base

RECEIPTS = {"idea": "idea", "addendum": "addendum", "comment": "comment", "vote": "vote"}
"""Which table the subject of a receipt of each kind is in."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Which process an archive holds, as of which moment, and whether the addresses of people are in it."""

    process_id: int
    moment: datetime
    has_addresses: bool

    def rows(self, name: str) -> ColumnElement[bool]:
        """Return the condition that a row of the table called ``name`` belongs to the archive."""
        return _kept(name).where(Base.metadata.tables[name], self)

    def among(self, name: str, column: str = "id") -> Select[tuple[int]]:
        """Return the values of a column of the rows of a table that belong to the archive."""
        return select(Base.metadata.tables[name].c[column]).where(self.rows(name))


Where = Callable[[Table, Extent], ColumnElement[bool]]
Instead = Callable[[Table, Extent], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows belong to a process where ``where`` says so; ``instead`` of some columns stands another value.

    What goes in place of a value must be the same when the process is archived again from where it was read.
    """

    where: Where
    instead: Mapping[str, Instead] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table that is in no archive, and why."""

    because: str


def of_process(table: Table, extent: Extent) -> ColumnElement[bool]:
    """The row names the process."""
    return table.c.process_id == extent.process_id


def of(name: str, column: str = "") -> Where:
    """Return the rule for rows that hang on a row of the table called ``name``."""

    def where(table: Table, extent: Extent) -> ColumnElement[bool]:
        return table.c[column or f"{name}_id"].in_(extent.among(name))

    return where


def named_by(name: str, column: str) -> Where:
    """Return the rule for rows that the rows of another table name in ``column``."""

    def where(table: Table, extent: Extent) -> ColumnElement[bool]:
        return table.c.id.in_(extent.among(name, column))

    return where


def _itself(table: Table, extent: Extent) -> ColumnElement[bool]:
    return table.c.id == extent.process_id


def _account(table: Table, extent: Extent) -> ColumnElement[bool]:
    """Whoever is named anywhere in the archive, so that nobody else ever gets the same number."""
    named = [extent.among(name, key.parent.name) for name, key in _account_keys()]
    return table.c.id.in_(union(*named, extent.among("log_entry", "account_id")).scalar_subquery())


def _account_keys() -> Iterator[tuple[str, ForeignKey]]:
    for name, one in SCOPE.items():
        if isinstance(one, Kept):
            for key in sorted(Base.metadata.tables[name].foreign_keys, key=lambda key: key.parent.name):
                if key.column.table.name == "account":
                    yield name, key


def _receipt(table: Table, extent: Extent) -> ColumnElement[bool]:
    return or_(
        *(and_(table.c.kind == kind, table.c.subject_id.in_(extent.among(name))) for kind, name in RECEIPTS.items())
    )


def _log_entry(table: Table, extent: Extent) -> ColumnElement[bool]:
    """What the log says about something in the archive; entries about people and the installation stay."""
    here = [table.c.payload["process_id"].as_integer() == extent.process_id]
    here += [table.c.payload[key].as_integer().in_(extent.among(name)) for key, name in LOG_NAMES.items()]
    return or_(*here)


def _nothing(_table: Table, _extent: Extent) -> ColumnElement[Any]:
    return null()


def _empty(_table: Table, _extent: Extent) -> ColumnElement[Any]:
    return literal("")


def _zero(_table: Table, _extent: Extent) -> ColumnElement[Any]:
    return literal(0)


def _or_now(column: str) -> Instead:
    return lambda table, extent: func.coalesce(table.c[column], literal(extent.moment, table.c[column].type))


def _ended(**states: str) -> Instead:
    """Return what stands in place of a state that only the old installation could leave."""

    def instead(table: Table, _extent: Extent) -> ColumnElement[Any]:
        state = table.c.state
        return case(*((state == old, literal(new, state.type)) for old, new in states.items()), else_=state)

    return instead


def _email(table: Table, extent: Extent) -> ColumnElement[Any]:
    return table.c.email if extent.has_addresses else address_nowhere(table.c.id)


def _mail_rhythm(table: Table, extent: Extent) -> ColumnElement[Any]:
    return table.c.mail_rhythm if extent.has_addresses else literal(MailRhythm.NEVER, table.c.mail_rhythm.type)


def _unread(table: Table, extent: Extent) -> ColumnElement[Any]:
    inbox = Base.metadata.tables["inbox_entry"]
    new = select(func.count()).select_from(inbox).where(extent.rows("inbox_entry"), inbox.c.read_at.is_(None))
    return new.where(inbox.c.account_id == table.c.id).correlate(table).scalar_subquery()


def _contact(table: Table, extent: Extent) -> ColumnElement[Any]:
    return table.c.contact if extent.has_addresses else null()


def _contact_erased_at(table: Table, extent: Extent) -> ColumnElement[Any]:
    erased = table.c.contact_erased_at
    if extent.has_addresses:
        return erased
    return case((table.c.contact.is_not(None), literal(extent.moment, erased.type)), else_=erased)


_ACCOUNT = Kept(
    _account,
    {
        "email": _email,
        "password_hash": _nothing,
        "mail_rhythm": _mail_rhythm,
        "unread": _unread,
        "code_tries": _zero,
        "code_tries_since": _nothing,
    },
)
_EXPORT = {"job_id": _nothing, "state": _ended(waiting="cancelled"), "removed_at": _or_now("removed_at")}
_INTAKE = {
    "job_id": _nothing,
    "state": _ended(uploaded="cancelled", waiting="cancelled"),
    "removed_at": _or_now("removed_at"),
}
_DATA = {
    "job_id": _nothing,
    "state": _ended(current="replaced", building="failed"),
    "ended_at": _or_now("ended_at"),
    "removed_at": _or_now("removed_at"),
}
_OWN = Kept(of_process)
_OF_FRAMEWORK = Kept(of("framework"))
_OF_IDEA = Kept(of("idea"))
_OF_STATEMENT = Kept(of("statement"))
_WORK = LeftOut("work that waits for a program of this installation; routines find what another one has to do")
_SECRET = LeftOut("opens an account here, and would open it elsewhere")
_MADE_ANEW = LeftOut("is worked out from the texts again")

SCOPE: Mapping[str, Kept | LeftOut] = MappingProxyType(
    {
        "accessibility_statement": LeftOut("says what holds for the whole installation"),
        "account": _ACCOUNT,
        "addendum": _OF_IDEA,
        "answer": _OWN,
        "appeal": _OWN,
        "archive_note": _OWN,
        "aspect": _OF_FRAMEWORK,
        "assessment": _OF_STATEMENT,
        "barrier_report": LeftOut("is about the installation, and between it and whoever wrote it"),
        "board": _OWN,
        "board_change": _OWN,
        "bundle": _OWN,
        "bundle_member": Kept(of("bundle")),
        "bundle_refusal": _OWN,
        "case_note": _OWN,
        "case_sketch": _OWN,
        "characteristic": _OF_FRAMEWORK,
        "characteristic_option": Kept(of("characteristic")),
        "cluster": _OWN,
        "cluster_note": Kept(of("cluster")),
        "column_mapping": LeftOut("belongs to the installation, which uses it for every process"),
        "comment": _OWN,
        "comment_revision": Kept(of("comment")),
        "consent": Kept(of("legal_text")),
        "criterion": _OF_FRAMEWORK,
        "data_release": Kept(of_process, _DATA),
        "decision": _OWN,
        "decision_time": _OWN,
        "delivery": _WORK,
        "digest_letter": _WORK,
        "digest_run": _WORK,
        "district": _OF_FRAMEWORK,
        "document_version": _OWN,
        "draft": LeftOut("nobody but its author ever sees it, and it was not submitted"),
        "draw": _OWN,
        "evidence": _OWN,
        "evidence_access": Kept(of("evidence")),
        "export": Kept(of_process, _EXPORT),
        "export_download": Kept(of("export")),
        "field_of_action": _OF_FRAMEWORK,
        "filing": Kept(of("cluster")),
        "framework": Kept(named_by("process", "framework_id")),
        "group_run": _OWN,
        "helpful_mark": Kept(of("comment")),
        "idea": _OWN,
        "idea_aspect": _OF_IDEA,
        "idea_principle": _OF_IDEA,
        "idea_revision": _OF_IDEA,
        "idea_search": _MADE_ANEW,
        "idea_vector": _MADE_ANEW,
        "inbox_entry": _OWN,
        "insight_snapshot": _OWN,
        "intake_run": Kept(of_process, _INTAKE),
        "job": _WORK,
        "last_seen": _OWN,
        "legal_text": _OWN,
        "log_entry": Kept(_log_entry),
        "lost_source": _OF_STATEMENT,
        "measure": _OWN,
        "measure_step": Kept(of("measure")),
        "message": _OWN,
        "moderation_case": _OWN,
        "moderation_month": _OWN,
        "neighbourhood": _MADE_ANEW,
        "notice": Kept(of_process, {"contact": _contact, "contact_erased_at": _contact_erased_at}),
        "one_time_link": _SECRET,
        "participant": _OWN,
        "people_figures": _OWN,
        "phase": _OWN,
        "principle": _OF_FRAMEWORK,
        "priority": Kept(of("phase")),
        "priority_tally": Kept(of("phase")),
        # Whether texts may leave for a provider is for each installation to say.
        "process": Kept(_itself, {"translator": _empty}),
        "receipt": Kept(_receipt),
        "receipt_key": Kept(named_by("receipt", "key_id")),
        "recorded_event": _WORK,
        "referral": _OWN,
        "residence_code": _SECRET,
        # Roles that hold everywhere belong to the installation: nobody becomes an admin through a file.
        "role_grant": _OWN,
        "routine": _WORK,
        "self_description": Kept(of("participant")),
        "sign_in": _SECRET,
        "sign_off": _OF_STATEMENT,
        "sign_video": LeftOut("its file lies beside the database; the new installation gets it anew"),
        "signal": _OWN,
        "skip": _OF_IDEA,
        "standing": _OWN,
        "statement": _OWN,
        "statement_field": _OF_STATEMENT,
        "statement_principle": _OF_STATEMENT,
        "statement_quote": _OF_STATEMENT,
        "statement_revision": _OF_STATEMENT,
        "statement_source": _OF_STATEMENT,
        "suggestion_run": _OWN,
        "tally": _OF_IDEA,
        "term": _OF_FRAMEWORK,
        # Blocks and words for all processes belong to the installation; decisions hold what their blocks said.
        "text_block": _OWN,
        "value": _OF_FRAMEWORK,
        "vote": _OF_IDEA,
        "vote_change": _OWN,
        "vote_log_release": _OWN,
        "watched_word": _OWN,
        "wording": _OWN,
        "wording_errand": _WORK,
        "wording_provider": LeftOut("says how a provider of this installation behaves"),
        "wording_search": _MADE_ANEW,
    }
)
"""Every table of the product."""


def kept_tables() -> list[Table]:
    """Return the tables of an archive in an order in which each row comes after those that it names."""
    return [table for table in Base.metadata.sorted_tables if isinstance(SCOPE.get(table.name), Kept)]


def _kept(name: str) -> Kept:
    one = SCOPE[name]
    assert isinstance(one, Kept), name
    return one
