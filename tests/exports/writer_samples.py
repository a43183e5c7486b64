"""Documents for the tests of the writers: a plain small one, a nasty one, and one of any size that streams."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from participation.exports.document import (
    AssessmentRow,
    BundledRow,
    ClusterRow,
    CommentRow,
    Figures,
    IdeaRow,
    People,
    PhaseRow,
    PrincipleRow,
    StatementRow,
    StrategyInput,
    TogetherFigures,
    Votes,
    rows,
)
from participation.exports.quoted import Quoted

MOMENT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)

LONG = "abcdefghi " * 4_000
NASTY = (
    "=1+1",
    "+49 231 500",
    "-1",
    "@x",
    "＝cmd",
    "＋1",
    "－1",
    "＠x",
    "'=1+1",
    "''+2",
    "'quoted'",
    "\tindented",
    "\nnext line",
    "0123",
    "1e5",
    "2026-03-01",
    "https://example.org/?a=1&b=<2>",
    'says "hello"; then; leaves',
    "first\nsecond\n\nthird",
    "emoji 😀👩‍👩‍👧‍👦🏳️‍🌈 end",
    "漢字とひらがな",
    "أجهزة للجميع في المكتبة",
    "mixed e\u0301 \u0628\u0301 a\u064e \u0301x",
    'tags #link("x") $x^2$ *bold* \\ #include </w:t> ]]> <b>&amp;',
    "_x0041_ _x000D_",
    "\u202eturned\u202c \u200e\u200f\u200d\ufeff",
    LONG,
)
UNWRITABLE = "NUL \0 bell \a escape \x1b vertical \x0b nonchar \uffff surrogate \ud83d end"


def small() -> StrategyInput:
    """Return a document with every kind of provenance: over a cluster, direct, filed only, unfiled, without ideas."""
    return _document(
        statements=(
            StatementRow(
                id="s1",
                number=1,
                text="The city helps in every district.",
                reasoning="Many ask for it.\nNobody objects.",
                principles=("Participation",),
                cluster_ids=("c1", "c3"),
                people=People(agree=11, unsure=2, disagree=4, people=15),
                ideas=2,
                department="Libraries",
                fields=("Education",),
                quotes=("„A weekly hour.“ (idea 1)",),
                objections=("Who pays for it? (comment on idea 2)",),
                quoted=(Quoted(words="„A weekly hour.“", language="en", source="idea 1"),),
                objected=(Quoted(words="Who pays for it?", language="en", source="comment on idea 2"),),
                signed="by a second person of the team on 2026-05-04, revision 2",
                lost=("idea 9: erased",),
            ),
            StatementRow(id="s2", number=2, text="The city listens.", ideas=1),
        ),
        assessments=(
            AssessmentRow(
                statement_id="s1",
                number=1,
                kind="criterion",
                about="Is it fair?",
                verdict="In conflict",
                reason="Not in every district.",
                assessed_at=MOMENT,
                is_outdated=True,
            ),
        ),
        clusters=(
            ClusterRow(
                id="c1",
                title="Learning",
                description="Courses and help",
                ideas=2,
                top_idea_ids=("1", "2"),
                votes=Votes(agree=12, unsure=3, disagree=4),
            ),
            ClusterRow(id="c2", title="Places", ideas=2, top_idea_ids=("3", "1")),
            ClusterRow(id="c3", title="Empty but used"),
            ClusterRow(id="c4", title="Empty"),
        ),
        bundles=_small_bundle(),
        ideas=_small_ideas(),
        comments=(
            CommentRow(id="k1", idea_id="1", text="Yes!", language="en", submitted_at=MOMENT, pseudonym="Red Fox"),
            CommentRow(id="k2", idea_id="1", parent_id="k1", text="Why?", language="en", submitted_at=MOMENT),
        ),
    )


def _small_bundle() -> tuple[BundledRow, ...]:
    return tuple(
        BundledRow(
            bundle_id="b1",
            idea_id=idea_id,
            title=title,
            text="A weekly hour.",
            language="en",
            ideas=2,
            made_at=MOMENT,
            figures=TogetherFigures(people=14, agree=12, disagree=5, both=None),
            answer="Yes (Parks, 2026-05-03)\nFrom autumn on.",
        )
        for idea_id, title in (("1", "Help with phones"), ("2", "Idea 2"))
    )


def _small_ideas() -> tuple[IdeaRow, ...]:
    return (
        IdeaRow(
            id="1",
            external_id="ext-1",
            title="Help with phones",
            text="A weekly hour.\nEverywhere.",
            language="en",
            state="published",
            pseudonym="Blue Heron",
            submitted_at=MOMENT,
            principles=("Participation", "Service"),
            district="North",
            field="Education",
            votes=Votes(agree=12, unsure=3, disagree=4),
            comments=1,
            cluster_ids=("c1", "c2"),
            main_cluster_id="c2",
            bundle_id="b1",
            statement_ids=("s1",),
            url="https://example.org/en/ideas/1",
            source="online",
            aspects=("Families", "Water"),
            answer="Yes (Parks, 2026-05-03)\nFrom autumn on.",
        ),
        _idea("2", votes=None, cluster_ids=("c1",), statement_ids=("s1",)),
        _idea("3", votes=Votes(agree=0, unsure=0, disagree=0), cluster_ids=("c2",)),
        _idea("4", statement_ids=("s2",)),
        _idea("5"),
    )


def nasty(texts: tuple[str, ...] = NASTY) -> StrategyInput:
    """Return a document in which every text a person can enter takes each of `texts`."""
    cluster_ids = tuple(f"c{position}" for position in range(len(texts)))
    return _document(
        title=texts[0],
        statements=tuple(
            StatementRow(
                id=f"s{position}",
                number=position,
                text=text,
                reasoning=text,
                principles=(text, text),
                cluster_ids=(cluster_ids[position],),
            )
            for position, text in enumerate(texts)
        ),
        assessments=tuple(
            AssessmentRow(
                statement_id=f"s{position}",
                number=position,
                kind="value",
                about=text,
                verdict="Open",
                reason=text,
                assessed_at=MOMENT,
            )
            for position, text in enumerate(texts)
        ),
        bundles=_nasty_bundle(texts),
        clusters=tuple(
            ClusterRow(id=cluster_id, title=text, description=text, ideas=1, top_idea_ids=(str(position),))
            for position, (cluster_id, text) in enumerate(zip(cluster_ids, texts, strict=True))
        ),
        ideas=tuple(
            IdeaRow(
                id=str(position),
                external_id=text,
                title=text,
                text=text,
                language="ar" if position % 3 == 2 else "xx-nonsense" if position % 3 else "de",
                state=text,
                pseudonym=text,
                submitted_at=MOMENT,
                principles=(text,),
                district=text,
                field=text,
                cluster_ids=(cluster_ids[position],),
                statement_ids=(f"s{position}",),
                url=text,
                source=text,
            )
            for position, text in enumerate(texts)
        ),
        comments=tuple(
            CommentRow(id=str(position), idea_id=str(position), text=text, language="de", submitted_at=MOMENT)
            for position, text in enumerate(texts)
        ),
    )


def _nasty_bundle(texts: tuple[str, ...]) -> tuple[BundledRow, ...]:
    return tuple(
        BundledRow(
            bundle_id="b1",
            idea_id=str(position),
            title=text,
            text=text,
            language="de",
            ideas=len(texts),
            made_at=MOMENT,
            answer=text,
        )
        for position, text in enumerate(texts)
    )


def streaming(count: int) -> StrategyInput:
    """Return a document whose `count` ideas exist one at a time."""

    def ideas() -> Iterator[IdeaRow]:
        for number in range(count):
            yield _idea(str(number), cluster_ids=("c1",) if number % 2 else ())

    return _document(clusters=(ClusterRow(id="c1", title="Learning"),), lazy_ideas=ideas)


def _idea(
    number: str,
    *,
    votes: Votes | None = None,
    cluster_ids: tuple[str, ...] = (),
    statement_ids: tuple[str, ...] = (),
) -> IdeaRow:
    return IdeaRow(
        id=number,
        title=f"Idea {number}",
        text="A text of usual length about what the city should do. " * 4,
        language="en",
        state="published",
        submitted_at=MOMENT + timedelta(minutes=int(number)),
        votes=votes,
        cluster_ids=cluster_ids,
        statement_ids=statement_ids,
    )


def _document(
    *,
    title: str = "Digital strategy",
    statements: tuple[StatementRow, ...] = (),
    assessments: tuple[AssessmentRow, ...] = (),
    bundles: tuple[BundledRow, ...] = (),
    clusters: tuple[ClusterRow, ...] = (),
    ideas: tuple[IdeaRow, ...] = (),
    comments: tuple[CommentRow, ...] = (),
    lazy_ideas: Callable[[], Iterable[IdeaRow]] | None = None,
) -> StrategyInput:
    return StrategyInput(
        process_title=title,
        question="How shall the city digitalise?",
        city="Sample City",
        language="en",
        generated_at=MOMENT,
        source_note="Contributions: CC BY 4.0.\nThe result is advice.",
        method_note="One vote per person and idea.",
        figures=Figures(participants=20, ideas=5, votes=1904, comments=2, filed_ideas=3, coverage=0.6),
        phases=(
            PhaseRow(title="Propose", starts_at=MOMENT, ends_at=MOMENT + timedelta(days=30)),
            PhaseRow(title="Results", starts_at=MOMENT + timedelta(days=30)),
        ),
        principles=(PrincipleRow(id="p1", number=1, title="Participation", ideas=1),),
        statements=statements,
        assessments=assessments,
        bundles=rows(*bundles),
        clusters=clusters,
        ideas=lazy_ideas or rows(*ideas),
        comments=rows(*comments),
    )
