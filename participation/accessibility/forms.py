"""Forms with which barriers are reported and answered, the statement is kept, and videos are uploaded."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from participation.accessibility.facts import OFFICES, Conformity, Facts, Gap, GapKind, Method, Office
from participation.accessibility.models import BARRIER_LONGEST
from participation.accessibility.words import CONFORMITIES, GAP_KINDS, METHODS
from participation.accounts.forms import check_email
from participation.kit.destinations import own_path
from participation.kit.forms import ContributionForm, options
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.texts.editorial import EditorialForm, EditorialText
from participation.texts.fields import DayField, line_field, prose_field
from participation.texts.traps import TrappedForm

SHORTEST = 10
PAGE_LONGEST = 500
WISH_LONGEST = 1000
ANSWER_LONGEST = 4000
GAP_LONGEST = 1000
NAME_LONGEST = 200
TRANSCRIPT_LONGEST = 10_000


class BarrierForm(ContributionForm, TrappedForm):
    """Report a barrier; whoever is signed in gets the answer without giving an address."""

    page = line_field(
        _l("On which page?"), longest=PAGE_LONGEST, shortest=0, description=_l("Its address, or what it is called.")
    )
    text = prose_field(
        _l("What does not work?"), shortest=SHORTEST, longest=BARRIER_LONGEST, description=_l("A sentence or two help.")
    )
    uses = line_field(
        _l("What do you use to read this website?"),
        longest=WISH_LONGEST,
        shortest=0,
        description=_l("For example a phone, a screen reader or large text. We delete this after the answer."),
    )
    wants = line_field(
        _l("Do you need something in another form?"),
        longest=WISH_LONGEST,
        shortest=0,
        description=_l("For example as plain text, read aloud on the phone, or in simple language."),
    )
    contact = EmailField(
        _l("Your e-mail address"),
        validators=[Optional(), Length(max=254), check_email],
        filters=[lambda value: value.strip() if value else value],
        description=_l("Only if you want the answer by mail. We use it for nothing else, and delete it afterwards."),
    )

    def offer(self, *, is_signed_in: bool) -> Self:
        """Ask for an address only where there is none; return the form."""
        if is_signed_in and "contact" in self:
            del self.contact
        return self

    @property
    def address(self) -> str | None:
        """Where the answer shall be sent, if anywhere."""
        return (self.contact.data or None) if "contact" in self else None


class BarrierCodeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The code of a report; sent as part of the address, so that looking it up needs no cookie."""

    code = StringField(_l("Code of your report"), validators=[InputRequired(_l("Please enter the code."))])


class AnswerForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Answer the report of a barrier."""

    text = prose_field(_l("Answer"), shortest=SHORTEST, longest=ANSWER_LONGEST)
    is_removed = BooleanField(_l("The barrier is gone"))


class PutOffForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Say that the answer takes longer, why, and until when."""

    text = prose_field(_l("Why does it take longer?"), shortest=SHORTEST, longest=ANSWER_LONGEST)
    until = DayField(_l("New day"), needed=True)


