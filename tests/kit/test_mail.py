"""Letters: through a real SMTP server, and into the spool folder."""

import email
import smtplib
import socket
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from participation.kit.mail import Letter, MailFailed, mail_line, send
from tests.live import free_port
from tests.mailbox import mail_server

LETTER = Letter("person@example.org", "Zeile eins\r\nBcc: evil@example.org", "Grüße aus Dortmund\n\n— Ihr Team\n", "de")


class Mailbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Any] = []

    def prepare_message(self, _session: Any, envelope: Any) -> Any:
        self.messages.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=default)))
        return EmailMessage()

    def handle_message(self, message: Any) -> None:
        """Keep nothing twice."""


@pytest.fixture
def mailbox() -> Iterator[tuple[str, Mailbox]]:
    """An SMTP server on this machine: its URL and what arrived."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}", box
    controller.stop()


def settings(url: str, spool: Path) -> dict[str, Any]:
    """Return the settings that sending needs."""
    return {"MAIL_FROM": "beteiligung@example.org", "SMTP_URL": url, "MAIL_SPOOL": spool}


def check(message: Any) -> None:
    """Raise ``AssertionError`` unless the message is ``LETTER``, and nothing more."""
    assert message["From"] == "beteiligung@example.org"
    assert message["To"] == "person@example.org"
    assert message["Subject"] == "Zeile eins Bcc: evil@example.org"
    assert message["Bcc"] is None
    assert message["Content-Language"] == "de"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == LETTER.body


def test_a_letter_goes_through_a_mail_server(mailbox: tuple[str, Mailbox], tmp_path: Path) -> None:
    url, box = mailbox
    send(LETTER, settings(url, tmp_path / "spool"))
    assert len(box.messages) == 1
    recipients, message = box.messages[0]
    assert recipients == ["person@example.org"]
    check(message)
    assert not (tmp_path / "spool").exists()


def test_several_letters_share_a_connection_and_one_that_is_refused_stops_none(tmp_path: Path) -> None:
    with mail_server() as server:
        server.refused = {"gone@example.org"}
        with mail_line(settings(server.url, tmp_path)) as hand_over:
            hand_over(LETTER)
            with pytest.raises(MailFailed) as problem:
                hand_over(replace(LETTER, to="gone@example.org"))
            hand_over(replace(LETTER, to="third@example.org"))
        assert [message["To"] for message in server.messages()] == ["person@example.org", "third@example.org"]
        assert (server.connections, problem.value.is_final) == (1, True)


def test_programs_can_follow_the_link_that_ends_mail_however_long_it_is(tmp_path: Path) -> None:
    link = f"https://take-part.example.org/en/unsubscribe/{'long-token' * 30}"
    letter = replace(LETTER, message_id="digest-1", unsubscribe_url=link)
    for _ in range(2):
        send(letter, settings("", tmp_path))
    # The same message again takes the place of the first one.
    (path,) = tmp_path.glob("*.eml")
    assert f"List-Unsubscribe: <{link}>\n" in path.read_text()
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert message["Message-ID"] == "<digest-1@example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_server_it_is_written_to_the_spool(tmp_path: Path) -> None:
    for _ in range(2):
        send(LETTER, settings("", tmp_path / "spool"))
    files = sorted((tmp_path / "spool").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    for path in files:
        check(email.message_from_bytes(path.read_bytes(), policy=default))


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:{port}", "smtps://127.0.0.1:{port}"])
def test_a_server_that_is_away_is_an_error_for_the_caller(url: str, tmp_path: Path) -> None:
    with pytest.raises((OSError, smtplib.SMTPException)):
        send(LETTER, settings(url.format(port=free_port()), tmp_path))
    assert list(tmp_path.iterdir()) == []


class Scripted(threading.Thread):
    """A mail server that gives the same answer to each command every time, and remembers the commands."""

    def __init__(self, answers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.answers = answers
        self.commands: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def run(self) -> None:
        connection, _address = self.socket.accept()
        with self.socket, connection, connection.makefile("rw", newline="") as stream:
            stream.write("220 ready\r\n")
            stream.flush()
            for line in stream:
                command = line.split()[0].upper()
                self.commands.append(command)
                stream.write(self.answers.get(command, "250 ok") + "\r\n")
                stream.flush()
                if command == "QUIT":
                    return


@pytest.mark.parametrize(
    ("answers", "user", "commands"),
    [
        ({"EHLO": "250-here\r\n250 STARTTLS", "STARTTLS": "454 not now"}, "me:secret@", ["EHLO", "STARTTLS"]),
        ({"EHLO": "250-here\r\n250 AUTH PLAIN"}, "me:secret@", ["EHLO"]),
        ({"RCPT": "550 no person@example.org here"}, "", ["EHLO", "MAIL", "RCPT"]),
    ],
    ids=["encryption fails", "no encryption", "unknown recipient"],
)
def test_a_failure_gives_neither_password_nor_address_away(
    tmp_path: Path, answers: dict[str, str], user: str, commands: list[str]
) -> None:
    server = Scripted(answers)
    server.start()
    settings = {"MAIL_FROM": "city@example.org", "SMTP_URL": f"smtp://{user}127.0.0.1:{server.port}"}
    with pytest.raises(MailFailed) as problem:
        send(LETTER, {**settings, "MAIL_SPOOL": tmp_path})
    server.join(5)
    assert [command for command in server.commands if command not in {"QUIT", "RSET"}] == commands
    assert LETTER.to not in "".join(traceback.format_exception(problem.value))


def test_what_is_to_go_nowhere_is_done_with(mailbox: tuple[str, Mailbox], tmp_path: Path) -> None:
    url, box = mailbox
    for server in (url, ""):
        with mail_line(settings(server, tmp_path)) as hand_over:
            hand_over(replace(LETTER, to="account-17@no-address.INVALID"))
            hand_over(LETTER)
    assert [recipients for recipients, _message in box.messages] == [["person@example.org"]]
    assert len(list(tmp_path.iterdir())) == 1
