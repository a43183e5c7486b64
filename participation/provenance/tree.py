"""A lineage as nested lists in words: what something rests on, and what became of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from participation.multilingual import Phrase, ngettext, phrase
from participation.multilingual import gettext as _
from participation.provenance import words
from participation.provenance.lineage import (
    AnswerRecord,
    BundleRecord,
    ClusterRecord,
    CommentRecord,
    IdeaRecord,
    Lineage,
    MeasureRecord,
    QuoteRecord,
    StatementRecord,
)
from participation.provenance.queries import IDEAS_SHOWN
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.models import SourceKind, StatementState
from participation.texts import excerpt, single_line

WORDS_SHOWN = 160
"""So many characters of a comment, an answer or a step are shown; the whole of it is one link away."""

FEW_THEMES, IDEAS_OF_MANY = 6, 4
"""With more themes than a few, so many ideas of each are shown."""


class EntryKind(Enum):
    """What an entry is about, from what people say to what the city does."""

    COMMENT = "comment"
    VOTES = "votes"
    BUNDLE = "bundle"
    IDEA = "idea"
    THEME = "theme"
    STATEMENT = "statement"
    REFERRAL = "referral"
    ANSWER = "answer"
    MEASURE = "measure"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the list: its name, its words if they are public, facts about it, and what stands below it.

    ``id`` is its number, for whoever knows its address; ``others`` how many more there are below than are shown.
    Of what is gone only the trace is left: it has no address.
    """

    kind: EntryKind
    id: int
    name: str
    text: Phrase | None = None
    facts: tuple[str, ...] = ()
    entries: tuple["Entry", ...] = ()
    others: int = 0
    is_gone: bool = False

    @property
    def key(self) -> str:
        """What makes it one and the same thing wherever it stands."""
        return f"{self.kind.value}-{self.id}"


@dataclass(frozen=True, slots=True)
class Tree:
    """One thing with what it rests on and what became of it."""

    root: Entry
    rests_on: tuple[Entry, ...]
    became: tuple[Entry, ...]


def statement_tree(lineage: Lineage, statement_id: int, language: str) -> Tree:
    """Return a statement down to some of the ideas of each theme and their votes, and up to answers and measures."""
    teller, statement = _Teller(lineage, language), lineage.statements[statement_id]
    most = IDEAS_SHOWN if len(statement.cluster_ids) <= FEW_THEMES else IDEAS_OF_MANY
    themes = (
        teller.theme_below(statement, lineage.clusters[cluster_id], most)
        for cluster_id in statement.cluster_ids
        if cluster_id in lineage.clusters
    )
    gone = (
        Entry(EntryKind(loss.kind.value), loss.source_id, words.loss_said(loss), is_gone=True)
        for loss in lineage.losses
        if loss.statement_id == statement_id
    )
    return Tree(
        root=teller.statement(statement),
        rests_on=(*themes, *gone),
        became=teller.city(Subject(SubjectKind.STATEMENT, statement_id)),
    )


def idea_tree(lineage: Lineage, idea_id: int, language: str) -> Tree:
    """Return an idea with votes, comments and bundle below it, and what became of it above."""
    teller, idea = _Teller(lineage, language), lineage.ideas[idea_id]
    below = []
    if idea.figures:
        below.append(Entry(EntryKind.VOTES, idea_id, _("Votes"), facts=(words.votes_said(idea.figures),)))
    below += [teller.comment(comment) for comment in lineage.comments if comment.idea_id == idea_id]
    bundle = lineage.bundles.get(idea.bundle_id or 0)
    if bundle:
        below.append(teller.bundle(bundle, besides=idea_id))
    earlier = sum(revision.idea_id == idea_id for revision in lineage.revisions)
    return Tree(
        root=replace(teller.idea(idea), facts=tuple(words.own_facts(idea, earlier))),
        rests_on=tuple(below),
        became=(
            *teller.city(Subject(SubjectKind.IDEA, idea_id)),
            *(teller.city(Subject(SubjectKind.BUNDLE, bundle.id)) if bundle else ()),
            *(teller.theme_above(cluster, idea_id) for cluster in lineage.clusters.values()),
        ),
    )


def process_trees(lineage: Lineage, language: str) -> tuple[Tree, ...]:
    """Return the trees of all statements of a process that are public, in order."""
    return tuple(
        statement_tree(lineage, one.id, language)
        for one in lineage.statements.values()
        if one.state is StatementState.PUBLISHED
    )


def tree_lines(trees: Iterable[Tree]) -> Iterator[str]:
    """Yield trees as lines of plain text, indented by how deep they stand."""
    for tree in trees:
        yield _line(tree.root)
        for title, entries in ((_("Rests on"), tree.rests_on), (_("What became of it"), tree.became)):
            if entries:
                yield f"  {title}:"
                yield from _lines(entries, 2)


