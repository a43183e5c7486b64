"""What a paper says, before any format: its chapters, its figures in words, its footnotes, and where it is cut."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from participation.exports.document import ClusterRow, IdeaRow, StatementRow, StrategyInput, rows
from participation.exports.writers.paper import lay_out, reading
from participation.exports.writers.paper.blocks import (
    Block,
    Box,
    Bullets,
    Heading,
    Line,
    Paper,
    Paragraph,
    Picture,
    Table,
)
from tests.exports.council_samples import whole
from tests.exports.writer_samples import small, streaming

CHAPTERS = [
    "In brief",
    "How people took part",
    "Results by guiding principle",
    "Results by field of action",
    "Statements",
    "Opinion groups and what they share",
    "Minority views and dissent",
    "Criteria matrix",
    "Answers and measures",
    "Method and limits",
    "Glossary",
    "Annex: themes and their ideas",
    "Annex: list of ideas",
]
SIGNED = "Signed off by a second person of the team on 2026-05-04, revision 2."
WHERE = "Every step from the votes to this sentence:"


def paper_of(document: StrategyInput) -> Paper:
    return lay_out(document, document.ideas())


def blocks_of(paper: Paper) -> tuple[Block, ...]:
    return (*paper.summary, *paper.blocks)


def chapter(paper: Paper, title: str) -> list[Block]:
    """Return the blocks below a heading, up to the next one of its level or above."""
    blocks = blocks_of(paper)
    start, level = next(
        (place, block.level) for place, block in enumerate(blocks) if isinstance(block, Heading) and block.text == title
    )
    found: list[Block] = []
    for block in blocks[start + 1 :]:
        if isinstance(block, Heading) and block.level <= level:
            break
        found.append(block)
    return found


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def cells(table: Table) -> list[list[str]]:
    return [list(table.head), *([text_of(cell) for cell in row] for row in table.rows)]


def tables(blocks: list[Block]) -> list[list[list[str]]]:
    return [cells(block) for block in blocks if isinstance(block, Table)]


def sentences(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield text_of(block.line)
        if isinstance(block, Bullets):
            yield from (f"- {text_of(item)}" for item in block.items)


def test_a_paper_has_its_chapters_in_order() -> None:
    paper = paper_of(whole())
    assert [block.text for block in blocks_of(paper) if isinstance(block, Heading) and block.level == 1] == CHAPTERS
    levels = [block.level for block in blocks_of(paper) if isinstance(block, Heading)]
    assert [(one, two) for one, two in pairwise(levels) if two > one + 1] == []
    assert (paper.title, paper.number, paper.question) == (
        "Digital strategy",
        "Paper no. 12/2026",
        ("How shall the city digitalise?",),
    )
    said = list(sentences(chapter(paper, "In brief")))
    assert said == ["- 20 people took part.", "- Most ideas are about participation.", "The council decides in June."]


def test_without_its_own_part_it_is_a_paper_too() -> None:
    paper = paper_of(small())
    heads = [block.text for block in blocks_of(paper) if isinstance(block, Heading) and block.level == 1]
    left_out = {"In brief", "Results by field of action", "Opinion groups and what they share", "Glossary"}
    assert heads == ["How to read this document", *(head for head in CHAPTERS if head not in left_out)]
    assert paper.number == ""


def test_an_empty_process_is_a_paper_too() -> None:
    document = replace(
        small(), statements=(), clusters=(), ideas=rows(), comments=rows(), phases=(), principles=(), question=""
    )
    said = [sentence for sentence in sentences(list(paper_of(document).blocks)) if "yet" in sentence]
    assert said == [
        "No statement has been written yet.",
        "The city has not answered yet.",
        "No cluster has been created yet.",
        "No idea has been filed here yet.",
    ]


def test_every_drawing_has_its_numbers_in_a_table() -> None:
    paper = paper_of(whole())
    took_part = chapter(paper, "How people took part")
    kinds = [block.kind for block in took_part if isinstance(block, Picture)]
    assert kinds == ["columns", "bars", "shares"]
    figures, phases, time, channels, districts, ages = tables(took_part)
    assert figures[1:3] == [["Participants", "20"], ["Ideas", "5"]]
    assert phases[1:] == [["Propose", "Mar 29, 2026", "Apr 28, 2026"], ["Results", "Apr 28, 2026", "open"]]
    assert time == [
        ["Time", "Ideas", "Votes", "New people"],
        ["Week 0", "0", "0", "3"],
        ["Week 1", "1", "10", "2"],
        ["Week 2", "2", "20", "1"],
    ]
    assert channels == [["Way", "Ideas", "Comments", "Votes"], ["Here", "3", "2", "7"], ["b", "2", "0", ""]]
    assert districts[1] == ["North", "3", "2", "7", "2.5"]
    assert ages[1:] == [
        ["under 30 · More than in the city", "12", "67 % (40–86 %)", "25 %"],
        ["30 and over", "", "0–60 %", "75 %"],
    ]
    drawn = {block.kind: block.alt for block in took_part if isinstance(block, Picture)}
    assert drawn["bars"] == (
        "Bar chart: Ideas by district. Most: North, 3. Fewest: North, 3. The table after it holds all numbers."
    )


def test_results_of_a_principle() -> None:
    part = chapter(paper_of(whole()), "1 · Participation")
    assert list(sentences(part)) == [
        "Ideas: 3 · Comments: 2 · Agree: 12 · Unsure: 3 · Disagree: 4",
        "On 1 of 2 ideas a clear majority agrees.",
        "Most frequent themes: Learning (2)",
        "Surest agreement:",
        "- No. 1 Idea 1 92 % agree",
    ]
    assert [block.alt for block in part if isinstance(block, Picture)] == [
        "Bar of votes: 12 agree, 3 unsure, 4 disagree."
    ]
    assert list(sentences(chapter(paper_of(whole()), "At a glance"))) == ["No idea names: Service."]


def test_a_statement_says_in_footnotes_what_it_rests_on() -> None:
    document = whole()
    statements = (replace(document.statements[0], url="https://example.org/en/s/1"), document.statements[1])
    paper = paper_of(replace(document, statements=statements))
    notes = {
        text_of(line): [text_of(span.note) for span in line if span.note]
        for block in paper.blocks
        if isinstance(block, Box)
        for line in block.lines
    }
    assert notes == {
        "The city helps in every district.": [
            "Rests on the theme “Learning”. Ideas: 2 (No. 1, 2).",
            "Rests on the theme “Empty but used”. Ideas: 0.",
            f"{SIGNED} It does not rest on this any more: idea 9: erased. {WHERE} https://example.org/en/s/1",
        ],
        "The city listens.": ["Rests on ideas taken up directly. Ideas: 1 (No. 4)."],
    }


def test_an_idea_filed_later_is_no_source_of_the_statement() -> None:
    statement = StatementRow(id="s", number=1, text="Text", cluster_ids=("c",))
    cluster = ClusterRow(id="c", title="Cluster", ideas=2, top_idea_ids=("1", "2"))
    base: IdeaRow = next(iter(streaming(1).ideas()))
    before = replace(base, id="1", cluster_ids=("c",), statement_ids=("s",))
    after = replace(base, id="2", cluster_ids=("c",))
    paper = paper_of(replace(small(), statements=(statement,), clusters=(cluster,), ideas=rows(before, after)))
    box = next(block for block in paper.blocks if isinstance(block, Box))
    assert [text_of(span.note) for span in box.lines[0] if span.note] == [
        "Rests on the theme “Cluster”. Ideas: 1 (No. 1)."
    ]
    (listed,) = tables(chapter(paper, "Cluster"))
    assert [(row[0], row[2]) for row in listed[1:]] == [("1", "1"), ("2", "")]


def test_groups_are_compared_and_dissent_is_named() -> None:
    paper = paper_of(whole())
    assert tables(chapter(paper, "What all groups share")) == [
        [["Idea", "Group A", "Group B"], ["No. 3 Idea 3", "all agree", "90 % agree"]]
    ]
    assert list(sentences(chapter(paper, "Group A: 12 people"))) == ["- No. 1 Idea 1 92 % agree"]
    assert list(sentences(chapter(paper, "Minority views and dissent")))[1:] == [
        "- No. 2 Idea 2 80 % disagree",
        "Neither side has a clear majority among those who took one.",
        "- No. 2 Idea 2 48 % agree",
        "- No. 3 Idea 3 12 % agree",
        "- Statement 1: Who pays for it? (comment on idea 2)",
    ]


def test_the_matrix_has_every_criterion_and_every_statement() -> None:
    part = chapter(paper_of(whole()), "Criteria matrix")
    assert tables(part) == [
        [
            ["Criterion or value", "1", "2"],
            ["Is it fair?", "In conflict", "not said"],
            ["Same rights", "not said", "not said"],
        ],
        [
            ["Statement", "Criterion or value", "Verdict", "Reason"],
            ["1", "Is it fair?", "In conflict", "Not in every district. · About an earlier wording"],
        ],
    ]


def test_answers_name_what_they_are_about_and_what_is_late() -> None:
    answers, measures, waiting = tables(chapter(paper_of(whole()), "Answers and measures"))
    assert [row[:2] for row in answers[1:]] == [
        ["Statement 1", "Yes. We begin in May."],
        ["Bundle b1: Help with phones", "Yes. With the libraries."],
        ["Idea 1: Help with phones", "Yes. From autumn on."],
    ]
    assert [row[-1] for row in answers[1:]] == ["May 4, 2026 · overdue", "May 4, 2026", "May 4, 2026"]
    assert measures[1:] == [
        ["A weekly hour", "Statement 1", "Libraries", "Planned · Rooms are looked for.", "May 4, 2026"]
    ]
    assert waiting[1:] == [["Idea 3: Idea 3", "Parks", "Mar 29, 2026", "May 4, 2026 · overdue"]]


def test_hidden_votes_and_too_few_of_them_are_told_apart() -> None:
    told, hidden = (
        tables(chapter(paper_of(replace(small(), shows_results=shows)), "Annex: list of ideas"))[0]
        for shows in (True, False)
    )
    assert [row[3] for row in told[1:]] == ["12", "too few", "0", "too few", "too few"]
    assert [row[3] for row in hidden[1:]] == ["12", "hidden", "0", "hidden", "hidden"]


def test_papers_end_where_the_workbook_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ANNEX_LIMIT", 3)
    document = streaming(1_200)
    ids = tuple(idea.id for idea in document.ideas() if idea.cluster_ids)
    cluster = replace(document.clusters[0], ideas=len(ids), top_idea_ids=ids[:50])
    paper = paper_of(replace(document, clusters=(cluster,)))
    assert [said for said in sentences(list(paper.blocks)) if said.startswith("Shown")] == [
        "Shown: 25 of 600 ideas. The workbook of this export lists all of them.",
        "Shown: 3 of 1,200 ideas. The workbook of this export lists all of them.",
    ]
    (annex,) = tables(chapter(paper, "Annex: list of ideas"))
    assert [row[0] for row in annex[1:]] == ["0", "1", "2"]


def test_what_there_is_in_another_language_only_is_marked() -> None:
    statement = StatementRow(id="s", number=1, text="Die Stadt hört zu.", text_in={"de": "Die Stadt hört zu."})
    paper = paper_of(replace(small(), language="ar", dir="rtl", statements=(statement,), clusters=(), ideas=rows()))
    box = next(block for block in paper.blocks if isinstance(block, Box))
    assert [(span.text, span.language, span.dir) for span in box.lines[0]] == [("Die Stadt hört zu.", "de", "ltr")]


def test_numbers_after_a_title_of_the_other_direction_are_not_read_with_it() -> None:
    marks = {}
    for language, direction in (("ar", "rtl"), ("en", "ltr")):
        paper = paper_of(replace(whole(), language=language, dir=direction))
        part = chapter(paper, "Contested ideas")
        marks[language] = [block.items[0][-2].text for block in part if isinstance(block, Bullets)]
    assert marks == {"ar": [" \u200f"], "en": [" "]}
