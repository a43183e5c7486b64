"""Doing errands: claimed in one transaction, sent outside of any, kept in another, and looked at again in between."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from participation.activity.pace import LEASE
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.dialect import locked
from participation.multilingual import base_language
from participation.processes.models import Process, ProcessState
from participation.wordings.checking import Source, problem_with
from participation.wordings.errands import settled
from participation.wordings.health import Failure, count_characters, health_of, is_resting, note_answer, note_failure
from participation.wordings.masking import Glossary, Word, glossary_of
from participation.wordings.models import Errand, ErrandState, ProviderHealth
from participation.wordings.pace import put_off
from participation.wordings.providers.provider import Provider, ProviderFailed
from participation.wordings.service import keep_machine_wording
from participation.wordings.subjects import PublicText, Subject, public_texts

LOOKED_AT = 100
"""So many errands are looked at for those that go together in one request."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Errands that go together in one request: of one process, from one language into another."""

    provider: str
    errand_ids: tuple[int, ...]
    subjects: tuple[Subject, ...]
    source: str
    target: str
    glossary: Glossary
    until: datetime

    def words(self) -> Sequence[Word]:
        """Return the words that the framework puts in a way of its own."""
        return self.glossary.words(self.source, self.target)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one contribution, and what is wrong with it."""

    sent: PublicText
    title: str
    text: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: an answer by contribution, or the failure of all of them."""

    answers: dict[Subject, Answer]
    failure: Failure | None


def do_next(provider: Provider, zone: str) -> bool:
    """Do the errands that are next for a provider; return whether there may be more. Needs an application context."""
    with transaction() as session:
        claimed = claim(session, provider, zone=zone, now=clock.now())
    if claimed is None:
        return False
    if claimed.errand_ids:
        outcome = send(claimed, provider)
        with transaction() as session:
            keep(session, claimed, outcome, now=clock.now())
    return True


def claim(session: Session, provider: Provider, *, zone: str, now: datetime) -> Claim | None:
    """Claim the errands that go together with the one that is next; ``None`` where nothing is to be done now.

    What became due last is done first: whoever writes now does not wait behind what was there when a provider was
    switched on. What failed before goes alone, so that one text never stops others.
    """
    settings = provider.settings
    health = health_of(session, settings.name)
    if is_resting(health, now):
        return None
    rows = _due(session, settings.name, now)
    if not rows:
        return None
    texts = public_texts(session, [(row.subject_kind, row.subject_id) for row in rows])
    rows = _wanted(rows, texts, settled(session, texts.keys()), now)
    together = _together(rows, texts, provider)
    if not together:
        # Nothing of what was looked at may leave; what is behind it is looked at next.
        return Claim(settings.name, (), (), "", "", Glossary(()), now)
    first = texts[_subject(together[0])]
    sent = sum(_length(texts[_subject(row)]) for row in together)
    if not count_characters(health, sent, most=settings.monthly_characters, zone=zone, now=now):
        return None
    until = now + LEASE + timedelta(seconds=settings.seconds)
    for row in together:
        row.attempts += 1
        row.claimed_until = until
    return Claim(
        provider=settings.name,
        errand_ids=tuple(row.id for row in together),
        subjects=tuple(map(_subject, together)),
        source=base_language(first.language),
        target=together[0].language,
        glossary=_glossary(session, first.process_id),
        until=until,
    )


def send(claimed: Claim, provider: Provider) -> Outcome:
    """Ask the provider for what is claimed and public at this very moment, and look at what it answers."""
    session = db.session()
    still_public = public_texts(session, claimed.subjects)
    allowed = _switched_on(session, claimed)
    session.rollback()
    texts = [still_public[one] for one in claimed.subjects if allowed and one in still_public]
    texts = [text for text in texts if base_language(text.language) == claimed.source]
    if not texts:
        return Outcome({}, None)
    words = claimed.words()
    parts = [part for text in texts for part in (text.title, text.text) if part]
    try:
        found = iter(provider.translate(parts, claimed.source, claimed.target, terms=words))
    except ProviderFailed as problem:
        return Outcome({}, Failure(problem.problem, is_of_texts=problem.is_of_texts, wait=problem.wait))
    answers = {}
    for text in texts:
        title = next(found) if text.title else ""
        answers[text.subject] = _checked(text, title.strip(), next(found).strip(), claimed, words)
    return Outcome(answers, None)


