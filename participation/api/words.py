"""What the addresses of the interface give and what their parameters mean, for the document and for its page."""

from collections.abc import Mapping
from typing import Any

from participation.multilingual import lazy as _l

SUMMARIES: Mapping[str, Any] = {
    "processes": _l("All consultations that are public."),
    "process": _l("One consultation with its phases, and with the names to filter ideas by."),
    "principles": _l("The guiding principles that ideas are proposed under."),
    "ideas": _l("The ideas, filtered and in the order asked for, the newest first."),
    "idea": _l("One idea with what its author added, where it is filed, and what the city says to it."),
    "idea_comments": _l("The comments on one idea."),
    "idea_votes": _l("The votes on one idea, in sum."),
    "idea_provenance": _l("What became of one idea, step by step, as W3C PROV."),
    "comments": _l("The comments on all ideas, those that came first at the beginning."),
    "votes": _l("The votes on all ideas, in sum; how anybody voted is told nowhere."),
    "clusters": _l("The themes that ideas are filed under."),
    "bundles": _l("Ideas that say the same, put together; people are counted once."),
    "statements": _l("The statements that go to the council."),
    "statement": _l("One statement with everything it rests on and what stands beside it."),
    "statement_provenance": _l("What one statement rests on, down to ideas and votes, as W3C PROV."),
    "openapi": _l("This description of the interface, for programs (OpenAPI 3.1)."),
}
"""What each operation gives, by its name."""

PARAMETERS: Mapping[str, Any] = {
    "slug": _l("The name of the consultation in addresses."),
    "idea_id": _l("The number of the idea."),
    "statement_id": _l("The number of the statement in addresses."),
    "language": _l(
        "The language of editorial texts; without it the header Accept-Language decides. Where it is named here, texts "
        "of residents that have a translation come in it, too, with the original beside it."
    ),
    "limit": _l("How many stand on a page at most."),
    "after": _l("Where the page begins: part of the address of the next page, to be taken as it is."),
    "since": _l("Only what was published or changed from that moment on."),
    "q": _l("Words to search for; word forms and compounds are found, too."),
    "principle": _l("Only ideas that name the principle with this key."),
    "field": _l("Only ideas that name the field of action with this key."),
    "district": _l("Only ideas that name the district with this key."),
    "theme": _l("Only ideas that are filed under the theme with this number."),
    "written_in": _l("Only ideas that are written in this language."),
    "answered": _l("Only ideas that the city has answered, or has not."),
    "sort": _l(
        "The order: the newest first, most agreement, most contested or most discussed. Without it a search begins "
        "with the best match, and everything else with the newest."
    ),
}
"""What each parameter means, by its name."""

TAGS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "processes": (_l("Consultations"), ("processes", "process", "principles")),
    "ideas": (_l("Ideas"), ("ideas", "idea", "idea_provenance")),
    "discussion": (_l("Comments"), ("comments", "idea_comments")),
    "votes": (_l("Votes"), ("votes", "idea_votes")),
    "themes": (_l("Themes and bundles"), ("clusters", "bundles")),
    "statements": (_l("Statements"), ("statements", "statement", "statement_provenance")),
    "document": (_l("The description"), ("openapi",)),
}
"""Operations by what they are about, in the order in which they are explained."""
