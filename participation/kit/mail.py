"""Sending one plain-text message: by SMTP, or into a spool folder where no server is set."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person; the subject is a single line, the body plain text."""

    to: str
    subject: str
    body: str
    language: str


class MailFailed(smtplib.SMTPException):
    """A message was not handed over; the reason names no address."""


def send(letter: Letter, settings: Mapping[str, Any]) -> None:
    """Hand ``letter`` to the mail server, or write it to the spool folder.

    Raises ``OSError`` or ``MailFailed`` when it could not be handed over; the caller tries again.
    """
    message = EmailMessage()
    message["From"] = settings["MAIL_FROM"]
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message["Message-ID"] = make_msgid(domain=str(settings["MAIL_FROM"]).rpartition("@")[2])
    message.set_content(letter.body)
    # After the content, which takes all Content headers away.
    message["Content-Language"] = letter.language
    if settings["SMTP_URL"]:
        try:
            _smtp(message, settings["SMTP_URL"])
        except MailFailed:
            raise
        except smtplib.SMTPException as problem:
            # What the server said names the recipient, and errors end up in logs.
            code = getattr(problem, "smtp_code", "")
            raise MailFailed(f"{type(problem).__name__} {code}".strip()) from None
    else:
        _spool(message, Path(settings["MAIL_SPOOL"]))


def _spool(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    partial = folder / f"{name}.part"
    partial.write_bytes(message.as_bytes())
    partial.rename(folder / f"{name}.eml")


def _smtp(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        # What a server can do is only known after the greeting; asked before, it could do nothing.
        server.ehlo_or_helo_if_needed()
        encrypted = parts.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            encrypted = True
        if parts.username:
            if not encrypted:
                raise MailFailed("the mail server offers no encryption, so it does not get the password")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
