"""Sending plain-text messages: by SMTP, many over one connection, or into a spool folder where no server is set."""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
NOWHERE = ".invalid"
"""The end of addresses that can never exist (RFC 6761, section 6.4): what is to go there is done with."""
CLOSING = 421
"""With this a server says that it ends the connection (RFC 5321, section 3.8)."""


class _AddressHeader(UnstructuredHeader, BaseHeader):
    """The address of a page, in one piece: broken over lines it would be encoded, and programs could not follow it."""

    def fold(self, *, policy: Any) -> str:
        """Return the header as it is sent; a line may have 998 characters (RFC 5322, section 2.1.1)."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _AddressHeader)
POLICY = EmailPolicy(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person; the subject is a single line, the body plain text.

    ``message_id`` is what stands before the @ and makes a repetition the same message for mail programs; without it
    each sending has one of its own. A POST to ``unsubscribe_url`` ends letters of this kind (RFC 8058).
    """

    to: str
    subject: str
    body: str
    language: str
    message_id: str = ""
    unsubscribe_url: str = ""


class MailFailed(smtplib.SMTPException):
    """A message was not handed over; the reason names no address. ``is_final``: the recipient will never get it."""

    is_final = False


class LineLost(MailFailed):
    """The connection is over; whatever else was to be sent needs another one."""


HandOver = Callable[[Letter], None]


def send(letter: Letter, settings: Mapping[str, Any]) -> None:
    """Hand ``letter`` to the mail server, or write it to the spool folder.

    Raises ``OSError`` or ``MailFailed`` when it could not be handed over; the caller tries again.
    """
    with mail_line(settings) as hand_over:
        hand_over(letter)


@contextmanager
def mail_line(settings: Mapping[str, Any]) -> Iterator[HandOver]:
    """Yield a function that hands over one letter after the other by the same connection.

    Raises ``OSError`` or ``MailFailed`` without a connection. The function raises ``MailFailed`` for a letter that was
    not taken, and ``LineLost`` (or ``OSError``) when no other one will be taken either.
    """
    if not settings["SMTP_URL"]:
        yield _unless_nowhere(lambda letter: _spool(_message(letter, settings), Path(settings["MAIL_SPOOL"])))
        return
    try:
        server = _connect(settings["SMTP_URL"])
    except smtplib.SMTPException as problem:
        raise _failure(problem) from None
    try:
        yield _unless_nowhere(lambda letter: _hand_over(server, _message(letter, settings)))
    finally:
        # Whatever the server answers now, what it took it has.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _unless_nowhere(hand_over: HandOver) -> HandOver:
    def unless_nowhere(letter: Letter) -> None:
        if not letter.to.lower().endswith(NOWHERE):
            hand_over(letter)

    return unless_nowhere


def _message(letter: Letter, settings: Mapping[str, Any]) -> EmailMessage:
    message = EmailMessage(POLICY)
    domain = str(settings["MAIL_FROM"]).rpartition("@")[2]
    message["From"] = settings["MAIL_FROM"]
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message["Message-ID"] = f"<{letter.message_id}@{domain}>" if letter.message_id else make_msgid(domain=domain)
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.body)
    # After the content, which takes all Content headers away.
    message["Content-Language"] = letter.language
    return message


def _spool(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    partial = folder / f"{name}.part"
    partial.write_bytes(message.as_bytes())
    partial.rename(folder / f"{name}.eml")


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
    try:
        # What a server can do is only known after the greeting; asked before, it could do nothing.
        server.ehlo_or_helo_if_needed()
        encrypted = parts.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            encrypted = True
        if parts.username:
            _sign_in(server, parts.username, parts.password or "", encrypted=encrypted)
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: smtplib.SMTP, user: str, password: str, *, encrypted: bool) -> None:
    if not encrypted:
        raise MailFailed("the mail server offers no encryption, so it does not get the password")
    server.login(unquote(user), unquote(password))


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPException as problem:
        raise _failure(problem) from None


def _failure(problem: smtplib.SMTPException) -> MailFailed:
    """Return ``problem`` without what the server said: that names the recipient, and errors end up in logs."""
    if isinstance(problem, MailFailed):
        return problem
    code = getattr(problem, "smtp_code", 0)
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code = next((answer[0] for answer in problem.recipients.values()), 0)
    text = f"{type(problem).__name__} {code or ''}".strip()
    if isinstance(problem, smtplib.SMTPServerDisconnected) or code == CLOSING:
        return LineLost(text)
    failed = MailFailed(text)
    about_recipient = isinstance(problem, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    failed.is_final = about_recipient and code >= 500
    return failed
