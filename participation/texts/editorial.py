"""Forms for editorial texts: one field per text and language of the interface."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from flask import g
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm

from participation.kit.schema import Translated
from participation.multilingual import base_language, language_name
from participation.multilingual import lazy as _l
from participation.texts.fields import line_field, prose_field

ALWAYS_AT_HAND = frozenset({"de", "en"})
"""Every text is asked for in the official language and in the one that most translators start from."""
MOST_OTHERS = 2
"""Where a text is there in more languages than these beside the reader's, they would only be in the way."""


class Needed:
    """A validator that checks nothing: the field is asked for, so its label must not say that it is optional."""

    field_flags: ClassVar[dict[str, bool]] = {"needed": True}

    def __call__(self, _form: object, _field: object) -> None:
        """Do nothing; something else checks."""


@dataclass(frozen=True, slots=True)
class EditorialText:
    """A text that a form asks for in every language; a required one must be there in at least one of them."""

    name: str
    label: Any
    longest: int
    required: bool = False
    prose: bool = False
    hint: Any = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The field for one text in one language."""

    language: str
    field: Any


class EditorialForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form with the texts that a subclass lists in ``texts``; make it with ``speaking(languages)``."""

    texts: ClassVar[tuple[EditorialText, ...]] = ()
    languages: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for text in self.texts:
            for wording in self.wordings(text.name) if text.required else ():
                wording.field.flags.needed = True

    @classmethod
    def speaking(cls, languages: Iterable[str]) -> Any:
        """Return the class of forms that ask for each text in each of ``languages``."""
        base: Any = cls
        return _speaking(base, tuple(languages))

    def wordings(self, name: str) -> list[Wording]:
        """Return the fields of the text ``name``, one per language."""
        return [Wording(language, self[f"{name}_{language}"]) for language in self.languages]

    def at_hand(self, name: str) -> list[Wording]:
        """Return the fields of a text to show at once: in the reader's language, German, English, and a few in use.

        A field with a mistake is always among them.
        """
        spoken = {*ALWAYS_AT_HAND, g.language, base_language(g.language)}
        others = [one.language for one in self.wordings(name) if one.field.data and one.language not in spoken]
        shown = spoken.union(others if len(others) <= MOST_OTHERS else ())
        return [one for one in self.wordings(name) if one.language in shown or one.field.errors]

    def further(self, name: str) -> list[Wording]:
        """Return the other fields of the text ``name``, for those who want another language."""
        at_hand = {one.language for one in self.at_hand(name)}
        return [one for one in self.wordings(name) if one.language not in at_hand]

    def label_of(self, name: str) -> Any:
        """Return what the text ``name`` is called."""
        return next(text.label for text in self.texts if text.name == name)

    def translated(self, name: str) -> Translated:
        """Return what was entered for the text ``name``: empty where a language was left out, nothing for no field."""
        return {
            wording.language: wording.field.data or ""
            for wording in self.wordings(name)
            if wording.field.raw_data or wording.field.data
        }

    def fill(self, name: str, text: Translated) -> None:
        """Show ``text`` in the fields of the text ``name``."""
        for wording in self.wordings(name):
            wording.field.data = text.get(wording.language, "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether everything can be taken; a required text must be there in at least one language."""
        valid = bool(super().validate(extra_validators=extra_validators))
        for text in self.texts:
            fields = [wording.field for wording in self.wordings(text.name)]
            if text.required and not any(field.data or field.errors for field in fields):
                fields[0].errors = [*fields[0].errors, str(_l("Please write this in at least one language."))]
                valid = False
        return valid


@lru_cache(maxsize=64)
def _speaking(base: Any, languages: tuple[str, ...]) -> Any:
    fields: dict[str, Any] = {"languages": languages}
    for text in base.texts:
        make = prose_field if text.prose else line_field
        for language in languages:
            label = LazyString(_label, text.label, language)
            fields[f"{text.name}_{language}"] = make(label, longest=text.longest, shortest=0, description=text.hint)
    return type(base.__name__, (base,), fields)


def _label(label: Any, language: str) -> str:
    return f"{label} ({language_name(language, shown_in=g.language)})"
