"""Words for what can go wrong with a service or with what it answers."""

from collections.abc import Mapping
from typing import Any

from participation.multilingual import lazy as _l

OF_SERVICE: Mapping[str, Any] = {
    "unreachable": _l("The service could not be reached."),
    "time": _l("The service took too long to answer."),
    "too_many": _l("The service was asked too often and wants a break."),
    "quota": _l("The service says that nothing is left of what was ordered there."),
    "month": _l("The limit of characters for this month is reached."),
    "forbidden": _l("The service does not accept our key."),
    "server": _l("The service had a fault of its own."),
    "answer": _l("The answer of the service could not be read, or was not complete."),
}
OF_TEXT: Mapping[str, Any] = {
    "refused": _l("The service does not accept this text or this pair of languages."),
    "empty": _l("A part of the answer was empty."),
    "length": _l("The answer was far too short or far too long."),
    "control": _l("The answer held characters that no text has."),
    "markup": _l("The answer held markup that the original does not have."),
    "link": _l("The answer held a link, an address or a number that the original does not have."),
    "copy": _l("The answer was the original itself."),
    "language": _l("The answer was in another language than it should be."),
    "terms": _l("A word of the guiding principles was put differently than agreed."),
}
UNKNOWN = _l("Something went wrong that has no name yet.")


def words_for(code: str) -> Any:
    """Return the sentence for a code, lazily translated."""
    return OF_SERVICE.get(code) or OF_TEXT.get(code) or UNKNOWN
