"""What must be true before the product starts, so that no demo secret ever faces the public."""

from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from limits import parse_many

DEMO_SECRET = "demo-secret-for-this-machine-only"  # noqa: S105  # known to everybody, and refused beyond loopback
SHORTEST_SECRET = 32


class StartRefused(RuntimeError):
    """The settings are not safe to start with; the message is one clear sentence."""


def check_secret(config: Mapping[str, Any]) -> None:
    """Raise ``StartRefused`` without a secret; the demo one is for the demo."""
    secret = config["SECRET_KEY"]
    if not secret:
        raise StartRefused(
            "SECRET_KEY is not set: put a long random value into the environment, "
            'for example from: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if secret == DEMO_SECRET and not config["DEMO"]:
        raise StartRefused("SECRET_KEY is the demo secret: set one of your own.")


def check_limits(config: Mapping[str, Any]) -> None:
    """Raise ``StartRefused`` for limits that nobody can read, instead of running without them."""
    for name, limit in config["LIMITS"].items():
        try:
            parse_many(limit or "1/second")
        except ValueError:
            raise StartRefused(
                f"LIMIT_{name.upper()} is no limit: write how often within what time, for example 20/hour."
            ) from None
    if config["VALKEY_URL"] and find_spec("valkey") is None:
        raise StartRefused('VALKEY_URL is set, but its client is missing: install the extra "valkey".')


def check_frames(config: Mapping[str, Any]) -> None:
    """Raise ``StartRefused`` where what is said of frames would undo the rest of a page's policy, or say nothing."""
    ancestors = config["EMBED_ANCESTORS"]
    if not ancestors.strip() or not ancestors.isascii() or not ancestors.isprintable() or set(ancestors) & set(";,"):
        raise StartRefused(
            "EMBED_ANCESTORS names no sites: write them with spaces in between, * for any, or 'none' for nobody."
        )


def check_address(config: Mapping[str, Any], host: str) -> None:
    """Raise ``StartRefused`` when ``host`` can be reached from elsewhere and the settings are not made for that."""
    if is_loopback(host):
        return
    if config["DEMO"] or config["SECRET_KEY"] == DEMO_SECRET:
        raise StartRefused(
            f"The demo has accounts with known passwords, so it only runs on this machine, not on {host}."
        )
    if len(config["SECRET_KEY"]) < SHORTEST_SECRET:
        raise StartRefused(f"SECRET_KEY is too short for {host}: use at least {SHORTEST_SECRET} random characters.")
    address = urlsplit(config["PUBLIC_URL"])
    if address.scheme not in ("http", "https") or not address.netloc:
        raise StartRefused("PUBLIC_URL is not set: links in mails need it, for example https://mitmachen.example.org.")
    if config["TRUSTED_PROXIES"] is None:
        raise StartRefused("TRUSTED_PROXIES is not set: say how many reverse proxies stand in front, 0 for none.")


def is_loopback(host: str) -> bool:
    """Return whether ``host`` can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
