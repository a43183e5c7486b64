"""What it takes to say something in an entry: addresses, titles that the reader may know, the parts of what is said."""

from dataclasses import dataclass
from typing import Any, Protocol

from participation.multilingual import Phrase
from participation.notifications.matters import Matter


class Address(Protocol):
    """Says where a page is: within the product, or as a whole address for a letter."""

    def __call__(self, endpoint: str, **values: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What a fact says, before it is put together with what all entries have."""

    headline: str
    url: str
    label: str
    paragraphs: tuple[Phrase | str, ...] = ()
    about: Phrase | None = None


def title(matter: Matter) -> Phrase | None:
    """Return the title of the idea that a matter is about, if its reader may know it."""
    return matter.idea.title_for(matter.entry.account_id) if matter.idea else None


def idea_url(matter: Matter, address: Address, *, part: tuple[str, int] | None = None) -> str:
    """Return the page of the idea that a matter is about, or the place of a ``part`` of it: its kind and number."""
    if matter.idea is None or matter.place is None:
        return ""
    values: dict[str, Any] = {"slug": matter.place.slug, "idea_id": matter.idea.id}
    if part is not None and part[0] == "comment":
        return address("discussion.comment", comment_id=part[1], **values)
    url = address("browse.idea", **values)
    return f"{url}#{part[0]}-{part[1]}" if part is not None and part[0] == "addendum" else url
