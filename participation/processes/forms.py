"""Forms for processes with their phases, for roles, and for the name somebody has in a process."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

from flask import current_app
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, widgets
from wtforms.validators import Optional, ValidationError

from participation.accounts.actor import Role
from participation.kit import clock
from participation.kit.forms import CheckboxesField, options
from participation.kit.numbers import whole_number
from participation.kit.permissions import Permission
from participation.multilingual import lazy as _l
from participation.processes.models import REVIEW_HOURS, Capability, DataLicence, Electorate, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline
from participation.processes.phase_rules import (
    MOST_POINTS,
    MOST_REVIEW_HOURS,
    PointLimits,
    may_end_points,
    may_have_points,
    may_have_points_most,
    may_limit_points,
    may_limit_points_most,
    may_publish_itself,
    may_remove_phase,
    may_wait,
)
from participation.texts.editorial import EditorialForm, EditorialText, Needed
from participation.texts.fields import CountField, line_field
from participation.texts.shape import without_controls

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LONGEST = 60
PAPER_NUMBER_LONGEST = 40
PSEUDONYM_SHORTEST, PSEUDONYM_LONGEST = 2, 40
YEARS = range(2000, 2101)
POINTS, POINTS_MOST = 10, 3
TYPED = "%Y-%m-%dT%H:%M"
NEVER = datetime.min.replace(tzinfo=UTC)

STATES = (
    (ProcessState.DRAFT.value, _l("Draft: only the desk sees it")),
    (ProcessState.PUBLISHED.value, _l("Published")),
    (ProcessState.ARCHIVED.value, _l("Archived: readable, closed for contributions")),
)
KINDS = (
    (PhaseKind.INFORM.value, _l("Inform")),
    (PhaseKind.PROPOSE.value, _l("Propose")),
    (PhaseKind.DISCUSS.value, _l("Discuss")),
    (PhaseKind.VOTE.value, _l("Vote")),
    (PhaseKind.EVALUATE.value, _l("Evaluate")),
    (PhaseKind.RESULTS.value, _l("Results")),
)
CAPABILITIES = (
    (Capability.PROPOSE.value, _l("Propose ideas")),
    (Capability.COMMENT.value, _l("Write comments")),
    (Capability.VOTE.value, _l("Vote on ideas")),
    (Capability.PRIORITISE.value, _l("Give points to ideas")),
)
FIRST, AFTERWARDS = "first", "afterwards"
REVIEWS = (
    (FIRST, _l("Before they are published")),
    (AFTERWARDS, _l("Afterwards: they are published at once")),
)
ELECTORATES = (
    (Electorate.CONFIRMED.value, _l("Everybody with a confirmed e-mail address")),
    (Electorate.VERIFIED.value, _l("People who live here: with a code from a letter")),
)
LICENCES = (
    (DataLicence.DL_DE_BY.value, _l("Datenlizenz Deutschland – Namensnennung – 2.0")),
    (DataLicence.CC_BY.value, _l("Creative Commons Attribution 4.0")),
)
ROLES = (
    (Role.MODERATOR.value, _l("Moderator")),
    (Role.STAFF.value, _l("Staff")),
    (Role.ADMIN.value, _l("Admin")),
)


class MomentField(Field):
    """Day and time as people in the city read them; ``data`` is the same point in time in UTC."""

    widget = widgets.DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return without_controls(str(self.raw_data[0]))
        return self.data.astimezone(_zone()).strftime(TYPED) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; raises ``ValueError`` for times that do not exist, or exist twice, in the city."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not typed:
            raise ValueError(str(_l("Please enter day and time.")))
        try:
            # Browsers may add seconds; phases begin and end on the minute.
            naive = datetime.strptime(typed[:16], TYPED)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            raise ValueError(str(_l("Please enter day and time, for example 2027-03-01T18:00."))) from None
        if naive.year not in YEARS:
            raise ValueError(str(_l("Please enter a year between 2000 and 2100.")))
        local = naive.replace(tzinfo=_zone())
        self.data = local.astimezone(UTC)
        if self.data.astimezone(_zone()).replace(tzinfo=None) != naive:
            raise ValueError(str(_l("This time does not exist: that night the clocks are put forward.")))
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            raise ValueError(
                str(_l("This time comes twice: that night the clocks are put back. Please choose another."))
            )


class PhaseForm(EditorialForm):
    """One phase; several of them stand in the form of a process, each with a prefix of its own."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # flask-wtf ships no types
        """The form of the process carries the token."""

        csrf = False

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("title", _l("Title"), 120, required=True),
        EditorialText("description", _l("Description"), 1000, prose=True),
        EditorialText(
            "review_rules",
            _l("Rules that hold here in addition"),
            3000,
            prose=True,
            hint=_l("Published together with the rules that hold everywhere."),
        ),
    )
    kind = SelectField(_l("Kind"), choices=options(KINDS), validators=[Needed()])
    starts_at = MomentField(_l("Starts"), validators=[Needed()])
    ends_at = MomentField(_l("Ends"), validators=[Needed()])
    allows = CheckboxesField(_l("What residents can do"), choices=options(CAPABILITIES), validators=[Optional()])
    points = CountField(
        _l("Points that each person has"),
        widget=widgets.NumberInput(min=0, max=MOST_POINTS),
        description=_l("Only where points can be given."),
        validators=[Needed()],
    )
    points_most = CountField(
        _l("Most points for one idea"),
        widget=widgets.NumberInput(min=0, max=MOST_POINTS),
        description=_l("At least 1, at most all of them."),
        validators=[Needed()],
    )
    review = RadioField(_l("When moderators read contributions"), choices=options(REVIEWS), validators=[Needed()])
    review_hours = CountField(
        _l("Longest waiting time, in hours"),
        widget=widgets.NumberInput(min=1, max=MOST_REVIEW_HOURS),
        description=_l("A promise to everybody who writes. What waits longer is counted publicly."),
        validators=[Needed()],
    )
    publishes_itself = BooleanField(
        _l("Publish by itself what has waited longer"),
        description=_l("Only what neither a report nor a program points at, and nobody has objected to."),
    )
    known = HiddenField()

    def validate_points(self, field: CountField) -> None:
        """Refuse a phase in which points are given and there are none, or too many."""
        _refuse(field, may_have_points(self.limits))

    def validate_points_most(self, field: CountField) -> None:
        """Refuse that one idea may get nothing, or more than there is."""
        _refuse(field, may_have_points_most(self.limits))

    def validate_review_hours(self, field: CountField) -> None:
        """Refuse a promise that is none."""
        _refuse(field, may_wait(field.data or 0))

    def validate_publishes_itself(self, field: BooleanField) -> None:
        """Refuse to publish by itself what is public at once."""
        _refuse(field, may_publish_itself(wanted=field.data, review_first=self.review_first))

    def validate_ends_at(self, field: MomentField) -> None:
        """Refuse a phase that ends before it starts."""
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(str(_l("A phase must end after it starts.")))

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What residents can do in this phase."""
        return frozenset(Capability(value) for value in self.allows.data or ())

    @property
    def review_first(self) -> bool:
        """Whether moderators read contributions before they are published."""
        return bool(self.review.data == FIRST)

    @property
    def limits(self) -> PointLimits:
        """What the phase says about points."""
        return PointLimits.of(self.capabilities, self.points.data or 0, self.points_most.data or 0)

    @property
    def known_id(self) -> int | None:
        """The id of the stored phase that is edited; ``None`` for a new one."""
        return whole_number(self.known.data)


class ProcessForm(EditorialForm):
    """What a process says about itself."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("title", _l("Title"), 160, required=True),
        EditorialText("question", _l("Question to residents"), 240, required=True),
        EditorialText("summary", _l("Summary"), 3000, prose=True),
        EditorialText("advice", _l("The result is advice"), 800, required=True, prose=True),
        EditorialText("next_step", _l("Next step in the council"), 800, required=True, prose=True),
        EditorialText("licence", _l("Licence of contributions"), 800, required=True, prose=True),
    )
    slug = line_field(
        _l("Address"),
        longest=SLUG_LONGEST,
        description=_l("Small letters, digits and hyphens, for example digital-2030."),
    )
    framework = SelectField(_l("Framework"), validators=[Needed()])
    state = SelectField(_l("State"), choices=options(STATES), validators=[Needed()])
    hides_results = BooleanField(_l("Show vote figures only when voting has ended"))
    electorate = SelectField(_l("Who may vote and give points"), choices=options(ELECTORATES), validators=[Needed()])
    measures_time = BooleanField(
        _l("Count how long moderators need for decisions"),
        description=_l(
            "Only in sum for each kind of decision, never by person. Please involve the staff council first."
        ),
    )
    suggests = BooleanField(
        _l("Suggest themes for ideas on the board"),
        default=True,
        description=_l(
            "A program proposes, people decide. Without it nothing is computed, and the board stays as it is."
        ),
    )
    opens_data = BooleanField(
        _l("Offer what is public as open data"),
        default=True,
        description=_l("Everybody can then download it, without names. What is hidden later is taken out at once."),
    )
    data_licence = SelectField(
        _l("Licence of the open data"), choices=options(LICENCES), default=DataLicence.DL_DE_BY.value
    )
    paper_number = line_field(
        _l("Number of the paper for the council"),
        shortest=0,
        longest=PAPER_NUMBER_LONGEST,
        description=_l("Stands on the title page of exports, for example 12345-27. It can stay empty."),
    )

    def validate_slug(self, field: StringField) -> None:
        """Refuse what would not be a tidy address."""
        if not SLUG.fullmatch(field.data or ""):
            raise ValidationError(str(_l("Please use only small letters, digits and single hyphens.")))


