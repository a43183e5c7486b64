"""Where moderators have put an idea, on its page: answered elsewhere, and together with others that say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from participation.browse.shared import holds_until
from participation.browse.translations import written_in
from participation.curation.bundling.queries import BundledIdea, BundleFigures, figures_of
from participation.ideas.queries import TitleView
from participation.kit.outside import host_of
from participation.listings.ideas import IdeaRow
from participation.listings.translated import ShownWordings, title_in
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.voting.queries import FEWEST_VOTES


@dataclass(frozen=True, slots=True)
class ElsewherePart:
    """Where the answer stands: a public idea, or a page on ``host``; without an address it is not public any more."""

    url: str
    title: str
    language: str
    dir: str
    host: str


@dataclass(frozen=True, slots=True)
class BundleLink:
    """Another idea of the bundle; ``written_in`` is empty in the reader's language."""

    title: str
    url: str
    language: str
    dir: str
    written_in: str


@dataclass(frozen=True, slots=True)
class Together:
    """How many people stand behind all ideas of a bundle.

    ``figures`` is ``None`` where nothing may be said about them: results are hidden or too few people voted. ``both``
    is ``None`` where so few people hold both views that the number says too much about them.
    """

    figures: BundleFigures | None
    both: int | None
    hidden_because: str
    too_few: int


@dataclass(frozen=True, slots=True)
class BundlePart:
    """The other ideas of the bundle, and how many people stand behind all of them together."""

    url: str
    others: tuple[BundleLink, ...]
    together: Together
    exit_url: str


def elsewhere_part(
    process: ProcessOutline, pointer: Mapping[str, Any], titles: Mapping[int, TitleView], shown: ShownWordings
) -> ElsewherePart | None:
    """Return where an idea is answered, of the public ``titles``; ``None`` where nowhere else."""
    if "url" in pointer:
        return ElsewherePart(pointer["url"], "", "", "", host_of(pointer["url"]))
    if "idea" not in pointer:
        return None
    found = titles.get(pointer["idea"])
    if found is None:
        return ElsewherePart("", "", "", "", "")
    url = url_for("browse.idea", slug=process.slug, idea_id=pointer["idea"])
    title = title_in(shown, pointer["idea"], found.title, found.language)
    return ElsewherePart(url, title.text, title.language, title.dir, "")


def bundle_part(
    session: Session,
    process: ProcessOutline,
    idea: IdeaRow,
    members: Sequence[BundledIdea],
    shown: ShownWordings,
    *,
    is_author: bool,
    now: datetime,
) -> BundlePart | None:
    """Return the bundle of an idea with its public ``members``; ``None`` where no other one is among them."""
    if idea.bundle_id is None:
        return None
    others = tuple(bundle_link(process, one, shown) for one in members if one.idea_id != idea.id)
    leave = url_for("bundles.objection", slug=process.slug, idea_id=idea.id) if is_author else ""
    if not others:
        return None
    # Votes on the other ideas do not change what this page is kept under.
    holds_until(now + timedelta(seconds=current_app.config["PAGE_CACHE_SECONDS"]))
    return BundlePart(
        url=url_for("together.bundle", slug=process.slug, bundle_id=idea.bundle_id),
        others=others,
        together=people_together(session, process, idea.bundle_id, now=now),
        exit_url=leave,
    )


def people_together(session: Session, process: ProcessOutline, bundle_id: int, *, now: datetime) -> Together:
    """Return how many people stand behind the ideas of a bundle, as far as that may be said."""
    results = may_see_results(process, now=now)
    figures = figures_of(session, [bundle_id])[bundle_id] if results else None
    too_few = FEWEST_VOTES if figures and figures.people < FEWEST_VOTES else 0
    shown = None if too_few else figures
    return Together(
        figures=shown,
        both=shown.both if shown and (not shown.both or shown.both >= FEWEST_VOTES) else None,
        hidden_because="" if results else str(results.reason),
        too_few=too_few,
    )


def bundle_link(process: ProcessOutline, idea: BundledIdea, shown: ShownWordings) -> BundleLink:
    """Return the way to an idea of a bundle, by its name in the wordings ``shown``."""
    title = title_in(shown, idea.idea_id, idea.title, idea.language)
    return BundleLink(
        title=title.text,
        url=url_for("browse.idea", slug=process.slug, idea_id=idea.idea_id),
        language=title.language,
        dir=title.dir,
        written_in=written_in(title.language),
    )
