"""The form with which staff ask for a file."""

from flask import current_app, g
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from participation.exports.writers import WRITERS
from participation.kit.forms import options
from participation.multilingual import language_name
from participation.multilingual import lazy as _l

GOOD_FOR = {
    "xlsx": _l("Excel workbook (XLSX): everything on sheets to sort and filter, with all texts in full"),
    "docx": _l("Word document (DOCX): to edit and to paste into a paper for the council"),
    "pdf": _l("PDF: to read, print and pass on; made to be accessible"),
    "csv": _l("CSV: one table of statements, clusters and ideas for other programs"),
    "json": _l("JSON: everything for machines"),
}


class ExportForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Ask for the strategy input as a file."""

    format = RadioField(
        _l("File format"),
        choices=options((name, GOOD_FOR.get(name, writer.label)) for name, writer in WRITERS.items()),
        default="xlsx",
        validators=[InputRequired(_l("Please choose a format."))],
    )
    language = SelectField(
        _l("Language of the file"),
        validators=[InputRequired(_l("Please choose a language."))],
        description=_l("Contributions stay in the language in which they were written."),
    )

    def __init__(self) -> None:
        super().__init__()
        self.language.choices = options((code, language_name(code)) for code in current_app.config["LANGUAGES"])
        if not self.is_submitted():
            self.language.data = g.language