@dataclass(frozen=True, slots=True)
class ErrorLabel:
    """What the summary calls a field."""

    text: str


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """A field with errors, as the summary of errors reads it."""

    id: str
    label: ErrorLabel
    errors: Sequence[str]


class ProcessEditor:
    """The form of a process together with the forms of its phases."""

    def __init__(self, process: ProcessForm, phases: list[PhaseForm], stored: Sequence[PhaseOutline] = ()) -> None:
        self.process = process
        self.phases = phases
        self._stored = {phase.id: phase for phase in stored}

    def validate(self) -> bool:
        """Return whether everything can be taken; errors stand at the fields."""
        valid = all([self.process.validate(), *(phase.validate() for phase in self.phases)])
        return all([self._apart(), self._keeps_points(), valid])

    def has_points(self, phase: PhaseForm) -> bool:
        """Return whether people have given points in the phase, so that it has to stay."""
        stored = self._stored.get(phase.known_id or 0)
        return stored is not None and not may_remove_phase(stored.points_given)

    def _take_over_review(self, phase: PhaseForm) -> None:
        """Let a new phase begin with what the last one says about moderation, so that nothing is reset by accident."""
        if not self.phases:
            phase.review.data, phase.review_hours.data = FIRST, REVIEW_HOURS
            return
        last = max(self.phases, key=lambda form: form.ends_at.data or NEVER)
        for name in ("review", "review_hours", "publishes_itself"):
            phase[name].data = last[name].data
        phase.fill("review_rules", last.translated("review_rules"))

    def _keeps_points(self) -> bool:
        """Say at the fields what people have given points by already and cannot be taken back."""
        gone = dict(self._stored)
        problems: list[tuple[list[str], Permission]] = []
        for phase in self.phases:
            stored = gone.pop(phase.known_id or 0, None)
            if stored is None:
                continue
            for field, permission in (
                (phase.allows, may_end_points(phase.limits, stored.points_given)),
                (phase.points, may_limit_points(phase.limits, stored.points_given)),
                (phase.points_most, may_limit_points_most(phase.limits, stored.points_given_most)),
            ):
                if not permission and not field.errors:
                    field.errors = []
                    problems.append((field.errors, permission))
        problems += [(self.process.form_errors, may_remove_phase(phase.points_given)) for phase in gone.values()]
        refused = [(errors, permission) for errors, permission in problems if not permission]
        for errors, permission in refused:
            errors.append(str(permission.reason))
        return not refused

    def _apart(self) -> bool:
        dated = [phase for phase in self.phases if phase.starts_at.data and phase.ends_at.data]
        ordered = sorted(dated, key=lambda phase: phase.starts_at.data)
        clashes = [after for before, after in pairwise(ordered) if after.starts_at.data < before.ends_at.data]
        for phase in clashes:
            phase.starts_at.errors = [*phase.starts_at.errors, str(_l("Phases must not overlap."))]
        return not clashes

    @property
    def errors(self) -> bool:
        """Whether the summary has anything to show."""
        return bool(self.process.errors or any(phase.errors for phase in self.phases))

    @property
    def form_errors(self) -> Sequence[str]:
        """Errors that belong to no field."""
        return list(self.process.form_errors)

    def __iter__(self) -> Iterator[ErrorEntry]:
        yield from (_entry(field, "") for field in self.process if field.errors)
        for number, phase in enumerate(self.phases, start=1):
            yield from (
                _entry(field, str(_l("Phase %(number)s") % {"number": number})) for field in phase if field.errors
            )

    def add_phase(self, form_class: Any, prefix: str) -> None:
        """Add a phase that begins where the last one ends."""
        ends = [phase.ends_at.data for phase in self.phases if phase.ends_at.data]
        phase: PhaseForm = form_class(formdata=None, prefix=prefix)
        start = max(ends, default=clock.now().replace(minute=0, second=0, microsecond=0))
        phase.starts_at.data = start
        phase.ends_at.data = start + timedelta(weeks=4)
        self._take_over_review(phase)
        phase.points.data, phase.points_most.data = POINTS, POINTS_MOST
        self.phases.append(phase)


class RoleForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Give a role to somebody who has an account."""

    email = line_field(_l("E-mail address of the account"), longest=254)
    role = SelectField(_l("Role"), choices=options(ROLES), validators=[Needed()])


class PseudonymForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Choose the name by which one is known in a process."""

    pseudonym = line_field(
        _l("Your name in this process"),
        shortest=PSEUDONYM_SHORTEST,
        longest=PSEUDONYM_LONGEST,
        description=_l("It stands beside everything you write here. It need not be your real name."),
    )


def _entry(field: Any, prefix: str) -> ErrorEntry:
    target = f"{field.id}-0" if isinstance(field, CheckboxesField | RadioField) else field.id
    label = f"{prefix}, {field.label.text}" if prefix else str(field.label.text)
    return ErrorEntry(target, ErrorLabel(label), [str(error) for error in field.errors])


def _refuse(field: Field, permission: Permission) -> None:
    if not permission and not field.errors:
        raise ValidationError(str(permission.reason))


def _zone() -> Any:
    return clock.zone(current_app.config["TIMEZONE"])
