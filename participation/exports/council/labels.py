"""Every heading and fixed sentence of the council paper that the other formats do not have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilLabels:
    """Headings and fixed sentences in the paper's language; the defaults are English.

    Those with braces are filled by `str.format`: a translation keeps the names in braces and nothing else in braces.
    """

    paper_number: str = "Paper no."
    of_pages: str = "of"
    logo: str = "Logo: {city}"

    summary: str = "In brief"
    best_of_all: str = "Ideas with the surest agreement"
    what_follows: str = "What this paper is for and what follows"
    took_part: str = "How people took part"
    in_figures: str = "Participation in figures"
    over_time: str = "When people took part"
    time: str = "Time"
    new_people: str = "New people"
    channels: str = "How ideas came in"
    channel: str = "Way"
    by_district: str = "Ideas by district"
    expected: str = "If spread like residents"
    who: str = "Who took part"
    said: str = "Answer"
    share: str = "Share of those who answered"
    in_city: str = "In the city"
    gaps: str = "Who is missing"

    by_principle: str = "Results by guiding principle"
    by_field: str = "Results by field of action"
    at_a_glance: str = "At a glance"
    one_by_one: str = "One by one"
    best: str = "Surest agreement"
    themes: str = "Most frequent themes"
    themes_and_count: str = "{theme} ({count})"
    too_few: str = "too few"
    unnamed: str = "No idea names: {topics}."

    opinions: str = "Opinion groups and what they share"
    shared: str = "What all groups share"
    dividing: str = "What divides the groups"
    holds: str = "Stands for"

    minority: str = "Minority views and dissent"
    minority_guide: str = (
        "A majority is not everything a council should know. This chapter collects what a smaller part of those who "
        "took part sees differently."
    )
    differs: str = "Where groups differ from most"
    no_differs: str = "No opinion group takes the other side than most on any idea."
    contested: str = "Contested ideas"
    contested_guide: str = "Neither side has a clear majority among those who took one."
    rejected: str = "Ideas that a clear majority rejects"
    objections: str = "Objections to statements"
    nothing_dissents: str = "Nothing of this kind is known."

    matrix: str = "Criteria matrix"
    matrix_guide: str = (
        "Each statement was held against the criteria and values of the guiding principles. The columns are the "
        "statements by their numbers."
    )
    not_assessed: str = "not said"
    reasons: str = "What is in conflict or still open"
    no_assessments: str = "No statement has been held against the criteria yet."

    answers: str = "Answers and measures"
    answers_guide: str = "What the city has said so far, and what it does."
    no_answers: str = "The city has not answered yet."
    about: str = "About"
    outcome: str = "Answer"
    due: str = "Until"
    overdue: str = "overdue"
    answered_on: str = "Answered"
    measures: str = "Measures"
    measure: str = "Measure"
    waiting: str = "Waiting for an answer"
    asked_on: str = "Asked on"
    last_step: str = "Latest step"
    more_rows: str = "Shown: {shown} of {total}. The workbook of this export lists all of them."

    method: str = "Method and limits"
    limits: str = "What this paper cannot say"
    glossary: str = "Glossary"
    word: str = "Word"
    meaning: str = "Meaning"
    annex_themes: str = "Annex: themes and their ideas"

    note_theme: str = "Rests on the theme “{theme}”. {ideas}."
    note_direct: str = "Rests on ideas taken up directly. {ideas}."
    note_numbers: str = "No. {numbers}"
    note_more: str = "and {count} more"
    note_signed: str = "Signed off {signed}"
    note_lost: str = "It does not rest on this any more: {lost}"
    note_where: str = "Every step from the votes to this sentence:"

    bars_alt: str = "Bar chart: {title}. Most: {most}, {most_value}. Fewest: {least}, {least_value}."
    stances_alt: str = "Bar of votes: {agree} agree, {unsure} unsure, {disagree} disagree."
    time_alt: str = "Columns over time: {title}. Most: {most}, {most_value}."
    shares_alt: str = "Shares with intervals beside the city: {title}. {rows}"
    table_below: str = "The table after it holds all numbers."
    diamond: str = "Diamond: if ideas were spread like residents"
    city_mark: str = "Diamond: share in the city"
    interval_mark: str = "Dot: share of those who answered; line: as far as chance may reach"
    legend: str = "Bars of votes: solid means agree, dotted unsure, hollow disagree."
