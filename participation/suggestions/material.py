"""What suggestions are computed from: visible ideas, filings, clusters and bundles, read as of one moment."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.models import Board, Bundle, BundleMember, Cluster, Filing
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import in_batches, read_rows
from participation.similarity.models import IdeaVector
from participation.suggestions.features import Features, features_of
from participation.suggestions.ground import Known, digest_of
from participation.texts.vectors import encoder

MEANING_FROM = 0.5
"""Meaning is compared where at least this share of the ideas has a vector."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A cluster with its title and description in each of its languages: language, title, description."""

    id: int
    wordings: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Material:
    """Everything that a result depends on; the same material gives the same result.

    ``filed`` holds the main cluster of each filed idea, ``bundles`` the visible ideas of each bundle.
    """

    ideas: tuple[Known, ...]
    themes: tuple[Theme, ...]
    filed: dict[int, int]
    bundles: tuple[tuple[int, ...], ...]
    with_meaning: bool
    board_version: int = field(default=0, compare=False)

    @cached_property
    def sha256(self) -> str:
        """What identifies the material."""
        others = {
            "themes": [[theme.id, theme.wordings] for theme in self.themes],
            "filed": sorted(self.filed.items()),
            "bundles": self.bundles,
            "with_meaning": self.with_meaning,
            "encoder": used.method if self.with_meaning and (used := encoder()) else "",
        }
        content = hashlib.sha256(digest_of(self.ideas).encode())
        content.update(json.dumps(others, sort_keys=True, separators=(",", ":")).encode())
        return content.hexdigest()


def read_material(session: Session, process_id: int, *, words_only: bool = False) -> Material:
    """Return the material of a process; ``session`` should see the database as of one moment.

    Meaning is left out with ``words_only``, where the encoder is not there, and where most ideas have no vector yet.
    """
    ideas, with_meaning = read_ideas(session, process_id, words_only=words_only)
    revisions = {one.idea_id: one.revision for one in ideas}
    themes = _themes(session, process_id)
    current = {theme.id for theme in themes}
    return Material(
        ideas=ideas,
        themes=themes,
        filed={
            idea_id: cluster_id
            for idea_id, cluster_id in _filings(session, process_id)
            if idea_id in revisions and cluster_id in current
        },
        bundles=_bundles(session, process_id, revisions),
        with_meaning=with_meaning,
        board_version=session.scalar(select(Board.version).where(Board.process_id == process_id)) or 0,
    )


def read_ideas(
    session: Session, process_id: int, *, words_only: bool = False, everything: bool = False
) -> tuple[tuple[Known, ...], bool]:
    """Return the visible ideas of a process, or with ``everything`` all of them, and whether meaning is compared."""
    wanted = select(Idea.id, Idea.revision).where(Idea.process_id == process_id).order_by(Idea.id)
    chosen = wanted if everything else wanted.where(Idea.state == IdeaState.PUBLISHED)
    revisions = dict(read_rows(session, chosen).all())
    vectors = {} if words_only else _vectors(session, process_id, revisions)
    with_meaning = bool(vectors) and len(vectors) >= MEANING_FROM * len(revisions)
    known = (
        Known(idea_id, revision, vectors.get(idea_id, b"") if with_meaning else b"")
        for idea_id, revision in revisions.items()
    )
    return tuple(known), with_meaning


def read_texts(session: Session, idea_ids: list[int]) -> dict[int, Features]:
    """Return what ideas are told apart by."""
    found: dict[int, Features] = {}
    for batch in in_batches(idea_ids, 500):
        rows = read_rows(session, select(Idea.id, Idea.title, Idea.text, Idea.language).where(Idea.id.in_(batch)))
        found |= {idea_id: features_of([(title, text, language)]) for idea_id, title, text, language in rows}
    return found


def _vectors(session: Session, process_id: int, revisions: dict[int, int]) -> dict[int, bytes]:
    used = encoder()
    if used is None:
        return {}
    columns = select(IdeaVector.idea_id, IdeaVector.revision, IdeaVector.vector)
    rows = read_rows(session, columns.where(IdeaVector.process_id == process_id, IdeaVector.method == used.method))
    return {idea_id: bytes(vector) for idea_id, revision, vector in rows if revisions.get(idea_id) == revision}


def _themes(session: Session, process_id: int) -> tuple[Theme, ...]:
    rows = read_rows(
        session,
        select(Cluster.id, Cluster.title, Cluster.description)
        .where(Cluster.process_id == process_id, Cluster.removed_at.is_(None))
        .order_by(Cluster.id),
    )
    return tuple(
        Theme(cluster_id, tuple((code, title[code], (description or {}).get(code, "")) for code in sorted(title)))
        for cluster_id, title, description in rows
    )


def _filings(session: Session, process_id: int) -> list[tuple[int, int]]:
    rows = read_rows(
        session,
        select(Filing.idea_id, Filing.cluster_id)
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Cluster.process_id == process_id, Filing.ended_at.is_(None), Filing.is_main)
        .order_by(Filing.idea_id),
    )
    return [(idea_id, cluster_id) for idea_id, cluster_id in rows]


def _bundles(session: Session, process_id: int, revisions: dict[int, int]) -> tuple[tuple[int, ...], ...]:
    rows = read_rows(
        session,
        select(BundleMember.bundle_id, BundleMember.idea_id)
        .join(Bundle, Bundle.id == BundleMember.bundle_id)
        .where(Bundle.process_id == process_id, Bundle.ended_at.is_(None), BundleMember.ended_at.is_(None))
        .order_by(BundleMember.bundle_id, BundleMember.idea_id),
    )
    members: dict[int, list[int]] = {}
    for bundle_id, idea_id in rows:
        if idea_id in revisions:
            members.setdefault(bundle_id, []).append(idea_id)
    return tuple(tuple(ids) for _bundle_id, ids in sorted(members.items()) if len(ids) > 1)
