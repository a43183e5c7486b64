"""What statuses, reasons, methods and modes of tests are called; lazily translated."""

from collections.abc import Mapping
from typing import Any

from participation.accessibility.facts import Conformity, GapKind, Method
from participation.multilingual import lazy as _l

CONFORMITIES: Mapping[Conformity, Any] = {
    Conformity.FULL: _l("In full"),
    Conformity.PARTIAL: _l("In part"),
    Conformity.NONE: _l("Not at all"),
}
GAP_KINDS: Mapping[GapKind, Any] = {
    GapKind.NOT_YET: _l("Not there yet"),
    GapKind.BURDEN: _l("Would be a disproportionate burden"),
    GapKind.EXEMPT: _l("The rules do not apply to it"),
}
METHODS: Mapping[Method, Any] = {
    Method.SELF: _l("Self-assessment"),
    Method.EXTERNAL: _l("Assessment by a third party"),
}
MODES: Mapping[str, Any] = {
    "light": _l("light"),
    "dark": _l("dark"),
    "forced": _l("high contrast (forced colours)"),
    "narrow": _l("320 pixels wide"),
    "large": _l("text twice as large"),
    "rtl": _l("from right to left"),
    "no-script": _l("without JavaScript"),
}
"""In the browser suite's own names."""
TESTED: Mapping[str, Any] = {
    "front page": _l("Start page"),
    "list": _l("List of ideas"),
    "idea": _l("An idea"),
    "proposal form": _l("Form for a proposal"),
    "results": _l("Results"),
}
"""Pages whose speed is measured, in the browser suite's own names."""
DEVICES: Mapping[str, Any] = {"mobile": _l("phone"), "desktop": _l("computer")}
PLACES: Mapping[str, Any] = {
    "front": _l("Start page"),
    "how-it-works": _l("How it works"),
    "processes": _l("Processes"),
    "ideas": _l("List of ideas"),
    "propose": _l("Proposing"),
    "vote": _l("Voting in a row"),
    "results": _l("Results"),
    "rules": _l("Rules"),
    "privacy": _l("Privacy"),
    "accessibility": _l("Accessibility statement"),
}
"""Where a video in sign language can stand, besides the page of a process."""