class FactsForm(EditorialForm):
    """What the city says about accessibility as a whole."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("assessor", _l("Who tested it"), NAME_LONGEST),
        EditorialText("ombuds_name", _l("Who mediates (ombuds office)"), NAME_LONGEST, required=True),
        EditorialText("monitoring_name", _l("Who supervises (monitoring body)"), NAME_LONGEST, required=True),
    )

    status = RadioField(
        _l("How far does the platform meet the requirements?"),
        choices=options((one.value, label) for one, label in CONFORMITIES.items()),
        validators=[InputRequired(_l("Please choose how far."))],
    )
    method = RadioField(
        _l("What does that rest on?"),
        choices=options((one.value, label) for one, label in METHODS.items()),
        validators=[InputRequired(_l("Please choose what it rests on."))],
    )
    report_url = line_field(
        _l("Address of the test report"),
        longest=PAGE_LONGEST,
        shortest=0,
        description=_l("Where there is a public one."),
    )
    prepared_on = DayField(_l("Prepared on"), needed=True)
    reviewed_on = DayField(_l("Last reviewed on"), needed=True)
    ombuds_contact = prose_field(_l("How to reach the ombuds office"), longest=WISH_LONGEST, shortest=0)
    ombuds_url = line_field(_l("Page of the ombuds office"), longest=PAGE_LONGEST)
    monitoring_contact = prose_field(_l("How to reach the monitoring body"), longest=WISH_LONGEST, shortest=0)
    monitoring_url = line_field(_l("Page of the monitoring body"), longest=PAGE_LONGEST, shortest=0)

    def show(self, facts: Facts) -> Self:
        """Show ``facts`` in the fields; return the form."""
        self.status.data, self.method.data = facts.status.value, facts.method.value
        self.report_url.data = facts.report_url
        self.prepared_on.data, self.reviewed_on.data = facts.prepared_on, facts.reviewed_on
        self.fill("assessor", facts.assessor)
        for name in OFFICES:
            office = facts.offices[name]
            self.fill(f"{name}_name", office.name)
            self[f"{name}_contact"].data, self[f"{name}_url"].data = office.contact, office.url
        return self

    def propose_days(self, today: date) -> None:
        """Propose ``today`` where no day was ever said."""
        self.prepared_on.data = self.prepared_on.data or today
        self.reviewed_on.data = self.reviewed_on.data or today

    def facts(self, before: Facts) -> Facts:
        """Return what was entered; languages that the form does not show, and the gaps, stay as they were."""
        return Facts(
            status=Conformity(self.status.data),
            method=Method(self.method.data),
            assessor=reworded(before.assessor, self.translated("assessor")),
            report_url=self.report_url.data or "",
            prepared_on=self.prepared_on.data,
            reviewed_on=self.reviewed_on.data,
            gaps=before.gaps,
            offices={name: self._office(name, before.offices[name]) for name in OFFICES},
        )

    def _office(self, name: str, before: Office) -> Office:
        said = reworded(before.name, self.translated(f"{name}_name"))
        return Office(said, self[f"{name}_contact"].data or "", self[f"{name}_url"].data or "")

    def validate_report_url(self, field: Any) -> None:
        _check_address(field)

    def validate_ombuds_url(self, field: Any) -> None:
        _check_address(field)

    def validate_monitoring_url(self, field: Any) -> None:
        _check_address(field)

    def validate_reviewed_on(self, field: Any) -> None:
        if field.data and self.prepared_on.data and field.data < self.prepared_on.data:
            raise ValidationError(str(_l("It cannot have been reviewed before it was prepared.")))


class GapForm(EditorialForm):
    """Something that is not accessible: what and why, and what there is instead."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("text", _l("What is not accessible"), GAP_LONGEST, required=True, prose=True),
        EditorialText("alternative", _l("What there is instead"), GAP_LONGEST, prose=True),
    )

    kind = RadioField(
        _l("Why?"),
        choices=options((one.value, label) for one, label in GAP_KINDS.items()),
        validators=[InputRequired(_l("Please choose why."))],
    )
    until = DayField(_l("Accessible by"), needed=False, description=_l("Where a day is planned."))

    def show(self, gap: Gap) -> Self:
        """Show a gap in the fields; return the form."""
        self.kind.data, self.until.data = gap.kind.value, gap.until
        self.fill("text", gap.text)
        self.fill("alternative", gap.alternative)
        return self

    def gap(self, before: Gap) -> Gap:
        """Return what was entered; languages that the form does not show stay as they were ``before``."""
        until: date | None = self.until.data
        return Gap(
            before.id,
            GapKind(self.kind.data),
            reworded(before.text, self.translated("text")),
            reworded(before.alternative, self.translated("alternative")),
            until,
        )


class SignVideoForm(EditorialForm):
    """Upload a video in sign language for a place."""

    texts: ClassVar[tuple[EditorialText, ...]] = (
        EditorialText("transcript", _l("The same in written words"), TRANSCRIPT_LONGEST, required=True, prose=True),
    )

    place = SelectField(_l("Where it stands"), validators=[InputRequired(_l("Please choose a place."))])
    video = FileField(
        _l("Video"),
        validators=[FileRequired(_l("Please choose a file."))],
        description=_l("MP4 or WebM."),
        render_kw={"accept": "video/mp4,video/webm"},
    )
    captions = FileField(
        _l("Subtitles"), description=_l("German, in the format WebVTT (.vtt)."), render_kw={"accept": ".vtt,text/vtt"}
    )

    def offer(self, places: Iterable[tuple[str, Any]]) -> Self:
        """Offer these places; return the form."""
        self.place.choices = options(places)
        return self


def _check_address(field: Any) -> None:
    typed = field.data or ""
    if typed and not typed.startswith(("https://", "http://")) and own_path(typed) is None:
        raise ValidationError(str(_l("Please enter a whole address that begins with https://.")))
