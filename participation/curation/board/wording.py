"""A sentence about each step on the board."""

from collections.abc import Callable, Iterable, Mapping

from participation.curation.board.history import HistoryLine, Titled
from participation.curation.models import BoardChangeKind
from participation.kit.schema import Translated
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick

Names = Mapping[int, Translated]
Titles = Mapping[int, Titled]


def sentence(line: HistoryLine, names: Names, titles: Titles, language: str) -> str:
    """Return in the reader's language what was done; ``names`` and ``titles`` are those of the history."""
    return _SENTENCES[line.kind](line, _Named(names, titles, language))


class _Named:
    """Quotes what themes and ideas are called."""

    def __init__(self, names: Names, titles: Titles, language: str) -> None:
        self._names, self._titles, self._language = names, titles, language

    def themes(self, cluster_ids: Iterable[int]) -> str:
        """Return the titles of themes, each in quotation marks."""
        return ", ".join(_("“%(title)s”", title=self._theme(cluster_id)) for cluster_id in cluster_ids)

    def ideas(self, line: HistoryLine) -> str:
        """Return the title of one idea, the number of several."""
        title = self._titles.get(line.ideas[0]) if line.idea_count == 1 else None
        if title:
            return _("“%(title)s”", title=title.title)
        return ngettext("%(num)s idea", "%(num)s ideas", line.idea_count)

    def _theme(self, cluster_id: int) -> str:
        return pick(self._names.get(cluster_id, {}), self._language) or _("a theme")


def _filed(line: HistoryLine, named: _Named) -> str:
    ideas = named.ideas(line)
    if line.into and line.out_of:
        into, out_of = named.themes(line.into), named.themes(line.out_of)
        return _("%(ideas)s moved from %(out_of)s to %(into)s", ideas=ideas, out_of=out_of, into=into)
    if line.into:
        return _("%(ideas)s filed under %(into)s", ideas=ideas, into=named.themes(line.into))
    if line.out_of:
        return _("%(ideas)s taken out of %(out_of)s", ideas=ideas, out_of=named.themes(line.out_of))
    return _("%(ideas)s without a main theme now", ideas=ideas)


def _made(line: HistoryLine, named: _Named) -> str:
    return _("%(theme)s made", theme=named.themes(line.clusters))


def _described(line: HistoryLine, named: _Named) -> str:
    if line.fields == ("label",):
        return _("label of %(theme)s changed", theme=named.themes(line.clusters))
    if "title" in line.fields:
        return _("%(theme)s renamed", theme=named.themes(line.clusters))
    return _("description of %(theme)s changed", theme=named.themes(line.clusters))


def _ordered(_line: HistoryLine, _named: _Named) -> str:
    return _("themes put into another order")


def _split(line: HistoryLine, named: _Named) -> str:
    new, old = named.themes(line.clusters), named.themes(line.out_of)
    return _("%(new)s split from %(old)s, with %(ideas)s", new=new, old=old, ideas=named.ideas(line))


def _merged(line: HistoryLine, named: _Named) -> str:
    gone, into = named.themes(line.clusters), named.themes(line.into)
    if not line.into:
        return _("%(gone)s merged away", gone=gone)
    return _("%(gone)s merged into %(into)s, with %(ideas)s", gone=gone, into=into, ideas=named.ideas(line))


def _removed(line: HistoryLine, named: _Named) -> str:
    return _("%(theme)s removed", theme=named.themes(line.clusters))


def _noted(line: HistoryLine, named: _Named) -> str:
    return _("note about %(theme)s", theme=named.themes(line.clusters))


def _imported(line: HistoryLine, named: _Named) -> str:
    themes = ngettext("%(num)s theme", "%(num)s themes", len(line.into))
    return _("%(ideas)s filed under %(themes)s from a file", ideas=named.ideas(line), themes=themes)


def _undone(line: HistoryLine, _named: _Named) -> str:
    if line.undoes_kind is BoardChangeKind.UNDO:
        return _("step %(number)s done again", number=line.undoes)
    return _("step %(number)s undone", number=line.undoes)


_SENTENCES: Mapping[BoardChangeKind, Callable[[HistoryLine, _Named], str]] = {
    BoardChangeKind.FILE: _filed,
    BoardChangeKind.MAKE: _made,
    BoardChangeKind.DESCRIBE: _described,
    BoardChangeKind.ORDER: _ordered,
    BoardChangeKind.SPLIT: _split,
    BoardChangeKind.MERGE: _merged,
    BoardChangeKind.REMOVE: _removed,
    BoardChangeKind.NOTE: _noted,
    BoardChangeKind.IMPORT: _imported,
    BoardChangeKind.UNDO: _undone,
}
