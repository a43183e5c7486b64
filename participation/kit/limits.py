"""How often somebody may do something: counted per account, or per keyed hash of a network, by all processes together.

No address is kept: of one only the network is taken (/24, or /56 of IPv6), and of that a hash whose key changes every
day. Counters end with their window.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter._extension import LimiterContext
from limits import parse_many

from participation.kit import clock, counters

READING = ("GET", "HEAD")
View = TypeVar("View", bound=Callable[..., Any])
AccountOf = Callable[[], int | None]
EXTENSION = "participation_limits"
FAILED = frozenset({401, 403, 422})
NETWORK_BITS = {4: 24, 6: 56}


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit of a view: its name in ``LIMITS``, a form field that it is counted for, too, and what is counted."""

    name: str
    per_field: str = ""
    failures_only: bool = False
    when: Callable[[], bool] | None = None
    methods: tuple[str, ...] = ("POST",)
    per_network: bool = False

    def is_left_out(self) -> bool:
        """Whether the limit does not hold for this request."""
        return self.when is not None and not self.when()


class TooOften(Exception):
    """Somebody did something costly too often; ``seconds`` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far somebody has come with a limit: so many in so many seconds, what is left, and when it begins anew."""

    most: int
    window_seconds: int
    left: int
    seconds_left: int


class ViewLimiter(Limiter):
    """Flask-Limiter for views that declare limits; it takes no time of requests to any others."""

    # Not exported there, but what the class hands out.
    _nothing: ClassVar[LimiterContext] = LimiterContext()

    @property
    def context(self) -> LimiterContext:
        """What is known about the limits of this request; the same empty one where there are none."""
        view = current_app.view_functions.get(request.endpoint or "")
        return super().context if hasattr(view, "limits") else self._nothing

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        # There are no limits but those of views, which ask when they are called.
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


def limited(
    name: str,
    *,
    per_field: str = "",
    failures_only: bool = False,
    when: Callable[[], bool] | None = None,
    methods: tuple[str, ...] = ("POST",),
    per_network: bool = False,
) -> Callable[[View], View]:
    """Declare how often somebody may POST to a view: as often as ``LIMITS[name]`` says, for example ``20/hour``.

    With ``per_field`` each value of a form field is counted for itself, such as the address somebody signs in with;
    with ``failures_only`` what was done as it should be counts nothing; ``when`` says for which requests it holds.
    ``methods`` names others than POST, and ``per_network`` counts without asking who somebody is.
    """

    def mark(view: View) -> View:
        rule = Rule(name, per_field, failures_only, when, methods, per_network)
        rules = (*getattr(view, "limits", ()), rule)
        view.limits = rules  # type: ignore[attr-defined]  # read back by init_limits
        return view

    return mark


def spend(name: str, account_id: int | None) -> None:
    """Count something costly that a view is about to do, as often as ``LIMITS[name]`` says; raises ``TooOften``.

    Where the storage fails nothing is counted: nobody is kept from reading by that.
    """
    limiter: ViewLimiter = current_app.extensions[EXTENSION]
    if not limiter.enabled:
        return
    limit = current_app.config["LIMITS"][name]
    whose = (_keyed(current_app.config["SECRET_KEY"], f"{name} {_whose(lambda: account_id)}"), name)
    for item in parse_many(limit) if limit else ():
        try:
            allowed = limiter.limiter.hit(item, *whose)
            resets_at = limiter.limiter.get_window_stats(item, *whose).reset_time
        except Exception:
            current_app.logger.exception("the counters of %s cannot be reached", name)
            return
        if not allowed:
            raise TooOften(max(1, int(resets_at - clock.now().timestamp())))


def init_limits(app: Flask, account_of: AccountOf) -> None:
    """Put the limits in front of all views of ``app`` that declare any; ``account_of`` says who sends a request.

    Where the storage fails each process counts for itself until it is back: nobody is kept from writing by that.
    """
    limiter = ViewLimiter(
        lambda: _whose(account_of),
        storage_uri=storage_address(app.config["VALKEY_URL"], Path(app.config["DATA_DIR"])),
        strategy="fixed-window",
        key_prefix=_keyed(app.config["SECRET_KEY"], "installation")[:8],
        in_memory_fallback_enabled=True,
        swallow_errors=True,
    )
    limiter.init_app(app)
    app.extensions[EXTENSION] = limiter
    views = {name: view for name, view in app.view_functions.items() if hasattr(view, "limits")}
    for endpoint, view in views.items():
        limited_view = view
        for rule in view.limits:
            limited_view = _decorator(limiter, rule, account_of)(limited_view)
        app.view_functions[endpoint] = limited_view


def storage_address(valkey_url: str, data_dir: Path) -> str:
    """Return the address of the storage: Valkey where there is one, else a file below ``data_dir``."""
    if valkey_url:
        # The same protocol; the installed client is Valkey's own.
        return re.sub(r"^redis", "valkey", valkey_url)
    return f"{counters.SCHEME}://{data_dir / 'limits.sqlite'}"


def seconds_left() -> int:
    """Return how long somebody who was refused by a limit has to wait, at least one second."""
    limiter: ViewLimiter = current_app.extensions[EXTENSION]
    limit = limiter.current_limit
    return max(1, limit.reset_at - int(clock.now().timestamp())) if limit else 1


def allowance() -> Allowance | None:
    """Return how far this request has come with the limit of its view; ``None`` where nothing was counted."""
    limiter: ViewLimiter = current_app.extensions[EXTENSION]
    limit = limiter.current_limit
    if limit is None:
        return None
    window = limit.limit.get_expiry()
    return Allowance(limit.limit.amount, window, max(0, limit.remaining), min(window, seconds_left()))


def forget_ended() -> int:
    """Delete the counters that have ended and return how many there were; Valkey does so by itself."""
    limiter: ViewLimiter = current_app.extensions[EXTENSION]
    if limiter.enabled and isinstance(limiter.storage, counters.SharedCounters):
        return limiter.storage.sweep()
    return 0


def network_key(address: str | None, *, secret: str, day: date) -> str:
    """Return the hash of the network that ``address`` belongs to; another one every day."""
    return _keyed(secret, f"{day.isoformat()} {_network(address or '')}")


def _network(address: str) -> str:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        # Behind a socket there are no addresses: all count as one.
        return "elsewhere"
    if isinstance(known, IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ip_network((known, NETWORK_BITS[known.version]), strict=False))


def _decorator(limiter: Limiter, rule: Rule, account_of: AccountOf) -> Callable[[Any], Any]:
    return limiter.shared_limit(
        lambda: current_app.config["LIMITS"][rule.name],
        scope=rule.name,
        key_func=lambda: _whose((lambda: None) if rule.per_network else account_of, rule.per_field),
        methods=list(rule.methods),
        deduct_when=_has_failed if rule.failures_only else None,
        exempt_when=rule.is_left_out,
    )


def _has_failed(response: Response) -> bool:
    return response.status_code in FAILED


def _whose(account_of: AccountOf, per_field: str = "") -> str:
    """Return under which key something is counted: that of an account, or of a network."""
    secret = current_app.config["SECRET_KEY"]
    account_id = account_of()
    if account_id is None:
        whose = network_key(request.remote_addr, secret=secret, day=clock.now().date())
    else:
        whose = f"account-{account_id}"
    if not per_field:
        return whose
    typed = request.form.get(per_field, "").strip().lower()
    return _keyed(secret, f"{whose} {per_field} {typed}")


def _keyed(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), f"limits {text}".encode(), hashlib.sha256).hexdigest()[:32]
