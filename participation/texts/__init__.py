"""Residents' texts: what is accepted, how it is cleaned for output, and which language it is in."""

from participation.texts.language import detect_language
from participation.texts.markup import render_markup
from participation.texts.redaction import render_line
from participation.texts.sanitise import excerpt, render, single_line
from participation.texts.shape import TextProblem, normalise, text_problem, without_controls

__all__ = [
    "TextProblem",
    "detect_language",
    "excerpt",
    "normalise",
    "render",
    "render_line",
    "render_markup",
    "single_line",
    "text_problem",
    "without_controls",
]
