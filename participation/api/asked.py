"""What an address of the interface may ask for; anything else is refused, never guessed."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask import current_app
from marshmallow.validate import Length, OneOf, Range, Regexp
from webargs import ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, NotFound

from participation.api.paging import MARK
from participation.api.problems import Fault
from participation.kit.numbers import whole_number
from participation.listings.ideas import Sort
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.texts import normalise, single_line
from participation.texts.language import KNOWN
from participation.texts.shape import CONTROLS, DIRECTION_OVERRIDES

FEWEST, USUAL, MOST = 1, 20, 100
"""How many items stand on a page: at least, where nobody says anything, at most."""
LONGEST_QUERY = 200
LARGEST_ID = 10**18 - 1
SORTS = (Sort.NEWEST, Sort.AGREEMENT, Sort.CONTESTED, Sort.DISCUSSED)
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
NOT_ON_OFFER = _l("This is not on offer here.")
NO_NUMBER = _l("Please give a whole number.")
NO_MARK = _l("This is no mark of this list: take the address of the next page as it is.")
NO_MOMENT = _l("Please give a moment with its offset, such as 2026-05-01T00:00:00Z, in this millennium or the last.")
TOO_LONG = _l("Please be shorter.")


class WrongParameters(BadRequest):
    """The address asks for something that is not there to be asked for."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class NotThere(NotFound):
    """A parameter names something that is not there (any more), well-formed as it is."""

    def __init__(self, parameter: str, detail: object = None) -> None:
        super().__init__()
        self.faults = (Fault(parameter, str(detail or NOT_ON_OFFER)),)


class Parser(FlaskParser):
    """Reads parameters of an address; problems come as ``WrongParameters``."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": ma.RAISE}  # noqa: RUF012  # as the base declares it

    def handle_error(self, error: ValidationError, *_others: Any, **_options: Any) -> Any:
        """Raise ``WrongParameters`` with what is wrong with each of them."""
        messages: Any = error.normalized_messages()  # type: ignore[no-untyped-call]  # untyped there
        wrong = messages.get("query", {})
        raise WrongParameters(
            Fault(str(name), " ".join(str(text) for text in _flat(texts))) for name, texts in sorted(wrong.items())
        ) from None


def offered_language(text: str) -> None:
    """Raise ``ValidationError`` for a language that the interface does not speak."""
    if text not in current_app.config["LANGUAGES"]:
        raise ma.ValidationError(str(NOT_ON_OFFER))


class WholeNumber(ma.fields.Integer):
    """A number in plain digits, not so long that the databases could not hold it."""

    def _deserialize(self, value: Any, *_others: Any, **_options: Any) -> int:
        number = whole_number(value)
        if number is None:
            raise ma.ValidationError(str(NO_NUMBER))
        return number


class Moment(ma.fields.AwareDateTime):
    """A moment; those before and after all that can be stored are as good as the first and the last one."""

    def _deserialize(self, value: Any, *others: Any, **options: Any) -> datetime:
        try:
            moment: datetime = super()._deserialize(str(value).upper(), *others, **options)
        except ma.ValidationError:
            raise ma.ValidationError(str(NO_MOMENT)) from None
        # Close to the ends of what a datetime can be, changing its offset fails.
        if moment.year <= EARLIEST.year:
            return EARLIEST
        return LATEST if moment.year >= LATEST.year else moment


class Asked(ma.Schema):
    """What every address may be asked."""

    error_messages = {"unknown": _l("There is no such parameter here.")}  # noqa: RUF012  # as marshmallow wants it
    language = ma.fields.String(
        load_default=None, allow_none=False, validate=offered_language, metadata={"example": "en"}
    )


class PageAsked(Asked):
    """What a list may be asked."""

    limit = WholeNumber(
        load_default=USUAL,
        validate=Range(
            FEWEST,
            MOST,
            error=lazily(_l("Please give a number from %(fewest)s to %(most)s."), fewest=FEWEST, most=MOST),
        ),
        metadata={"default": USUAL, "example": 50},
    )
    after = ma.fields.String(load_default=None, allow_none=False, validate=Regexp(f"^{MARK.pattern}$", error=NO_MARK))


class CommentsAsked(PageAsked):
    """What a list of comments may be asked."""

    since = Moment(
        load_default=None, allow_none=False, default_timezone=UTC, metadata={"example": "2026-05-01T00:00:00Z"}
    )


class IdeasAsked(CommentsAsked):
    """What the list of ideas may be asked."""

    q = ma.fields.String(
        load_default="", validate=Length(max=LONGEST_QUERY, error=TOO_LONG), metadata={"example": "park"}
    )
    principle = ma.fields.String(load_default=None, allow_none=False, metadata={"example": "climate"})
    field = ma.fields.String(load_default=None, allow_none=False, metadata={"example": "mobility"})
    district = ma.fields.String(load_default=None, allow_none=False, metadata={"example": "north"})
    theme = WholeNumber(
        load_default=None,
        allow_none=False,
        validate=Range(1, LARGEST_ID, error=NOT_ON_OFFER),
    )
    written_in = ma.fields.String(load_default=None, allow_none=False, validate=OneOf(KNOWN, error=NOT_ON_OFFER))
    answered = ma.fields.String(load_default=None, allow_none=False, validate=OneOf(("yes", "no"), error=NOT_ON_OFFER))
    sort = ma.fields.String(
        load_default=None, allow_none=False, validate=OneOf([sort.value for sort in SORTS], error=NOT_ON_OFFER)
    )


class ProvenanceAsked(Asked):
    """What the provenance of a statement may be asked."""

    after = WholeNumber(
        load_default=0,
        validate=Range(0, LARGEST_ID, error=NO_MARK),
    )


def words_asked(text: str) -> str:
    """Return the words to search for, tidied: signs that are no part of any word are passed over."""
    plain = DIRECTION_OVERRIDES.sub(" ", CONTROLS.sub(" ", text))
    return single_line(normalise(plain))[:LONGEST_QUERY].strip()


def _flat(texts: Any) -> Iterable[Any]:
    if isinstance(texts, Mapping):
        return [text for several in texts.values() for text in _flat(several)]
    return texts if isinstance(texts, list) else [texts]
