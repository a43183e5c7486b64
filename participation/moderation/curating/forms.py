"""Forms with which moderators put an idea into its place: principles, field of action, "answered elsewhere"."""

import re
from collections.abc import Sequence
from typing import Any, Self

from flask import current_app
from wtforms import SelectField
from wtforms.validators import Optional, ValidationError

from participation.ideas.service import MOST_PRINCIPLES
from participation.kit.forms import CheckboxesField, OpenedForm, options
from participation.kit.outside import LONGEST, host_of, https_address, is_on
from participation.moderation.returning import ReturnFields
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.texts.fields import line_field, prose_field

REASON_LONGEST = 500
NO_FIELD = "0"
_NUMBER = re.compile(r"#?\s*(\d{1,18})", re.ASCII)
_PATH = re.compile(r"/[a-z-]{2,12}/processes/([^/]+)/ideas/(\d{1,18})/?(?:[?#].*)?", re.ASCII)


def _public_reason() -> Any:
    return prose_field(
        _l("Reason"),
        shortest=0,
        longest=REASON_LONGEST,
        description=_l("Everybody can read it in the history of the idea, and the author is told."),
    )


class CuratingForm(ReturnFields, OpenedForm):
    """Why, and where the moderator came from."""

    reason = _public_reason()


class MoveForm(CuratingForm):
    """At most three principles and one field of action for an idea; none of them means "not sure"."""

    principles = CheckboxesField(_l("Guiding principles"), validators=[Optional()])
    field = SelectField(_l("Field of action"), validators=[Optional()])

    def offer(self, principles: Sequence[tuple[int, str]], fields: Sequence[tuple[int, str]]) -> Self:
        """Fill in what can be chosen and return the form."""
        self.principles.choices = options((str(id_), title) for id_, title in principles)
        self.field.choices = options([(NO_FIELD, _l("None of them")), *((str(id_), title) for id_, title in fields)])
        return self

    def show(self, principle_ids: Sequence[int], field_id: int | None) -> Self:
        """Fill in where the idea stands and return the form."""
        self.principles.data = [str(id_) for id_ in principle_ids]
        self.field.data = str(field_id or NO_FIELD)
        return self

    def validate_principles(self, field: CheckboxesField) -> None:
        """Refuse more than three."""
        if len(field.data or ()) > MOST_PRINCIPLES:
            raise ValidationError(str(_l("Please choose at most three principles.")))

    @property
    def details(self) -> dict[str, Any]:
        """What a decision takes of it; a field of action that was not offered stays as it is."""
        chosen: dict[str, Any] = {"principles": [int(value) for value in self.principles.data or ()]}
        if self.field.data:
            chosen["field"] = None if self.field.data == NO_FIELD else int(self.field.data)
        return chosen


class ElsewhereForm(CuratingForm):
    """Where an idea is answered: the number or address of another idea, or a page of the city; empty: nowhere else."""

    target = line_field(
        _l("Where is it answered?"),
        shortest=0,
        longest=LONGEST,
        description=_l("Number of another idea, or an address that begins with https://. Empty takes the mark away."),
    )

    slug = ""
    details: dict[str, Any]

    def for_process(self, slug: str) -> Self:
        """Say which process the idea belongs to, and return the form."""
        self.slug = slug
        return self

    def show(self, target: str) -> Self:
        """Fill in where the idea is answered now and return the form."""
        self.target.data = target
        return self

    def validate_target(self, field: Any) -> None:
        """Refuse what is neither an idea of the process nor a page on the hosts that the city names."""
        details = pointer_in(field.data or "", slug=self.slug)
        if details is None:
            raise ValidationError(str(_l("Please give the number of an idea, or an address beginning with https://.")))
        hosts = current_app.config["ELSEWHERE_HOSTS"]
        if hosts and "url" in details and not is_on(details["url"], hosts):
            raise ValidationError(str(lazily(_l("Only pages on %(hosts)s can be named here."), hosts=", ".join(hosts))))
        self.details = details


def pointer_in(typed: str, *, slug: str) -> dict[str, Any] | None:
    """Return what a decision takes of a typed place: nothing, an idea or an address; ``None`` for anything else."""
    text = typed.strip()
    if not text:
        return {}
    if number := _NUMBER.fullmatch(text):
        return {"idea": int(number[1])}
    base = current_app.config["BASE_URL"]
    own = _PATH.fullmatch(text.removeprefix(base))
    if own and own[1] == slug:
        return {"idea": int(own[2])}
    address = https_address(text)
    # A page of our own that is no idea of this process answers nothing here.
    if address is None or host_of(address) == host_of(base):
        return None
    return {"url": address}
