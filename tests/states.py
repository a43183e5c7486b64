"""States of pages that browser tests look at, made in the demo process, and who looks at which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accessibility.service import answer_barrier
from participation.accounts.actor import SYSTEM, Role
from participation.accounts.models import Account
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentStance, CommentState, Voice
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.legal.models import LegalKind
from participation.notices.models import NoticeReason
from participation.processes.models import Process, RoleGrant
from participation.receipts.models import Receipt, ReceiptKind
from participation.strategy.statements.losses import review_sources
from participation.voting.models import Stance
from participation.wordings.models import WordingState
from tests import group_runs, lineages, make, revisions

SLUG = "digital-strategy"
LONG_WORD = "Straßenbahnhaltestellenwartehäuschenbeleuchtungssteuerungsanlage"
TEXT = f"Abends ist es dunkel.\n\nEine {LONG_WORD} hilft, siehe https://www.example.org/{'sehr-lang/' * 8}"


@dataclass(frozen=True, slots=True)
class States:
    """Numbers and codes by which the states are found."""

    frozen: int
    free: int
    withdrawn: int
    talk: int
    translated: int
    comment: int
    own_comment: int
    draft: str
    code: str
    notice: str
    barrier: str
    late: int
    evidence: int
    way: lineages.Scene
    waiting: int
    suggested: int


def made(session: Session) -> States:
    """Make the states in the demo process, the resident being author of most, and return where they are."""
    process = session.scalars(select(Process).where(Process.slug == SLUG)).one()
    place = make.Place(process.id, process.slug, process.framework_id)
    resident = session.scalars(select(Account.id).where(Account.email == "resident@example.org")).one()
    author = make.participant(session, place, account_id=resident)
    talk, comment, own_comment = _talk(session, place, author)
    _groups(session, place)
    way, waiting = _way(session)
    make.legal_text(session, way.place, changes={"de": "Neue Fragen"}, asks_consent=True)
    make.legal_draft(session, place, kind=LegalKind.PRIVACY, text={"de": TEXT, "ar": TEXT}, asks_consent=True)
    late, barrier = _barriers(session)
    return States(
        frozen=_frozen(session, place, author),
        free=_free(session, place, author),
        withdrawn=_withdrawn(session, place, voter=author),
        talk=talk,
        translated=_translated(session, place),
        comment=comment,
        own_comment=own_comment,
        draft=make.draft(
            session, place, resident, title="WLAN im Jugendzentrum", body="Frau Muster sagt: ein Raum mit WLAN. " * 9
        ),
        code=session.scalars(select(Receipt.code).where(Receipt.kind == ReceiptKind.IDEA)).first() or "",
        notice=make.notice(session, place, comment, SubjectKind.COMMENT, reason=NoticeReason.THREAT_TO_LIFE),
        evidence=make.evidence(session, place, comment, SubjectKind.COMMENT),
        barrier=barrier,
        late=late,
        way=way,
        waiting=waiting,
        suggested=_suggested(session, place, author),
    )


def _barriers(session: Session) -> tuple[int, str]:
    """Report barriers, one of them late and one answered; return the number of the first, the code of the second."""
    late = make.barrier(session, text=TEXT, days=-1)
    number, now = make.barrier(session, text=TEXT), clock.now()
    answer_barrier(session, SYSTEM, report_id=number, text=TEXT, language="de", is_removed=True, now=now)
    return late, make.barrier_codes(session)[-1]


def _way(session: Session) -> tuple[lineages.Scene, int]:
    """Return a process in which ideas went all the way and one source was lost, and a statement that waits there."""
    way = lineages.scene(session, "lineage")
    team = {"moderator": Role.MODERATOR, "staff": Role.STAFF}
    for name, role in team.items():
        account = session.scalars(select(Account.id).where(Account.email == f"{name}@example.org")).one()
        grant = RoleGrant(account_id=account, role=role, process_id=way.place.id, granted_at=clock.now())
        session.add(grant)
    session.get_one(Comment, way.comment).state = CommentState.HIDDEN
    session.flush()
    review_sources(session, now=clock.now(), process_id=way.place.id)
    return way, make.submitted_statement(session, way.place, way.clusters)


def _frozen(session: Session, place: make.Place, author: int) -> int:
    idea = make.idea(session, place, author=author, title=f"Licht: {LONG_WORD}", body=TEXT, principles=["data"])
    closed = "Frau Muster sieht nichts."
    revisions.revised(session, idea, "Es ist dunkel.", closed, closed=[closed])
    make.votes(session, place, idea, agree=7, disagree=3, unsure=2)
    revisions.addendum(session, place, idea, body=TEXT, at=clock.now() - timedelta(days=1))
    revisions.addendum(session, place, idea, state=IdeaState.IN_REVIEW)
    make.answer(session, idea_id=idea)
    return idea


def _free(session: Session, place: make.Place, author: int) -> int:
    idea = make.idea(session, place, author=author, title="Leihräder mit Kindersitz")
    revisions.revised(session, idea, "Räder für alle.\n\nAn jeder Haltestelle.", "Räder mit Kindersitz.\n\nÜberall.")
    return idea


def _withdrawn(session: Session, place: make.Place, *, voter: int) -> int:
    idea = make.idea(session, place, title="Nicht mehr nötig")
    make.vote(session, place, idea, Stance.AGREE, by=voter)
    row = session.get_one(Idea, idea)
    row.state, row.withdrawn_at = IdeaState.WITHDRAWN, clock.now()
    return idea


def _talk(session: Session, place: make.Place, author: int) -> tuple[int, int, int]:
    """Return an idea with a discussion of every kind, its first comment, and one that the resident may change."""
    idea, moment = make.idea(session, place, title="Bänke an jeder Haltestelle"), clock.now() - timedelta(days=1)
    numbers: list[int] = []
    for place_in_row, stance in enumerate([*CommentStance, None] * 6):
        above = numbers[-1] if place_in_row % 5 else None
        number = make.comment(
            session, place, idea, body=f"**Ja**, {TEXT}\n\n- erstens\n- zweitens", parent_id=above, at=moment
        )
        session.get_one(Comment, number).stance = stance
        numbers.append(number)
    session.get_one(Comment, numbers[1]).voice = Voice.MODERATION
    session.get_one(Comment, numbers[2]).state = CommentState.HIDDEN
    session.get_one(Comment, numbers[3]).helpful = 4
    return idea, numbers[0], make.comment(session, place, idea, author=author)


def _translated(session: Session, place: make.Place) -> int:
    """Return a Turkish idea that a machine put into German and people into Arabic; of its comments one has neither."""
    idea = make.idea(session, place, title="Durakta bank", body="Bekleyenler oturabilmeli.", language="tr")
    make.wording(session, idea, language="de", title="Bänke", body=TEXT, provider="libretranslate")
    make.wording(session, idea, language="ar", title="مقاعد", body="مكان للجلوس.")
    for body, wording in (("Bence de.", "Finde ich auch."), ("Kim ödeyecek?", "")):
        comment = make.comment(session, place, idea, body=body)
        session.get_one(Comment, comment).language = "tr"
        session.flush()
        if wording:
            make.wording(session, comment, kind=SubjectKind.COMMENT, language="de", body=wording)
    return idea


def _suggested(session: Session, place: make.Place, author: int) -> int:
    """Return a wording that the resident suggests instead of the one that a machine made of somebody's idea."""
    idea = make.idea(session, place, title="Licht am Weg", body=TEXT)
    make.wording(session, idea, language="ar", title="ضوء على الطريق", body="المساء مظلم.", provider="libretranslate")
    better = ("إنارة الطريق", "في المساء يعم الظلام.")
    return make.wording(
        session, idea, language="ar", title=better[0], body=better[1], state=WordingState.WAITING, author=author
    )


