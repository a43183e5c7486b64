"""Letters that follow from events; each is written in the worker, outside any transaction, when it is sent."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale, format_timedelta

from participation.accounts.events import AccountCreated, PasswordResetRequested, SignUpRepeated
from participation.accounts.models import Account, LinkPurpose
from participation.accounts.service import LINK_LASTS, issue_link
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.links import page_url
from participation.kit.mail import Letter, send
from participation.moderation.events import Decided
from participation.moderation.models import Decision, DecisionKind
from participation.multilingual import negotiate, pick
from participation.notifications.events import AuthorToTell
from participation.processes.models import Participant
from participation.processes.queries import process_by_id
from participation.strategy.answers import OUTCOMES
from participation.strategy.events import IdeaAnswered
from participation.strategy.models import Answer, Statement
from participation.texts import single_line


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a letter, free of the database; ``language`` is one that the interface speaks."""

    account_id: int
    email: str
    language: str
    is_confirmed: bool


def ask_for_confirmation(event: AccountCreated) -> None:
    """Send the link that confirms an address; nothing once it is confirmed."""
    recipient = _recipient(event.account_id)
    if recipient and not recipient.is_confirmed:
        _write_with_link(recipient, "confirm", LinkPurpose.CONFIRM, "accounts.confirm")


def hint_at_existing_account(event: SignUpRepeated) -> None:
    """Tell somebody who signs up again that there is an account already, and the ways into it."""
    recipient = _recipient(event.account_id)
    if recipient:
        sign_in_url = page_url("accounts.sign_in", language=recipient.language)
        reset_url = page_url("accounts.request_reset", language=recipient.language)
        _write(recipient, "existing_account", sign_in_url=sign_in_url, reset_url=reset_url)


def send_reset_link(event: PasswordResetRequested) -> None:
    """Send the link that sets a new password."""
    recipient = _recipient(event.account_id)
    if recipient:
        _write_with_link(recipient, "reset", LinkPurpose.RESET, "accounts.reset")


def tell_author(event: Decided) -> None:
    """Tell an author what was decided about a contribution, and why; only people with an account can be told."""
    session = db.session()
    decision = session.get(Decision, event.decision_id)
    if decision is None:
        return
    comment = session.get(Comment, decision.comment_id) if decision.comment_id else None
    addendum = session.get(Addendum, decision.addendum_id) if decision.addendum_id else None
    part: Comment | Addendum | None = comment or addendum
    idea = session.get_one(Idea, part.idea_id if part else decision.idea_id)
    author = session.get_one(Participant, comment.participant_id if comment else idea.participant_id)
    recipient = _recipient(author.account_id)
    if recipient is None:
        return
    process = process_by_id(session, decision.process_id)
    url = page_url("browse.idea", language=recipient.language, slug=process.slug, idea_id=idea.id)
    about = "comment" if comment else "addendum" if addendum else "idea"
    _write(
        recipient,
        "redaction" if decision.kind is DecisionKind.REDACT else "decision",
        about=about,
        decision=decision.kind.value,
        reason=decision.reason,
        title=single_line(idea.title),
        text=part.text if part else "",
        process=pick(process.title, recipient.language),
        url=f"{url}#{about}-{part.id}" if part else url,
        rules_url=page_url("browse.rules", language=recipient.language),
    )


def tell_author_of_answer(event: IdeaAnswered) -> None:
    """Tell the author of an idea what the city answers to it."""
    session = db.session()
    answer = session.get(Answer, event.answer_id)
    idea = session.get(Idea, answer.idea_id) if answer else None
    if answer is None or idea is None:
        return
    recipient = _recipient(session.get_one(Participant, idea.participant_id).account_id)
    if recipient is None:
        return
    process = process_by_id(session, answer.process_id)
    url = page_url("browse.idea", language=recipient.language, slug=process.slug, idea_id=idea.id)
    _write_answer(recipient, answer, "idea", single_line(idea.title), pick(process.title, recipient.language), url)


def tell_author_of_source(event: AuthorToTell) -> None:
    """Tell somebody whose idea a statement rests on what the city answers to the statement."""
    session = db.session()
    answer = session.get(Answer, event.answer_id)
    statement = session.get(Statement, answer.statement_id) if answer else None
    recipient = _recipient(session.get_one(Participant, event.participant_id).account_id)
    if answer is None or statement is None or recipient is None:
        return
    process = process_by_id(session, answer.process_id)
    url = page_url("browse.statement", language=recipient.language, slug=process.slug, statement_id=statement.id)
    title = single_line(pick(statement.text, recipient.language))
    _write_answer(recipient, answer, "statement", title, pick(process.title, recipient.language), url)


def _write_answer(recipient: Recipient, answer: Answer, about: str, title: str, process: str, url: str) -> None:
    with force_locale(recipient.language):
        outcome = str(OUTCOMES[answer.outcome])
    _write(
        recipient,
        "answer",
        about=about,
        title=title,
        outcome=outcome,
        department=single_line(answer.department),
        text=pick(answer.text, recipient.language),
        process=process,
        url=url,
    )


def _recipient(account_id: int | None) -> Recipient | None:
    account = db.session.get(Account, account_id) if account_id else None
    if account is None:
        return None
    config = current_app.config
    language = negotiate([account.language], config["LANGUAGES"], config["BABEL_DEFAULT_LOCALE"])
    return Recipient(account.id, account.email, language, account.confirmed_at is not None)


def _write_with_link(recipient: Recipient, template: str, purpose: LinkPurpose, endpoint: str) -> None:
    # Made only now, so that no queue or log ever holds a link that works.
    with transaction() as session:
        token = issue_link(session, account_id=recipient.account_id, purpose=purpose, now=clock.now())
    with force_locale(recipient.language):
        lasts = format_timedelta(LINK_LASTS[purpose], threshold=1.5)
    _write(recipient, template, link=page_url(endpoint, language=recipient.language, token=token), lasts=lasts)


def _write(recipient: Recipient, template: str, **values: Any) -> None:
    """Send one letter; the first line of the template becomes its subject."""
    config = current_app.config
    site = page_url("browse.front", language=recipient.language)
    with force_locale(recipient.language):
        text = render_template(f"mail/{template}.txt", site=site, config=config, **values)
    subject, _, body = text.strip().partition("\n")
    send(Letter(recipient.email, subject, body.strip() + "\n", recipient.language), config)
