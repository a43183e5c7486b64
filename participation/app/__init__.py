"""The composition root: ``create_app`` puts all packages together."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask, g
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from participation.accessibility.shown import init_sign_videos
from participation.accounts import agreeing, guard, passwords
from participation.activity.service import subscribe
from participation.api.problems import ROOT as API
from participation.app import addresses, blueprints, carrying, errors, filters, languages, shell
from participation.app.start import StartRefused, check_frames, check_limits, check_secret
from participation.app.templating import TemplateEnvironment
from participation.browse.translations import shown_here
from participation.cases.worded import init_worded
from participation.handlers import HANDLERS
from participation.kit.assets import init_assets
from participation.kit.cache import Memory, PageCache, Pieces
from participation.kit.db import configure_engine, db, engine_options, guard_session
from participation.kit.headers import init_headers
from participation.kit.limits import init_limits
from participation.kit.packing import init_packing
from participation.kit.places import PACKAGE, ROOT
from participation.kit.sessions import QuickSessions
from participation.legal.pages import agree_shown, agreed_lines
from participation.legal.queries import general_versions, owed, places_in
from participation.listings.translated import Written
from participation.multilingual import init_catalogues, init_templates, locale_of
from participation.processes.queries import held_roles, process_id_by_slug, suspensions
from participation.receipts.keyring import init_keyring
from participation.texts import vectors

__all__ = ["ROOT", "StartRefused", "create_app"]


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """Return the application; ``overrides`` win over ``config.py`` and the environment.

    Raises ``StartRefused`` without a usable secret and ``UndeclaredAccess`` when a route says not who may use it.
    """
    app = Flask(__name__, static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.from_pyfile(str(ROOT / "config.py"))
    app.config.from_mapping(overrides or {})
    check_secret(app.config)
    check_limits(app.config)
    check_frames(app.config)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url(app.config["DATABASE_URL"])
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["DATABASE_URL"])
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.config["TIMEZONE"]
    frames = (f"/{code}/embed/" for code in app.config["LANGUAGES"])
    app.session_interface = QuickSessions(without=(API, *frames))
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    app.jinja_environment = TemplateEnvironment
    app.jinja_env.add_extension("jinja2.ext.do")
    _init_memory(app)
    _init_extensions(app)
    blueprints.register(app)
    init_limits(app, lambda: guard.current_actor().account_id)
    guard.check_declarations(app)
    return app


def database_url(url: str) -> str:
    """Return ``url`` with the PostgreSQL driver named that this product ships."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _init_memory(app: Flask) -> None:
    seconds, limit = app.config["PAGE_CACHE_SECONDS"], app.config["PAGE_CACHE_BYTES"]
    app.extensions["page_cache"] = PageCache(limit)
    app.extensions["memory"] = Memory(seconds)
    app.extensions["pieces"] = Pieces(limit // 2 if seconds else 0)


def _init_extensions(app: Flask) -> None:
    Path(app.config["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    passwords.configure(app.config["ARGON2_TIME_COST"], app.config["ARGON2_MEMORY_KIB"])
    vectors.configure(app.config["ANALYSIS"])
    init_keyring(app)
    init_assets(app, ROOT / "static")
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # WSGI middleware
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
        guard_session()
    Migrate(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True, compare_type=True)
    addresses.init_addresses(app)
    languages.init_languages(app)
    Babel(app, locale_selector=lambda: locale_of(g.get("language") or app.config["BABEL_DEFAULT_LOCALE"]))
    init_catalogues(app, ROOT / "translations")
    init_templates(app.jinja_env)
    CSRFProtect(app)
    guard.init_guard(
        app,
        guard.GuardHooks(
            held_roles=held_roles(),
            suspensions=suspensions(),
            owed=owed(),
            read_owed=places_in,
            find_process=process_id_by_slug,
            ask_to_sign_in=errors.ask_to_sign_in,
        ),
    )
    carrying.init_carrying(app)
    init_worded(app, lambda session, asked: shown_here(session, (Written(*one) for one in asked)))
    agreeing.init_agreeing(app, agreeing.AgreeingHooks(general_versions, agree_shown, agreed_lines))
    init_headers(app)
    init_packing(app, shell.weight)
    errors.init_errors(app)
    shell.init_shell(app)
    filters.init_filters(app)
    init_sign_videos(app)
    subscribe(HANDLERS)