def _groups(session: Session, place: make.Place) -> None:
    """Store a run of opinion groups that does not hold, so that the map, every warning and every table are there."""
    published = select(Idea.id).where(Idea.process_id == place.id, Idea.state == IdeaState.PUBLISHED)
    ideas = list(session.scalars(published.order_by(Idea.id).limit(4)))
    # Far above what the running server's worker may be storing at the same moment.
    group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.shaken(ideas), number=1000, ideas=4)


def visits(states: States) -> Iterator[tuple[str | None, str]]:
    """Yield who looks at which page, as path below the language; ``None`` is somebody without an account."""
    process = f"processes/{SLUG}"
    ideas = f"{process}/ideas"
    yield from (
        (None, path)
        for path in (
            process,
            ideas,
            f"{ideas}/new",
            f"{process}/statements",
            "nowhere",
            f"{ideas}?sort=agreement&explain=1&principle=data&language=de",
            f"{ideas}?q=wlan&explain=1",
            f"{ideas}?q=nothing-like-it",
            f"{ideas}/{states.frozen}",
            f"{ideas}/{states.frozen}/history",
            f"{ideas}/{states.talk}?sort=helpful",
            f"{ideas}/{states.translated}",
            f"{ideas}/{states.translated}?original=1",
            f"{ideas}/{states.translated}/history",
            f"{ideas}/{states.talk}/arguments",
            f"{ideas}/{states.talk}/comments/{states.comment}",
            f"{ideas}/{states.withdrawn}",
            "processes/open-wifi/statements/1/provenance",
            "processes/open-wifi/statements/1/print",
            f"{process}/print",
            f"{process}/data",
            "data",
            "api",
            f"embed/{process}",
            "embed/processes/open-wifi/statements/1",
            *_way_in_public(states),
            f"{process}/principles",
            f"{process}/principles/data",
            "processes/open-wifi/principles",
            "criteria/democracy",
            "values/inclusion",
            "principles/data",
            f"receipts/{states.code}",
            f"{process}/results/groups",
            "processes/open-wifi/results",
            "processes/open-wifi/results/ideas",
            "processes/open-wifi/results/check",
            "methods/opinion-groups",
            "functions/receipts",
            f"{process}/rules",
            f"{process}/rules/versions",
            f"{process}/rules/versions/1",
            f"{process}/imprint",
            f"{process}/comments/{states.comment}/notice",
            f"notices/{states.notice}",
            "accessibility",
            f"barriers/new?page=/de/{process}",
            "barriers?code=nonsense",
            f"barriers/{states.barrier}",
        )
    )
    yield from _signed_in(states)
    yield from _at_the_desk(states)


