"""What belongs to a process is declared for every table and entry of the log: whoever adds one has to say."""

import importlib
import pkgutil
from dataclasses import fields

import participation
from participation.activity.events import Event
from participation.archive.log_names import LOG_NAMES, NOT_A_PLACE
from participation.archive.scope import RECEIPTS, SCOPE, Kept, LeftOut, kept_tables, of_process
from participation.kit.schema import Base
from participation.receipts.models import ReceiptKind

for module in pkgutil.walk_packages(participation.__path__, "participation."):
    if module.name.endswith((".models", ".events")):
        importlib.import_module(module.name)

PERSONAL = {"email", "contact", "password_hash", "code_tries", "code_tries_since"}


def test_every_table_is_declared() -> None:
    assert SCOPE.keys() == Base.metadata.tables.keys()
    assert list(SCOPE) == sorted(SCOPE)
    assert all(one.because for one in SCOPE.values() if isinstance(one, LeftOut))


def test_nothing_in_an_archive_names_what_stays_out() -> None:
    kept = {table.name for table in kept_tables()}
    for table in kept_tables():
        rule = SCOPE[table.name]
        assert isinstance(rule, Kept)
        assert rule.instead.keys() <= set(table.columns.keys())
        for key in table.foreign_keys:
            there = key.column.table.name
            assert there in kept or key.parent.name in rule.instead, f"{table.name}.{key.parent.name} names {there}"


def test_rows_come_after_those_that_they_name() -> None:
    order = [table.name for table in kept_tables()]
    for table in kept_tables():
        for key in table.foreign_keys:
            there = key.column.table.name
            assert there not in order or there == table.name or order.index(there) < order.index(table.name)


def test_secrets_and_addresses_never_go_along_as_they_are() -> None:
    for table in kept_tables():
        rule = SCOPE[table.name]
        assert isinstance(rule, Kept)
        secret = {name for name in table.columns.keys() if name in PERSONAL or "token" in name}  # noqa: SIM118  # not a dict
        assert secret <= rule.instead.keys(), table.name


def test_what_holds_for_all_processes_stays() -> None:
    for name in ("role_grant", "text_block", "watched_word", "inbox_entry"):
        assert Base.metadata.tables[name].columns["process_id"].nullable
        assert SCOPE[name] == Kept(of_process)


def test_every_logged_event_says_what_it_is_about() -> None:
    for kind in Event.kinds.values():
        if kind.logged and kind.__module__.startswith("participation."):
            names = {one.name for one in fields(kind) if one.name.endswith("_id")} - {"process_id"}
            assert names <= LOG_NAMES.keys() | NOT_A_PLACE, f"{kind.__name__}: {names}"
    assert set(LOG_NAMES.values()) <= {table.name for table in kept_tables()}


def test_every_kind_of_receipt_has_its_table() -> None:
    assert RECEIPTS.keys() == {kind.value for kind in ReceiptKind}
