"""The editorial names around ideas, read once a page: principles, districts, fields of action."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.multilingual import pick
from participation.principles.queries import EntryView, districts_of, fields_of, principles_of


@dataclass(frozen=True, slots=True)
class PrincipleLink:
    """A principle as a tag that leads to its ideas."""

    id: int
    key: str
    title: str
    pictogram: str
    url: str


@dataclass(frozen=True, slots=True)
class Names:
    """Titles by id, in one language."""

    principles: dict[int, PrincipleLink]
    districts: dict[int, str]
    fields: dict[int, str]


def names(session: Session, framework_id: int, language: str, *, list_url: str) -> Names:
    """Return the names of a framework; a principle's link filters the list at ``list_url``."""
    return Names(
        principles={
            entry.id: PrincipleLink(
                entry.id, entry.key, pick(entry.title, language), entry.pictogram, f"{list_url}?principle={entry.key}"
            )
            for entry in principles_of(session, framework_id)
        },
        districts=_titles(districts_of(session, framework_id), language),
        fields=_titles(fields_of(session, framework_id), language),
    )


def _titles(entries: tuple[EntryView, ...], language: str) -> dict[int, str]:
    return {entry.id: pick(entry.title, language) for entry in entries}
