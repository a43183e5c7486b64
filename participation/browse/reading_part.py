"""How contributions are read, as the page of a process says it: before or after, how soon, and by which rules."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup

from participation.legal.models import LegalKind
from participation.legal.pages import page_url
from participation.moderation.grounds import GroundKind, grounds
from participation.multilingual import Phrase, phrase
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.reading import reading_of, what_comes_first, when_time_is_over
from participation.texts import render


@dataclass(frozen=True, slots=True)
class Rule:
    """One of the rules that hold everywhere."""

    title: Phrase
    text: Phrase


@dataclass(frozen=True, slots=True)
class ReadingPart:
    """When contributions are read and by which rules; ``own_html`` are those of the phase alone."""

    sentence: str
    facts: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    own_html: Markup
    own_language: str
    own_dir: str
    method_url: str
    kept_url: str
    rules_url: str


def reading_part(process: ProcessOutline, now: datetime) -> ReadingPart:
    """Return what a process publishes about the reading of contributions."""
    reading = reading_of(process, g.language, now)
    return ReadingPart(
        sentence=what_comes_first(reading),
        facts=(
            (_("Longest waiting time"), reading.within),
            (_("If it takes longer"), when_time_is_over(reading)),
            (_("If something is hidden"), _("Its author is told which rule or law, and why, and can object.")),
        ),
        rules=tuple(
            Rule(phrase(ground.title, g.language), phrase(ground.text, g.language))
            for ground in grounds()
            if ground.kind is GroundKind.RULE
        ),
        own_html=render(reading.rules.text) if reading.rules.text else Markup(),
        own_language=reading.rules.language,
        own_dir=reading.rules.dir,
        method_url=url_for("methods.method", method="signals"),
        kept_url=url_for("transparency.process", slug=process.slug),
        rules_url=page_url(LegalKind.RULES, process.slug),
    )