def other_ideas(count: int) -> str:
    """Return that there are more ideas than are shown."""
    return ngettext("and %(num)s more idea", "and %(num)s more ideas", count)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells records of a lineage in a language."""

    lineage: Lineage
    language: str

    def idea(self, idea: IdeaRecord, *, more: Sequence[str] = (), below: tuple[Entry, ...] = ()) -> Entry:
        text = Phrase(single_line(idea.title), idea.language)
        facts = (*words.idea_facts(idea), *more)
        return Entry(EntryKind.IDEA, idea.id, words.idea_name(idea.id), text, facts, below)

    def comment(self, comment: CommentRecord, *, more: Sequence[str] = ()) -> Entry:
        text = Phrase(excerpt(comment.text, WORDS_SHOWN), comment.language)
        facts = (*words.comment_facts(comment), *more)
        return Entry(EntryKind.COMMENT, comment.id, words.comment_name(comment), text, facts)

    def bundle(self, bundle: BundleRecord, *, besides: int | None = None) -> Entry:
        others = [id_ for id_ in bundle.idea_ids if id_ != besides]
        shown = tuple(self.idea(self.lineage.ideas[id_]) for id_ in others if id_ in self.lineage.ideas)
        facts = tuple(words.bundle_facts(bundle))
        name = words.bundle_name(bundle)
        return Entry(EntryKind.BUNDLE, bundle.id, name, None, facts, shown, len(others) - len(shown))

    def statement(self, statement: StatementRecord, *, more: Sequence[str] = ()) -> Entry:
        is_public = statement.state is StatementState.PUBLISHED
        return Entry(
            EntryKind.STATEMENT,
            statement.id,
            words.statement_name(statement),
            phrase(statement.text, self.language) if is_public else None,
            (*words.statement_facts(statement), *more),
            is_gone=not is_public,
        )

    def theme(self, cluster: ClusterRecord, facts: Sequence[str], below: tuple[Entry, ...], others: int = 0) -> Entry:
        text = phrase(cluster.title, self.language)
        return Entry(EntryKind.THEME, cluster.id, _("Theme"), text, tuple(facts), below, others)

    def theme_below(self, statement: StatementRecord, cluster: ClusterRecord, most: int) -> Entry:
        """Return a theme under a statement with the most supported of its ideas; those that are quoted come first."""
        lineage = self.lineage
        quoted = {quote.source_id for quote in self._quotes(statement, SourceKind.IDEA)}
        talked = {quote.source_id for quote in self._quotes(statement, SourceKind.COMMENT)}
        comments = {
            idea_id: [one for one in lineage.comments if one.idea_id == idea_id and one.id in talked]
            for idea_id in {one.idea_id for one in lineage.comments}
        }
        filings = {filing.idea_id: filing for filing in lineage.filings if filing.cluster_id == cluster.id}
        ideas = sorted(
            (lineage.ideas[idea_id] for idea_id in filings if idea_id in lineage.ideas),
            key=lambda idea: (
                not (idea.id in quoted or comments.get(idea.id)),
                -(idea.figures.agree if idea.figures else 0),
                idea.id,
            ),
        )[:most]
        below = tuple(
            self.idea(
                idea,
                more=(*((_("Quoted"),) if idea.id in quoted else ()), words.filing_said(filings[idea.id])),
                below=tuple(self.comment(one, more=(_("Quoted"),)) for one in comments.get(idea.id, ())),
            )
            for idea in ideas
        )
        facts = words.theme_facts(cluster, lineage.shifts.get((statement.id, cluster.id)))
        return self.theme(cluster, facts, below, max(cluster.ideas - len(below), 0))

    def theme_above(self, cluster: ClusterRecord, idea_id: int) -> Entry:
        """Return a theme that an idea is filed in with the statements that rest on it and what became of these."""
        filing = next((one for one in self.lineage.filings if one.cluster_id == cluster.id), None)
        resting = []
        for statement in self.lineage.statements.values():
            if cluster.id in statement.cluster_ids:
                signed = statement.in_force
                revision = signed.basis.get(cluster.id, {}).get(idea_id) if signed else None
                entry = self.statement(statement, more=(words.signed_with(revision),) if revision else ())
                resting.append(replace(entry, entries=self.city(Subject(SubjectKind.STATEMENT, statement.id))))
        facts = [words.filing_said(filing) if filing else words.former_filing()]
        return self.theme(cluster, facts, tuple(resting))

    def city(self, subject: Subject) -> tuple[Entry, ...]:
        """Return the answers to something, the latest first, with their measures; and who is still asked."""
        asked = tuple(
            Entry(EntryKind.REFERRAL, one.id, words.referral_name(one), None, tuple(words.referral_facts(one)))
            for one in self.lineage.referrals
            if one.subject == subject
        )
        answers = (self.answer(one) for one in reversed(self.lineage.answers) if one.subject == subject)
        return (*asked, *answers)

    def answer(self, answer: AnswerRecord) -> Entry:
        measures = tuple(self.measure(one) for one in self.lineage.measures if one.answer_id == answer.id)
        facts = tuple(words.answer_facts(answer))
        text = self._short(answer.text)
        return Entry(EntryKind.ANSWER, answer.id, words.answer_name(answer), text, facts, measures)

    def measure(self, measure: MeasureRecord) -> Entry:
        steps = tuple(
            Entry(EntryKind.STEP, step.id, words.step_name(step), self._short(step.text)) for step in measure.steps
        )
        name, facts = words.measure_name(measure), tuple(words.measure_facts(measure))
        return Entry(EntryKind.MEASURE, measure.id, name, phrase(measure.title, self.language), facts, steps)

    def _short(self, text: dict[str, str]) -> Phrase:
        said = phrase(text, self.language)
        return Phrase(excerpt(said.text, WORDS_SHOWN), said.language)

    def _quotes(self, statement: StatementRecord, kind: SourceKind) -> list[QuoteRecord]:
        return [one for one in self.lineage.quotes if one.statement_id == statement.id and one.kind is kind]


def _lines(entries: Iterable[Entry], depth: int) -> Iterator[str]:
    for entry in entries:
        yield f"{'  ' * depth}{_line(entry)}"
        yield from _lines(entry.entries, depth + 1)
        if entry.others:
            yield f"{'  ' * (depth + 1)}{other_ideas(entry.others)}"


def _line(entry: Entry) -> str:
    said = f"{entry.name}: {entry.text.text}" if entry.text else entry.name
    return f"{said} ({'; '.join(entry.facts)})" if entry.facts else said