def _signed_in(states: States) -> Iterator[tuple[str, str]]:
    process = f"processes/{SLUG}"
    ideas, draft = f"{process}/ideas", f"{process}/drafts/{states.draft}"
    yield from (
        ("resident", path)
        for path in (
            "processes/open-wifi/ideas/new",
            f"{ideas}/{states.frozen}",
            f"{ideas}/{states.frozen}/edit",
            f"{ideas}/{states.frozen}/addenda/new",
            f"{ideas}/{states.free}",
            f"{ideas}/{states.free}/edit",
            f"{ideas}/{states.free}/history",
            f"{ideas}/{states.free}/withdrawal",
            f"{ideas}/{states.withdrawn}",
            f"{ideas}/{states.talk}",
            f"{ideas}/{states.talk}/comments/{states.own_comment}/edit",
            f"{ideas}/{states.talk}/comments/{states.own_comment}/delete",
            f"{ideas}/{states.talk}/comments/new?parent={states.comment}",
            f"{draft}/similar",
            f"{draft}/preview",
            "my/contributions?show=votes",
            "my/contributions?show=wordings",
            f"my/wordings/{states.suggested}/withdrawal",
            f"{ideas}/{states.translated}/translate?into=ar",
            f"{ideas}/{states.translated}/translate?into=pl",
            f"{process}/comments/{states.comment}/translate?into=ar",
            f"{process}/vote",
            f"{process}/results/groups",
            f"{process}/priorities",
            f"{process}/about-me",
            "my/messages",
            "my/outcomes",
            f"my/consent?process={states.way.place.slug}",
            "account",
        )
    )


def _way_in_public(states: States) -> Iterator[str]:
    way, process = states.way, f"processes/{states.way.place.slug}"
    yield from (
        f"{process}/ideas/{way.ideas[0]}",
        f"{process}/ideas/{way.ideas[0]}/provenance",
        f"{process}/statements/{way.statement}",
        f"{process}/statements/{way.statement}/provenance",
        f"{process}/bundles/{way.bundle}",
        f"{process}/follow-up",
        f"{process}/matrix",
        f"{process}/strategy",
        f"{process}/strategy/versions",
        f"processes/{SLUG}/matrix",
        f"processes/{SLUG}/strategy?since=1",
        f"processes/{SLUG}/strategy?version=1",
    )


