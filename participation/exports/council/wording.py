"""The words of the council paper in the language of the paper rather than that of the reader."""

from participation.exports.council.labels import CouncilLabels
from participation.multilingual import gettext as _
from participation.multilingual import in_language


def council_labels(language: str) -> CouncilLabels:
    """Return all headings and fixed sentences in ``language``; needs an application context."""
    with in_language(language):
        return CouncilLabels(**_cover(), **_topics(), **_dissent(), **_afterwards(), **_notes())


def _cover() -> dict[str, str]:
    return {
        "paper_number": _("Paper no."),
        "of_pages": _("of"),
        "logo": _("Logo: {city}"),
        "summary": _("In brief"),
        "best_of_all": _("Ideas with the surest agreement"),
        "what_follows": _("What this paper is for and what follows"),
        "took_part": _("How people took part"),
        "in_figures": _("Participation in figures"),
        "over_time": _("When people took part"),
        "time": _("Time"),
        "new_people": _("New people"),
        "channels": _("How ideas came in"),
        "channel": _("Way"),
        "by_district": _("Ideas by district"),
        "expected": _("If spread like residents"),
        "who": _("Who took part"),
        "said": _("Answer"),
        "share": _("Share of those who answered"),
        "in_city": _("In the city"),
        "gaps": _("Who is missing"),
    }


def _topics() -> dict[str, str]:
    return {
        "by_principle": _("Results by guiding principle"),
        "by_field": _("Results by field of action"),
        "at_a_glance": _("At a glance"),
        "one_by_one": _("One by one"),
        "best": _("Surest agreement"),
        "themes": _("Most frequent themes"),
        "themes_and_count": _("{theme} ({count})"),
        "too_few": _("too few"),
        "unnamed": _("No idea names: {topics}."),
        "opinions": _("Opinion groups and what they share"),
        "shared": _("What all groups share"),
        "dividing": _("What divides the groups"),
        "holds": _("Stands for"),
    }


def _dissent() -> dict[str, str]:
    return {
        "minority": _("Minority views and dissent"),
        "minority_guide": _(
            "A majority is not everything a council should know. This chapter collects what a smaller part of "
            "those who took part sees differently."
        ),
        "differs": _("Where groups differ from most"),
        "no_differs": _("No opinion group takes the other side than most on any idea."),
        "contested": _("Contested ideas"),
        "contested_guide": _("Neither side has a clear majority among those who took one."),
        "rejected": _("Ideas that a clear majority rejects"),
        "objections": _("Objections to statements"),
        "nothing_dissents": _("Nothing of this kind is known."),
        "matrix": _("Criteria matrix"),
        "matrix_guide": _(
            "Each statement was held against the criteria and values of the guiding principles. The columns are "
            "the statements by their numbers."
        ),
        "not_assessed": _("not said"),
        "reasons": _("What is in conflict or still open"),
        "no_assessments": _("No statement has been held against the criteria yet."),
    }


def _afterwards() -> dict[str, str]:
    return {
        "answers": _("Answers and measures"),
        "answers_guide": _("What the city has said so far, and what it does."),
        "no_answers": _("The city has not answered yet."),
        "about": _("About"),
        "outcome": _("Answer"),
        "due": _("Until"),
        "overdue": _("overdue"),
        "answered_on": _("Answered"),
        "measures": _("Measures"),
        "measure": _("Measure"),
        "waiting": _("Waiting for an answer"),
        "asked_on": _("Asked on"),
        "last_step": _("Latest step"),
        "more_rows": _("Shown: {shown} of {total}. The workbook of this export lists all of them."),
        "method": _("Method and limits"),
        "limits": _("What this paper cannot say"),
        "glossary": _("Glossary"),
        "word": _("Word"),
        "meaning": _("Meaning"),
        "annex_themes": _("Annex: themes and their ideas"),
    }


def _notes() -> dict[str, str]:
    return {
        "note_theme": _("Rests on the theme “{theme}”. {ideas}."),
        "note_direct": _("Rests on ideas taken up directly. {ideas}."),
        "note_numbers": _("No. {numbers}"),
        "note_more": _("and {count} more"),
        "note_signed": _("Signed off {signed}"),
        "note_lost": _("It does not rest on this any more: {lost}"),
        "note_where": _("Every step from the votes to this sentence:"),
        "bars_alt": _("Bar chart: {title}. Most: {most}, {most_value}. Fewest: {least}, {least_value}."),
        "stances_alt": _("Bar of votes: {agree} agree, {unsure} unsure, {disagree} disagree."),
        "time_alt": _("Columns over time: {title}. Most: {most}, {most_value}."),
        "shares_alt": _("Shares with intervals beside the city: {title}. {rows}"),
        "table_below": _("The table after it holds all numbers."),
        "diamond": _("Diamond: if ideas were spread like residents"),
        "city_mark": _("Diamond: share in the city"),
        "interval_mark": _("Dot: share of those who answered; line: as far as chance may reach"),
        "legend": _("Bars of votes: solid means agree, dotted unsure, hollow disagree."),
    }
