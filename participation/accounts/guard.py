"""The guard in front of every route: a view without an access declaration is refused."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.accounts.service import Owed, Token, hash_token, sign_ins, signed_in
from participation.kit import clock
from participation.kit.db import db

View = TypeVar("View", bound=Callable[..., Any])
FindProcess = Callable[[Session, str], int | None]
Refuse = Callable[[], Any]


class Access(enum.Enum):
    """Who gets through to a view at all; services decide about the thing itself."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    DESK = "desk"
    MODERATOR = "moderator"
    STAFF = "staff"
    ADMIN = "admin"


TOKEN = "_user_id"  # noqa: S105  # a name, nothing secret
"""Under this name Flask-Login keeps the token of the sign-in in the session cookie."""
ROLES = {Access.MODERATOR: Role.MODERATOR, Access.STAFF: Role.STAFF, Access.ADMIN: Role.ADMIN}


class UndeclaredAccess(RuntimeError):
    """A route says not who may use it."""


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """Flask-Login's user: the actor behind a revocable sign-in token."""

    def __init__(self, token: str, actor: Actor, language: str, unread: int = 0) -> None:
        self.token = token
        self.actor = actor
        self.language = language
        self.unread = unread

    def get_id(self) -> str:
        """Return what the session cookie holds: the sign-in's random token, never the account's number."""
        return self.token


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # read back by the guard and its tests
        return view

    return mark


public = _declare(Access.PUBLIC)
signed_in_only = _declare(Access.SIGNED_IN)
desk_only = _declare(Access.DESK)
moderators_only = _declare(Access.MODERATOR)
staff_only = _declare(Access.STAFF)
admins_only = _declare(Access.ADMIN)


def signed_in_at_work(view: View) -> View:
    """Declare a view for those signed in, which finds out who they are where it works, from ``current_token``.

    For what people do by the thousand: it spares a look at the database. Whatever takes the token raises ``SignedOut``.
    """
    view.asks_itself = True  # type: ignore[attr-defined]  # read back by the guard
    return signed_in_only(view)


def current_token() -> Token:
    """Return the token that came with this request, for somebody who looks whose it is."""
    return Token(hash_token(session.get(TOKEN, "")))


def current_actor() -> Actor:
    """Return who sends this request; asks neither session nor database when no session cookie came along."""
    if "actor" not in g:
        name = g.setdefault("session_cookie_name", current_app.config["SESSION_COOKIE_NAME"])
        known = request.cookies.get(name) and current_user.is_authenticated
        g.actor = current_user.actor if known else ANONYMOUS
    actor: Actor = g.actor
    return actor


def own_language() -> str | None:
    """Return the language that whoever is signed in wants to be spoken to; ``None`` for all others."""
    if not current_actor().is_signed_in:
        return None
    language: str = current_user.language
    return language if language in current_app.config["LANGUAGES"] else None


def is_anonymous_reading() -> bool:
    """Return whether this is a GET without any session, so that a shared rendering may answer it."""
    return request.method in ("GET", "HEAD") and not request.cookies.get(g.session_cookie_name)


@dataclass(frozen=True, slots=True)
class GuardHooks:
    """What the guard needs from packages above it; ``app.py`` fills it in.

    ``held_roles`` are the roles held now, with the columns account_id, role and process_id; ``suspensions`` says who
    writes nothing where, with the columns account_id, process_id and until; ``owed`` is a column about an account,
    which ``read_owed`` reads: in which processes there is something new to agree to.
    """

    held_roles: FromClause
    suspensions: FromClause
    owed: ColumnElement[str | None]
    read_owed: Owed
    find_process: FindProcess
    ask_to_sign_in: Refuse


def init_guard(app: Flask, hooks: GuardHooks) -> None:
    """Put the guard in front of every route of ``app``."""
    manager = LoginManager()
    # The built-in protection would tie the session to the network address, which changes under phones.
    manager.session_protection = None
    manager.init_app(app)

    # Asked with every request of somebody signed in: it stands ready, and account and roles come in one go.
    statement = sign_ins(hooks.held_roles, hooks.suspensions, hooks.owed)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load_visitor(token: str) -> Visitor | None:
        known = signed_in(db.session(), statement, hooks.read_owed, token=token, now=clock.now())
        if known is None:
            session.clear()
            return None
        return Visitor(token, known.actor, known.language, known.unread)

    @app.before_request
    def check_access() -> Any:
        g.session_cookie_name = app.config["SESSION_COOKIE_NAME"]
        if request.endpoint is None:
            return None
        view = app.view_functions[request.endpoint]
        access = getattr(view, "access", None)
        if access is None:
            raise UndeclaredAccess(request.endpoint)
        if hasattr(view, "asks_itself") and TOKEN in session:
            return None
        return _refusal(access, hooks)


def check_declarations(app: Flask) -> None:
    """Raise ``UndeclaredAccess`` when any route of ``app`` lacks a declaration: the product does not start then."""
    missing = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access"))
    if missing:
        raise UndeclaredAccess(", ".join(missing))


def _refusal(access: Access, hooks: GuardHooks) -> Any:
    if access is Access.PUBLIC:
        return None
    actor = current_actor()
    if not actor.is_signed_in:
        return hooks.ask_to_sign_in()
    if access is Access.SIGNED_IN:
        return None
    process_id = None
    if slug := (request.view_args or {}).get("slug"):
        process_id = hooks.find_process(db.session(), slug)
        if process_id is None:
            abort(404)
    allowed = actor.has_desk(process_id) if access is Access.DESK else actor.has(ROLES[access], process_id)
    if not allowed:
        abort(403)
    return None