def keep(session: Session, claimed: Claim, outcome: Outcome, *, now: datetime) -> None:
    """Keep what came back for texts that are still public as they were sent; call the other errands off."""
    health = health_of(session, claimed.provider)
    if outcome.failure is not None:
        note_failure(health, outcome.failure, now)
    elif outcome.answers:
        note_answer(health, now)
    rows = session.scalars(
        locked(
            select(Errand)
            .where(
                Errand.id.in_(claimed.errand_ids),
                Errand.state == ErrandState.WAITING,
                Errand.claimed_until == claimed.until,
            )
            .order_by(Errand.id)
        )
    ).all()
    texts = public_texts(session, [_subject(row) for row in rows], keeps_them=True) if rows else {}
    allowed = _switched_on(session, claimed)
    for row in rows:
        row.claimed_until = None
        text = texts.get(_subject(row))
        if not allowed or text is None or text.revision != row.revision:
            _end(row, ErrandState.VOID, now)
        elif outcome.failure is not None:
            put_off(row, health, outcome.failure, is_alone=len(claimed.errand_ids) == 1, now=now)
        else:
            _keep_one(session, row, text, outcome.answers.get(text.subject), health, claimed, now)


def _keep_one(
    session: Session,
    row: Errand,
    text: PublicText,
    answer: Answer | None,
    health: ProviderHealth,
    claimed: Claim,
    now: datetime,
) -> None:
    if answer is None or answer.sent != text:
        # It was hidden or changed when the others were sent, and is public again: it goes with the next ones.
        row.attempts -= 1
        row.next_at = now
    elif answer.problem:
        put_off(row, health, Failure(answer.problem, is_of_texts=True), is_alone=True, now=now)
    else:
        keep_machine_wording(
            session,
            process_id=text.process_id,
            idea_id=text.idea_id,
            subject=text.subject,
            revision=text.revision,
            source_language=claimed.source,
            language=claimed.target,
            title=answer.title,
            text=answer.text,
            provider=claimed.provider,
            now=now,
        )
        row.problem = ""
        _end(row, ErrandState.DONE, now)


def _due(session: Session, provider: str, now: datetime) -> Sequence[Errand]:
    processes = select(Process.id).where(Process.translator == provider, Process.state != ProcessState.DRAFT)
    statement = (
        select(Errand)
        .where(
            Errand.state == ErrandState.WAITING,
            Errand.next_at <= now,
            or_(Errand.claimed_until.is_(None), Errand.claimed_until <= now),
            Errand.process_id.in_(processes),
        )
        .order_by(Errand.next_at.desc(), Errand.id.desc())
        .limit(LOOKED_AT)
    )
    return session.scalars(locked(statement, skip_locked=True)).all()


def _wanted(
    rows: Sequence[Errand], texts: dict[Subject, PublicText], there: Collection[tuple[object, ...]], now: datetime
) -> list[Errand]:
    """Return those of ``rows`` whose text may leave and has no wording yet; call the others off."""
    wanted = []
    for row in rows:
        text = texts.get(_subject(row))
        if text is None or text.revision != row.revision or base_language(text.language) == row.language:
            _end(row, ErrandState.VOID, now)
        elif (*_subject(row), row.revision, row.language) in there:
            _end(row, ErrandState.DONE, now)
        else:
            wanted.append(row)
    return wanted


def _together(rows: Sequence[Errand], texts: dict[Subject, PublicText], provider: Provider) -> list[Errand]:
    """Return those of ``rows`` that fit into one request with the first of them."""
    found: list[Errand] = []
    parts = characters = 0
    for row in rows:
        text = texts[_subject(row)]
        if found and not _fits(row, text, found[0], texts):
            continue
        parts += 1 + bool(text.title)
        characters += _length(text)
        if found and (parts > provider.most_texts or characters > provider.most_characters):
            break
        found.append(row)
        if row.attempts:
            break
    return found


def _fits(row: Errand, text: PublicText, first: Errand, texts: dict[Subject, PublicText]) -> bool:
    own, other = texts[_subject(first)], text
    same_languages = (own.language, first.language) == (other.language, row.language)
    return same_languages and own.process_id == other.process_id and not row.attempts


def _checked(text: PublicText, title: str, answer: str, claimed: Claim, words: Sequence[Word]) -> Answer:
    source = Source(text.title, text.text, claimed.source, claimed.target)
    return Answer(text, title, answer, problem_with(source, title, answer, words))


def _switched_on(session: Session, claimed: Claim) -> bool:
    process_id = select(Errand.process_id).where(Errand.id == claimed.errand_ids[0]).scalar_subquery()
    chosen = session.scalar(select(Process.translator).where(Process.id == process_id))
    return chosen == claimed.provider


def _glossary(session: Session, process_id: int) -> Glossary:
    framework_id = session.scalar(select(Process.framework_id).where(Process.id == process_id))
    return glossary_of(session, framework_id) if framework_id is not None else Glossary(())


def _subject(row: Errand) -> Subject:
    return row.subject_kind, row.subject_id


def _length(text: PublicText) -> int:
    return len(text.title) + len(text.text)


def _end(row: Errand, state: ErrandState, now: datetime) -> None:
    row.state, row.ended_at, row.claimed_until = state, now, None