def _way_at_the_desk(states: States) -> Iterator[tuple[str, str]]:
    way, desk = states.way, f"desk/processes/{states.way.place.slug}"
    signed, waiting = f"{desk}/statements/{way.statement}", f"{desk}/statements/{states.waiting}"
    cluster = f"{desk}/clusters/{way.clusters[0]}"
    yield from (
        ("moderator", path)
        for path in (
            f"{desk}/board",
            f"{desk}/board/changes",
            f"{desk}/board/suggestions",
            f"{desk}/board/outliers",
            f"{desk}/bundles",
            f"{desk}/bundles/candidates",
            cluster,
            f"{cluster}/edit",
            f"{cluster}/split",
            f"{cluster}/merge",
            f"{desk}/clusters/order",
            f"{desk}/statements",
            f"{desk}/statements/order",
            signed,
            f"{signed}/quotes",
            f"{signed}/revisions",
            f"{signed}/assessment",
            waiting,
            f"{waiting}/sign-off",
            f"{desk}/matrix",
            f"desk/processes/{SLUG}/board/suggestions",
            f"desk/processes/{SLUG}/board/outliers",
        )
    )
    yield from (
        ("staff", path)
        for path in (
            f"{desk}/answers",
            f"{signed}/answer",
            f"{desk}/bundles/{way.bundle}/answer",
            f"{desk}/answers/{way.answer}/measures/new",
            f"{desk}/measures/{way.measure}",
        )
    )


def _at_the_desk(states: States) -> Iterator[tuple[str, str]]:
    ideas, desk = f"processes/{SLUG}/ideas", f"desk/processes/{SLUG}"
    yield ("moderator", f"{ideas}/{states.frozen}")
    yield ("moderator", f"{desk}/evidence")
    yield ("moderator", f"{desk}/evidence/{states.evidence}")
    yield ("moderator", f"{desk}/queue")
    yield ("moderator", f"{desk}/queue?kind=wording")
    yield ("moderator", f"{desk}/wordings/{states.suggested}")
    yield ("moderator", f"{desk}/wordings/{states.suggested - 1}")
    yield ("moderator", f"{desk}/ideas/{states.frozen}")
    yield ("moderator", f"{desk}/ideas/{states.frozen}/messages")
    yield ("moderator", f"{desk}/bundles")
    yield ("staff", f"{ideas}/{states.frozen}")
    yield ("staff", f"{desk}/votes")
    yield ("staff", f"{desk}/imports")
    yield ("staff", "desk/barriers")
    yield ("staff", f"desk/barriers/{states.late}")
    yield ("staff", f"desk/barriers/{states.late}/later")
    yield ("admin", "desk/accessibility")
    yield ("admin", "desk/accessibility/gaps/1")
    yield ("admin", "desk/sign-videos")
    yield ("staff", f"{desk}/legal")
    yield ("staff", f"{desk}/legal/privacy")
    yield ("staff", f"{desk}/legal/privacy/preview")
    yield ("staff", "desk/column-mappings")
    yield ("staff", "desk/processes/open-wifi/exports")
    yield from _way_at_the_desk(states)


def empty_forms(states: States) -> Iterator[tuple[str | None, str]]:
    """Yield who sends which form as it is, to be told what is missing; the path is one below the language."""
    yield (None, f"processes/{SLUG}/ideas/{states.frozen}/notice")
    yield ("resident", f"processes/{SLUG}/ideas/{states.frozen}/addenda/new")
    yield ("resident", "receipt/file")
    yield ("resident", f"processes/{SLUG}/ideas/{states.translated}/translate?into=pl")
    yield (None, "barriers/new")
    yield ("staff", f"desk/barriers/{states.late}")
    yield ("admin", "desk/accessibility/gaps/new")
    yield ("admin", "desk/sign-videos")
    yield ("resident", f"my/consent?process={states.way.place.slug}")
    yield ("moderator", f"desk/processes/{SLUG}/ideas/{states.frozen}/redaction")
    yield ("moderator", f"desk/processes/{SLUG}/ideas/{states.frozen}/messages")
    yield ("staff", f"desk/processes/{SLUG}/ideas/{states.frozen}/answer")
    desk = f"desk/processes/{states.way.place.slug}"
    yield ("moderator", f"{desk}/clusters/new")
    yield ("moderator", f"{desk}/statements/new")
    yield ("moderator", f"{desk}/statements/{states.way.statement}/quotes?idea={states.way.ideas[0]}")
    yield ("staff", f"{desk}/answers/{states.way.answer}/measures/new")
