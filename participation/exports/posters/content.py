"""Putting a poster together: what everybody may read about a process or a statement, in the reader's language.

No resident's own words are on it: a poster on a wall cannot be taken back when its author asks for that.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app, g
from sqlalchemy.orm import Session

from participation.exports.posters.sheet import Fact, Frame, Passage, Said, Sheet, Sign, Way
from participation.kit.links import page_url, short_url, typed
from participation.kit.permissions import Missing
from participation.kit.schema import Translated
from participation.listings.briefs import StatementBrief, statement_brief
from participation.multilingual import Phrase, direction, ngettext, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, number
from participation.principles.queries import EntryView, principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.wording import possibilities
from participation.strategy.answering.answers import OUTCOMES, AnswerView, answers_to_statements
from participation.texts import excerpt

DIALLED = "+0123456789"
LEAD_LONGEST = 170
PASSAGE_LONGEST = 300
FOOT_LONGEST = 220
"""Characters; a poster is read in passing."""
SENTENCE_END = re.compile(r"(?<=[.!?؟。])\s+")


def process_sheet(session: Session, process: ProcessOutline, *, now: datetime) -> Sheet:
    """Return the poster of a process."""
    return Sheet(
        frame=_frame(),
        title=pick(process.title, g.language),
        label="",
        kicker=_said(process.title),
        headline=_said(process.question),
        lead=_said(process.summary, LEAD_LONGEST),
        strip=possibilities(process, now),
        target=page_url("browse.process", language=g.language, slug=process.slug),
        address=typed(short_url("short.process", slug=process.slug)),
        target_title=_("Take part online"),
        target_text=_("Point your camera at the code, or type in the address. Reading needs no account."),
        code_label=_("QR code: the address of this page"),
        ways_title=_("It works without the internet, too") if _is_reached_offline() else _("Questions and help"),
        facts=(),
        passages=(),
        signs_title=_("What ideas are held against: the guiding principles"),
        signs=_signs(principles_of(session, process.framework_id)),
        foot=_said(process.advice, FOOT_LONGEST),
    )


def statement_sheet(session: Session, process: ProcessOutline, statement_id: int, *, now: datetime) -> Sheet:
    """Return the poster of a public statement; raises ``Missing`` for any other, those withdrawn included."""
    view = statement_brief(session, process, statement_id, g.language, now=now)
    if not view.is_public:
        raise Missing
    answers = answers_to_statements(session, [statement_id], g.language).get(statement_id, ())
    principles = [one for one in principles_of(session, process.framework_id) if one.id in view.principle_ids]
    label = _("Statement %(number)s", number=view.number)
    return Sheet(
        frame=_frame(),
        title=f"{label}: {excerpt(view.text.text)}",
        label=label,
        kicker=_said(process.title),
        headline=_words(view.text),
        lead=_words(Phrase("", g.language)),
        strip=_("It comes from ideas and votes of residents. It goes to the council as advice."),
        target=page_url("browse.statement", language=g.language, slug=process.slug, statement_id=statement_id),
        address=typed(short_url("short.statement", statement_id=statement_id)),
        target_title=_("Read what it rests on"),
        target_text=_("Every idea, every vote in sum, and what speaks against it. Reading needs no account."),
        code_label=_("QR code: the address of this page"),
        ways_title=_("Questions and help"),
        facts=_facts(view),
        passages=tuple(_passages(view, answers)),
        signs_title=_("Guiding principles that it stands for"),
        signs=_signs(principles),
        foot=_said(process.advice, FOOT_LONGEST),
    )


def _frame() -> Frame:
    config = current_app.config
    return Frame(
        language=g.language,
        dir=direction(g.language),
        operator=config["OPERATOR_NAME"],
        product=_("%(city)s takes part", city=config["CITY_NAME"]),
        ways=tuple(_ways()),
        logo_label=config["OPERATOR_NAME"],
    )


def _is_reached_offline() -> bool:
    return bool(current_app.config["CONTACT_PHONE"] or current_app.config["POSTAL_ADDRESS"])


def _ways() -> Iterable[Way]:
    config = current_app.config
    phone, address, mail = config["CONTACT_PHONE"], config["POSTAL_ADDRESS"], config["CONTACT_EMAIL"]
    if phone:
        text = _("Call us: we answer questions and write down what you say.")
        dialled = "".join(sign for sign in phone if sign in DIALLED)
        yield Way(title=_("By phone"), large=phone, url=f"tel:{dialled}", text=text, path=pictogram("phone"))
    if address:
        text = _("Write to us. You find a form to print at the address above.")
        yield Way(title=_("On paper"), large=address, url="", text=text, path=pictogram("paper"))
    yield Way(title=_("By e-mail"), large=mail, url=f"mailto:{mail}", text="", path=pictogram("letter"))


def _facts(view: StatementBrief) -> tuple[Fact, ...]:
    facts = [Fact(value=number(view.ideas), label=ngettext("idea behind it", "ideas behind it", view.ideas))]
    people = view.people
    if people is not None and people.people:
        facts += [
            Fact(value=number(people.people), label=_("people voted on them")),
            Fact(value=number(people.agree), label=_("agree with at least one")),
            Fact(value=number(people.disagree), label=_("disagree with at least one")),
        ]
    return tuple(facts)


def _passages(view: StatementBrief, answers: tuple[AnswerView, ...]) -> Iterable[Passage]:
    if view.reasoning.text:
        yield Passage(title=_("Why"), words=_words(view.reasoning, PASSAGE_LONGEST))
    if answers:
        latest = answers[0]
        said = _(
            "%(outcome)s. %(department)s, %(day)s",
            outcome=OUTCOMES[latest.outcome],
            department=latest.department,
            day=day(latest.answered_at),
        )
    else:
        said = _("There is no answer yet. It will stand at the address on this poster.")
    yield Passage(title=_("What the city answers"), words=_words(Phrase(said, g.language)))


def _signs(principles: Iterable[EntryView]) -> tuple[Sign, ...]:
    return tuple(Sign(title=_said(one.title), path=pictogram(one.pictogram)) for one in principles)


def _said(translated: Translated, longest: int | None = None) -> Said:
    return _words(phrase(translated, g.language), longest)


def _words(said: Phrase, longest: int | None = None) -> Said:
    text = _shortened(said.text, longest) if longest else said.text
    return Said(text=text, language=said.language, dir=said.dir)


def _shortened(text: str, longest: int) -> str:
    """Return as many whole sentences of ``text`` as fit, or the beginning of the first."""
    first, *others = SENTENCE_END.split(" ".join(text.split()))
    for sentence in others:
        if len(first) + len(sentence) >= longest:
            break
        first = f"{first} {sentence}"
    return excerpt(first, longest)


def pictogram(name: str) -> str:
    """Return the lines of a pictogram, as an SVG path; empty for an unknown one."""
    exported: Any = current_app.jinja_env.get_template("components/pictogram.html").module
    return str(exported.shapes.get(name, ""))
