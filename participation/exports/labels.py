"""Every word a writer prints that is not data, translated by whoever fills the document."""

from dataclasses import dataclass
from dataclasses import field as made_by

from participation.exports.legend import Legend, legend


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Headings, column names and fixed sentences in the document's language; the defaults are English.

    Writers never translate. The three sentences with braces are filled by `str.format`: a translation keeps the
    names in braces and nothing else in braces.
    """

    document_kind: str = "Input for the strategy"
    question: str = "Question"
    city: str = "City"
    generated_at: str = "Status as of"
    language: str = "Language"
    contents: str = "Contents"
    page: str = "Page"

    how_to_read: str = "How to read this document"
    reading_guide: str = (
        "Each statement names the theme clusters it rests on, each cluster the ideas filed in it, each idea the votes "
        "residents cast on it. Every idea keeps its number in all files of this export."
    )
    source_note: str = "Licence and status"
    method_note: str = "How the figures were counted"

    figures: str = "Participation in figures"
    figure: str = "Figure"
    value: str = "Value"
    participants: str = "Participants"
    ideas: str = "Ideas"
    votes: str = "Votes"
    comments: str = "Comments"
    filed_ideas: str = "Ideas filed in a cluster"
    coverage: str = "Share of ideas covered by a statement"

    phases: str = "Phases"
    phase: str = "Phase"
    starts_at: str = "Begins"
    ends_at: str = "Ends"
    open_end: str = "open"

    principles: str = "Principles"
    principle: str = "Principle"

    notes: str = "Notes"
    statements: str = "Statements"
    statement: str = "Statement"
    reasoning: str = "Reasoning"
    department: str = "Responsible department"
    quotes: str = "In the words of residents"
    objections: str = "What speaks against it"
    criterion: str = "Criterion or value"
    verdict: str = "Verdict"
    reason: str = "Reason"
    earlier_wording: str = "About an earlier wording"
    yes: str = "yes"
    clusters: str = "Theme clusters"
    bundle: str = "Bundle"
    idea: str = "Idea"
    used_in: str = "Used in statement"
    annex: str = "Annex: list of ideas"

    number: str = "No."
    title: str = "Title"
    district: str = "District"
    field: str = "Field of action"
    agree: str = "Agree"
    unsure: str = "Unsure"
    disagree: str = "Disagree"
    people: str = "People"
    ideas_count: str = "Number of ideas"
    url: str = "Address"
    answer: str = "Answer of the city"

    hidden: str = "hidden"
    shortened: str = "[shortened]"
    people_note: str = "Each person is counted once, however many of the ideas they voted on."
    votes_note: str = "The figures of a theme add up the votes on those of its ideas on which enough people voted."
    excerpt_note: str = "Long texts of residents are shortened here; the workbook of this export holds them in full."
    cluster_rest: str = "Shown: {shown} of {total} ideas. The workbook of this export lists all of them."
    annex_rest: str = "Shown: {shown} of {total} ideas. The workbook of this export lists all of them."
    missing_characters: str = "\ufffd stands for characters this file cannot show; the other formats hold them."
    no_statements: str = "No statement has been written yet."
    no_clusters: str = "No cluster has been created yet."
    no_ideas: str = "No idea has been filed here yet."

    legend: Legend = made_by(default_factory=legend)
