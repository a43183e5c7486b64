"""Forms with which the city answers, asks a department for an answer, and reports on measures."""

from collections.abc import Iterable
from typing import ClassVar, Self

from flask import current_app
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from participation.kit import clock
from participation.kit.forms import options
from participation.multilingual import lazy as _l
from participation.strategy.answering.answers import OUTCOMES
from participation.strategy.answering.following import MEASURE_STATES
from participation.strategy.models import DEPARTMENT_LONGEST, AnswerOutcome, MeasureState
from participation.texts.editorial import EditorialForm, EditorialText
from participation.texts.fields import DayField, line_field

ANSWER_LONGEST = 4000
TITLE_LONGEST = 200
DEPARTMENTS = "departments"
"""The list of suggestions that a page with a field for a department carries."""


def department_field() -> StringField:
    """Return a field for a department, which suggests those named before."""
    suggests = {"list": DEPARTMENTS, "autocomplete": "off"}
    return line_field(_l("Responsible department"), longest=DEPARTMENT_LONGEST, render_kw=suggests)


class AnswerForm(EditorialForm):
    """What the city says to an idea, a bundle or a statement, who says it, and why."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText(
            "text",
            _l("Answer"),
            ANSWER_LONGEST,
            required=True,
            prose=True,
            hint=_l("Say what happens next, or why not. Everybody can read this."),
        ),
    )
    outcome = RadioField(
        _l("What will the city do?"),
        choices=options((outcome.value, label) for outcome, label in OUTCOMES.items()),
        validators=[InputRequired(_l("Please choose what the city will do."))],
    )
    department = department_field()
    due_on = DayField(
        _l("Until which day?"),
        needed=False,
        description=_l("Everybody can see this day, and that it is over when nothing has been reported by then."),
    )

    def validate_due_on(self, field: DayField) -> None:
        """Refuse a day that is over, and any day where nothing is going to be done."""
        _not_over(field)
        if field.data and self.outcome.data == AnswerOutcome.NO.value:
            raise ValidationError(str(_l("What the city does not do has no day until which it is done.")))

    @property
    def chosen(self) -> AnswerOutcome:
        """The chosen outcome."""
        return AnswerOutcome(self.outcome.data)


class ReferralForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Which department is asked for an answer, and until when."""

    department = department_field()
    due_on = DayField(
        _l("Answer by"), needed=True, description=_l("Everybody can see this day, and when no answer has come by then.")
    )

    def validate_due_on(self, field: DayField) -> None:
        """Refuse a day that is over."""
        _not_over(field)


class MeasureForm(EditorialForm):
    """What the city is going to do after an answer."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("title", _l("What the city does"), TITLE_LONGEST, required=True),
        EditorialText(
            "text",
            _l("What is planned"),
            ANSWER_LONGEST,
            required=True,
            prose=True,
            hint=_l("Everybody can read this. It stays as the first step; what happens later is added."),
        ),
    )
    department = department_field()
    due_on = DayField(_l("Done by"), needed=True)

    def validate_due_on(self, field: DayField) -> None:
        """Refuse a day that is over."""
        _not_over(field)


class StepForm(EditorialForm):
    """What happened with a measure."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText(
            "text",
            _l("What happened"),
            ANSWER_LONGEST,
            required=True,
            prose=True,
            hint=_l("Everybody can read this, and it cannot be changed afterwards."),
        ),
    )
    state = RadioField(_l("How far is it?"), validators=[InputRequired(_l("Please choose how far it is."))])
    due_on = DayField(
        _l("A new day until which it is done"),
        needed=False,
        description=_l("Only if the day is moved. The earlier day stays visible."),
    )

    def offer(self, states: Iterable[MeasureState]) -> Self:
        """Offer these states and return the form."""
        possible = set(states)
        self.state.choices = options(
            (state.value, label) for state, label in MEASURE_STATES.items() if state in possible
        )
        return self

    def validate_due_on(self, field: DayField) -> None:
        """Refuse a day that is over, and any day for what is finished."""
        _not_over(field)
        if field.data and self.state.data in (MeasureState.DONE.value, MeasureState.STOPPED.value):
            raise ValidationError(str(_l("What is done or stopped needs no new day.")))

    @property
    def chosen(self) -> MeasureState:
        """The chosen state."""
        return MeasureState(self.state.data)


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Nothing but a button."""


def _not_over(field: DayField) -> None:
    if field.data and field.data < clock.today(current_app.config["TIMEZONE"]):
        raise ValidationError(str(_l("This day is over.")))
