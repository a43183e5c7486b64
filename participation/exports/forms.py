"""The form with which staff ask for a file."""

from flask import current_app, g
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from participation.exports.options import NUMBER_LONGEST, Options
from participation.exports.writers import WRITERS
from participation.kit.forms import options
from participation.multilingual import language_name
from participation.multilingual import lazy as _l

GOOD_FOR = {
    "docx": _l("Word document (DOCX): the paper for the council, to edit and to copy from"),
    "pdf": _l("PDF: the same paper to read, print and pass on; made to be accessible"),
    "xlsx": _l("Excel workbook (XLSX): everything on sheets to sort and filter, with all texts in full"),
    "ods": _l("OpenDocument workbook (ODS): the same sheets for LibreOffice"),
    "csv": _l("CSV: one table of statements, themes and ideas for other programs"),
    "tables": _l("CSV in a ZIP: every sheet of the workbook as a table of its own"),
    "json": _l("JSON: everything for programs, in one object"),
    "jsonl": _l("JSON Lines: the same, one object a line, for large amounts of data"),
}
DELIMITERS = (
    (";", _l("Semicolon: opens in Excel with German settings")),
    (",", _l("Comma: what most programs expect")),
)


class ExportForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Ask for the strategy input as a file."""

    format = RadioField(_l("File format"), default="xlsx", validators=[InputRequired(_l("Please choose a format."))])
    language = SelectField(
        _l("Language of the file"),
        validators=[InputRequired(_l("Please choose a language."))],
        description=_l("Contributions stay in the language in which they were written."),
    )
    number = StringField(
        _l("Number of the council paper"),
        validators=[Length(max=NUMBER_LONGEST)],
        description=_l("Stands on the cover of the Word document and the PDF. You can leave it empty."),
    )
    delimiter = RadioField(
        _l("Cells of CSV files end with"),
        choices=options(DELIMITERS),
        default=DELIMITERS[0][0],
        validators=[InputRequired(_l("Please choose what ends a cell."))],
    )
    bom = BooleanField(
        _l("CSV files begin with a mark for Excel (BOM)"),
        default=True,
        description=_l("With it Excel shows umlauts and Arabic letters correctly. Some programs stumble over it."),
    )

    def __init__(self, *, paper_number: str = "") -> None:
        super().__init__()
        known = [*GOOD_FOR, *(name for name in WRITERS if name not in GOOD_FOR)]
        self.format.choices = options((name, GOOD_FOR.get(name, WRITERS[name].label)) for name in known)
        self.language.choices = options((code, language_name(code)) for code in current_app.config["LANGUAGES"])
        if not self.is_submitted():
            self.language.data = g.language
            self.number.data = paper_number

    @property
    def chosen(self) -> Options:
        """What was chosen besides format and language."""
        return Options(
            delimiter=self.delimiter.data, bom=self.bom.data, number=" ".join((self.number.data or "").split())
        )
