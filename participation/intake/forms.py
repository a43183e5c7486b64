"""Forms of imports: uploading a file, saying which column holds what, and naming a mapping."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from participation.intake.choices import Choices
from participation.intake.layouts import Layout, layout_by_key
from participation.intake.models import IntakeKind
from participation.intake.preview import Preview
from participation.intake.service import NAME_LONGEST
from participation.intake.shapes import FIELDS
from participation.kit.forms import options
from participation.multilingual import gettext as _
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.texts import excerpt, normalise, single_line, text_problem

KINDS: Mapping[IntakeKind, Any] = {
    IntakeKind.IDEAS: _l("Ideas"),
    IntakeKind.COMMENTS: _l("Comments"),
    IntakeKind.VOTES: _l("Votes"),
}
LABELS: Mapping[str, Any] = {
    "title": _l("Title"),
    "text": _l("Text"),
    "more": _l("The text goes on in"),
    "place": _l("Place"),
    "id": _l("Number at the source"),
    "author": _l("Who wrote it"),
    "created": _l("When it was written"),
    "language": _l("Language"),
    "principles": _l("Principles"),
    "field": _l("Field of action"),
    "district": _l("District"),
    "state": _l("State"),
    "link": _l("Address at the source"),
    "idea": _l("Number of the idea"),
    "parent": _l("Number of the comment that is answered"),
    "stance": _l("Stance"),
    "helpful": _l("How many found it helpful"),
    "voter": _l("Number of the person"),
    "vote": _l("Vote"),
}
HINTS: Mapping[str, Any] = {
    "id": _l("With it, importing the file again adds nothing twice."),
    "author": _l("A name or number; here everybody gets a pseudonym."),
    "place": _l("Is put below the text."),
    "state": _l("published, hidden or in_review"),
    "stance": _l("supports, objects or question; also 1 and -1"),
    "vote": _l("1 or agree, -1 or disagree, 0 or unsure"),
    "idea": _l("The number under which the idea was imported."),
}
MORE = "more"
AS_LAYOUT = "="
MOST_OPTIONS = 300
SAMPLE_SHOWN = 40


class UploadForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Upload a file to bring it in."""

    file = FileField(
        _l("CSV or XLSX file"),
        validators=[FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx"},
    )
    kind = SelectField(
        _l("What it brings"),
        choices=options([("", _l("Find out from its columns")), *((kind.value, name) for kind, name in KINDS.items())]),
        default="",
    )


class MappingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Say which column of a file holds what, and how its rows are treated; fields of columns are added per file."""

    intake_kind: IntakeKind
    names: Sequence[str] = ()

    kind = HiddenField()
    layout = HiddenField()
    waits = BooleanField(_l("Let everything wait for moderators"))
    takes_left_out = BooleanField(_l("Also take what was rejected, withdrawn or hidden there"))
    keeps_orphans = BooleanField(_l("Let an answer to a comment that is nowhere begin a conversation"))
    all_or_nothing = BooleanField(_l("Import nothing when a single row cannot be taken"))
    mapping_name = StringField(
        _l("Name of the mapping"), validators=[Length(max=NAME_LONGEST, message=_l("This name is too long."))]
    )

    @property
    def column_fields(self) -> list[Any]:
        """Return the fields of columns in their order."""
        return [self[f"column_{name}"] for name in self.names]

    @property
    def first_empty(self) -> Any:
        """Return the field of the first column that was not chosen; the first one where all were."""
        return next((field for field in self.column_fields if not field.data), self.column_fields[0])

    @property
    def choices_made(self) -> Choices:
        """Return what was chosen."""
        columns: dict[str, list[str]] = {}
        for name in self.names:
            chosen = self[f"column_{name}"].data
            if chosen and name != MORE:
                columns[name] = [] if chosen == AS_LAYOUT else [chosen]
        more = self["column_more"].data if MORE in self.names else ""
        if more and more != AS_LAYOUT:
            columns["text"] = [*columns.get("text", []), more]
        return Choices(
            columns, self.layout.data or "", self.takes_left_out.data, self.waits.data, self.keeps_orphans.data
        )

    def show(self, choices: Choices, *, all_or_nothing: bool) -> None:
        """Fill in what was chosen before."""
        for name in self.names:
            columns = choices.columns.get("text" if name == MORE else name)
            place = 1 if name == MORE else 0
            if columns is not None and len(columns) > place:
                self[f"column_{name}"].data = columns[place]
            elif columns is not None and not columns and name != MORE:
                self[f"column_{name}"].data = AS_LAYOUT
        self.waits.data, self.takes_left_out.data = choices.waits, choices.takes_left_out
        self.keeps_orphans.data, self.all_or_nothing.data = choices.keeps_orphans, all_or_nothing

    def missing(self) -> str:
        """Return which columns are needed besides those chosen, as a sentence; empty where all are there."""
        chosen = self.choices_made.columns
        layout = layout_by_key(self.layout.data or "")
        if self.intake_kind is IntakeKind.IDEAS and not {"title", "text"} & chosen.keys():
            return _("Please say in which column the title or the text stands.")
        if self.intake_kind is IntakeKind.COMMENTS and not (
            {"text", "id"} <= chosen.keys() and {"idea", "parent"} & chosen.keys()
        ):
            return _("Please say where the text, the number of the comment and the number of the idea stand.")
        needed = {"voter"} if layout and layout.votes_across else {"idea", "voter", "vote"}
        if self.intake_kind is IntakeKind.VOTES and not needed <= chosen.keys():
            return _("Please say where the idea, the person and the vote stand.")
        return ""


class NameForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Give a column mapping another name."""

    name = StringField(
        _l("Name"),
        validators=[
            InputRequired(_l("Please enter a name.")),
            Length(max=NAME_LONGEST, message=_l("This name is too long.")),
        ],
    )

    def validate_name(self, field: Any) -> None:
        field.data = clean_name(field.data)


def clean_name(name: str) -> str:
    """Return a name on one line; raises ``ValidationError`` for one that cannot be shown."""
    clean = single_line(normalise(name))
    if not clean or text_problem(clean, longest=NAME_LONGEST):
        raise ValidationError(_("Please enter a name."))
    return clean


def mapping_form(kind: IntakeKind, seen: Preview, layout: Layout | None) -> MappingForm:
    """Return the form for a file that begins like ``seen`` and has the ``layout``, with a select for each field."""
    names = [name for field in FIELDS[kind] for name in ((field, MORE) if field == "text" else (field,))]
    if kind is IntakeKind.VOTES and layout and layout.votes_across:
        names = ["voter"]
    selects = {f"column_{name}": _select(name, seen, layout) for name in names}
    form: MappingForm = type("FileForm", (MappingForm,), {**selects, "intake_kind": kind, "names": tuple(names)})()
    for select in form.column_fields:
        # "Not in this file" says that already.
        select.flags.needed = True
    form.kind.data, form.layout.data = kind.value, layout.key if layout else ""
    return form


def _select(name: str, seen: Preview, layout: Layout | None) -> SelectField:
    choices: list[tuple[str, Any]] = [("", _l("– not in this file –"))]
    if layout and name in layout.fields:
        spots = ", ".join(dict.fromkeys(spot.column for spot in layout.fields[name]))
        choices.append((AS_LAYOUT, lazily(_l("as usual there: %(columns)s"), columns=spots)))
    elif layout and layout.coordinates and name == "place":
        choices.append((AS_LAYOUT, lazily(_l("as usual there: %(columns)s"), columns=", ".join(layout.coordinates))))
    choices += [(family, family) for family in seen.families]
    choices += [(column, _with_sample(column, seen)) for column in seen.names[:MOST_OPTIONS]]
    return SelectField(LABELS[name], choices=options(choices), description=HINTS.get(name, ""))


def _with_sample(column: str, seen: Preview) -> str:
    sample = excerpt(seen.samples.get(column, ""), SAMPLE_SHOWN)
    return f"{column} · {sample}" if sample else column
