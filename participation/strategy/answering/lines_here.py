"""What answers, referrals and measures are about, as the page being read names it: in the reader's language."""

from collections.abc import Collection
from dataclasses import replace

from flask import g
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind as Contribution
from participation.cases.worded import worded_here
from participation.multilingual import Phrase
from participation.strategy.answering.subjects import Subject, SubjectLine, subject_lines


def lines_here(session: Session, subjects: Collection[Subject]) -> dict[Subject, SubjectLine]:
    """Return each subject as a list names it; ideas, and bundles by one of theirs, as far as there are wordings."""
    lines = subject_lines(session, subjects, g.language)
    ideas = [
        (Contribution.IDEA, line.idea_id, line.words.language)
        for line in lines.values()
        if line.idea_id is not None and line.words
    ]
    worded = worded_here(session, ideas)
    named = {number: Phrase(one.title, one.language) for (_kind, number), one in worded.items()}
    return {
        subject: replace(line, words=named[line.idea_id]) if line.idea_id in named else line
        for subject, line in lines.items()
    }
